"""What of a virtual machine the Internet reaches: the members of `Muster.Network`, from the resources read for it.

A port is open where a public address of the machine's own leads to it and the rules of both groups, the interface's and
the subnet's, let the Internet in. Without any group a Basic public address is open and a Standard one closed. What
comes through a load balancer depends on rules that are not read, so that it is unknown; so is what a rule decides that
can't be read. Security admin rules of Azure Virtual Network Manager are not read either.
Source: learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku and
learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works.
"""

from muster.facts.network_reads import (
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    Read,
    body_of,
    configurations,
    interfaces,
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
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId

PROTOCOLS = ("tcp", "udp")

MANAGEMENT_PORTS = (22, 23, 135, 139, 445, 3389, 5985, 5986)
"""SSH, Telnet, RPC, NetBIOS, SMB, RDP, WinRM without and with TLS; all TCP."""

_BALANCED = ("loadBalancerBackendAddressPools", "loadBalancerInboundNatRules")


def exposure(body: JsonObject, read: Read) -> dict[str, Json]:
    """The members of `Muster.Network` of a machine, from the answers to network_reads; None for what is unknown."""
    public: bool | None = False
    reached = dict.fromkeys(PROTOCOLS, NOTHING)
    for interface in interfaces(body):
        seen = body_of(read.get(interface)) if interface is not None else {}
        if not seen:
            public = public or None
            reached = {protocol: one | UNKNOWN for protocol, one in reached.items()}
            continue
        for configuration in configurations(seen):
            public = public or "publicIPAddress" in configuration
            for protocol in PROTOCOLS:
                reached[protocol] |= _reached(seen, configuration, protocol, read)
    certain = all(one.sure == one.possible for one in reached.values())
    exposed = any(one.sure != NONE for one in reached.values())
    management = [port for port in MANAGEMENT_PORTS if reached["tcp"].sure >> port & 1]
    undecided = any((reached["tcp"].possible & ~reached["tcp"].sure) >> port & 1 for port in MANAGEMENT_PORTS)
    return {
        "hasPublicIp": public,
        "internetExposed": exposed or (False if certain else None),
        "openPorts": _named(reached) if certain else None,
        "openManagementPorts": None if undecided else [*management],
    }


def _named(reached: dict[str, LetIn]) -> list[Json]:
    everything = f"0-{HIGHEST}"
    return [
        f"{protocol}/{'*' if text == everything else text}"
        for protocol, one in reached.items()
        for text in ranges(one.sure)
    ]


def _reached(interface: JsonObject, configuration: JsonObject, protocol: str, read: Read) -> LetIn:
    address = configuration.get("publicIPAddress")
    balanced = any(configuration.get(member) for member in _BALANCED)
    if not isinstance(address, dict) and not balanced:
        return NOTHING
    let = _through_groups(interface, configuration, protocol, read)
    if let is None:
        let = _without_groups(configuration, read)
    if not isinstance(address, dict):
        return LetIn(NONE, let.possible)
    return let | LetIn(NONE, let.possible) if balanced else let


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
