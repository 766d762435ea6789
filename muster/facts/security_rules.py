"""What the inbound rules of a network security group let in from the Internet.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview: the lowest priority number that
matches decides; the default rules, which nobody can change, let in the virtual network and Azure's load balancer and
nothing else. Rules see the private address, since Azure has translated the public one before.

A source is the Internet where it is anyone: `*`, the tag Internet, or so large a part of all public addresses that it
names nobody (a /8 of IPv4, a /16 of IPv6). Other service tags are Azure's own ranges. A rule that denies a part of the
Internet leaves the rest, so that only a rule that denies all of it closes a port.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from muster.facts.port_sets import ALL, NONE, Ports, port_range
from muster.values.json import Json, JsonObject

_ANYONE = frozenset({"*", "internet", "any"})
_EVERYTHING = {4: "0.0.0.0/0", 6: "::/0"}
_WIDE = {4: 8, 6: 16}
_OWN_NETWORK = frozenset({"*", "any", "virtualnetwork"})
_EVERY_PROTOCOL = frozenset({"*", "all", "any"})
_ACCESSES = frozenset({"allow", "deny"})
MAX_RULES = 5000
"""Five times what Azure lets a group have."""


@dataclass(frozen=True, slots=True)
class Target:
    """Who is behind the group: `protocol` tcp or udp, the private address where it is known, the lower-cased ids of the
    application security groups that it is in."""

    protocol: str
    address: IPv4Address | IPv6Address | None
    version: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class LetIn:
    """Ports that are surely open, and those that may be, which have the former among them."""

    sure: Ports
    possible: Ports

    def __and__(self, other: "LetIn") -> "LetIn":
        """What passes both."""
        return LetIn(self.sure & other.sure, self.possible & other.possible)

    def __or__(self, other: "LetIn") -> "LetIn":
        """What passes either."""
        return LetIn(self.sure | other.sure, self.possible | other.possible)


EVERYTHING = LetIn(ALL, ALL)
NOTHING = LetIn(NONE, NONE)
UNKNOWN = LetIn(NONE, ALL)


@dataclass(frozen=True, slots=True)
class Decided:
    """Which ports the rules of one list decide: those that they surely do, by the (lower-cased) access of the rule, and
    those of which it can't be told. No rule is about the others."""

    by_access: Mapping[str, Ports]
    unknown: Ports

    def surely(self, access: str) -> Ports:
        """The ports that rules of an access decide."""
        return self.by_access.get(access, NONE)


def let_in(group: JsonObject, target: Target) -> LetIn:
    """The ports of a target that a group's rules let in from the Internet. A rule that can't be read makes the ports
    that it may be about unknown."""
    return allowed(_of_group(group), target)


def allowed(rules: Iterable[JsonObject], target: Target) -> LetIn:
    """As let_in, of the rules themselves."""
    found = decided(rules, target, _ACCESSES)
    sure = found.surely("allow")
    return LetIn(sure, sure | found.unknown)


def decided(rules: Iterable[JsonObject], target: Target, accesses: AbstractSet[str]) -> Decided:
    """What inbound rules decide of traffic from the Internet. `accesses`: what they may say, all others can't be
    read."""
    inbound = [rule for rule in rules if _text(rule, "direction").lower() != "outbound"]
    if len(inbound) > MAX_RULES:
        return Decided({}, ALL)
    by_access, unknown, left = dict.fromkeys(accesses, NONE), NONE, ALL
    for rule in sorted(inbound, key=_priority):
        matches, ports = _matches(rule, target), _ports(rule)
        hit = left & (ALL if ports is None else ports)
        access = _text(rule, "access").lower()
        if matches is False or (access == "deny" and matches and not _denies_all(rule, target)):
            continue
        if matches is None or ports is None or access not in accesses or _priority(rule) < 0:
            unknown |= hit
        else:
            by_access[access] |= hit
        left &= ~hit
    return Decided(by_access, unknown)


def _of_group(group: JsonObject) -> Iterator[JsonObject]:
    properties = group.get("properties")
    rules = properties.get("securityRules") if isinstance(properties, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        held = rule.get("properties") if isinstance(rule, dict) else None
        if isinstance(held, dict):
            yield held


def _priority(rule: JsonObject) -> int:
    """A rule without a priority may come before all others."""
    found = rule.get("priority")
    return found if isinstance(found, int) and not isinstance(found, bool) else -1


def _matches(rule: JsonObject, target: Target) -> bool | None:
    """Whether a rule is about traffic from the Internet to the target; None where that can't be told."""
    protocol = _text(rule, "protocol").lower()
    if protocol not in _EVERY_PROTOCOL and protocol != target.protocol:
        # A protocol by its number may be this one.
        return False if protocol[:1].isalpha() else None
    parts = (_from_internet(rule, target.version), _to_target(rule, target))
    if False in parts:
        return False
    return None if None in parts else True


def _from_internet(rule: JsonObject, version: int) -> bool | None:
    prefixes = [*texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes")]
    if any(prefix.lower() in _ANYONE or _is_wide(prefix, version) for prefix in prefixes):
        return True
    return False if prefixes or rule.get("sourceApplicationSecurityGroups") else None


def _is_wide(prefix: str, version: int) -> bool:
    try:
        network = ip_network(prefix, strict=False)
    except ValueError:
        return False
    return network.version == version and network.prefixlen <= _WIDE[version] and not network.is_private


def _denies_all(rule: JsonObject, target: Target) -> bool:
    """Whether what a rule denies is the whole Internet, from any port of it."""
    prefixes = [*texts(rule, "sourceAddressPrefix", "sourceAddressPrefixes")]
    everyone = any(prefix.lower() in (*_ANYONE, _EVERYTHING[target.version]) for prefix in prefixes)
    given = [port_range(text) for text in texts(rule, "sourcePortRange", "sourcePortRanges")]
    return everyone and (not given or ALL in given)


def _to_target(rule: JsonObject, target: Target) -> bool | None:
    groups = rule.get("destinationApplicationSecurityGroups")
    if isinstance(groups, list) and groups:
        return any(isinstance(one, dict) and _text(one, "id").lower() in target.groups for one in groups)
    found: set[bool | None] = {
        _covers(prefix, target) for prefix in texts(rule, "destinationAddressPrefix", "destinationAddressPrefixes")
    }
    if True in found:
        return True
    return False if found == {False} else None


def _covers(prefix: str, target: Target) -> bool | None:
    if prefix.lower() in _OWN_NETWORK:
        return True
    try:
        network = ip_network(prefix, strict=False)
    except ValueError:
        # A service tag: the ranges of some service, which a virtual machine's own address is not in.
        return False if prefix[:1].isalpha() else None
    if network.version != target.version:
        return False
    if network.prefixlen == 0:
        return True
    return None if target.address is None else target.address in network


def _ports(rule: JsonObject) -> Ports | None:
    given = [port_range(text) for text in texts(rule, "destinationPortRange", "destinationPortRanges")]
    if not given or None in given:
        return None
    ports = NONE
    for one in given:
        ports |= one or NONE
    return ports


def private_address(text: Json) -> IPv4Address | IPv6Address | None:
    """An address as Azure writes it; None for what is none."""
    try:
        return ip_address(text) if isinstance(text, str) else None
    except ValueError:
        return None


def texts(rule: JsonObject, one: str, many: str) -> Iterable[str]:
    """A member that Azure has in the singular and in the plural, of which one is empty."""
    single, several = rule.get(one), rule.get(many)
    if isinstance(single, str) and single.strip():
        yield single.strip()
    for text in several if isinstance(several, list) else ():
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _text(value: JsonObject, member: str) -> str:
    found = value.get(member)
    return found.strip() if isinstance(found, str) else ""
