"""Counts whose where does not look at what is counted."""

from collections.abc import Iterator

from muster.language.expression import calls
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.syntax import Condition, conditions, templates
from muster.language.template import all_expressions
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for count in linted.counts():
        if count.where is None or (count.field is not None and not count.field.constant):
            continue
        counted = "" if count.field is None else str(count.field.value)
        if _looks_at_member(count.where, counted.lower(), linted):
            continue
        yield Finding(
            count.where.pointer,
            f"Nothing in this 'where' looks at the member of {quoted(counted) if counted else 'the values'} that is "
            "being counted, so that either all members count or none does.",
            f"Compare a field that begins with {quoted(counted)}."
            if counted
            else "Compare current(), the value itself.",
        )


def _looks_at_member(where: Condition, counted: str, linted: Linted) -> bool:
    inside = {id(node) for node in conditions(where)}
    uses = (use for leaf in linted.leaves if id(leaf.comparison) in inside for use in leaf.fields())
    if counted and any(use.text.lower().startswith(counted) for use in uses):
        return True
    return any(call.key == "current" for _, one in all_expressions(templates(where)) for call in calls(one))


RULE = LintRule(
    "where-ignores-member", Level.WARNING, "A count's 'where' does not look at the member that is counted.", _check
)
