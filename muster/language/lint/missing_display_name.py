"""Definitions without a name for people."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    if not linted.bare and not linted.definition.display_name.strip():
        yield Finding(
            linted.place("displayName"),
            "The definition has no displayName. Findings and reports call it by its technical name, which tells "
            "whoever has to act on one little of what is wrong.",
            'Add "displayName": "..." that says what should be so.',
        )


RULE = LintRule("missing-display-name", Level.WARNING, "A definition has no display name.", _check)
