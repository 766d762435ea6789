"""Comparisons with null."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        operator, operand = leaf.comparison.operator, leaf.comparison.operand
        if operand.constant and operand.value is None:
            there = "true" if operator.startswith("not") else "false"
            yield Finding(
                operand.pointer,
                f"{operator} compares with null, and null counts as the empty text: what is there but empty is taken "
                "for missing. A null that an expression gives instead makes the rule fail.",
                f'Write "exists": {there} to ask whether there is a value.',
            )


RULE = LintRule("null-operand", Level.WARNING, "A condition compares with null.", _check)
