"""The effective security rules of a network interface, as Azure works them out: from the groups of the interface and of
its subnets, written as Azure writes them in this answer.

Source: learn.microsoft.com/azure/virtual-network/diagnose-network-traffic-filter-problem: `*` is 0.0.0.0/0, ports are
0-65535, a protocol is All, names begin with securityRules/ or defaultSecurityRules/.
"""

from collections.abc import Iterator

from muster.local.arm.estate import Estate
from muster.values.json import Json, JsonObject

ACTION = "/effectivenetworksecuritygroups"
"""The end of the lower-cased path."""

_DEFAULTS = (
    ("AllowVnetInBound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Allow", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Deny", "*", "*"),
)

_WRITTEN = (
    ("sourcePortRange", "sourcePortRanges", "0-65535"),
    ("destinationPortRange", "destinationPortRanges", "0-65535"),
    ("sourceAddressPrefix", "sourceAddressPrefixes", "0.0.0.0/0"),
    ("destinationAddressPrefix", "destinationAddressPrefixes", "0.0.0.0/0"),
)
"""Members in the singular and in the plural, and what stands there for `*`."""


def effective_entries(estate: Estate, interface: JsonObject) -> list[JsonObject]:
    """An entry for each group that counts for an interface. Raises LookupError with the path of what is not there."""
    entries: list[JsonObject] = []
    holders = [("networkInterface", str(interface.get("id")), interface)]
    holders += [("subnet", one, _there(estate, one)) for one in dict.fromkeys(_subnets(interface))]
    for kind, name, holder in holders:
        group = _id(holder, "networkSecurityGroup")
        if group:
            rules: list[Json] = [*_rules(_there(estate, group))]
            association: JsonObject = {kind: {"id": name}}
            entries.append(
                {
                    "networkSecurityGroup": {"id": group},
                    "association": association,
                    "effectiveSecurityRules": rules,
                    "tagMap": {},
                }
            )
    return entries


def runs(estate: Estate, interface: JsonObject) -> bool:
    """Whether an interface is attached to a machine that runs."""
    machine = estate.one(_id(interface, "virtualMachine")) or {}
    view = _properties(machine).get("instanceView")
    statuses = view.get("statuses") if isinstance(view, dict) else None
    members = statuses if isinstance(statuses, list) else []
    return any(isinstance(one, dict) and one.get("code") == "PowerState/running" for one in members)


def _there(estate: Estate, path: str) -> JsonObject:
    body = estate.one(path)
    if body is None:
        raise LookupError(path)
    return body


def _rules(group: JsonObject) -> Iterator[JsonObject]:
    given = _properties(group).get("securityRules")
    for rule in given if isinstance(given, list) else ():
        if isinstance(rule, dict):
            yield _written(f"securityRules/{rule.get('name')}", _properties(rule))
    for name, priority, access, source, destination in _DEFAULTS:
        rule = {"priority": priority, "access": access, "direction": "Inbound", "protocol": "*"}
        rule |= {"sourceAddressPrefix": source, "destinationAddressPrefix": destination}
        yield _written(f"defaultSecurityRules/{name}", {**rule, "sourcePortRange": "*", "destinationPortRange": "*"})


def _written(name: str, rule: JsonObject) -> JsonObject:
    protocol = rule.get("protocol")
    written: JsonObject = {"name": name, "protocol": "All" if protocol == "*" else protocol}
    written |= {member: rule.get(member) for member in ("access", "priority", "direction")}
    for one, many, everything in _WRITTEN:
        listed = rule.get(many)
        values = listed if isinstance(listed, list) and listed else [rule.get(one)]
        shown: list[Json] = [everything if value == "*" else value for value in values if value]
        written |= {many: shown} | ({one: shown[0]} if len(shown) == 1 else {})
    return written


def _subnets(interface: JsonObject) -> Iterator[str]:
    configurations = _properties(interface).get("ipConfigurations")
    for one in configurations if isinstance(configurations, list) else ():
        found = _id(one, "subnet") if isinstance(one, dict) else ""
        if found:
            yield found


def _id(body: JsonObject, member: str) -> str:
    found = _properties(body).get(member)
    return str(found.get("id") or "") if isinstance(found, dict) else ""


def _properties(body: JsonObject) -> JsonObject:
    found = body.get("properties")
    return found if isinstance(found, dict) else {}
