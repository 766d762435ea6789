"""Alternatives that those before them cover."""

from collections.abc import Iterator

from muster.language.analysis.dead import Death
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    repeated = {id(condition) for condition, _ in linted.repetitions}
    for found in linted.deaths:
        if found.death is Death.COVERED and id(found.condition) not in repeated:
            yield Finding(
                found.condition.pointer,
                f"Wherever this alternative holds, one before it in the same anyOf does, by what both ask of "
                f"{quoted(found.field)}: it adds nothing, and what it asks besides never counts.",
                "Narrow the earlier alternative, or remove this one.",
            )


RULE = LintRule("covered-branch", Level.WARNING, "An alternative adds nothing to those before it.", _check)
