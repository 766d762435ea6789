"""The role of the opt-in: with it effective rules can be had, and every permission in it is used."""

import json
from typing import Any

import pytest

from muster.adapters.arm_effective import effective_groups
from muster.adapters.arm_types import EFFECTIVE_RULES_ACTION
from muster.local.arm.permissions import Role, action_of
from muster.values.answers import Forbidden, FoundMany
from tests.adapters.arm_stage import arm
from tests.adapters.test_arm_effective import NIC, NIC_ID, networked
from tests.conftest import ROOT

ROLES = ROOT / "infra" / "roles"
ROLE: dict[str, Any] = json.loads((ROLES / "muster-effective-rules.json").read_text("utf-8"))


async def test_every_call_is_covered_and_every_permission_is_used() -> None:
    role = Role(ROLE["Actions"])
    async with arm(estate=networked(), role=role) as here:
        assert isinstance(await effective_groups(here.client, NIC), FoundMany)
    assert role.used == set(ROLE["Actions"])


@pytest.mark.parametrize("missing", ROLE["Actions"])
async def test_each_permission_that_is_missing_is_named(missing: str) -> None:
    role = Role([action for action in ROLE["Actions"] if action != missing])
    async with arm(estate=networked(), role=role) as here:
        assert await effective_groups(here.client, NIC) == Forbidden(missing.lower())


def test_the_role_has_nothing_that_the_reader_has_and_changes_nothing() -> None:
    reader = json.loads((ROLES / "muster-reader.json").read_text("utf-8"))
    assert EFFECTIVE_RULES_ACTION in ROLE["Actions"]
    assert not set(ROLE["Actions"]) & set(reader["Actions"])
    assert [action for action in ROLE["Actions"] if not action.endswith("/read")] == [EFFECTIVE_RULES_ACTION]
    assert ROLE["Actions"] == sorted(ROLE["Actions"], key=str.lower)
    assert ROLE["DataActions"] == ROLE["NotActions"] == ROLE["NotDataActions"] == []


def test_the_action_of_its_path() -> None:
    asked = f"{NIC_ID}/effectiveNetworkSecurityGroups".lower()
    assert action_of(asked, "action") == EFFECTIVE_RULES_ACTION.lower()
