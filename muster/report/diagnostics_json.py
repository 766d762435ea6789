"""Messages to authors as JSON, for other programs."""

from collections.abc import Iterable, Mapping

from muster.report.diagnostics import Located, in_order
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject


def diagnostics_json(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Located], pages: Mapping[str, str]
) -> JsonObject:
    """`{"diagnostics": [...], "counts": {"error": 1, "warning": 0, "note": 2}}`, in the order of file and place.

    Each diagnostic has `file`, `line` and `column` (from 1; null where the file can't be shown), `pointer`, `rule`,
    `level`, `message`, `hint`, and `documentation`, the page that `pages` has for its rule, else null.
    """
    placed = in_order(diagnostics, sources)
    rows: list[Json] = [_row(one, sources.get(one.file), pages.get(one.rule)) for one in placed]
    counts: JsonObject = {level: sum(one.level is level for one in placed) for level in Level}
    return {"diagnostics": rows, "counts": counts}


def _row(diagnostic: Diagnostic, source: Located | None, page: str | None) -> JsonObject:
    line, column = source.place(diagnostic) if source is not None else (None, None)
    return {
        "file": diagnostic.file,
        "line": line,
        "column": column,
        "pointer": diagnostic.pointer,
        "rule": diagnostic.rule,
        "level": diagnostic.level,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "documentation": page,
    }
