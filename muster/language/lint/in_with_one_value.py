"""Lists of one value."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        operator, operand = leaf.comparison.operator, leaf.comparison.operand
        if leaf.positive == "in" and operand.constant and isinstance(operand.value, list) and len(operand.value) == 1:
            exact = "equals" if operator == "in" else "notEquals"
            yield Finding(
                operand.pointer,
                f"{operator} compares with a list of one value, which says the same as {exact} and makes the reader "
                "look for the others. Perhaps some got lost.",
                f"Write {exact}, or add the values that are missing.",
            )


RULE = LintRule("in-with-one-value", Level.NOTE, "'in' compares with a list of one value.", _check)
