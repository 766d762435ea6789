"""Parameters and lists of a type that the operator can't compare with."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level

_ARRAYS = frozenset({"in"})
_NO_ARRAYS = frozenset(
    {"equals", "like", "match", "matchInsensitively", "containsKey", "exists", "less", "lessOrEquals", "greater"}
) | {"greaterOrEquals"}


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        operator, operand = leaf.comparison.operator, leaf.comparison.operand
        parameter = linted.parameter(operand)
        if parameter is not None:
            given, what = parameter.type, f"the parameter '{parameter.name}' is of type {parameter.type}"
        elif isinstance(operand.value, list):
            given, what = "array", "this is an array"
        else:
            continue
        if leaf.positive in _ARRAYS and given != "array":
            yield Finding(
                operand.pointer,
                f"{operator} looks through an array, and {what}: the rule fails for every resource that it is about, "
                "with the state Error, and Azure denies.",
                "Declare the parameter as an array, or write equals.",
            )
        elif leaf.positive in _NO_ARRAYS and given == "array":
            yield Finding(
                operand.pointer,
                f"{operator} compares with one value, and {what}: no single value is equal to an array, and Azure "
                "refuses such a definition.",
                f"Write {'notIn' if operator.startswith('not') else 'in'} to look through an array.",
            )


RULE = LintRule("operand-of-wrong-type", Level.ERROR, "An operator is given an array, or no array, wrongly.", _check)
