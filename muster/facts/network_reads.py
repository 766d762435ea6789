"""Which network resources of a virtual machine to read: interfaces, their public addresses, subnets and groups."""

from collections.abc import Iterator, Mapping

from muster.values.answers import Answer, Found, Unsettled
from muster.values.errors import InvalidResourceId
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId

VIRTUAL_MACHINE = "microsoft.compute/virtualmachines"
INTERFACE = "microsoft.network/networkinterfaces"
PUBLIC_ADDRESS = "microsoft.network/publicipaddresses"
SUBNET = "microsoft.network/virtualnetworks/subnets"
SECURITY_GROUP = "microsoft.network/networksecuritygroups"

MAX_INTERFACES = 16
"""Twice what Azure gives the largest machine."""

MAX_CONFIGURATIONS = 256
"""As many addresses as Azure gives one interface."""

ROUNDS = 3
"""From the machine to its interfaces, to their subnets, to the subnets' groups."""

_POWER, _RUNNING = "powerstate/", "powerstate/running"
_BALANCED = ("loadBalancerBackendAddressPools", "loadBalancerInboundNatRules")

PORT_FIELDS = ("muster.network/internetexposed", "muster.network/openports", "muster.network/openmanagementports")
"""The fields, lower-cased, that depend on rules."""

Read = Mapping[ResourceId, Answer]


def network_reads(body: JsonObject, read: Read) -> tuple[ResourceId, ...]:
    """The ids still to be read, given what was: () when all is there. Ids are of the machine's own subscription, as
    Azure has it; others were made up, and are not read."""
    wanted: dict[ResourceId, None] = {}
    for interface in interfaces(body):
        if interface is not None:
            wanted[interface] = None
            for found in _of_interface(body_of(read.get(interface))):
                wanted[found] = None
    for subnet in [one for one in wanted if one.type == SUBNET]:
        group = reference(_properties(body_of(read.get(subnet))), "networkSecurityGroup", SECURITY_GROUP)
        if group is not None:
            wanted[group] = None
    own = _id(body.get("id"), VIRTUAL_MACHINE)
    return tuple(one for one in wanted if one not in read and own is not None and one.subscription == own.subscription)


def effective_reads(body: JsonObject, read: Read) -> tuple[ResourceId, ...]:
    """The interfaces whose effective rules decide anything: of those that were read the ones that the Internet can come
    to. () where the machine does not run, since Azure has none then; a body without an instance view does not say, and
    Azure does."""
    if not _may_run(body):
        return ()
    found = dict.fromkeys(one for one in interfaces(body) if one is not None)
    return tuple(one for one in found if any(map(is_reachable, configurations(body_of(read.get(one))))))


def is_reachable(configuration: JsonObject) -> bool:
    """Whether anything of the Internet comes to an address configuration: to a public address of its own, or through a
    load balancer."""
    return isinstance(configuration.get("publicIPAddress"), dict) or is_balanced(configuration)


def is_balanced(configuration: JsonObject) -> bool:
    """Whether a load balancer leads to an address configuration."""
    return any(configuration.get(member) for member in _BALANCED)


def interfaces(body: JsonObject) -> list[ResourceId | None]:
    """The ids of a machine's interfaces, None for one that can't be read."""
    profile = _properties(body).get("networkProfile")
    listed = profile.get("networkInterfaces") if isinstance(profile, dict) else None
    members = listed[:MAX_INTERFACES] if isinstance(listed, list) else []
    found = [_id(one.get("id"), INTERFACE) if isinstance(one, dict) else None for one in members]
    return [*found, None] if isinstance(listed, list) and len(listed) > MAX_INTERFACES else found


def configurations(interface: JsonObject) -> list[JsonObject]:
    """The properties of an interface's address configurations."""
    listed = _properties(interface).get("ipConfigurations")
    members = listed[:MAX_CONFIGURATIONS] if isinstance(listed, list) else []
    return [_properties(one) for one in members if isinstance(one, dict)]


def reference(properties: JsonObject, member: str, resource_type: str) -> ResourceId | None:
    """The id that a member refers to; None where it refers to nothing of that type."""
    found = properties.get(member)
    return _id(found.get("id"), resource_type) if isinstance(found, dict) else None


def body_of(answer: Answer | None) -> JsonObject:
    """What an answer shows; {} where it shows nothing."""
    return answer.body if isinstance(answer, Found | Unsettled) else {}


def _may_run(body: JsonObject) -> bool:
    view = _properties(body).get("instanceView")
    statuses = view.get("statuses") if isinstance(view, dict) else None
    codes = [one.get("code") for one in statuses if isinstance(one, dict)] if isinstance(statuses, list) else []
    powers = [code.lower() for code in codes if isinstance(code, str) and code.lower().startswith(_POWER)]
    return not powers or _RUNNING in powers


def _of_interface(interface: JsonObject) -> Iterator[ResourceId]:
    found = [reference(_properties(interface), "networkSecurityGroup", SECURITY_GROUP)]
    for configuration in configurations(interface):
        found.append(reference(configuration, "publicIPAddress", PUBLIC_ADDRESS))
        found.append(reference(configuration, "subnet", SUBNET))
    return (one for one in found if one is not None)


def _properties(value: JsonObject) -> JsonObject:
    found = value.get("properties")
    return found if isinstance(found, dict) else {}


def _id(text: Json, resource_type: str) -> ResourceId | None:
    try:
        found = ResourceId.parse(text)
    except InvalidResourceId:
        return None
    return found if found.type == resource_type else None
