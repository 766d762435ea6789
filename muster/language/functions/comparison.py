"""equals, and the order of numbers and strings."""

from collections.abc import Callable

from muster.language.functions.arguments import kind
from muster.language.functions.collation import collation_key
from muster.language.functions.equality import deep_equals
from muster.language.functions.function import strict
from muster.values.errors import TemplateError
from muster.values.json import Json

_NUMBERS = (int, float)


def _ordered(accepted: Callable[[int], bool]) -> Callable[[Json, Json], Json]:
    def body(left: Json, right: Json) -> Json:
        return accepted(order(left, right))

    return body


def order(left: Json, right: Json) -> int:
    """-1, 0 or 1. Strings order as .NET's invariant culture has it, with regard to case."""
    if isinstance(left, str) and isinstance(right, str):
        first, second = collation_key(left), collation_key(right)
        return (first > second) - (first < second)
    if _is_number(left) and _is_number(right):
        return (left > right) - (left < right)  # type: ignore[operator]
    raise TemplateError(f"it orders two numbers or two strings, not {kind(left)} and {kind(right)}")


def _is_number(value: Json) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


ROWS = (
    strict("equals(arg1, arg2)", deep_equals, "Tells whether two values are the same, members and case included."),
    strict("greater(arg1, arg2)", _ordered(lambda sign: sign > 0), "Tells whether the first comes after the second."),
    strict(
        "greaterOrEquals(arg1, arg2)",
        _ordered(lambda sign: sign >= 0),
        "Tells whether the first comes after the second or is equal to it.",
    ),
    strict("less(arg1, arg2)", _ordered(lambda sign: sign < 0), "Tells whether the first comes before the second."),
    strict(
        "lessOrEquals(arg1, arg2)",
        _ordered(lambda sign: sign <= 0),
        "Tells whether the first comes before the second or is equal to it.",
    ),
)
