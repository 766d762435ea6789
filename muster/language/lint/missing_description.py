"""Definitions that do not say what they are for."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    if not linted.bare and not linted.definition.description.strip():
        yield Finding(
            linted.place("description"),
            "The definition has no description. Whoever has to assign it, or to mend a resource because of it, can "
            "only guess from the rule what is looked at and why it matters.",
            'Add "description": "..." with a sentence or two.',
        )


RULE = LintRule("missing-description", Level.NOTE, "A definition has no description.", _check)
