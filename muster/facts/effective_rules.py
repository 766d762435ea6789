"""What the effective security rules of an interface let in from the Internet: Azure's own account of what counts there.

It has an entry for each group that counts, the interface's and the subnet's, with the default rules; and one for each
Azure Virtual Network Manager whose security admin rules come before them: Deny closes a port, AlwaysAllow opens it
whatever the groups say, Allow leaves it to them. Service tags come with the ranges that they stand for, so that it
shows where the tag VirtualNetwork is the whole Internet, because of a default route.

Azure writes `*` as 0.0.0.0/0 here, so that of an IPv6 address it can't be told whether such a rule is meant.
Source: learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/list-effective-network-security-groups and
learn.microsoft.com/azure/virtual-network-manager/concept-security-admins.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from muster.facts.network_reads import SUBNET, reference
from muster.facts.port_sets import NONE
from muster.facts.security_rules import NOTHING, UNKNOWN, LetIn, Target, allowed, decided, texts
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

_EVERY_IPV4, _EVERY_IPV6 = "0.0.0.0/0", "::/0"
_ADMIN_ACCESSES = frozenset({"allow", "deny", "alwaysallow"})
_DEFAULT = "defaultsecurityrules/"
_WIDE = tuple(f"/{length}" for length in range(17))
"""Tags stand for thousands of ranges, few of which are so large that it is worth while to read them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of Azure's answer: of a network manager, or of a group, perhaps of that of a `subnet`. `rules` are as
    a group has them; None where they can't be read."""

    of_manager: bool
    subnet: ResourceId | None
    rules: tuple[JsonObject, ...] | None


UNREAD = (Entry(of_manager=False, subnet=None, rules=None),)
"""Stands for an answer that could not be had."""


@dataclass(frozen=True, slots=True)
class Effective:
    """`groups`: what the network security groups let in, None where there is none. `opened` and `closed`: what security
    admin rules decide before them."""

    groups: LetIn | None = None
    opened: LetIn = NOTHING
    closed: LetIn = NOTHING

    def over(self, without: LetIn) -> LetIn:
        """The ports that are let in; `without` is what is where no group is. Several managers that contradict each
        other make a port unknown, as does what nobody documents: a rule that always allows before a closed address."""
        base = without if self.groups is None else self.groups
        opened = self.opened.sure if self.groups is not None else NONE
        return LetIn(
            (base.sure | opened) & ~self.closed.possible,
            (base.possible & ~self.closed.sure) | self.opened.possible,
        )


def entries_of(bodies: Iterable[JsonObject]) -> tuple[Entry, ...]:
    """The entries of Azure's answer."""
    return tuple(map(_entry, bodies))


def effective(entries: Iterable[Entry], subnet: ResourceId | None, target: Target) -> Effective:
    """What the entries of Azure's answer decide for a target in a subnet (None where that can't be told)."""
    groups: LetIn | None = None
    opened = closed = NOTHING
    for entry in entries:
        rules = None if entry.rules is None else [_told(rule, target.version) for rule in entry.rules]
        if entry.of_manager:
            always, never = _admin(rules, target)
            opened, closed = opened | always, closed | never
        elif entry.subnet is None or subnet is None or entry.subnet == subnet:
            one = UNKNOWN if rules is None else allowed(rules, target)
            groups = one if groups is None else groups & one
    return Effective(groups, opened, closed)


def _admin(rules: list[JsonObject] | None, target: Target) -> tuple[LetIn, LetIn]:
    """What admin rules open and what they close."""
    if rules is None:
        return UNKNOWN, UNKNOWN
    found = decided(rules, target, _ADMIN_ACCESSES)
    always, never = found.surely("alwaysallow"), found.surely("deny")
    return LetIn(always, always | found.unknown), LetIn(never, never | found.unknown)


def _entry(body: JsonObject) -> Entry:
    association = body.get("association")
    association = association if isinstance(association, dict) else {}
    of_manager = isinstance(association.get("networkManager"), dict)
    listed = body.get("effectiveSecurityRules")
    if not isinstance(listed, list) or not all(isinstance(rule, dict) for rule in listed):
        return Entry(of_manager, reference(association, "subnet", SUBNET), None)
    rules = [rule for rule in listed if isinstance(rule, dict) and _counts(rule)]
    return Entry(of_manager, reference(association, "subnet", SUBNET), tuple(map(_plain, rules)))


def _counts(rule: JsonObject) -> bool:
    """All but the default denial: it closes what no rule opens, which is closed anyway; written for IPv4, it would hide
    that of IPv6."""
    name, access = (str(rule.get(member)).lower() for member in ("name", "access"))
    return not (name.startswith(_DEFAULT) and access == "deny")


def _plain(rule: JsonObject) -> JsonObject:
    """A rule as a group has it, its addresses in the plural."""
    plain = dict(rule)
    for side in ("source", "destination"):
        given = [*texts(rule, f"{side}AddressPrefix", f"{side}AddressPrefixes")]
        listed = rule.get(f"expanded{side.capitalize()}AddressPrefix")
        ranges = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        # What a group of applications stands for has no name here, and all of it counts.
        known = [*given, *(one for one in ranges if not given or one.endswith(_WIDE))]
        plain |= {f"{side}AddressPrefix": None, f"{side}AddressPrefixes": [*known]}
    return plain


def _told(rule: JsonObject, version: int) -> JsonObject:
    """The rule without the addresses of which it can't be told whether they mean those of the version."""
    if version == 4:
        return rule
    sides = {side: [*texts(rule, "", side)] for side in ("sourceAddressPrefixes", "destinationAddressPrefixes")}
    unclear: JsonObject = {
        side: [] for side, known in sides.items() if _EVERY_IPV4 in known and _EVERY_IPV6 not in known
    }
    return {**rule, **unclear}
