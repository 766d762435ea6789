"""What of a machine the Internet reaches: rules, groups, addresses, and what could not be read of them."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.exposure import exposure
from muster.facts.network_reads import ROUNDS, network_reads
from muster.facts.security_rules import MAX_RULES
from muster.values.answers import Absent, Answer, Forbidden, Found
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"
NIC, OTHER_NIC = (f"{GROUP}/Microsoft.Network/networkInterfaces/nic{number}" for number in (1, 2))
ADDRESS = f"{GROUP}/Microsoft.Network/publicIPAddresses/ip"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/net/subnets/default"
NIC_NSG, SUBNET_NSG = (f"{GROUP}/Microsoft.Network/networkSecurityGroups/{name}" for name in ("nic", "subnet"))
ASG = f"{GROUP}/Microsoft.Network/applicationSecurityGroups/web"
RULE: dict[str, Any] = {
    "priority": 100,
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "sourceAddressPrefix": "*",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "22",
}


def rule(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (RULE | changed).items() if value is not None}


def allow(ports: str, priority: int = 200, **changed: Any) -> dict[str, Any]:
    return rule(destinationPortRange=ports, priority=priority, **changed)


def deny(ports: str = "*", priority: int = 100, **changed: Any) -> dict[str, Any]:
    return rule(**{"access": "Deny", "protocol": "*", "destinationPortRange": ports, "priority": priority} | changed)


def nsg(*rules: dict[str, Any]) -> JsonObject:
    return {"properties": {"securityRules": [{"properties": one} for one in rules], "defaultSecurityRules": []}}


def machine(*interfaces: str) -> JsonObject:
    listed: list[Any] = [{"id": one} for one in interfaces or (NIC,)]
    return {
        "id": f"{GROUP}/Microsoft.Compute/virtualMachines/vm",
        "type": "Microsoft.Compute/virtualMachines",
        "properties": {"networkProfile": {"networkInterfaces": listed}},
    }


def nic(group: str | None = NIC_NSG, *, public: bool = True, **configuration: Any) -> JsonObject:
    address = {"publicIPAddress": {"id": ADDRESS}} if public else {}
    given = {"privateIPAddress": "10.0.0.4", "subnet": {"id": SUBNET}, **address, **configuration}
    held: JsonObject = {"ipConfigurations": [{"properties": given}]}
    return {"properties": held | ({"networkSecurityGroup": {"id": group}} if group else {})}


def subnet(group: str | None = None) -> JsonObject:
    return {"properties": {"networkSecurityGroup": {"id": group}} if group else {"addressPrefix": "10.0.0.0/24"}}


STANDARD: JsonObject = {"sku": {"name": "Standard"}}
BASIC: JsonObject = {"sku": {"name": "Basic"}}


def seen(
    *,
    interface: JsonObject | None = None,
    within: JsonObject | None = None,
    address: JsonObject | None = STANDARD,
    own: JsonObject | None = None,
    around: JsonObject | None = None,
    body: JsonObject | None = None,
) -> dict[str, Any]:
    """What exposure says, after the rounds in which everything is read; what is None can't be."""
    there = {NIC: interface or nic(), SUBNET: within or subnet(), ADDRESS: address, NIC_NSG: own, SUBNET_NSG: around}
    known = {ResourceId.parse(name): found for name, found in there.items()}
    read: dict[ResourceId, Answer] = {}
    vm = body or machine()
    for _ in range(ROUNDS):
        for one in network_reads(vm, read):
            found = known.get(one)
            read[one] = Forbidden("x/read") if found is None else Found(found, NOW)
    assert network_reads(vm, read) == ()
    return exposure(vm, read)


def ports(*rules: dict[str, Any], **parts: Any) -> Any:
    return seen(own=nsg(*rules), **parts)["openPorts"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), []),
        ((rule(),), ["tcp/22"]),
        ((rule(protocol="*"),), ["tcp/22", "udp/22"]),
        ((rule(protocol="Udp"),), ["udp/22"]),
        ((rule(protocol="Icmp"),), []),
        ((rule(direction="Outbound"),), []),
        ((allow("*"),), ["tcp/*"]),
        ((allow("80"), allow("443", 300)), ["tcp/80", "tcp/443"]),
        ((rule(destinationPortRange=None, destinationPortRanges=["22", "1000-1001"]),), ["tcp/22", "tcp/1000-1001"]),
        # The lowest number decides, wherever it stands.
        ((deny(), allow("22")), []),
        ((allow("22", 50), deny()), ["tcp/22"]),
        ((deny("22"), allow("20-25")), ["tcp/20-21", "tcp/23-25"]),
        ((deny(protocol="Udp"), allow("22")), ["tcp/22"]),
        # Sources.
        ((rule(sourceAddressPrefix="Internet"),), ["tcp/22"]),
        ((rule(sourceAddressPrefix="INTERNET"),), ["tcp/22"]),
        ((rule(sourceAddressPrefix="0.0.0.0/0"),), ["tcp/22"]),
        ((rule(sourceAddressPrefix="128.0.0.0/1"),), ["tcp/22"]),
        ((rule(sourceAddressPrefix="8.0.0.0/8"),), ["tcp/22"]),
        ((rule(sourceAddressPrefix="8.8.0.0/16"),), []),
        ((rule(sourceAddressPrefix="10.0.0.0/8"),), []),
        ((rule(sourceAddressPrefix="203.0.113.7"),), []),
        ((rule(sourceAddressPrefix="::/0"),), []),
        ((rule(sourceAddressPrefix="VirtualNetwork"),), []),
        ((rule(sourceAddressPrefix="AzureLoadBalancer"),), []),
        ((rule(sourceAddressPrefix="AzureCloud"),), []),
        ((rule(sourceAddressPrefix="", sourceAddressPrefixes=["10.0.0.0/8", "Internet"]),), ["tcp/22"]),
        ((rule(sourceAddressPrefix=None, sourceApplicationSecurityGroups=[{"id": ASG}]),), []),
        ((rule(sourcePortRange="1024"),), ["tcp/22"]),
        # A denial of a part leaves the rest.
        ((deny(sourceAddressPrefix="203.0.113.0/24"), allow("22")), ["tcp/22"]),
        ((deny(sourceAddressPrefix="128.0.0.0/1"), allow("22")), ["tcp/22"]),
        ((deny(sourcePortRange="1024"), allow("22")), ["tcp/22"]),
        ((deny(sourceAddressPrefix="Internet"), allow("22")), []),
        ((deny(sourceAddressPrefix="0.0.0.0/0", sourcePortRange="0-65535"), allow("22")), []),
        # Destinations.
        ((rule(destinationAddressPrefix="10.0.0.4"),), ["tcp/22"]),
        ((rule(destinationAddressPrefix="10.0.0.0/24"),), ["tcp/22"]),
        ((rule(destinationAddressPrefix="10.0.1.0/24"),), []),
        ((rule(destinationAddressPrefix="VirtualNetwork"),), ["tcp/22"]),
        ((rule(destinationAddressPrefix="Storage.WestEurope"),), []),
        ((deny(destinationAddressPrefix="10.0.1.0/24"), allow("22")), ["tcp/22"]),
        ((rule(destinationAddressPrefix=None, destinationApplicationSecurityGroups=[{"id": ASG}]),), []),
        # What can't be read is unknown, unless something before it has decided.
        ((rule(destinationPortRange="ssh"),), None),
        ((rule(access="Perhaps"),), None),
        ((rule(protocol=None),), None),
        ((rule(sourceAddressPrefix=None),), None),
        ((rule(destinationAddressPrefix=None),), None),
        ((rule(destinationAddressPrefix="10.0.0.300"),), None),
        ((rule(priority=None),), None),
        ((rule(priority="100"),), None),
        ((deny(priority=50), rule(destinationPortRange="ssh")), []),
        ((deny(priority=50), rule(access="Perhaps")), []),
    ],
)
def test_rules(rules: tuple[dict[str, Any], ...], expected: list[str] | None) -> None:
    assert ports(*rules) == expected


def test_a_rule_for_an_application_group_is_for_its_members() -> None:
    one = rule(destinationAddressPrefix=None, destinationApplicationSecurityGroups=[{"id": ASG.upper()}])
    member = nic(applicationSecurityGroups=[{"id": ASG}])
    assert ports(one, interface=member) == ["tcp/22"]


def test_without_its_private_address_a_rule_for_one_is_unknown() -> None:
    dynamic = nic(privateIPAddress=None)
    assert ports(rule(destinationAddressPrefix="10.0.0.4"), interface=dynamic) is None
    assert ports(rule(), interface=dynamic) == ["tcp/22"]


def test_an_address_of_version_6_is_reached_from_version_6() -> None:
    six = nic(privateIPAddress="fd00::4", privateIPAddressVersion="IPv6")
    assert ports(rule(sourceAddressPrefix="::/0"), interface=six) == ["tcp/22"]
    assert ports(rule(sourceAddressPrefix="0.0.0.0/0"), interface=six) == []


@pytest.mark.parametrize(
    ("own", "around", "expected"),
    [
        (nsg(allow("22")), nsg(allow("22")), ["tcp/22"]),
        (nsg(allow("20-30")), nsg(allow("25-40")), ["tcp/25-30"]),
        (nsg(allow("22")), nsg(), []),
        (nsg(), nsg(allow("22")), []),
        (nsg(allow("22")), None, None),
        (None, nsg(allow("22")), None),
        (None, nsg(), []),
        (nsg(), None, []),
    ],
)
def test_both_groups_must_let_in(own: JsonObject | None, around: JsonObject | None, expected: Any) -> None:
    assert seen(own=own, within=subnet(SUBNET_NSG), around=around)["openPorts"] == expected


def test_a_subnet_alone_may_have_a_group() -> None:
    found = seen(interface=nic(None), within=subnet(SUBNET_NSG), around=nsg(allow("3389")))
    assert (found["openPorts"], found["openManagementPorts"]) == (["tcp/3389"], [3389])


@pytest.mark.parametrize(
    ("address", "expected"),
    [(BASIC, ["tcp/*", "udp/*"]), (STANDARD, []), ({"sku": {"name": "StandardV2"}}, []), ({}, None), (None, None)],
)
def test_without_any_group_the_address_decides(address: JsonObject | None, expected: Any) -> None:
    assert seen(interface=nic(None), address=address)["openPorts"] == expected


def test_without_a_public_address_nothing_is_open() -> None:
    found = seen(interface=nic(public=False), own=nsg(allow("*")))
    assert found == {"hasPublicIp": False, "internetExposed": False, "openPorts": [], "openManagementPorts": []}


@pytest.mark.parametrize("member", ["loadBalancerBackendAddressPools", "loadBalancerInboundNatRules"])
def test_behind_a_load_balancer_what_the_groups_let_in_is_unknown(member: str) -> None:
    behind: dict[str, Any] = {member: [{"id": "x"}]}
    balanced = nic(public=False, **behind)
    found = seen(interface=balanced, own=nsg(allow("80")))
    assert (found["hasPublicIp"], found["internetExposed"], found["openPorts"]) == (False, None, None)
    assert found["openManagementPorts"] == []
    assert seen(interface=balanced, own=nsg())["internetExposed"] is False


def test_what_is_all_known() -> None:
    assert seen(own=nsg(allow("22"), allow("80", 300))) == {
        "hasPublicIp": True,
        "internetExposed": True,
        "openPorts": ["tcp/22", "tcp/80"],
        "openManagementPorts": [22],
    }


def test_one_interface_that_can_not_be_read_hides_ports_but_not_exposure() -> None:
    found = seen(own=nsg(allow("22")), body=machine(NIC, OTHER_NIC))
    assert found == {
        "hasPublicIp": True,
        "internetExposed": True,
        "openPorts": None,
        "openManagementPorts": None,
    }
    hidden = seen(interface=nic(public=False), own=nsg(), body=machine(NIC, OTHER_NIC))
    assert (hidden["hasPublicIp"], hidden["internetExposed"]) == (None, None)


def test_a_machine_without_interfaces_is_reached_by_nobody() -> None:
    body: JsonObject = {"id": machine()["id"], "type": "Microsoft.Compute/virtualMachines", "properties": {}}
    assert exposure(body, {})["internetExposed"] is False


@pytest.mark.parametrize(
    "made_up",
    [
        NIC.replace("11111111", "99999999"),
        NIC.replace("networkInterfaces", "loadBalancers"),
        "/subscriptions/../x",
        7,
        None,
    ],
)
def test_what_no_machine_has_is_not_read_and_not_known(made_up: Any) -> None:
    body = machine(made_up)
    assert network_reads(body, {}) == ()
    assert exposure(body, {})["internetExposed"] is None


def test_ids_without_end_are_not_read() -> None:
    body = machine(*(f"{NIC}{number}" for number in range(1000)))
    assert len(network_reads(body, {})) == 16
    assert exposure(body, {})["openPorts"] is None


def test_rules_without_end_are_not_gone_through() -> None:
    began = time.process_time()
    assert ports(*(rule(priority=number) for number in range(MAX_RULES + 1))) is None
    assert ports(*(rule(priority=number, destinationPortRange=str(number)) for number in range(MAX_RULES))) == [
        f"tcp/0-{MAX_RULES - 1}"
    ]
    assert time.process_time() - began < 10


def test_what_is_gone_is_unknown() -> None:
    assert exposure(machine(), {ResourceId.parse(NIC): Absent(NOW)})["internetExposed"] is None


def recorded(name: str) -> JsonObject:
    body: JsonObject = json.loads((Path(ROOT) / "samples" / "resources" / name).read_text("utf-8"))
    return body


def test_the_sample_that_is_open_to_everyone() -> None:
    parts = ("network-interface", "public-address", "security-group")
    bodies = [recorded(f"ubuntu-1804.{part}.json") for part in parts]
    read: dict[ResourceId, Answer] = {ResourceId.parse(one["id"]): Found(one, NOW) for one in bodies}
    machine_body = recorded("ubuntu-1804.json")
    [missing] = network_reads(machine_body, read)
    read[missing] = Found(subnet(), NOW)
    assert exposure(machine_body, read)["openManagementPorts"] == [22]
    assert exposure(machine_body, read)["openPorts"] == ["tcp/22", "tcp/80"]


PORT = st.integers(0, 65535)
RULES = st.lists(
    st.builds(
        lambda access, first, last, priority, source: rule(
            access=access,
            destinationPortRange=f"{min(first, last)}-{max(first, last)}",
            priority=priority,
            sourceAddressPrefix=source,
        ),
        st.sampled_from(["Allow", "Deny"]),
        PORT,
        PORT,
        st.integers(100, 4096),
        st.sampled_from(["*", "Internet", "10.0.0.0/8"]),
    ),
    max_size=8,
    unique_by=lambda one: one["priority"],
)


@given(RULES, PORT)
def test_a_port_is_open_where_the_first_rule_about_it_allows(rules: list[dict[str, Any]], port: int) -> None:
    def about(one: dict[str, Any]) -> bool:
        first, last = map(int, one["destinationPortRange"].split("-"))
        return first <= port <= last and one["sourceAddressPrefix"] != "10.0.0.0/8"

    first = next((one for one in sorted(rules, key=lambda one: one["priority"]) if about(one)), None)
    found = ports(*rules)
    opened = any(
        int(text.split("/")[1].split("-")[0]) <= port <= int(text.split("-")[-1].split("/")[-1])
        for text in found
        if text != "tcp/*"
    )
    assert (opened or "tcp/*" in found) == (first is not None and first["access"] == "Allow")


@given(RULES, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(rules: list[dict[str, Any]], random: Any) -> None:
    shuffled = [*rules]
    random.shuffle(shuffled)
    assert ports(*rules) == ports(*shuffled)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*RULE, "properties", "securityRules", "ipConfigurations", "subnet", "publicIPAddress", "id"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
def test_whatever_azure_answers_it_is_json_or_unknown(interface: Any, within: Any, own: Any) -> None:
    given = {NIC: interface, SUBNET: within, NIC_NSG: own, ADDRESS: own}
    read: dict[ResourceId, Answer] = {
        ResourceId.parse(name): Found(body, NOW) for name, body in given.items() if isinstance(body, dict)
    }
    network_reads(machine(), read)
    found = exposure(machine(), read)
    assert json.loads(json.dumps(found)) == found
