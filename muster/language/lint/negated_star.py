"""A not around a condition on every member of an array."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        if leaf.place.negated and leaf.loose_stars and not leaf.comparison.operator.startswith("not"):
            yield Finding(
                leaf.comparison.subject.pointer,
                f"Below 'not', this holds as soon as one member of {quoted(leaf.field)} fails it, and never for an "
                "empty array. It does not ask that no member is so, as it seems to.",
                "For 'no member', use the negated operator without 'not', or a count that equals 0.",
            )


RULE = LintRule(
    "negated-star", Level.NOTE, "A 'not' around a condition on [*] asks for one member, not for all.", _check
)
