"""format(), after .NET's composite formatting.

Source: learn.microsoft.com/dotnet/standard/base-types/composite-formatting. A hole is `{index,width:format}`; formats
apply to numbers only, everything else is written as it is. Arrays and objects become JSON with single quotes, as
Microsoft's linter writes them.
"""

import re

from muster.language.functions.arguments import integer, text
from muster.language.functions.bounds import check_length
from muster.language.functions.function import strict
from muster.language.functions.json_text import compact, scalar_text
from muster.language.functions.numerals import format_number
from muster.values.errors import TemplateError
from muster.values.json import Json

_PIECE = re.compile(r"([^{}]+)|(\{\{|\}\})|\{([0-9]{1,7}) *(?:, *(-?)([0-9]{1,7}) *)?(?::([^{}]*))?\}|([{}])", re.ASCII)


def composite(format_string: Json, *arguments: Json) -> Json:
    """Fails on a hole that names no argument, and on a lone brace."""
    pieces: list[str] = []
    length = 0
    for match in _PIECE.finditer(text(format_string, "formatString")):
        literal, brace, index, left, width, specification, stray = match.groups()
        if stray:
            raise TemplateError(
                f"the brace at position {match.start()} belongs to no hole like {{0}}; double it to write a brace"
            )
        if index is None:
            piece = literal or brace[0]
        else:
            if int(index) >= len(arguments):
                raise TemplateError(f"{{{index}}} asks for an argument that is not there")
            piece = _shown(arguments[int(index)], specification or "")
            piece = piece.ljust(int(width or 0)) if left else piece.rjust(int(width or 0))
        length += len(piece)
        check_length(length)
        pieces.append(piece)
    return "".join(pieces)


def _shown(value: Json, specification: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return compact(value).replace('"', "'")
    if isinstance(value, str | bool):
        return scalar_text(value)
    return format_number(value if isinstance(value, float) else integer(value, "a number"), specification)


ROWS = (
    strict(
        "format(formatString, arg1?, ...)",
        composite,
        "Fills the holes of a text, as {0} or {1:N2}, with its arguments, after .NET's composite formatting.",
    ),
)
