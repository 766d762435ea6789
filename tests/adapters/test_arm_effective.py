"""Effective rules over real sockets: a long-running operation, its refusals, and links that lead elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_credential import LoopbackCredential
from muster.adapters.arm_effective import effective_groups
from muster.adapters.arm_operation import MOST_LOOKS
from muster.adapters.arm_reader import ArmReader
from muster.jobs.gather import gather
from muster.local.arm.estate import Estate
from muster.local.arm.fault_plan import Fault, FaultPlan
from muster.local.arm.limits import Limits
from muster.local.arm.permissions import Role
from muster.values.answers import Forbidden, Found, FoundMany, NotRead
from muster.values.errors import TransientFault
from muster.values.json import JsonObject
from muster.values.needs import Needs
from muster.values.resource_id import ResourceId
from tests.adapters.arm_stage import GROUP, IMPATIENT, SUBSCRIPTION, VM, VM_ID, arm, body, machine

NETWORK = f"{GROUP}/providers/Microsoft.Network"
NIC_ID, ADDRESS_ID, SUBNET_ID, GROUP_ID = (
    f"{NETWORK}/{name}"
    for name in (
        "networkInterfaces/nic",
        "publicIPAddresses/ip",
        "virtualNetworks/net/subnets/one",
        "networkSecurityGroups/g",
    )
)
NIC = ResourceId.parse(NIC_ID)
ACTION = "Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action"
RESULTS = "Microsoft.Network/locations/operationResults/read"
ASKED = f"{NIC_ID}/effectiveNetworkSecurityGroups"
PORTS = Needs(fields=frozenset({"muster.network/openports[*]"}))
DENIED: JsonObject = {
    "association": {"networkManager": {"id": f"{NETWORK}/networkManagers/central"}},
    "effectiveSecurityRules": [
        {
            "name": "no-ssh",
            "protocol": "Tcp",
            "access": "Deny",
            "priority": 1,
            "direction": "Inbound",
            "sourceAddressPrefixes": ["0.0.0.0/0"],
            "sourcePortRanges": ["0-65535"],
            "destinationAddressPrefixes": ["0.0.0.0/0"],
            "destinationPortRanges": ["22-22"],
        }
    ],
}


def networked(power: str = "running", vm: JsonObject | None = None) -> Estate:
    """A machine that SSH and HTTP are open to, by the rules of its group."""
    view = {"statuses": [{"code": f"PowerState/{power}"}]}
    listed = {"networkInterfaces": [{"id": NIC_ID}]}
    opened = [
        {
            "name": f"open-{port}",
            "properties": {
                "protocol": "Tcp",
                "access": "Allow",
                "priority": port,
                "direction": "Inbound",
                "sourceAddressPrefix": "*",
                "sourcePortRange": "*",
                "destinationAddressPrefix": "*",
                "destinationPortRange": str(port),
            },
        }
        for port in (22, 80)
    ]
    configuration = {"publicIPAddress": {"id": ADDRESS_ID}, "subnet": {"id": SUBNET_ID}, "privateIPAddress": "10.0.0.4"}
    interface = {
        "virtualMachine": {"id": VM_ID},
        "networkSecurityGroup": {"id": GROUP_ID},
        "ipConfigurations": [{"properties": configuration}],
    }
    return Estate(
        [
            vm or machine(instanceView=view, networkProfile=listed),
            body(NIC_ID, "Microsoft.Network/networkInterfaces", properties=interface),
            body(ADDRESS_ID, "Microsoft.Network/publicIPAddresses", sku={"name": "Standard"}),
            body(SUBNET_ID, "Microsoft.Network/virtualNetworks/subnets", properties={"addressPrefix": "10.0.0.0/24"}),
            body(GROUP_ID, "Microsoft.Network/networkSecurityGroups", properties={"securityRules": opened}),
        ]
    )


@pytest.mark.parametrize("looks", [0, 1, 3])
async def test_the_result_is_waited_for(looks: int) -> None:
    async with arm(estate=networked(), looks=looks) as here:
        answer = await effective_groups(here.client, NIC)
        requests = [(seen.method, seen.status) for seen in here.state.seen]
    assert isinstance(answer, FoundMany)
    assert [one["networkSecurityGroup"] for one in answer.bodies] == [{"id": GROUP_ID}]
    assert abs((answer.observed_at - datetime.now(UTC)).total_seconds()) < 5
    assert requests == [("POST", 202), *[("GET", 202)] * looks, ("GET", 200)]


async def test_the_machine_that_does_not_run_has_none() -> None:
    async with arm(estate=networked("deallocated")) as here:
        assert await effective_groups(here.client, NIC) is None


async def test_an_interface_that_is_gone_is_not_read() -> None:
    async with arm(estate=networked()) as here:
        answer = await effective_groups(here.client, ResourceId.parse(f"{NIC_ID}-two"))
    assert isinstance(answer, NotRead)
    assert "ResourceNotFound" in answer.why


@pytest.mark.parametrize(
    ("actions", "missing"),
    [
        (["Microsoft.Network/networkInterfaces/read"], ACTION),
        (["*/read"], ACTION),
        ([ACTION], RESULTS),
    ],
)
async def test_a_refusal_names_the_permission(actions: list[str], missing: str) -> None:
    async with arm(estate=networked(), role=Role(actions)) as here:
        assert await effective_groups(here.client, NIC) == Forbidden(missing.lower())


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.UNAVAILABLE, Fault.THROTTLED])
async def test_a_fault_that_passes_is_waited_out(fault: Fault) -> None:
    async with arm(estate=networked(), plan=FaultPlan(next=[fault, fault], retry_after=0)) as here:
        assert isinstance(await effective_groups(here.client, NIC), FoundMany)
        here.state.plan.rates = {fault: 1.0}
        with pytest.raises(TransientFault, match="effectiveNetworkSecurityGroups"):
            await effective_groups(here.client, NIC)


async def test_throttling_counts_the_action_and_each_look() -> None:
    async with arm(estate=networked(), limits=Limits(bucket=2, refill=0.01), monotonic=lambda: 0.0) as here:
        with pytest.raises(TransientFault) as raised:
            await effective_groups(here.client, NIC)
        assert [seen.status for seen in here.state.seen] == [202, 202, 429]
    assert raised.value.retry_after == 101


@pytest.mark.parametrize("state", [{"looks": 10**6}, {"looks": 2, "retry_after": 30}])
async def test_what_takes_too_long_comes_again_later(state: dict[str, Any]) -> None:
    async with arm(estate=networked(), **state) as here:
        with pytest.raises(TransientFault, match="no result after") as raised:
            await effective_groups(here.client, NIC)
        assert len(here.asked) <= MOST_LOOKS + 1
    assert raised.value.retry_after == state.get("retry_after", 0)


@asynccontextmanager
async def answering(answer: Callable[[web.Request], web.Response]) -> AsyncIterator[ArmClient]:
    """A client of a server that answers as told."""
    application = web.Application()

    async def handle(request: web.Request) -> web.Response:
        return answer(request)

    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[-1][1]}"
    client = ArmClient(find_cloud(url), LoopbackCredential(), lambda: datetime.now(UTC), IMPATIENT)
    try:
        yield client
    finally:
        await client.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (
            "https://example.net/subscriptions/{id}/providers/Microsoft.Network/locations/x/operationResults/1",
            "elsewhere",
        ),
        ("{url}/subscriptions/{id}/providers/Microsoft.Compute/virtualMachines/web01", "elsewhere"),
        ("{url}/subscriptions/{other}/providers/Microsoft.Network/locations/x/operationResults/1", "elsewhere"),
        ("/relative", "elsewhere"),
        ("", "no link"),
    ],
)
async def test_a_result_elsewhere_is_never_asked_for(location: str, says: str) -> None:
    asked: list[str] = []

    def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        link = location.format(url=f"http://{request.host}", id=SUBSCRIPTION, other=SUBSCRIPTION.replace("1", "9"))
        return web.json_response(None, status=202, headers={"Location": link} if link else {})

    async with answering(answer) as client:
        found = await effective_groups(client, NIC)
    assert isinstance(found, NotRead)
    assert says in found.why
    assert asked == [ASKED]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "no list"),
        ([], "no list"),
        ({"value": {}}, "no list"),
        ({"value": [7]}, "no list"),
        ({"value": [], "nextLink": "https://example.net"}, "first page"),
    ],
)
async def test_an_answer_that_is_none_is_not_read(given: Any, says: str) -> None:
    async with answering(lambda _: web.json_response(given)) as client:
        found = await effective_groups(client, NIC)
    assert isinstance(found, NotRead)
    assert says in found.why


async def test_an_answer_at_once_needs_no_look_and_a_post_has_no_body() -> None:
    sent: list[tuple[str, str, str | None]] = []

    def answer(request: web.Request) -> web.Response:
        sent.append((request.method, request.query_string, request.headers.get("Content-Length")))
        return web.json_response({"value": []})

    async with answering(answer) as client:
        found = await effective_groups(client, NIC)
    assert isinstance(found, FoundMany)
    assert found.bodies == ()
    assert sent == [("POST", "api-version=2024-05-01", "0")]


async def seen_of_the_machine(reader: ArmReader, needs: Needs = PORTS) -> tuple[JsonObject, tuple[str, ...]]:
    found = await reader.get(VM)
    assert isinstance(found, Found)
    gathered = await gather(found.body, needs, reader)
    return gathered.network, gathered.refusals


async def test_what_a_network_manager_denies_is_closed_where_effective_rules_are_asked_for() -> None:
    state: dict[str, Any] = {"managed": {NIC_ID.lower(): [DENIED]}}
    async with arm(estate=networked(), **state) as here:
        computed, _ = await seen_of_the_machine(here.reader)
        assert not [one for one in here.state.seen if one.method == "POST"]
    async with arm(estate=networked(), effective_rules=True, **state) as here:
        answered, refusals = await seen_of_the_machine(here.reader)
    assert computed["openPorts"] == ["tcp/22", "tcp/80"]
    assert "effectiveRules" not in computed
    assert answered == computed | {"openPorts": ["tcp/80"], "openManagementPorts": [], "effectiveRules": True}
    assert refusals == ()


async def test_a_machine_that_stops_meanwhile_is_judged_by_its_groups() -> None:
    stopped = networked("deallocated")
    async with arm(estate=networked(), effective_rules=True) as here:
        found = await here.reader.get(VM)
        here.state.estate = stopped
        assert isinstance(found, Found)
        gathered = await gather(found.body, PORTS, here.reader)
        assert [one.status for one in here.state.seen if one.method == "POST"] == [400]
    assert gathered.network["openPorts"] == ["tcp/22", "tcp/80"]
    assert "effectiveRules" not in gathered.network
    assert gathered.refusals == ()


async def test_without_the_permission_what_is_open_is_unknown_and_a_warning_names_it() -> None:
    plan = FaultPlan(forbidden={ASKED.lower()})
    async with arm(estate=networked(), effective_rules=True, plan=plan) as here:
        network, refusals = await seen_of_the_machine(here.reader)
    assert network["openPorts"] is None
    assert network["hasPublicIp"] is True
    assert refusals == (f"Reading the effective rules of nic needs the permission {ACTION.lower()}.",)


@pytest.mark.parametrize("field", ["muster.network/haspublicip", "muster.image/source"])
async def test_who_needs_no_port_asks_for_no_rules(field: str) -> None:
    async with arm(estate=networked(), effective_rules=True) as here:
        await seen_of_the_machine(here.reader, Needs(fields=frozenset({field})))
        assert not [one for one in here.state.seen if one.method == "POST"]


async def test_patience_is_as_long_as_it_says() -> None:
    quick = replace(IMPATIENT, operation=0.0, poll=0.001)
    link = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/x/operationResults/1"

    def answer(request: web.Request) -> web.Response:
        return web.json_response(None, status=202, headers={"Location": f"http://{request.host}{link}"})

    async with answering(answer) as client:
        client.patience = quick
        with pytest.raises(TransientFault) as raised:
            await effective_groups(client, NIC)
    assert raised.value.retry_after == 0.001
