"""What of a virtual machine the Internet reaches: the members of `Muster.Network`, from the resources read for it.

A port is open where a public address of the machine's own leads to it and the rules of both groups, the interface's and
the subnet's, let the Internet in. Without any group a Basic public address is open and a Standard one closed. What
comes through a load balancer depends on rules that are not read, so that it is unknown; so is what a rule decides that
can't be read. Where the effective rules of an interface were asked for they count, and not those of the groups;
security admin rules of Azure Virtual Network Manager are among them and are not read otherwise.
Source: learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku and
learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works.
"""

from collections.abc import Mapping
from types import MappingProxyType

from muster.facts.effective_rules import UNREAD, Entry, effective, entries_of
from muster.facts.network_reads import (
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    Read,
    body_of,
    configurations,
    interfaces,
    is_balanced,
    is_reachable,
    reference,
)
from muster.facts.port_sets import HIGHEST, NONE, ranges
from muster.facts.security_rules import (
    EVERYTHING,
    NOTHING,
    UNKNOWN,
    LetIn,
    Target,
    let_in,
    private_address,
)
from muster.values.answers import FoundMany, ListAnswer
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId

PROTOCOLS = ("tcp", "udp")

MANAGEMENT_PORTS = (22, 23, 135, 139, 445, 3389, 5985, 5986)
"""SSH, Telnet, RPC, NetBIOS, SMB, RDP, WinRM without and with TLS; all TCP."""

EffectiveRead = Mapping[ResourceId, ListAnswer | None]
NOT_ASKED: EffectiveRead = MappingProxyType({})


def exposure(body: JsonObject, read: Read, effective_read: EffectiveRead = NOT_ASKED) -> dict[str, Json]:
    """The members of `Muster.Network` of a machine, from the answers to network_reads, and those to effective_reads
    where they were asked for; None for what is unknown.

    `effectiveRules` is there, and true, where all that was asked for was answered.
    """
    public: bool | None = False
    reached = dict.fromkeys(PROTOCOLS, NOTHING)
    for interface in interfaces(body):
        seen = body_of(read.get(interface)) if interface is not None else {}
        if interface is None or not seen:
            public = public or None
            reached = {protocol: one | UNKNOWN for protocol, one in reached.items()}
            continue
        entries = _entries(effective_read.get(interface))
        for configuration in configurations(seen):
            public = public or "publicIPAddress" in configuration
            for protocol in PROTOCOLS:
                reached[protocol] |= _reached(seen, configuration, protocol, read, entries)
    certain = all(one.sure == one.possible for one in reached.values())
    exposed = any(one.sure != NONE for one in reached.values())
    management = [port for port in MANAGEMENT_PORTS if reached["tcp"].sure >> port & 1]
    undecided = any((reached["tcp"].possible & ~reached["tcp"].sure) >> port & 1 for port in MANAGEMENT_PORTS)
    found: dict[str, Json] = {
        "hasPublicIp": public,
        "internetExposed": exposed or (False if certain else None),
        "openPorts": _named(reached) if certain else None,
        "openManagementPorts": None if undecided else [*management],
    }
    answered = effective_read and all(isinstance(one, FoundMany) for one in effective_read.values())
    return {**found, "effectiveRules": True} if answered else found


def _named(reached: dict[str, LetIn]) -> list[Json]:
    everything = f"0-{HIGHEST}"
    return [
        f"{protocol}/{'*' if text == everything else text}"
        for protocol, one in reached.items()
        for text in ranges(one.sure)
    ]


def _reached(
    interface: JsonObject, configuration: JsonObject, protocol: str, read: Read, entries: tuple[Entry, ...] | None
) -> LetIn:
    if not is_reachable(configuration):
        return NOTHING
    if entries is None:
        let = _through_groups(interface, configuration, protocol, read)
        let = _without_groups(configuration, read) if let is None else let
    else:
        found = effective(entries, reference(configuration, "subnet", SUBNET), _target(configuration, protocol))
        let = found.over(_without_groups(configuration, read))
    if not isinstance(configuration.get("publicIPAddress"), dict):
        return LetIn(NONE, let.possible)
    return let | LetIn(NONE, let.possible) if is_balanced(configuration) else let


def _entries(answer: ListAnswer | None) -> tuple[Entry, ...] | None:
    """None where the groups themselves count."""
    if answer is None:
        return None
    return entries_of(answer.bodies) if isinstance(answer, FoundMany) else UNREAD


def _through_groups(interface: JsonObject, configuration: JsonObject, protocol: str, read: Read) -> LetIn | None:
    """What the groups of interface and subnet let in; None where there is neither."""
    target = _target(configuration, protocol)
    properties = interface.get("properties")
    holders = [properties if isinstance(properties, dict) else {}]
    subnet = reference(configuration, "subnet", SUBNET)
    seen = body_of(read.get(subnet)) if subnet is not None else {}
    within = seen.get("properties")
    let: LetIn | None = None
    if isinstance(within, dict):
        holders.append(within)
    else:
        let = UNKNOWN
    for holder in holders:
        if holder.get("networkSecurityGroup"):
            one = _of_group(reference(holder, "networkSecurityGroup", SECURITY_GROUP), target, read)
            let = one if let is None else let & one
    return let


def _of_group(group: ResourceId | None, target: Target, read: Read) -> LetIn:
    seen = body_of(read.get(group)) if group is not None else {}
    return let_in(seen, target) if seen else UNKNOWN


def _without_groups(configuration: JsonObject, read: Read) -> LetIn:
    address = reference(configuration, "publicIPAddress", PUBLIC_ADDRESS)
    seen = body_of(read.get(address)) if address is not None else {}
    sku = seen.get("sku")
    name = sku.get("name") if isinstance(sku, dict) else None
    if not isinstance(name, str):
        return UNKNOWN
    return EVERYTHING if name.lower() == "basic" else NOTHING


def _target(configuration: JsonObject, protocol: str) -> Target:
    address = private_address(configuration.get("privateIPAddress"))
    version = 6 if configuration.get("privateIPAddressVersion") == "IPv6" else 4
    if address is not None:
        version = address.version
    groups = configuration.get("applicationSecurityGroups")
    ids = [one.get("id") for one in groups if isinstance(one, dict)] if isinstance(groups, list) else []
    return Target(protocol, address, version, frozenset(one.lower() for one in ids if isinstance(one, str)))
