"""Numbers in .NET's custom formats, invariant culture: `0000`, `#,##0.00`, `0.0%`, sections with semicolons.

Source: learn.microsoft.com/dotnet/standard/base-types/custom-numeric-format-strings. The exponent (`0.0E+0`) is
refused.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from muster.language.functions.bounds import check_length
from muster.language.functions.decimals import places_of
from muster.values.errors import TemplateError

_WIDEST_SHIFT = 99
_TOKEN = re.compile(r"'[^']*'?|\"[^\"]*\"?|\\.?|[eE][+-]?0+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to three parts. `whole` and `fraction` hold `0` and `#` for places and any other text for
    itself; the number is multiplied by ten to `shift`; `grouped` asks for commas between thousands."""

    whole: tuple[tuple[str, bool], ...]
    fraction: tuple[tuple[str, bool], ...]
    shift: int
    grouped: bool


def custom(value: int | float, specification: str) -> str:
    """A number in a custom format. Raises TemplateError on an exponent."""
    sections = _sections(specification)
    exact = Decimal(value)
    negative = exact.is_signed()
    chosen = 1 if negative and len(sections) > 1 and sections[1] else 0
    written, zero = _written(_parsed(sections[chosen]), exact)
    if zero and len(sections) > 1:
        # What rounds to zero is written as zero.
        written, _ = _written(_parsed(sections[2] if len(sections) > 2 and sections[2] else sections[0]), Decimal(0))
        return written
    return f"-{written}" if negative and not chosen else written


def _sections(specification: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for token in _TOKEN.findall(specification):
        if token == ";":
            sections.append([])
        elif token[0] in "eE" and len(token) > 1:
            raise TemplateError("a custom format with an exponent is not supported")
        else:
            sections[-1].append(token)
    return sections


def _parsed(tokens: list[str]) -> _Section:
    whole: list[tuple[str, bool]] = []
    fraction: list[tuple[str, bool]] = []
    pointed, shift, commas, grouped = False, 0, 0, False
    for token in tokens:
        if token == ".":
            pointed = True
        elif token == ",":
            commas += not pointed and any(place for _, place in whole)
        elif token in ("0", "#"):
            # A comma between places groups; one after the last place divides by a thousand.
            grouped, commas = grouped or (commas > 0 and not pointed), commas * pointed
            (fraction if pointed else whole).append((token, True))
        else:
            shift += {"%": 2, "‰": 3}.get(token, 0)
            (fraction if pointed else whole).append((_literal(token), False))
    shift -= 3 * commas
    if abs(shift) > _WIDEST_SHIFT:
        raise TemplateError("a custom format with so many percent signs or commas is not supported")
    return _Section(tuple(whole), tuple(fraction), shift, grouped)


def _literal(token: str) -> str:
    if token[0] == "\\":
        return token[1:]
    return token.strip(token[0]) if token[0] in "'\"" else token


def _written(section: _Section, exact: Decimal) -> tuple[str, bool]:
    """The text, and whether the number became zero in it."""
    count = sum(place for _, place in section.fraction)
    check_length(count)
    digits, decimals = places_of(exact, count, section.shift)
    return _whole(section, digits.lstrip("0")) + _fraction(section, decimals), not (digits + decimals).strip("0")


def _whole(section: _Section, digits: str) -> str:
    marks = [text for text, place in section.whole if place]
    least = len(marks) - marks.index("0") if "0" in marks else 0
    digits = digits.rjust(least, "0")
    written: list[str] = []
    left, at = len(marks), len(digits)
    for text, place in reversed(section.whole):
        if not place:
            written.append(text)
            continue
        left -= 1
        for _ in range(at if not left else min(at, 1)):
            position = len(digits) - at
            written.append("," if section.grouped and position and position % 3 == 0 else "")
            at -= 1
            written.append(digits[at])
    return "".join(reversed(written))


def _fraction(section: _Section, decimals: str) -> str:
    marks = [text for text, place in section.fraction if place]
    least = len(marks) - marks[::-1].index("0") if "0" in marks else 0
    shown = decimals[:least] + decimals[least:].rstrip("0")
    digits = iter(shown)
    written = [next(digits, "") if place else text for text, place in section.fraction]
    return ("." if shown else "") + "".join(written)
