"""Conditions that hold for every resource."""

from collections.abc import Iterator

from muster.language.analysis.dead import Death
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for found in linted.deaths:
        if found.death is not Death.TRUE:
            continue
        if found.field:
            yield Finding(
                found.condition.pointer,
                f"No value of {quoted(found.field)} fails both this and the conditions beside it, so that together "
                "they hold for every resource and tell none apart.",
                "What a value must differ from belongs into one notIn, or into an allOf of notEquals.",
            )
        else:
            yield Finding(
                found.condition.pointer,
                "This condition holds for every resource: nothing that it asks depends on one. An anyOf around it "
                "always holds too, and whatever else stands there is never asked.",
                "Remove it, or compare a field of the resource.",
            )


RULE = LintRule("always-true", Level.WARNING, "A condition holds for every resource.", _check)
