"""What the effective security rules of an interface let in from the Internet: Azure's own account of what counts there.

It has an entry for each group that counts, the interface's and the subnet's, with the default rules; and one for each
Azure Virtual Network Manager whose security admin rules come before them: Deny closes a port, AlwaysAllow opens it
whatever the groups say, Allow leaves it to them. Service tags come with the ranges that they stand for, so that it
shows where the tag VirtualNetwork is the whole Internet, because of a default route.

Azure writes `*` as 0.0.0.0/0 here, so that of an IPv6 address it can't be told whether such a rule is meant.
Source: learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/list-effective-network-security-groups and
learn.microsoft.com/azure/virtual-network-manager/concept-security-admins.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from muster.facts.network_reads import SUBNET, reference
from muster.facts.port_sets import NONE
from muster.facts.security_rules import NOTHING, UNKNOWN, LetIn, Target, allowed, decided, is_wide, texts
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

_EVERY_IPV4, _EVERY_IPV6 = "0.0.0.0/0", "::/0"
_ADMIN_ACCESSES = frozenset({"allow", "deny", "alwaysallow"})
_DEFAULT = "defaultsecurityrules/"
_MAY_BE_WIDE = re.compile(r"/(?:[0-9]|1[0-6])$", re.ASCII)
"""Tags stand for thousands of ranges, few of which are so large that it is worth while to read them."""


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


def effective(entries: Iterable[JsonObject], subnet: ResourceId | None, target: Target) -> Effective:
    """What the entries of Azure's answer decide for a target in a subnet (None where that can't be told)."""
    groups: LetIn | None = None
    opened = closed = NOTHING
    for entry in entries:
        association = entry.get("association")
        association = association if isinstance(association, dict) else {}
        if isinstance(association.get("networkManager"), dict):
            always, never = _admin(entry, target)
            opened, closed = opened | always, closed | never
            continue
        around = reference(association, "subnet", SUBNET)
        if around is not None and subnet is not None and around != subnet:
            continue
        rules = _rules(entry, target.version)
        one = UNKNOWN if rules is None else allowed(rules, target)
        groups = one if groups is None else groups & one
    return Effective(groups, opened, closed)


def _admin(entry: JsonObject, target: Target) -> tuple[LetIn, LetIn]:
    """What admin rules open and what they close."""
    rules = _rules(entry, target.version)
    if rules is None:
        return UNKNOWN, UNKNOWN
    found = decided(rules, target, _ADMIN_ACCESSES)
    always, never = found.surely("alwaysallow"), found.surely("deny")
    return LetIn(always, always | found.unknown), LetIn(never, never | found.unknown)


def _rules(entry: JsonObject, version: int) -> list[JsonObject] | None:
    """The rules of an entry; None where they can't be read."""
    listed = entry.get("effectiveSecurityRules")
    if not isinstance(listed, list) or not all(isinstance(rule, dict) for rule in listed):
        return None
    rules = [rule for rule in listed if isinstance(rule, dict)]
    return [_plain(rule, version) for rule in rules if not _is_default_denial(rule)]


def _is_default_denial(rule: JsonObject) -> bool:
    """It closes what no rule opens, which is closed anyway; written for IPv4, it would hide that of IPv6."""
    name, access = str(rule.get("name")), str(rule.get("access"))
    return name.lower().startswith(_DEFAULT) and access.lower() == "deny"


def _plain(rule: JsonObject, version: int) -> JsonObject:
    """A rule as a group has it, its addresses in the plural."""
    plain = dict(rule)
    for side in ("source", "destination"):
        given = [*texts(rule, f"{side}AddressPrefix", f"{side}AddressPrefixes")]
        listed = rule.get(f"expanded{side.capitalize()}AddressPrefix")
        ranges = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        # What a group of applications stands for has no name here, and all of it counts.
        known = [*given, *(one for one in ranges if not given or _is_wide(one, version))]
        told = version == 4 or _EVERY_IPV4 not in known or _EVERY_IPV6 in known
        plain |= {f"{side}AddressPrefix": None, f"{side}AddressPrefixes": [*known] if told else []}
    return plain


def _is_wide(prefix: str, version: int) -> bool:
    return _MAY_BE_WIDE.search(prefix) is not None and is_wide(prefix, version)
