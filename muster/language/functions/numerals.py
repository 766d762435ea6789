"""Numbers in .NET's standard formats, invariant culture: what stands after the colon in format().

Source: learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from math import copysign

from muster.language.functions.arguments import INT64, kind
from muster.language.functions.bounds import check_length
from muster.language.functions.custom_numerals import custom
from muster.language.functions.decimals import FINEST, places_of
from muster.language.functions.json_text import number_text
from muster.values.errors import TemplateError

_STANDARD = re.compile(r"([A-Za-z])([0-9]{0,9})", re.ASCII)


def format_number(value: int | float, specification: str) -> str:
    """A number in a standard format (`N2`, `X`), in a custom one (`#,##0.00`), or as it is where there is none.

    An integer has at most 64 bits. Raises TemplateError on a format that .NET refuses.
    """
    if not specification:
        return number_text(value)
    match = _STANDARD.fullmatch(specification)
    if match is None:
        return custom(value, specification)
    letter, precision = match[1], int(match[2]) if match[2] else None
    style = _STYLES.get(letter.upper())
    if style is None or (letter.upper() in "BDX" and isinstance(value, float)):
        raise TemplateError(f"'{specification}' is no format of {kind(value)}")
    check_length(precision or 0)
    written = style(value, precision)
    return written.lower() if letter in "egx" else written


def _sign(value: int | float) -> str:
    return "-" if copysign(1, value) < 0 else ""


def _point(whole: str, fraction: str) -> str:
    return f"{whole}.{fraction}" if fraction else whole


def _grouped(exact: Decimal, precision: int | None, shift: int = 0) -> str:
    whole, fraction = places_of(exact, 2 if precision is None else precision, shift)
    return _point(f"{int(whole):,}", fraction)


def _significant(value: int | float, count: int) -> tuple[str, int]:
    """So many digits, and the power of ten of the first."""
    exact = Decimal(value)
    power = exact.adjusted() if exact else 0
    whole, fraction = places_of(exact, count - 1, -power)
    # 9.99 rounded to one digit is 10.
    return (whole + fraction)[:count], power + len(whole) - 1


def _currency(value: int | float, precision: int | None) -> str:
    body = "¤" + _grouped(Decimal(value), precision)
    return f"({body})" if _sign(value) else body


def _decimal(value: int | float, precision: int | None) -> str:
    return _sign(value) + str(abs(value)).rjust(precision or 0, "0")


def _exponential(value: int | float, precision: int | None) -> str:
    digits, power = _significant(value, (6 if precision is None else precision) + 1)
    return f"{_sign(value)}{_point(digits[0], digits[1:])}E{power:+04d}"


def _fixed(value: int | float, precision: int | None) -> str:
    return _sign(value) + _point(*places_of(Decimal(value), 2 if precision is None else precision))


def _general(value: int | float, precision: int | None) -> str:
    if not precision:
        return number_text(value)
    digits, power = _significant(value, min(precision, FINEST))
    digits = digits.rstrip("0") or "0"
    if power >= precision or power <= -5:
        return f"{_sign(value)}{_point(digits[0], digits[1:])}E{power:+03d}"
    if power < 0:
        return f"{_sign(value)}0.{'0' * (-power - 1)}{digits}"
    return _sign(value) + _point(digits[: power + 1].ljust(power + 1, "0"), digits[power + 1 :])


def _number(value: int | float, precision: int | None) -> str:
    return _sign(value) + _grouped(Decimal(value), precision)


def _percent(value: int | float, precision: int | None) -> str:
    return f"{_sign(value)}{_grouped(Decimal(value), precision, 2)} %"


def _round_trip(value: int | float, _precision: int | None) -> str:
    return number_text(value)


def _hexadecimal(value: int | float, precision: int | None) -> str:
    return f"{_unsigned(value):X}".rjust(precision or 0, "0")


def _binary(value: int | float, precision: int | None) -> str:
    return f"{_unsigned(value):b}".rjust(precision or 0, "0")


def _unsigned(value: int | float) -> int:
    """Two's complement in 64 bits."""
    return int(value) % (2 * INT64.stop)


_STYLES: dict[str, Callable[[int | float, int | None], str]] = {
    "B": _binary,
    "C": _currency,
    "D": _decimal,
    "E": _exponential,
    "F": _fixed,
    "G": _general,
    "N": _number,
    "P": _percent,
    "R": _round_trip,
    "X": _hexadecimal,
}
