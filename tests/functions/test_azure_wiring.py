"""Which Azure is read, and which subscriptions of it are watched."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions import wiring
from functions.wiring import services
from muster.adapters import arm_client
from muster.adapters.arm_reader import ArmReader
from muster.local.arm.fault_plan import Fault
from muster.settings.app import UnusableSettings
from muster.values.answers import Found
from muster.values.document import Document
from muster.values.errors import TransientFault
from tests.adapters.arm_stage import IMPATIENT, VM, arm, estate, machine
from tests.policy import exports

STORAGE = "UseDevelopmentStorage=true"
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_worker", wiring._Worker())
    monkeypatch.setenv("MUSTER_STORAGE", STORAGE)
    for name in (
        "ARM_ENDPOINT",
        "ARM_CLIENT_ID",
        "SUBSCRIPTIONS",
        "RECORDED_RESOURCES",
        "TENANT_POLICIES",
        "EFFECTIVE_RULES",
    ):
        monkeypatch.delenv(f"MUSTER_{name}", raising=False)


async def test_azure_is_read_where_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with arm() as here:
        monkeypatch.setenv("MUSTER_ARM_ENDPOINT", here.state.url)
        made = await services()
        assert isinstance(made.reader, ArmReader)
        assert isinstance(await made.reader.get(VM), Found)
        assert made.subscriptions is None
        assert await services() is made


@pytest.mark.parametrize(("text", "asked"), [("", False), ("false", False), ("true", True)])
async def test_effective_rules_are_asked_for_where_that_is_wanted(
    monkeypatch: pytest.MonkeyPatch, text: str, asked: bool
) -> None:
    async with arm() as here:
        monkeypatch.setenv("MUSTER_ARM_ENDPOINT", here.state.url)
        monkeypatch.setenv("MUSTER_EFFECTIVE_RULES", text)
        assert (await services()).reader.reads_effective_rules is asked


async def test_the_subscriptions_that_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SUBSCRIPTIONS", VM.subscription.upper())
    made = await services()
    assert isinstance(made.reader, ArmReader)
    assert made.subscriptions == frozenset({VM.subscription})


async def test_what_azure_policy_assigns_is_judged_by_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assigned = exports.definition("d", f"/subscriptions/{VM.subscription}")
    one = exports.assignment("a", str(assigned["id"]), f"/subscriptions/{VM.subscription}")
    had = estate()
    had.put(assigned)
    had.put(one)
    async with arm(estate=had) as here:
        monkeypatch.setenv("MUSTER_ARM_ENDPOINT", here.state.url)
        monkeypatch.setenv("MUSTER_TENANT_POLICIES", "true")
        made = await services()
        assert made.tenant is not None
        own = wiring._worker.services
        assert own is not None
        ids = {result.rule.assignment_id for result in made.policies.evaluate(Document(machine()), NOW).results}
        assert one["id"] in ids
        assert len(ids) > 1
        assert made.policies.version != own.policies.version
        assert (await services()).policies.version == made.policies.version


async def test_azure_that_can_t_be_asked_makes_events_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with arm() as here:
        here.state.plan.rates = {Fault.UNAVAILABLE: 1.0}
        monkeypatch.setattr(arm_client, "Patience", lambda: IMPATIENT)
        monkeypatch.setenv("MUSTER_ARM_ENDPOINT", here.state.url)
        monkeypatch.setenv("MUSTER_TENANT_POLICIES", "true")
        with pytest.raises(TransientFault):
            await services()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"MUSTER_SUBSCRIPTIONS": "*", "MUSTER_TENANT_POLICIES": "yes"}, "MUSTER_TENANT_POLICIES"),
        ({"MUSTER_TENANT_POLICIES": "true", "MUSTER_RECORDED_RESOURCES": "."}, "MUSTER_TENANT_POLICIES"),
        ({}, "MUSTER_SUBSCRIPTIONS"),
        ({"MUSTER_SUBSCRIPTIONS": "*", "MUSTER_ARM_ENDPOINT": "https://example.net"}, "MUSTER_ARM_ENDPOINT"),
    ],
)
async def test_what_can_not_be_used_is_named(given: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnusableSettings, match=says):
        await services()
