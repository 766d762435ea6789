"""Details that no effect reads."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level

_WITHOUT = frozenset({"audit", "deny", "disabled"})


def _check(linted: Linted) -> Iterator[Finding]:
    details = linted.rule.then.details
    if details is not None and linted.effects is not None and linted.effects <= _WITHOUT:
        yield Finding(
            details.pointer,
            "None of the effects that this definition can have reads then.details, so that what stands here is "
            "ignored: no related resource is looked for, and nothing is changed.",
            "Remove the details, or use the effect that they were written for.",
            in_key=True,
        )


RULE = LintRule("details-ignored", Level.WARNING, "No effect of the definition reads its details.", _check)
