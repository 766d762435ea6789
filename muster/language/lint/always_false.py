"""Conditions that hold for no resource."""

from collections.abc import Iterator

from muster.language.analysis.dead import Death
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for found in linted.deaths:
        if found.death is not Death.FALSE:
            continue
        if found.field:
            yield Finding(
                found.condition.pointer,
                f"No value of {quoted(found.field)} meets both this and the conditions beside it, so that together "
                "they hold for no resource and never lead to the effect.",
                "Put values of which any will do into one 'in', or the conditions into an anyOf.",
            )
        else:
            yield Finding(
                found.condition.pointer,
                "This condition holds for no resource: nothing that it asks depends on one. An allOf around it never "
                "holds either, and never leads to the effect.",
                "Remove it with what only it makes impossible, or compare a field of the resource.",
            )


RULE = LintRule("always-false", Level.WARNING, "A condition holds for no resource.", _check)
