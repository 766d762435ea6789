"""Conditions on every member of an array, which an empty array meets."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.syntax import Count
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    guarded = set(_guarded(linted))
    for leaf in linted.leaves:
        if leaf.loose_stars and not leaf.place.negated and _array(leaf.field) not in guarded:
            yield Finding(
                leaf.comparison.subject.pointer,
                f"A condition on {quoted(leaf.field)} holds where every member meets it, and so for every resource "
                "whose array is empty or missing, too.",
                "Ask beside it whether the array has members, or use a count with 'where'.",
            )


def _guarded(linted: Linted) -> Iterator[str]:
    """The arrays whose being empty some condition asks about, lower-cased, without their [*]."""
    for leaf in linted.leaves:
        for use in leaf.fields():
            subject = leaf.comparison.subject
            if use.by != "field" or leaf.comparison.operator == "exists" or isinstance(subject, Count):
                yield _array(use.text)


def _array(field: str) -> str:
    return field.lower().partition("[*]")[0]


RULE = LintRule(
    "star-outside-count", Level.WARNING, "A condition on [*] also holds where the array has no members.", _check
)
