"""Types that the mode Indexed leaves out."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level

_NOT_INDEXED = frozenset(
    {
        "microsoft.authorization/locks",
        "microsoft.authorization/roleassignments",
        "microsoft.authorization/roledefinitions",
        "microsoft.insights/diagnosticsettings",
        "microsoft.network/networksecuritygroups/securityrules",
        "microsoft.network/routetables/routes",
        "microsoft.network/virtualnetworks/subnets",
        "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        "microsoft.resources/subscriptions",
        "microsoft.resources/subscriptions/resourcegroups",
        "microsoft.sql/servers/firewallrules",
        "microsoft.storage/storageaccounts/blobservices",
        "microsoft.storage/storageaccounts/blobservices/containers",
    }
)
"""Types that rules are often written for and that have no tags and location, or are no resources but what holds them.
Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics#mode, and the types' templates
in learn.microsoft.com/azure/templates."""


def _check(linted: Linted) -> Iterator[Finding]:
    if linted.definition.mode.lower() != "indexed":
        return
    for leaf in linted.leaves:
        if leaf.field.lower() != "type" or leaf.place.related or leaf.positive not in ("equals", "in"):
            continue
        for value, pointer in leaf.operands:
            if isinstance(value, str) and value.lower() in _NOT_INDEXED:
                yield Finding(
                    pointer,
                    f"The mode Indexed leaves out what has no tags and location, and {quoted(value)} has none: the "
                    "rule never sees a resource of the type that it asks for.",
                    'Write "mode": "All".',
                )


RULE = LintRule("mode-hides", Level.WARNING, "The mode leaves out a type that the rule asks for.", _check)
