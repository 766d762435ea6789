"""The loopback server on its own: what it answers to requests that muster would not make."""

from typing import Any

import aiohttp
import pytest

from muster.local.arm.limits import Limits, Meter
from muster.local.arm.permissions import Role
from muster.local.arm.server import ArmState, arm_server
from tests.adapters.arm_stage import COMPUTE, SUBSCRIPTION, VM_ID, arm, body, estate

BEARER = {"Authorization": "Bearer x"}
GRAPH = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01"


async def ask(path: str, *, headers: dict[str, str] | None = None, **state: Any) -> tuple[int, Any, Any]:
    async with (
        arm_server(ArmState(estate(), **state)) as running,
        aiohttp.ClientSession(headers=BEARER if headers is None else headers) as session,
        session.get(f"{running.url}{path}") as response,
    ):
        return response.status, await response.json(), response.headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{VM_ID}?api-version=x", 200, None),
        (VM_ID, 400, "MissingApiVersionParameter"),
        (f"{VM_ID}-two?api-version=x", 404, "ResourceNotFound"),
        (f"{COMPUTE}/virtualMachines?api-version=x", 200, None),
        (f"{COMPUTE}/virtualMachines?api-version=x&$skiptoken=y", 400, "InvalidSkipToken"),
        (f"/subscriptions/{SUBSCRIPTION.replace('1', '9')}?api-version=x", 404, "SubscriptionNotFound"),
        ("/elsewhere?api-version=x", 404, "NotFound"),
        ("/?api-version=x", 404, "NotFound"),
    ],
)
async def test_answers(path: str, status: int, code: str | None) -> None:
    found, body, headers = await ask(path)
    assert found == status
    assert (body.get("error") or {}).get("code") == code
    assert "Date" in headers
    if status == 200:
        assert "x-ms-ratelimit-remaining-subscription-reads" in headers


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}])
async def test_without_a_token_nothing_is_answered(headers: dict[str, str]) -> None:
    status, body, _ = await ask(f"{VM_ID}?api-version=x", headers=headers)
    assert (status, body["error"]["code"]) == (401, "AuthenticationFailed")


async def test_the_instance_view_is_given_to_who_expands_it() -> None:
    _, plain, _ = await ask(f"{VM_ID}?api-version=x")
    _, expanded, _ = await ask(f"{VM_ID}?api-version=x&$expand=instanceView")
    assert "instanceView" not in plain["properties"]
    assert "instanceView" in expanded["properties"]


async def test_throttling_says_when_to_come_again() -> None:
    status, body, headers = await ask(
        f"{VM_ID}?api-version=x", limits=Limits(bucket=0.5, refill=0.1), monotonic=lambda: 0.0
    )
    assert (status, body["error"]["code"], headers["Retry-After"]) == (429, "TooManyRequests", "6")


async def test_what_a_role_lacks_is_refused_with_its_name() -> None:
    status, body, _ = await ask(f"{VM_ID}?api-version=x", role=Role(["Microsoft.Compute/disks/read"]))
    assert status == 403
    assert "'microsoft.compute/virtualmachines/read'" in body["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"query": "resources"}, 200),
        ({"query": "resources", "options": {"$skipToken": "!"}}, 400),
        ({"query": "resources", "options": {"$skipToken": "eA=="}}, 400),
        ({"query": "resources | take 5"}, 400),
        ({"query": 7}, 400),
        ([], 400),
    ],
)
async def test_queries(body: Any, status: int) -> None:
    async with (
        arm_server(ArmState(estate())) as running,
        aiohttp.ClientSession(headers=BEARER) as session,
        session.post(f"{running.url}{GRAPH}", json=body) as response,
    ):
        assert response.status == status


NIC = f"{COMPUTE.replace('Compute', 'Network')}/networkInterfaces/nic"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{NIC}/effectiveNetworkSecurityGroups?api-version=x", 400, "NicMustBeAttachedToRunningVmToGetEffective"),
        (f"{NIC}/effectiveNetworkSecurityGroups", 400, "MissingApiVersionParameter"),
        (f"{NIC}-two/effectiveNetworkSecurityGroups?api-version=x", 404, "ResourceNotFound"),
        (f"{VM_ID}/start?api-version=x", 404, "InvalidResourceType"),
        ("/elsewhere?api-version=x", 404, "NotFound"),
    ],
)
async def test_actions_that_are_refused(path: str, status: int, code: str) -> None:
    had = estate()
    had.put(body(NIC, "Microsoft.Network/networkInterfaces"))
    async with (
        arm_server(ArmState(had)) as running,
        aiohttp.ClientSession(headers=BEARER) as session,
        session.post(f"{running.url}{path}") as response,
    ):
        assert response.status == status
        assert (await response.json())["error"]["code"].startswith(code)


async def test_an_operation_that_nobody_began_has_no_result() -> None:
    place = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/operationResults/1"
    status, found, _ = await ask(f"{place}?api-version=x")
    assert (status, found["error"]["code"]) == (404, "ResourceNotFound")


async def test_pages_of_rows_and_what_is_below_a_management_group() -> None:
    async with arm_server(ArmState(estate())) as running, aiohttp.ClientSession(headers=BEARER) as session:
        seen: list[Any] = []
        token: str | None = ""
        while token is not None:
            options = {"$top": 3, **({"$skipToken": token} if token else {})}
            asked = {"query": "resources | project id", "managementGroups": ["ROOT"], "options": options}
            async with session.post(f"{running.url}{GRAPH}", json=asked) as response:
                page = await response.json()
            assert page["count"] == len(page["data"]) <= 3
            seen += page["data"]
            token = page.get("$skipToken")
        assert len(seen) == page["totalRecords"] == len({row["id"] for row in seen}) > 3
        other = {"query": "resources", "managementGroups": ["other"]}
        async with session.post(f"{running.url}{GRAPH}", json=other) as response:
            assert (await response.json())["data"] == []


def test_a_bucket_fills_again_up_to_its_size() -> None:
    now = [0.0]
    meter = Meter(Limits(bucket=3, refill=1), lambda: now[0])
    assert [meter.read("s", "p")[0] > 0 for _ in range(4)] == [False, False, False, True]
    assert meter.read("s", "other")[0] == 0, "each principal has its own"
    assert meter.read("other", "p")[0] == 0, "each subscription has its own"
    now[0] = 1.5
    assert [meter.read("s", "p")[0] > 0 for _ in range(2)] == [False, True]
    now[0] = 100
    assert [meter.read("s", "p")[0] > 0 for _ in range(4)] == [False, False, False, True]


async def test_lists_of_definitions_can_be_of_custom_ones() -> None:
    definitions = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions"
    had = estate()
    for name, kind in (("mine", "Custom"), ("theirs", "BuiltIn")):
        had.put(body(f"{definitions}/{name}", properties={"policyType": kind}))
    async with arm(estate=had) as here:
        asked = {"api-version": "1", "$filter": "policyType eq 'Custom'"}
        found: Any = (await here.client.get(definitions, asked)).body
        refused = await here.client.get(definitions, {**asked, "$filter": "policyType eq 'x'"})
    assert [one["name"] for one in found["value"]] == ["mine"]
    assert (refused.status, refused.failure.code) == (400, "InvalidFilter")
