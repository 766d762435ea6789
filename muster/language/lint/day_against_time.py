"""Days compared with times."""

from collections.abc import Iterator

from muster.language.expression import Call
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        field = linted.vocabulary.own_fields.get(leaf.field.lower())
        operand = leaf.comparison.operand
        call = operand.expression
        if field is not None and field.type == "date" and isinstance(call, Call) and call.key in ("utcnow", "adddays"):
            yield Finding(
                operand.pointer,
                f"{field.name} is a day (2026-11-30), and {call.name}() gives a time on it, which sorts behind the day "
                "(2026-11-30T09:00:00.0000000Z): on that day itself the rule says the wrong thing.",
                f"Cut out the day: [substring({call.name}(...), 0, 10)]; or ask for the days that are left.",
            )


RULE = LintRule("day-against-time", Level.WARNING, "A field that is a day is compared with a time.", _check)
