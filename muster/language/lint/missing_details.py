"""Effects without the details that they need."""

from collections.abc import Iterator

from muster.language.frame import member
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.outcome import EFFECTS
from muster.values.diagnostic import Level
from muster.values.json import Json

_NEEDED = {
    "auditifnotexists": "type",
    "deployifnotexists": "type",
    "modify": "operations",
    "denyaction": "actionNames",
}
"""Effects -> the member of then.details without which they do nothing."""


def _check(linted: Linted) -> Iterator[Finding]:
    for effect in sorted(linted.effects or ()):
        needed = _NEEDED.get(effect)
        lacks = not _has(linted.details, needed) if needed else effect == "append" and not linted.details
        if lacks:
            what = f"then.details.{needed}" if needed else "then.details"
            yield Finding(
                linted.rule.then.pointer,
                f"{EFFECTS[effect]} needs {what}, which is not there: with this effect the rule fails for every "
                "resource that it matches, and Azure refuses the definition.",
                f"Add {what}, or take {EFFECTS[effect]} out of the effects.",
            )
            return


def _has(details: Json, name: str) -> bool:
    return bool(member(details, name))


RULE = LintRule("missing-details", Level.ERROR, "An effect lacks the details that it needs.", _check)
