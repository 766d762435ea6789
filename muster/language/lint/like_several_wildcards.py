"""like with more than the one wildcard that Azure documents."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        operator, operand = leaf.comparison.operator, leaf.comparison.operand
        if leaf.positive == "like" and operand.constant and str(operand.value).count("*") > 1:
            yield Finding(
                operand.pointer,
                f"{quoted(str(operand.value))} has more than one '*'. Azure Policy documents one for {operator} and "
                "does not say what a second means; muster takes each for any text.",
                "Use contains for a text in the middle, or two conditions with one '*' each.",
            )


RULE = LintRule(
    "like-several-wildcards", Level.WARNING, "'like' compares with a text that has several wildcards.", _check
)
