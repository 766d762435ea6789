"""Messages to authors as SARIF 2.1.0, which code hosts show beside the lines that they are about.

Source: docs.oasis-open.org/sarif/sarif/v2.1.0, sections 3.14 (run), 3.19 (toolComponent), 3.27 (result) and 3.30
(region). Columns count code points, as muster does; paths become URI references (RFC 3986), relative ones to where
muster was run.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from muster.language.lint.rule import LintRule
from muster.report.diagnostics import Located, in_order
from muster.report.sarif import SCHEMA, sarif_text
from muster.values.diagnostic import Diagnostic
from muster.values.json import Json, JsonObject

VERSION = "2.1.0"


def diagnostics_sarif(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Located], rules: Sequence[LintRule], version: str
) -> JsonObject:
    """A log with one run. `rules` are described in it, whether or not they found anything; `version` is muster's."""
    placed = in_order(diagnostics, sources)
    known: dict[str, Json] = {rule.id: _described(rule) for rule in rules}
    for one in placed:
        known.setdefault(one.rule, {"id": one.rule})
    index = {rule: at for at, rule in enumerate(known)}
    results: list[Json] = [_result(one, sources.get(one.file), index[one.rule]) for one in placed]
    driver: JsonObject = {"name": "muster", "version": version, "rules": list(known.values())}
    run: JsonObject = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _described(rule: LintRule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"See {rule.documentation}."},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(diagnostic: Diagnostic, source: Located | None, rule: int) -> JsonObject:
    result: JsonObject = {
        "ruleId": diagnostic.rule,
        "ruleIndex": rule,
        "level": diagnostic.level,
        "message": {"text": sarif_text(" ".join(filter(None, (diagnostic.message, diagnostic.hint))))},
    }
    if diagnostic.file:
        place: JsonObject = {"artifactLocation": {"uri": _uri(diagnostic.file)}}
        if source is not None:
            line, column = source.place(diagnostic)
            place["region"] = {"startLine": line, "startColumn": column}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(path: str) -> str:
    slashed = path.replace("\\", "/")
    quoted = quote(slashed, safe="/", errors="surrogatepass")
    return f"file://{quoted}" if slashed.startswith("/") else quoted
