"""A message to an author: where, what is wrong, the line with a caret under the place, what to write instead."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from muster.report.visible import expanded, visible
from muster.values.diagnostic import Diagnostic, Level

LINE_WIDTH = 100
"""A longer line of source is shown around the caret only, this many characters of it."""

_ELLIPSIS = "..."


class Located(Protocol):
    """A text that knows where a diagnostic is in it (muster.language.source.Source is one)."""

    def place(self, diagnostic: Diagnostic) -> tuple[int, int]:
        """Line and column, both from 1."""
        ...

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its end."""
        ...


def render(diagnostic: Diagnostic, source: Located | None) -> str:
    """The message on several lines, without a line end at its end. Without a source there is no place and no line.

    policies/definitions/boot.json:12:9: error[unknown-operator]: There is no operator 'equal'.
      12 |         "equal": "Linux"
         |         ^
         = Write 'equals'.
    """
    head = f"{diagnostic.level}[{visible(diagnostic.rule)}]: {visible(diagnostic.message)}"
    file = visible(diagnostic.file)
    if source is None:
        lines = [f"{file}: {head}" if file else head]
        gutter = ""
    else:
        line, column = source.place(diagnostic)
        text, caret = _window(source.line(line), column - 1)
        number = f"{line:>4} | "
        gutter = " " * (len(number) - 2)
        lines = [f"{file}:{line}:{column}: {head}", f"{number}{text}", f"{gutter}| {' ' * caret}^"]
    if diagnostic.hint:
        lines.append(f"{gutter}= {visible(diagnostic.hint)}" if gutter else f"  = {visible(diagnostic.hint)}")
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Located]) -> str:
    """All messages in the order of file and place, and a last line that counts them."""
    placed = in_order(diagnostics, sources)
    messages = [render(diagnostic, sources.get(diagnostic.file)) for diagnostic in placed]
    counts = [
        f"{count} {level}{'s' * (count != 1)}"
        for level in Level
        if (count := sum(diagnostic.level is level for diagnostic in placed))
    ]
    files = len({diagnostic.file for diagnostic in placed})
    return "\n".join([*messages, f"{', '.join(counts) or 'no faults'} in {files} file{'s' * (files != 1)}"])


def in_order(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Located]) -> list[Diagnostic]:
    """Diagnostics in the order of file and place."""
    return sorted(diagnostics, key=lambda diagnostic: _order(diagnostic, sources.get(diagnostic.file)))


def _order(diagnostic: Diagnostic, source: Located | None) -> tuple[str, int, int]:
    line, column = source.place(diagnostic) if source else (0, 0)
    return diagnostic.file, line, column


def _window(line: str, at: int) -> tuple[str, int]:
    """The line, or what of it is around a character, and the column of that character in it."""
    if len(line) <= LINE_WIDTH:
        return expanded(line, at)
    start = max(0, min(at - LINE_WIDTH // 2, len(line) - LINE_WIDTH))
    end = start + LINE_WIDTH
    text, caret = expanded(line[start:end], at - start)
    before, after = _ELLIPSIS * (start > 0), _ELLIPSIS * (end < len(line))
    return f"{before}{text}{after}", len(before) + caret
