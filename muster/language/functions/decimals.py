"""Rounding for number formats: of the exact value, half away from zero, as in .NET Core 3.0 and later."""

from decimal import ROUND_HALF_UP, Context, Decimal

FINEST = 1_100
"""No float has a digit beyond so many places; what is asked for beyond are zeros."""

_EXACT = Context(prec=2_000, rounding=ROUND_HALF_UP)


def places_of(exact: Decimal, places: int, shift: int = 0) -> tuple[str, str]:
    """The whole digits and exactly so many digits of fraction of a decimal times ten to `shift`, without a sign."""
    shifted = exact.copy_abs().scaleb(shift, _EXACT)
    rounded = shifted.quantize(Decimal(1).scaleb(-min(places, FINEST)), context=_EXACT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    return whole, fraction.ljust(places, "0")
