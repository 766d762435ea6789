"""Definitions that do not say how much a finding matters."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, Target
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    if not linted.bare and not linted.built_in and not linted.definition.metadata.get("severity"):
        yield Finding(
            linted.place("metadata"),
            "metadata has no severity, so that every finding is of medium severity unless the assignment says "
            "otherwise, and stands among all others that nobody has weighed.",
            'Add "severity": "critical", "high", "medium", "low" or "info" to metadata.',
            in_key=True,
        )


RULE = LintRule(
    "missing-severity",
    Level.NOTE,
    "A definition does not say how much its findings matter.",
    _check,
    frozenset({Target.MUSTER}),
)
