"""current() where no count is around it."""

from collections.abc import Iterator

from muster.language.analysis.possible import stars_bound
from muster.language.expression import Call, Text, calls
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.syntax import Count
from muster.language.template import all_expressions
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        for pointer, expression in all_expressions(leaf.templates):
            for call in calls(expression):
                if call.key == "current" and not _has_count(call, leaf.place.counts):
                    yield Finding(
                        pointer,
                        f"current({_argument(call)}) stands for a member of the count around it, and there is no such "
                        "count here: the rule fails for every resource, with the state Error, and Azure denies.",
                        "Move it into the 'where' of a count, or name the count that it is in.",
                        column=call.column,
                    )


def _has_count(call: Call, counts: tuple[Count, ...]) -> bool:
    if not call.arguments:
        return bool(counts)
    name = call.arguments[0]
    if not isinstance(name, Text):
        return True
    named = any(count.value is not None and count.name.lower() == name.value.lower() for count in counts)
    return named or stars_bound(name.value.lower(), counts) > 0


def _argument(call: Call) -> str:
    name = call.arguments[0] if call.arguments else None
    return quoted(name.value) if isinstance(name, Text) else ""


RULE = LintRule("current-outside-count", Level.ERROR, "current() stands outside of the count that it asks for.", _check)
