"""Effects that change resources without the role that they need."""

from collections.abc import Iterator

from muster.language.frame import member
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.outcome import EFFECTS
from muster.values.diagnostic import Level

_CHANGING = frozenset({"deployifnotexists", "modify"})


def _check(linted: Linted) -> Iterator[Finding]:
    changing = sorted((linted.effects or frozenset()) & _CHANGING)
    details = linted.rule.then.details
    if changing and details is not None and not member(linted.details, "roleDefinitionIds"):
        yield Finding(
            details.pointer,
            f"{EFFECTS[changing[0]]} changes resources by the assignment's identity, and the details name no role that "
            "it needs: Azure refuses the definition, and nothing could be remediated.",
            'Add "roleDefinitionIds": ["/providers/Microsoft.Authorization/roleDefinitions/..."].',
            in_key=True,
        )


RULE = LintRule(
    "role-definition-missing", Level.WARNING, "An effect that changes resources names no role for it.", _check
)
