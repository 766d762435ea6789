"""like with nothing to stand for any text."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        operator, operand = leaf.comparison.operator, leaf.comparison.operand
        if leaf.positive == "like" and operand.constant and isinstance(operand.value, str) and "*" not in operand.value:
            exact = "equals" if operator == "like" else "notEquals"
            yield Finding(
                operand.pointer,
                f"{operator} compares the whole value, and {quoted(operand.value)} has no '*' to stand for the rest of "
                f"it: this is {exact}, and a longer value that contains it is not meant.",
                f"Write {exact}, or put a '*' where any text may stand.",
            )


RULE = LintRule("like-without-wildcard", Level.WARNING, "'like' compares with a text that has no wildcard.", _check)
