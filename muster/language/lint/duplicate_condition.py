"""The same condition twice in one allOf or anyOf."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for condition, earlier in linted.repetitions:
        yield Finding(
            condition.pointer,
            f"The same condition stands at position {earlier} of this list (counted from 0), so that this one changes "
            "nothing. Perhaps another field or value was meant when it was copied.",
            "Write what was meant, or remove it.",
        )


RULE = LintRule("duplicate-condition", Level.WARNING, "A condition stands twice in the same list.", _check)
