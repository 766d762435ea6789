"""What is assigned in Azure Policy, read through the live client, judged by, and kept up to date."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from muster.adapters.arm_policies import BUILT_IN_SECONDS, ArmPolicies
from muster.adapters.tenant_policies import REFRESH_SECONDS, TenantJudge
from muster.local.arm.estate import Estate
from muster.local.arm.fault_plan import Fault
from muster.policy.bound import BoundPolicySet
from muster.values.document import Document
from muster.values.errors import TransientFault
from muster.values.finding import Result
from muster.values.states import State
from tests.adapters.arm_stage import SUBSCRIPTION, VM_ID, Arm, arm, machine
from tests.memory_findings import MemoryFindings
from tests.policy import exports

NOW = datetime(2026, 11, 28, tzinfo=UTC)
AT = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{AT}/resourceGroups/rg-web"
PLATFORM = "/providers/Microsoft.Management/managementGroups/platform"
LISTS = f"{AT}/providers/microsoft.authorization"
BUILT_IN = ""


def untagged(name: str, tag: str, scope: str = AT, **properties: Any) -> dict[str, Any]:
    rule = exports.rule("audit", {"field": f"tags['{tag}']", "exists": False})
    return exports.definition(name, scope, policyRule=rule, **properties)


IN_GROUP = untagged("of-group", "owner", PLATFORM)
IN_SUBSCRIPTION = untagged("of-subscription", "cost", AT)
OF_AZURE = untagged("of-azure", "env", BUILT_IN, policyType="BuiltIn", version="2.0.0")
STORAGE = exports.definition(
    "of-storage",
    BUILT_IN,
    policyRule={"if": {"field": "type", "equals": "a.b/c"}, "then": {"effect": "audit"}},
)
BROKEN = exports.definition("broken", AT, policyRule={"if": {"field": "type"}, "then": {"effect": "audit"}})
SET = exports.initiative("set", OF_AZURE["id"], STORAGE["id"], BROKEN["id"], scope=PLATFORM)
AT_GROUP = exports.assignment("at-platform", SET["id"], PLATFORM)
AT_SUBSCRIPTION = exports.assignment("at-subscription", IN_SUBSCRIPTION["id"], AT)
AT_RESOURCE_GROUP = exports.assignment("at-rg", IN_GROUP["id"], GROUP)
OF_BROKEN = exports.assignment("of-broken", BROKEN["id"], AT)
EXEMPT = exports.exemption("exempt", AT_SUBSCRIPTION["id"], GROUP)
ALL = [
    *(IN_GROUP, IN_SUBSCRIPTION, OF_AZURE, STORAGE, BROKEN, SET),
    *(AT_GROUP, AT_SUBSCRIPTION, AT_RESOURCE_GROUP, OF_BROKEN, EXEMPT),
]


@dataclass
class Tenant:
    """A tenant, and what judges by it. The clock is the test's."""

    here: Arm
    judge: TenantJudge
    store: MemoryFindings
    reader: ArmPolicies
    estate: Estate
    paths: list[str] = field(default_factory=list)

    async def results(self) -> dict[str, Result]:
        return results(await self.judge.current())

    async def later(self, seconds: float = REFRESH_SECONDS) -> None:
        """Time passes, an invocation comes, and what it began ends."""
        self.here.clock[0] += seconds
        await self.judge.current()
        await self.judge.settled()

    def asked(self) -> list[str]:
        """The paths asked for since the last time."""
        new = self.here.asked[len(self.paths) :]
        self.paths += new
        return [path.rpartition("/providers/")[2] for path in new]

    def told(self) -> list[dict[str, str]]:
        return [told for text in self.store.unprocessed.values() for told in json.loads(text)["came"]]


def results(judge: BoundPolicySet, groups: tuple[str, ...] = ("platform", "root")) -> dict[str, Result]:
    """What is said of a machine in the resource group, by the assignment's name."""
    document = Document(machine(), management_groups=groups, now=NOW)
    verdict = judge.evaluate(document, NOW)
    assert verdict.warnings == ()
    return {result.rule.assignment_id.rpartition("/")[2]: result for result in verdict.results}


@asynccontextmanager
async def tenant(
    *bodies: dict[str, Any], subscriptions: frozenset[str] | None = frozenset({SUBSCRIPTION}), **given: Any
) -> AsyncIterator[Tenant]:
    estate = Estate([machine(), *(bodies or ALL)], {SUBSCRIPTION: ("platform", "root")})
    async with arm(estate=estate, **given) as here:
        store = MemoryFindings()
        reader = ArmPolicies(here.client, lambda: here.clock[0])
        judge = TenantJudge(reader, subscriptions, store=store, clock=lambda: NOW, monotonic=lambda: here.clock[0])
        yield Tenant(here, judge, store, reader, estate)
        await judge.close()


async def test_what_is_assigned_above_at_and_below_the_subscription_is_judged() -> None:
    async with tenant() as there:
        found = await there.results()
    assert {name: result.state for name, result in found.items()} == {
        "at-platform": State.NON_COMPLIANT,
        "at-subscription": State.EXEMPT,
        "at-rg": State.NON_COMPLIANT,
    }
    assert found["at-platform"].rule.definition_id == OF_AZURE["id"]
    assert found["at-platform"].rule.initiative_id == SET["id"]


async def test_a_management_group_that_is_not_above_is_no_concern() -> None:
    async with tenant() as there:
        found = results(await there.judge.current(), ("other",))
    assert "at-platform" not in found


async def test_management_groups_are_asked_for_where_something_is_assigned_there() -> None:
    async with tenant() as there:
        needs = (await there.judge.current()).needs(Document(machine()))
    assert [str(one) for one in needs.surroundings] == ["managementGroups"]


@pytest.mark.parametrize("page", [1, 2])
async def test_lists_are_followed_to_their_end(page: int) -> None:
    async with tenant(page=page) as there:
        assert len(await there.results()) == 3


async def test_every_subscription_is_found_where_none_is_named() -> None:
    async with tenant(subscriptions=None) as there:
        assert len(await there.results()) == 3


async def test_what_can_t_be_used_is_left_out_and_told_once() -> None:
    async with tenant() as there:
        await there.results()
        await there.later()
        await there.later()
        assert len(there.store.unprocessed) == 1
        told = {one["file"]: one["message"] for one in there.told()}
    assert set(told) == {BROKEN["id"], OF_BROKEN["id"], SET["id"]}
    assert "What this refers to" in told[OF_BROKEN["id"]]


async def test_a_change_is_judged_by_after_the_refresh() -> None:
    async with tenant() as there:
        before = await there.judge.current()
        there.estate.put(untagged("of-subscription", "name", AT, mode="All"))
        there.estate.remove(AT_RESOURCE_GROUP["id"])
        await there.later(REFRESH_SECONDS - 1)
        assert (await there.judge.current()) is before
        await there.later(1)
        after = await there.judge.current()
        assert after.version != before.version
        assert set(results(after)) == {"at-platform", "at-subscription"}


async def test_an_invocation_goes_on_with_what_there_is() -> None:
    async with tenant() as there:
        before = await there.judge.current()
        there.estate.remove(AT_RESOURCE_GROUP["id"])
        there.here.clock[0] += REFRESH_SECONDS
        assert await there.judge.current() is before
        await there.judge.settled()
        assert await there.judge.current() is not before


async def test_nothing_new_is_bound_where_nothing_changed() -> None:
    async with tenant() as there:
        before = await there.judge.current()
        turned = dict(reversed(list(AT_RESOURCE_GROUP.items())))
        there.estate.remove(AT_RESOURCE_GROUP["id"])
        there.estate.put({**turned, "systemData": AT_RESOURCE_GROUP["systemData"]})
        await there.later()
        assert await there.judge.current() is before


async def test_azure_is_asked_once_a_minute_and_for_what_is_built_in_once_in_hours() -> None:
    async with tenant() as there:
        await asyncio.gather(*(there.judge.current() for _ in range(5)))
        first = there.asked()
        assert len(first) == len(set(first)) == 8
        assert there.asked() == []
        await there.later()
        built_in = {path for path in first if path.endswith(("of-azure", "of-storage"))}
        assert len(built_in) == 2
        assert set(there.asked()) == set(first) - built_in
        await there.later(BUILT_IN_SECONDS + 1)
        assert len(there.asked()) == 8


async def test_exemptions_that_can_t_be_read_make_results_unknown() -> None:
    async with tenant() as there:
        there.here.state.plan.forbidden.add(f"{LISTS}/policyexemptions")
        found = await there.results()
        told = [one["message"] for one in there.told() if "exemptions" in one["message"]]
    assert {result.state for result in found.values()} == {State.UNKNOWN}
    assert "needs the permission microsoft.authorization/policyexemptions/read" in found["at-rg"].message
    assert len(found) == 3
    assert len(told) == 1


async def test_assignments_that_can_t_be_read_are_told_and_nobody_else_s_are_lost() -> None:
    other = "99999999-2222-3333-4444-555555555555"
    there_too = exports.assignment("other", IN_GROUP["id"], f"/subscriptions/{other}")
    async with tenant(*ALL, there_too, subscriptions=frozenset({SUBSCRIPTION, other})) as there:
        there.here.state.plan.forbidden.add(
            f"/subscriptions/{other}/providers/microsoft.authorization/policyassignments"
        )
        assert len(await there.results()) == 3
        assert any(other in one["message"] for one in there.told())


async def test_a_definition_that_can_t_be_read_takes_its_assignment_along_and_nothing_else() -> None:
    async with tenant() as there:
        there.here.state.plan.forbidden.add(IN_GROUP["id"].lower())
        there.estate.remove(IN_SUBSCRIPTION["id"])
        there.here.state.plan.forbidden.add(f"{LISTS}/policydefinitions")
        assert set(await there.results()) == {"at-platform"}
        told = " ".join(one["message"] for one in there.told())
    assert "of-group can't be read: needs the permission microsoft.authorization/policydefinitions/read" in told
    assert "of-subscription can't be read: needs the permission" in told


async def test_a_definition_that_is_gone_is_told() -> None:
    async with tenant() as there:
        there.estate.remove(IN_SUBSCRIPTION["id"])
        assert set(await there.results()) == {"at-platform", "at-rg"}
        assert any("of-subscription can't be read: Azure has no such thing" in one["message"] for one in there.told())


@pytest.mark.parametrize("page", [1, 100])
async def test_what_a_management_group_does_not_show_is_found_in_the_subscription(page: int) -> None:
    async with tenant(page=page) as there:
        there.here.state.plan.forbidden.add(PLATFORM.lower())
        found = await there.results()
        assert not [one for one in there.told() if "permission" in one["message"]]
    assert {name: result.state for name, result in found.items()} == {
        "at-platform": State.NON_COMPLIANT,
        "at-subscription": State.EXEMPT,
        "at-rg": State.NON_COMPLIANT,
    }


async def test_an_exemption_that_can_t_be_used_makes_results_unknown() -> None:
    odd = exports.exemption("odd", AT_RESOURCE_GROUP["id"], GROUP, exemptionCategory="Whim")
    async with tenant(*ALL, odd) as there:
        found = await there.results()
        assert [one["file"] for one in there.told()].count(odd["id"]) == 1
    assert found["at-rg"].state is State.UNKNOWN
    assert found["at-platform"].state is State.NON_COMPLIANT


async def test_without_any_good_one_events_wait() -> None:
    async with tenant() as there:
        there.here.state.plan.next = [Fault.UNAVAILABLE] * 8
        outcomes = await asyncio.gather(*(there.judge.current() for _ in range(2)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [TransientFault] * 2
        assert len(await there.results()) == 3


async def test_azure_that_does_not_answer_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with tenant() as there:
        before = await there.judge.current()
        there.here.state.plan.next = [Fault.UNAVAILABLE] * 8
        await there.later()
        assert await there.judge.current() is before
        assert "the last good one goes on" in caplog.text
        there.here.state.plan.next = []
        there.estate.remove(AT_RESOURCE_GROUP["id"])
        await there.later()
        assert await there.judge.current() is not before


@pytest.mark.parametrize("following", ["1.*.*", "1.0.0"])
async def test_an_older_version_is_read_where_it_is_followed(following: str) -> None:
    older = untagged("of-azure", "old", BUILT_IN, version="1.4.0")
    older |= {"id": f"{older['id']}/versions/1.4.0", "name": "1.4.0"}
    oldest = {**older, "id": f"{OF_AZURE['id']}/versions/1.0.0", "name": "1.0.0"}
    oldest["properties"] = {**older["properties"], "version": "1.0.0"}
    target = {"1.*.*": OF_AZURE["id"], "1.0.0": f"{OF_AZURE['id']}/versions/1.0.0"}[following]
    pattern = {"definitionVersion": following} if "*" in following else {}
    one = exports.assignment("pinned", target, AT, **pattern)
    async with tenant(OF_AZURE, older, oldest, one) as there:
        found = await there.results()
    assert found["pinned"].rule.definition_version == {"1.*.*": "1.4.0", "1.0.0": "1.0.0"}[following]


@pytest.mark.parametrize(
    "target",
    [
        "/providers/Microsoft.Authorization/policyDefinitions/..",
        "/providers/Microsoft.Authorization/policyDefinitions/a%2f..%2fb",
        "/providers/Microsoft.Authorization/policyDefinitions/a?api-version=1",
        "/subscriptions/../providers/Microsoft.Authorization/policyDefinitions/a",
        f"{AT}/../x/providers/Microsoft.Authorization/policyDefinitions/a",
        "/providers/Microsoft.Management/managementGroups/../providers/Microsoft.Authorization/policyDefinitions/a",
        "https://example.net/providers/Microsoft.Authorization/policyDefinitions/a",
        f"{GROUP}/providers/Microsoft.Authorization/policyDefinitions/a",
        "/providers/Microsoft.Authorization/policyDefinitions/\u00e4",
        "/providers/Microsoft.Authorization/policyDefinitions/" + "a" * 500,
    ],
)
async def test_no_id_leads_a_request_anywhere_else(target: str) -> None:
    odd = exports.assignment("odd", target, AT)
    async with tenant(IN_SUBSCRIPTION, AT_SUBSCRIPTION, odd) as there:
        assert set(await there.results()) == {"at-subscription"}
        assert len(there.asked()) == 3
        assert odd["id"] in {one["file"] for one in there.told()}


@pytest.mark.parametrize("body", [{"properties": None}, {"properties": []}, {"properties": {"policyDefinitionId": 3}}])
async def test_any_body_can_be_answered(body: dict[str, Any]) -> None:
    odd = {**exports.assignment("odd", "x", AT), **body}
    async with tenant(IN_SUBSCRIPTION, AT_SUBSCRIPTION, odd) as there:
        assert set(await there.results()) == {"at-subscription"}


async def test_a_tenant_that_assigns_nothing_judges_nothing() -> None:
    async with tenant(IN_GROUP) as there:
        assert await there.results() == {}
        assert there.store.unprocessed == {}


async def test_closing_ends_what_is_under_way() -> None:
    async with tenant() as there:
        await there.judge.current()
        there.here.state.plan.next = [Fault.STALL] * 4
        there.here.clock[0] += REFRESH_SECONDS
        await there.judge.current()
        await there.judge.close()
        await there.judge.close()


def test_the_machine_is_in_the_group() -> None:
    assert VM_ID.startswith(GROUP)
