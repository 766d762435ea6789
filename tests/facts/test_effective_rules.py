"""What is open by Azure's own account: effective rules, security admin rules before them, and what can't be told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.exposure import exposure
from muster.facts.network_reads import effective_reads
from muster.local.arm.effective import effective_entries
from muster.local.arm.estate import Estate
from muster.values.answers import Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from tests.facts.test_exposure import (
    ADDRESS,
    BASIC,
    NIC,
    NIC_NSG,
    NOW,
    OTHER_NIC,
    RULES,
    STANDARD,
    SUBNET,
    SUBNET_NSG,
    machine,
    nic,
    nsg,
    subnet,
)

MANAGER = f"{NIC.partition('/Microsoft.Network')[0]}/Microsoft.Network/networkManagers/central"
OPEN = {"hasPublicIp": True, "internetExposed": True, "effectiveRules": True}


def rule(ports: str = "22-22", **changed: Any) -> dict[str, Any]:
    """A rule as Azure writes it in this answer."""
    written = {
        "name": "securityRules/one",
        "protocol": "Tcp",
        "sourcePortRange": "0-65535",
        "sourcePortRanges": ["0-65535"],
        "destinationPortRange": ports,
        "destinationPortRanges": [ports],
        "sourceAddressPrefix": "0.0.0.0/0",
        "sourceAddressPrefixes": ["0.0.0.0/0", "0.0.0.0/0"],
        "destinationAddressPrefix": "0.0.0.0/0",
        "destinationAddressPrefixes": ["0.0.0.0/0", "0.0.0.0/0"],
        "access": "Allow",
        "priority": 100,
        "direction": "Inbound",
    }
    return {name: value for name, value in (written | changed).items() if value is not None}


def tagged(tag: str, *ranges: str, **changed: Any) -> dict[str, Any]:
    listed = {"sourceAddressPrefixes": [tag], "expandedSourceAddressPrefix": [*ranges]}
    return rule(**{"sourceAddressPrefix": tag, **listed, **changed})


DENY_ALL = rule("0-65535", name="defaultSecurityRules/DenyAllInBound", protocol="All", access="Deny", priority=65500)
VNET = tagged(
    "VirtualNetwork",
    "10.0.0.0/16",
    ports="0-65535",
    name="defaultSecurityRules/AllowVnetInBound",
    protocol="All",
    priority=65000,
)


def own(*rules: Any) -> JsonObject:
    """The entry of the interface's group."""
    return {
        "networkSecurityGroup": {"id": NIC_NSG},
        "association": {"networkInterface": {"id": NIC}},
        "effectiveSecurityRules": [*rules, VNET, DENY_ALL],
        "tagMap": {"Internet": []},
    }


def around(*rules: Any, at: str = SUBNET) -> JsonObject:
    """The entry of a subnet's group."""
    return own(*rules) | {"networkSecurityGroup": {"id": SUBNET_NSG}, "association": {"subnet": {"id": at}}}


def manager(*rules: Any) -> JsonObject:
    """The entry of a network manager."""
    return {"association": {"networkManager": {"id": MANAGER}}, "effectiveSecurityRules": [*rules]}


def admin(access: str, ports: str = "22-22", priority: int = 10, **changed: Any) -> dict[str, Any]:
    return rule(ports, access=access, priority=priority, name="admin", protocol="Any", **changed)


def seen(
    *entries: JsonObject,
    interface: JsonObject | None = None,
    address: JsonObject = STANDARD,
    answer: ListAnswer | None = None,
) -> dict[str, Any]:
    """What exposure says where the groups themselves would let nobody in."""
    bodies = {NIC: interface or nic(), SUBNET: subnet(), ADDRESS: address, NIC_NSG: nsg()}
    read: dict[ResourceId, Answer] = {ResourceId.parse(name): Found(one, NOW) for name, one in bodies.items()}
    return exposure(machine(), read, {ResourceId.parse(NIC): answer or FoundMany(entries, NOW)})


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((own(),), []),
        ((own(rule()),), ["tcp/22"]),
        ((own(rule("0-65535", protocol="All")),), ["tcp/*", "udp/*"]),
        ((own(rule(direction="Outbound")),), []),
        ((own(rule(protocol="Icmp")),), []),
        ((own(rule(access="Deny", priority=90), rule()),), []),
        # Both groups, but not that of another subnet.
        ((own(rule()), around()), []),
        ((own(rule("20-30")), around(rule("25-40"))), ["tcp/25-30"]),
        ((around(rule()),), ["tcp/22"]),
        ((own(rule()), around(at=f"{SUBNET}-two")), ["tcp/22"]),
        # What tags stand for.
        ((own(tagged("Internet", "1.0.0.0/8", "2.0.0.0/7")),), ["tcp/22"]),
        ((own(tagged("AzureCloud", "20.0.0.0/11", "13.64.0.0/16")),), []),
        ((own(tagged("VirtualNetwork", "10.0.0.0/16", "0.0.0.0/0")),), ["tcp/22"]),
        ((own(tagged("VirtualNetwork", "10.0.0.0/16", "0.0.0.0/0", access="Deny", priority=90), rule()),), []),
        # Application security groups, whose members have no name here.
        (
            (own(rule(destinationAddressPrefix=None, destinationAddressPrefixes=["10.0.0.4/32", "10.0.0.9/32"])),),
            ["tcp/22"],
        ),
        ((own(rule(destinationAddressPrefix=None, destinationAddressPrefixes=["10.0.0.9/32"])),), []),
        (
            (
                own(
                    rule(
                        destinationAddressPrefix=None,
                        destinationAddressPrefixes=None,
                        expandedDestinationAddressPrefix=["10.0.0.4/32"],
                    )
                ),
            ),
            ["tcp/22"],
        ),
        ((own(rule(destinationAddressPrefix=None, destinationAddressPrefixes=None)),), None),
        ((own(rule(sourceAddressPrefix=None, sourceAddressPrefixes=None)),), None),
        # What can't be read.
        ((own(rule(access="Perhaps")),), None),
        ((own(rule(protocol="6")),), None),
        ((own(7),), None),
        (({"association": {"networkInterface": {"id": NIC}}},), None),
        (({"effectiveSecurityRules": "none"},), None),
        # Security admin rules: before all groups.
        ((manager(admin("Deny")), own(rule("22-23"))), ["tcp/23"]),
        ((manager(admin("Allow")), own(rule("22-23"))), ["tcp/22-23"]),
        ((manager(admin("Allow")), own()), []),
        ((manager(admin("AlwaysAllow")), own()), ["tcp/22", "udp/22"]),
        ((own(), manager(admin("AlwaysAllow"))), ["tcp/22", "udp/22"]),
        ((manager(admin("Allow", priority=5), admin("Deny")), own(rule())), ["tcp/22"]),
        ((manager(admin("AlwaysAllow", priority=5), admin("Deny")), own()), ["tcp/22", "udp/22"]),
        ((manager(admin("Deny", "0-65535")), own(rule("0-65535"))), []),
        # A part of the Internet is not it.
        ((manager(admin("AlwaysAllow", sourceAddressPrefix="203.0.113.7", sourceAddressPrefixes=None)), own()), []),
        (
            (manager(admin("Deny", sourceAddressPrefix="203.0.113.7", sourceAddressPrefixes=None)), own(rule())),
            ["tcp/22"],
        ),
        ((manager(admin("Deny", direction="Outbound")), own(rule())), ["tcp/22"]),
        # What can't be told, and those who contradict each other.
        ((manager(admin("Perhaps")), own(rule())), None),
        ((manager(admin("Perhaps")), own()), None),
        ((manager(admin("Deny"), admin("Perhaps", priority=20)), own(rule())), []),
        ((manager(admin("AlwaysAllow")), manager(admin("Deny")), own()), None),
        ((manager(admin("Deny")), manager(admin("Allow")), own(rule())), []),
        (({"association": {"networkManager": {"id": MANAGER}}}, own(rule())), None),
    ],
)
def test_what_is_open(entries: tuple[JsonObject, ...], expected: list[str] | None) -> None:
    assert seen(*entries)["openPorts"] == expected


def test_a_port_that_may_be_closed_is_not_surely_open() -> None:
    assert seen(manager(admin("Perhaps")), own(rule()))["openManagementPorts"] is None
    assert seen(manager(admin("Perhaps", "80-80")), own(rule()))["openManagementPorts"] == [22]


@pytest.mark.parametrize(
    ("address", "entries", "expected"),
    [
        (STANDARD, (), []),
        (BASIC, (), ["tcp/*", "udp/*"]),
        (BASIC, (manager(admin("Deny", "0-65534")),), ["tcp/65535", "udp/65535"]),
        # Nobody documents what a rule does that always allows, before an address that is closed without a group.
        (STANDARD, (manager(admin("AlwaysAllow")),), None),
    ],
)
def test_without_any_group_the_address_decides(
    address: JsonObject, entries: tuple[JsonObject, ...], expected: Any
) -> None:
    assert seen(*entries, interface=nic(None), address=address)["openPorts"] == expected


def test_the_answer_wins_over_the_groups_and_says_that_it_was_given() -> None:
    assert seen(own(rule())) == OPEN | {"openPorts": ["tcp/22"], "openManagementPorts": [22]}


@pytest.mark.parametrize("answer", [Forbidden("x/action"), NotRead("why")])
def test_what_was_asked_for_and_not_answered_is_unknown_and_not_computed(answer: ListAnswer) -> None:
    assert seen(answer=answer) == {
        "hasPublicIp": True,
        "internetExposed": None,
        "openPorts": None,
        "openManagementPorts": None,
    }


def test_where_azure_answered_for_a_part_only_nothing_says_that_it_did() -> None:
    bodies = {NIC: nic(), OTHER_NIC: nic(), SUBNET: subnet(), ADDRESS: STANDARD, NIC_NSG: nsg()}
    read: dict[ResourceId, Answer] = {ResourceId.parse(name): Found(one, NOW) for name, one in bodies.items()}
    answered = FoundMany((own(rule()),), NOW)
    asked = {ResourceId.parse(NIC): answered, ResourceId.parse(OTHER_NIC): None}
    found = exposure(machine(NIC, OTHER_NIC), read, asked)
    assert (found["openPorts"], found.get("effectiveRules")) == (["tcp/22"], None)


def test_where_azure_has_no_effective_rules_the_groups_count() -> None:
    bodies = {NIC: nic(), SUBNET: subnet(), ADDRESS: STANDARD, NIC_NSG: nsg(rule("80", sourceAddressPrefix="*"))}
    read: dict[ResourceId, Answer] = {ResourceId.parse(name): Found(one, NOW) for name, one in bodies.items()}
    assert exposure(machine(), read, {ResourceId.parse(NIC): None}) == exposure(machine(), read)
    assert exposure(machine(), read)["openPorts"] == ["tcp/80"]


def test_behind_a_load_balancer_what_is_let_in_is_unknown_and_what_is_closed_is_closed() -> None:
    balanced = nic(public=False, loadBalancerBackendAddressPools=[{"id": "x"}])
    assert seen(own(rule()), interface=balanced)["internetExposed"] is None
    assert seen(manager(admin("Deny", "0-65535")), own(rule()), interface=balanced)["internetExposed"] is False


SIX = nic(privateIPAddress="fd00::4", privateIPAddressVersion="IPv6")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), []),
        ((rule(),), None),
        ((rule(access="Deny", priority=90), rule("443-443")), None),
        ((rule(sourceAddressPrefixes=["0.0.0.0/0", "::/0"], destinationAddressPrefixes=["0.0.0.0/0", "::/0"]),), [22]),
        ((rule(sourceAddressPrefix="::/0", sourceAddressPrefixes=None),), None),
        ((tagged("203.0.113.7"),), []),
    ],
)
def test_of_an_address_of_version_6_it_may_not_be_told(rules: tuple[Any, ...], expected: list[int] | None) -> None:
    assert seen(own(*rules), interface=SIX)["openManagementPorts"] == expected


def test_rules_without_end_are_unknown() -> None:
    many = [rule(priority=number) for number in range(6000)]
    assert seen(own(*many))["openPorts"] is None


def running(*interfaces: str, power: Any = "PowerState/running") -> JsonObject:
    body = machine(*interfaces)
    body["properties"]["instanceView"] = {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": power}]}  # type: ignore[index,call-overload]
    return body


NETWORKED: dict[ResourceId, Answer] = {
    ResourceId.parse(NIC): Found(nic(), NOW),
    ResourceId.parse(OTHER_NIC): Found(nic(public=False), NOW),
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (running(NIC, OTHER_NIC), [NIC]),
        (running(NIC, NIC), [NIC]),
        (running(OTHER_NIC), []),
        (running(NIC, power="powerstate/RUNNING"), [NIC]),
        (running(NIC, power="PowerState/deallocated"), []),
        (running(NIC, power="PowerState/starting"), []),
        # Who does not know whether it runs asks: Azure knows.
        (running(NIC, power=7), [NIC]),
        (machine(NIC), [NIC]),
        (running(NIC.replace("11111111", "99999999")), []),
    ],
)
def test_of_which_interfaces_effective_rules_are_asked_for(body: JsonObject, expected: list[str]) -> None:
    assert [str(one) for one in effective_reads(body, NETWORKED)] == [one.lower() for one in expected]


def test_an_interface_that_could_not_be_read_is_not_asked_about() -> None:
    assert effective_reads(running(NIC), {ResourceId.parse(NIC): Forbidden("x/read")}) == ()
    assert effective_reads(running(NIC), {}) == ()


@given(RULES, RULES)
def test_effective_rules_of_groups_alone_say_what_is_computed_from_the_groups(
    mine: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    bodies = {
        NIC: nic(),
        SUBNET: subnet(SUBNET_NSG),
        ADDRESS: STANDARD,
        NIC_NSG: nsg(*mine),
        SUBNET_NSG: nsg(*theirs),
    }
    estate = Estate([{**one, "id": name} for name, one in bodies.items()])
    read: dict[ResourceId, Answer] = {ResourceId.parse(name): Found(one, NOW) for name, one in bodies.items()}
    answer = FoundMany(tuple(effective_entries(estate, {**bodies[NIC], "id": NIC})), NOW)
    found = exposure(machine(), read, {ResourceId.parse(NIC): answer})
    assert found == exposure(machine(), read) | {"effectiveRules": True}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Deny", "Allow", "*", "0.0.0.0/0", "22", "x/1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*rule(), "expandedSourceAddressPrefix", "association", "networkManager", "effectiveSecurityRules"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(["association", "effectiveSecurityRules"]), JSON), max_size=3))
def test_whatever_azure_answers_what_is_surely_open_may_be_open(entries: list[JsonObject]) -> None:
    found = seen(*entries)
    assert found["internetExposed"] in (True, False, None)
    if found["openPorts"] is not None:
        assert found["internetExposed"] is bool(found["openPorts"])
