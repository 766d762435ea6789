"""Policies of Azure as a policy set: which policies it has, and when they count as others."""

import random
from dataclasses import replace
from typing import Any

import pytest

from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.policy.tenant import BoundTenant, TenantPolicies, bind_tenant
from muster.values.document import Document
from muster.values.json import JsonObject
from tests.policy import exports

SCHEMAS, ALIASES = load_schemas(), AzureAliases()
OTHER = "99999999-2222-3333-4444-555555555555"
DEFINITION = exports.definition("d")
STORAGE = exports.definition(
    "storage",
    policyRule={"if": {"field": "type", "equals": "Microsoft.Storage/storageAccounts"}, "then": {"effect": "audit"}},
)
CLUSTER = exports.definition("cluster", mode="Microsoft.Kubernetes.Data")
WHOLE = exports.initiative("set", *(str(one["id"]) for one in (DEFINITION, STORAGE, CLUSTER)))
ASSIGNED = exports.assignment("a", str(WHOLE["id"]), effectiveDefinitionVersion="1.*.*", notKnownYet={"a": 1})
ALL = (DEFINITION, STORAGE, CLUSTER, WHOLE, ASSIGNED)


def bound(*bodies: JsonObject, **given: Any) -> BoundTenant:
    return bind_tenant(TenantPolicies(bodies, **given), SCHEMAS, ALIASES)


def verdict(tenant: BoundTenant) -> Any:
    machine = {"id": f"{exports.GROUP}/providers/{exports.MACHINE}/vm", "name": "vm", "type": exports.MACHINE}
    return tenant.judge.evaluate(Document(dict(machine)), Document({}).now)


def test_what_is_not_about_machines_is_left_away_in_silence() -> None:
    found = bound(*ALL)
    assert [result.rule.definition_id for result in verdict(found).results] == [DEFINITION["id"]]
    assert verdict(found).warnings == ()
    assert found.not_used == ()


@pytest.mark.parametrize(
    "resource_type",
    [
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/virtualMachineScaleSets",
        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "Microsoft.Compute/disks",
    ],
)
def test_what_muster_judges_is_judged(resource_type: str) -> None:
    rule = {"if": {"field": "type", "equals": resource_type}, "then": {"effect": "audit"}}
    one = exports.definition("one", policyRule=rule)
    found = bound(one, exports.assignment("a", str(one["id"])))
    assert found.judge.judges(resource_type.lower())
    assert not bound(*ALL).judge.judges("microsoft.storage/storageaccounts")


def test_order_is_no_difference() -> None:
    shuffled = list(ALL)
    random.Random(7).shuffle(shuffled)
    turned = [dict(reversed(list(one.items()))) for one in shuffled]
    first, second = TenantPolicies(ALL), TenantPolicies(turned)
    assert first.fingerprint == second.fingerprint
    assert bound(*ALL).judge.version == bound(*turned).judge.version


@pytest.mark.parametrize(
    "change",
    [
        {"bodies": ALL[:-1]},
        {"problems": ("x",)},
        {"unread_exemptions": {exports.SUBSCRIPTION: "x"}},
        {"bodies": (*ALL[:-1], exports.assignment("a", str(WHOLE["id"]), displayName="another"))},
    ],
)
def test_a_change_is_a_difference(change: dict[str, Any]) -> None:
    before = TenantPolicies(ALL)
    assert replace(before, **change).fingerprint != before.fingerprint


def test_the_version_follows_what_is_judged_by() -> None:
    assert bound(*ALL).judge.version != bound(*ALL[:-1]).judge.version


@pytest.mark.parametrize(
    ("subscription", "scope", "hedged"),
    [
        (exports.SUBSCRIPTION, exports.AT, True),
        (exports.SUBSCRIPTION, "/providers/Microsoft.Management/managementGroups/g", True),
        (exports.SUBSCRIPTION, exports.GROUP, True),
        (OTHER, exports.AT, False),
    ],
)
def test_exemptions_that_were_not_read_may_be_for_anything_below_their_subscription(
    subscription: str, scope: str, hedged: bool
) -> None:
    one = exports.assignment("a", str(DEFINITION["id"]), scope)
    found = bound(DEFINITION, one, unread_exemptions={subscription: "it is forbidden"})
    machine = {"id": f"{exports.GROUP}/providers/{exports.MACHINE}/vm", "name": "vm", "type": exports.MACHINE}
    (result,) = found.judge.evaluate(Document(dict(machine), management_groups=("g",)), Document({}).now).results
    assert ("it is forbidden" in result.message) is hedged
    assert found.not_used == ()


def test_an_exemption_of_what_is_not_judged_is_only_told() -> None:
    gone = exports.exemption("e", f"{exports.AT}/{exports.PROVIDER}/policyAssignments/gone")
    found = bound(*ALL, gone)
    assert [one.id for one in found.not_used] == [gone["id"]]
    assert len(verdict(found).results) == 1
