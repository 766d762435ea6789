"""Branches that the conditions around them rule out."""

from collections.abc import Iterator

from muster.language.analysis.dead import Death
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for found in linted.deaths:
        if found.death is Death.UNREACHABLE:
            yield Finding(
                found.condition.pointer,
                f"The conditions around this branch leave no value of {quoted(found.field)} for which it holds: it "
                "never counts, and whatever else stands in it is never asked.",
                f"Widen what is asked of {quoted(found.field)} further out, or remove the branch.",
            )


RULE = LintRule(
    "unreachable-branch", Level.WARNING, "The conditions around a branch leave nothing for which it holds.", _check
)
