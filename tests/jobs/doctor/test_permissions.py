"""Every permission of the reader's role that is missing is named, where the policies need it, and no other."""

import json
from dataclasses import replace
from typing import Any

import pytest

from muster.adapters.arm_probe import ArmProbe
from muster.adapters.arm_types import BACKUP_ITEMS, TYPES
from muster.jobs.doctor import azure
from muster.jobs.doctor.installation import Installation, PolicyState
from muster.jobs.doctor.run import CHECKS, examine
from muster.local.arm.permissions import Role
from muster.values.checkup import Outcome
from tests.adapters.arm_stage import SUBSCRIPTION, Arm, arm
from tests.conftest import ROOT
from tests.jobs.doctor.test_checks import installation
from tests.policy.sets import assignment, definition, initiative, load, rule, single

ACTIONS: list[str] = json.loads((ROOT / "infra" / "roles" / "muster-reader.json").read_text("utf-8"))["Actions"]
EFFECTIVE = "Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action"
BY_ROW = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read"
"""Without it Resource Graph leaves rows out and refuses nothing, so that nobody can tell."""

READS = {"field": "Muster.Network/openPorts[*]", "exists": True}, {"field": "Muster.Image/versionsBehind", "equals": 1}
ABOVE = {"value": "[resourceGroup().name]", "equals": "x"}
IMAGE = {"field": "Muster.Image/architecture", "equals": "x64"}


def asking_for_everything() -> PolicyState:
    """Policies that need every read there is."""
    names = [*TYPES, BACKUP_ITEMS]
    files: dict[str, Any] = {
        f"definitions/d{number}.json": definition(rule("auditIfNotExists", details={"type": name}))
        for number, name in enumerate(names)
    }
    files["definitions/facts.json"] = definition(rule("audit", *READS, ABOVE, IMAGE))
    references = [{"policyDefinitionId": name} for name in (*(f"d{n}" for n in range(len(names))), "facts")]
    files["initiatives/all.json"] = initiative(*references)
    files["assignments/all.json"] = assignment("all")
    return PolicyState("here", load(files))


class Policies:
    def __init__(self, state: PolicyState) -> None:
        self._state = state

    async def look(self) -> PolicyState:
        return self._state


async def test_effective_rules_are_tried_where_they_are_asked_for_and_a_policy_reads_ports() -> None:
    for state, opted, expected in (
        (asking_for_everything(), True, 1),
        (asking_for_everything(), False, 0),
        (PolicyState("here", load(single())), True, 0),
    ):
        async with arm(role=Role(ACTIONS), effective_rules=opted) as here:
            found = await azure.permissions(reading(here, state, tenant_policies=False))
            assert sum(one.method == "POST" and "effective" in one.path for one in here.state.seen) == expected
        faults = [one for one in found if one.outcome is not Outcome.OK]
        assert [one.found for one in faults] == [f"The permission {EFFECTIVE.lower()} is missing."] * expected
        assert all("muster effective rules" in one.remedy and "MUSTER_EFFECTIVE_RULES" in one.remedy for one in faults)


async def test_with_the_role_of_the_opt_in_nothing_is_missing() -> None:
    async with arm(role=Role([*ACTIONS, EFFECTIVE]), effective_rules=True) as here:
        found = await azure.permissions(reading(here, asking_for_everything(), tenant_policies=False))
    assert [one.outcome for one in found] == [Outcome.OK]


def reading(here: Arm, state: PolicyState, *, tenant_policies: bool) -> Installation:
    probe = ArmProbe(here.client, here.reader, here.client._credential, [SUBSCRIPTION])
    return replace(
        installation(),
        azure=probe,
        subscriptions=frozenset({SUBSCRIPTION}),
        policies=Policies(state),
        tenant_policies=tenant_policies,
    )


async def missing(role: Role, state: PolicyState, *, tenant_policies: bool = True) -> set[str]:
    """The permissions that the checks of Azure say are missing, lower-cased."""
    async with arm(role=role) as here:
        checks = [check for check in CHECKS if check.name in (azure.SUBSCRIPTIONS, azure.PERMISSIONS, azure.INVENTORY)]
        found = await examine(reading(here, state, tenant_policies=tenant_policies), checks)
    faults = [one for one in found if one.outcome is not Outcome.OK]
    assert all(one.outcome is Outcome.FAULT and "muster reader" in one.remedy for one in faults), faults
    return {one.found.removeprefix("The permission ").removesuffix(" is missing.").lower() for one in faults}


async def test_the_role_has_all_that_the_doctor_tries() -> None:
    assert await missing(Role(ACTIONS), asking_for_everything()) == set()


@pytest.mark.parametrize("action", [one for one in ACTIONS if one != BY_ROW])
async def test_each_permission_that_is_missing_is_named(action: str) -> None:
    role = Role([one for one in ACTIONS if one != action])
    assert await missing(role, asking_for_everything()) == {action.lower()}


async def test_what_no_policy_needs_is_not_asked_for() -> None:
    files = PolicyState("here", load(single()))
    unneeded = ("Network", "Security", "locks", "Authorization/policy")
    role = Role([one for one in ACTIONS if not any(part in one for part in unneeded)])
    assert await missing(role, files, tenant_policies=False) == set()
