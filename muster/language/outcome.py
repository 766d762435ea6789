"""What a rule says of a document, before policy turns it into a state."""

from dataclasses import dataclass
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""Kleene's three values; None is unknown."""

EFFECTS = {
    name.lower(): name
    for name in (
        "addToNetworkGroup",
        "append",
        "audit",
        "auditAction",
        "auditIfNotExists",
        "deny",
        "denyAction",
        "deployIfNotExists",
        "disabled",
        "manual",
        "modify",
        "mutate",
    )
}
"""Lower-cased name -> name, as learn.microsoft.com/azure/governance/policy/concepts/effect-basics lists them."""

IF_NOT_EXISTS = frozenset({"auditIfNotExists", "deployIfNotExists"})


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """The outcome of one rule on one document.

    `effect` in EFFECTS' spelling. `applicable`: the conditions on type, kind and name hold. `matched`: the whole `if`.
    `satisfied`, for the IfNotExists pair only: a related resource is there and passes the existenceCondition.
    `error`: the rule itself failed, with the expression and why. `missing`: what could not be had, where a None
    followed from it: paths, field names, related queries in words.
    """

    effect: str
    applicable: Truth
    matched: Truth
    satisfied: Truth = None
    error: str = ""
    missing: tuple[str, ...] = ()

    @property
    def fires(self) -> Truth:
        """Whether the effect takes place: matched and, for the IfNotExists pair, not satisfied."""
        if self.effect not in IF_NOT_EXISTS or self.matched is False:
            return self.matched
        if self.satisfied is None:
            return None
        return False if self.satisfied else self.matched
