"""Arithmetic of 64-bit integers, and least and greatest numbers."""

from collections.abc import Callable, Sequence
from operator import add, mul, sub

from muster.language.functions.arguments import INT64, integer, number
from muster.language.functions.function import strict
from muster.values.errors import TemplateError
from muster.values.json import Json


def _arithmetic(operation: Callable[[int, int], int]) -> Callable[[Json, Json], Json]:
    def body(left: Json, right: Json) -> Json:
        result = operation(integer(left, "operand1"), integer(right, "operand2"))
        if result not in INT64:
            raise TemplateError("the result has more than 64 bits")
        return result

    return body


def quotient(dividend: int, divisor: int) -> int:
    """Rounded towards zero."""
    if not divisor:
        raise TemplateError("operand2 must not be 0")
    whole = abs(dividend) // abs(divisor)
    return whole if (dividend < 0) == (divisor < 0) else -whole


def remainder(dividend: int, divisor: int) -> int:
    """With the sign of the dividend."""
    return dividend - quotient(dividend, divisor) * divisor


def greatest(*arguments: Json) -> Json:
    """Of the arguments, or of one array; a float where any of them is one."""
    numbers = _numbers(arguments)
    return _alike(max(numbers), numbers)


def least(*arguments: Json) -> Json:
    """Of the arguments, or of one array; a float where any of them is one."""
    numbers = _numbers(arguments)
    return _alike(min(numbers), numbers)


def _numbers(arguments: Sequence[Json]) -> list[int | float]:
    if len(arguments) == 1 and isinstance(arguments[0], list):
        arguments = arguments[0]
    if not arguments:
        raise TemplateError("there must be at least one number")
    return [number(argument, "every argument") for argument in arguments]


def _alike(chosen: int | float, numbers: list[int | float]) -> Json:
    return float(chosen) if any(isinstance(each, float) for each in numbers) else chosen


ROWS = (
    strict("add(operand1, operand2)", _arithmetic(add), "Returns the sum of two integers."),
    strict("div(operand1, operand2)", _arithmetic(quotient), "Returns the quotient of two integers, towards zero."),
    strict("max(arg1, ...)", greatest, "Returns the greatest of several numbers or of an array of them."),
    strict("min(arg1, ...)", least, "Returns the least of several numbers or of an array of them."),
    strict(
        "mod(operand1, operand2)",
        _arithmetic(remainder),
        "Returns the remainder of dividing two integers, with the sign of the first.",
    ),
    strict("mul(operand1, operand2)", _arithmetic(mul), "Returns the product of two integers."),
    strict("sub(operand1, operand2)", _arithmetic(sub), "Returns the difference of two integers."),
)
