"""An impact as Markdown, to be pasted into a pull request."""

from collections.abc import Sequence

from muster.report.impact import Impact
from muster.report.impact_rows import (
    CHANGE_COLUMNS,
    DEFINITION_COLUMNS,
    IMAGE_COLUMNS,
    NUMBERS,
    STATE_COLUMNS,
    change_rows,
    definition_row,
    image_rows,
    impact_summary,
    need_lines,
    needs_title,
    omitted,
    state_rows,
)
from muster.report.markdown import code, markdown, table

LONGEST = 300
"""Characters of a reason in a table. Forges cut comments of more than 65,536."""


def impact_markdown(impact: Impact, *, as_of: str) -> str:
    """Summary, tables, and the changes folded up."""
    lines = ["### What these policies would change", "", f"{impact_summary(impact)} As of {as_of}.", ""]
    if impact.looked_at:
        lines += [*table(STATE_COLUMNS, state_rows(impact), right=frozenset(STATE_COLUMNS[1:])), ""]
    if rows := impact.rows():
        cells = [(markdown(title), *numbers, itself) for title, *numbers, itself in map(definition_row, rows)]
        lines += [*table(DEFINITION_COLUMNS, cells, right=NUMBERS), ""]
    if needs := need_lines(impact):
        lines += [f"**{needs_title(impact)}**", "", *(f"- {markdown(line)}" for line in needs), ""]
    lines += [f"- {markdown(sentence)}" for sentence in impact.warnings]
    lines += [""] * bool(impact.warnings)
    images = [(code(name), code(image), markdown(day), code(to)) for name, image, day, to in image_rows(impact)]
    lines += _folded(f"Images that would be stopped ({len(images)})", IMAGE_COLUMNS, images)
    changes = [(code(name), markdown(of), told, markdown(_cut(why))) for name, of, told, why in change_rows(impact)]
    lines += _folded(f"Changes of {len(impact.kept):,} of {impact.changed:,} resources", CHANGE_COLUMNS, changes)
    lines += [omitted(impact), ""] if omitted(impact) else []
    return "\n".join(lines)


def _folded(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    return ["<details>", f"<summary>{title}</summary>", "", *table(columns, rows), "", "</details>", ""]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
