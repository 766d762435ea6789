"""Look-ups that any resource satisfies."""

from collections.abc import Iterator

from muster.language.frame import member
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    then = linted.rule.then
    if not linted.looks_up or then.details is None or then.existence_condition is not None:
        return
    wanted = member(linted.details, "type")
    if wanted and not member(linted.details, "name"):
        yield Finding(
            then.details.pointer,
            f"The details neither name a resource nor have an existenceCondition, so that any {quoted(str(wanted))} "
            "will do, whatever it contains and whether or not it works.",
            "Add an existenceCondition that says what a right one looks like, or its name.",
            in_key=True,
        )


RULE = LintRule(
    "missing-existence-condition", Level.NOTE, "Any resource of the wanted type satisfies the look-up.", _check
)
