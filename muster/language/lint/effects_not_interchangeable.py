"""Effects that need different details."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.outcome import EFFECTS
from muster.values.diagnostic import Level

_FAMILIES = {
    "append": "append",
    "modify": "modify",
    "auditifnotexists": "look-up",
    "deployifnotexists": "look-up",
    "denyaction": "action",
    "auditaction": "action",
}
"""Effects by the form of then.details that they read; the others read none.
Source: learn.microsoft.com/azure/governance/policy/concepts/effect-basics#interchanging-effects."""

_JUDGING = frozenset({"audit", "deny"})


def _check(linted: Linted) -> Iterator[Finding]:
    parameter = linted.parameter(linted.rule.then.effect)
    if parameter is None or linted.effects is None:
        return
    families = {_FAMILIES[effect]: effect for effect in sorted(linted.effects) if effect in _FAMILIES}
    clashing = [*families.values()]
    if "look-up" in families and linted.effects & _JUDGING:
        clashing.append(min(linted.effects & _JUDGING))
    if len(clashing) > 1:
        first, second = (EFFECTS[effect] for effect in clashing[:2])
        yield Finding(
            f"{parameter.pointer}/allowedValues",
            f"'{parameter.name}' allows both {first} and {second}. They read then.details in different ways, or judge "
            "different things, so that one rule can't be right for both.",
            "Make two definitions, each with effects that can stand for one another.",
        )


RULE = LintRule(
    "effects-not-interchangeable", Level.WARNING, "The allowed effects can't stand for one another.", _check
)
