"""Texts of strangers in Markdown: nothing in them is obeyed, neither by Markdown nor by HTML nor by a forge.

Every character that could mean something is written as a character reference, so that a name can't end a table's cell,
open an element, become a link or an image. Forges look for mentions and references after that, so an invisible space
stands behind `@` and `#`. Source: github.github.com/gfm (entity and numeric character references; autolinks).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from muster.report.visible import visible

_PLAIN = frozenset(" ,()'?%=")
_ADDRESSED = "@#"
_INVISIBLE_SPACE = "&#8203;"


def markdown(text: str) -> str:
    """A text within a line."""
    shown = visible(text)
    return "".join(one if one == "-" and before.isalnum() else _written(one) for before, one in pairwise(f" {shown}"))


def code(text: str) -> str:
    """A text within a line, as code."""
    return f"<code>{markdown(text)}</code>" if text else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[str] = frozenset()) -> list[str]:
    """The lines of a table. Cells are Markdown; columns in `right` are numbers."""
    head = "| " + " | ".join(columns) + " |"
    rule = "|" + "|".join("---:" if column in right else "---" for column in columns) + "|"
    return [head, rule, *("| " + " | ".join(row) + " |" for row in rows)]


def _written(character: str) -> str:
    if character.isalnum() or character in _PLAIN:
        return character
    reference = f"&#{ord(character)};"
    return reference + _INVISIBLE_SPACE if character in _ADDRESSED else reference
