"""Text of strangers on a terminal: control characters shown instead of obeyed, widths counted in columns."""

import unicodedata

TAB = 4


def visible(text: str) -> str:
    """The text on one line with everything that is not printable escaped (`\\u001b`), half surrogates too."""
    return text if text.isprintable() else "".join(map(_shown, text))


def columns(text: str) -> int:
    """How many columns of a terminal a visible text takes: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def expanded(text: str, marked: int) -> tuple[str, int]:
    """A line as it is shown, tabs up to the next stop, and the column (from 0) of its character at `marked`.

    `marked` may be the line's length: the column behind its end.
    """
    shown: list[str] = []
    column, at = 0, 0
    for index, character in enumerate(text):
        if index == marked:
            at = column
        part = " " * (TAB - column % TAB) if character == "\t" else visible(character)
        shown.append(part)
        column += columns(part)
    return "".join(shown), column if marked >= len(text) else at


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
