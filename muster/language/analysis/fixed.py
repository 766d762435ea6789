"""Comparisons that come out the same for every resource."""

import math

from muster.language.operators import OPERATORS
from muster.language.syntax import Comparison, Count, Field, Value
from muster.values.errors import TemplateError
from muster.values.json import Json

_MOST_COUNTED = 1_000
"""A count compared with a greater number is taken to be open."""


def fixed(comparison: Comparison) -> bool | None:
    """How a comparison comes out whatever the resource; None where that depends on it, or where it fails."""
    if not comparison.operand.constant:
        return None
    subject, operand = comparison.subject, comparison.operand.value
    if isinstance(subject, Count):
        return _of_number(comparison.operator, operand)
    if comparison.operator in ("in", "notIn") and operand == []:
        # With [*] the condition is about each member, and there may be none.
        starred = isinstance(subject, Field) and "[*]" in str(subject.name.value)
        return None if starred else comparison.operator == "notIn"
    if isinstance(subject, Value) and subject.template.constant:
        return _of_value(comparison.operator, subject.template.value, operand)
    return None


def _of_value(operator: str, value: Json, operand: Json) -> bool | None:
    row = OPERATORS[operator.lower()]
    try:
        return row.factory(operand)("" if value is None and row.null_is_empty else value)
    except TemplateError:
        return None


def _of_number(operator: str, operand: Json) -> bool | None:
    """A comparison of a number from 0 up, tried as far as the operand reaches."""
    numbers = [item for item in (operand if isinstance(operand, list) else [operand]) if isinstance(item, int | float)]
    most = max(numbers, default=0)
    if not most < _MOST_COUNTED:
        return None
    try:
        test = OPERATORS[operator.lower()].factory(operand)
        outcomes = {test(number) for number in range(max(math.ceil(most), 0) + 2)}
    except TemplateError:
        return None
    return outcomes.pop() if len(outcomes) == 1 else None
