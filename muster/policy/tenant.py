"""What is assigned in Azure Policy, made into a policy set.

What muster can't use of it is left out and told, and the rest is judged by. An exemption that could not be read or
can't be used must not turn a resource that is exempt into one that is NonCompliant: one that may be for any resource
takes its place, so that the results are Unknown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from muster.facts.event import WATCHED_TYPES
from muster.facts.scale_sets import INSTANCE
from muster.language.aliases import AliasTable
from muster.language.source import Source
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.exported import read_export
from muster.policy.kinds import Kind
from muster.policy.layout import Layout, item_text, lay_out
from muster.policy.schemas import PolicySchemas
from muster.policy.usable import Usable, usable
from muster.values.json import Json, JsonObject, canonical

_TYPES = frozenset({*WATCHED_TYPES, INSTANCE, "microsoft.compute/disks"})
"""What events and sweeps judge. Of a tenant's definitions most are about other things."""

_NO_ONE: JsonObject = {
    "name": "unknown",
    "selectors": [{"kind": "userPrincipalId", "in": ["00000000-0000-0000-0000-000000000000"]}],
}
"""A selector of a kind that nothing about a resource tells."""


@dataclass(frozen=True)
class TenantPolicies:
    """Azure's REST JSON of assignments, exemptions and what they refer to. `problems` are sentences about what could
    not be read; `unread_exemptions` says why those of a (lower-cased) subscription could not be."""

    bodies: Sequence[JsonObject]
    problems: Sequence[str] = ()
    unread_exemptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same policies, in whatever order Azure gives them and their members."""
        parts = [*sorted(map(canonical, self.bodies)), *sorted(self.problems), *sorted(self.unread_exemptions.items())]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NotUsed:
    """Something of Azure's that is not judged by: its id, and why."""

    id: str
    why: str


@dataclass(frozen=True)
class BoundTenant:
    """A policy set that judges what muster judges, and what could not go into it."""

    judge: BoundPolicySet
    not_used: tuple[NotUsed, ...]


def bind_tenant(policies: TenantPolicies, schemas: PolicySchemas, aliases: AliasTable) -> BoundTenant:
    """Make a policy set of what can be used."""
    bodies = sorted((*policies.bodies, *_unread(policies)), key=canonical)
    # In which order Azure gives policies and their members is no difference to what they judge.
    in_order: list[Json] = [json.loads(canonical(body)) for body in bodies]
    export = read_export(Source("Azure Policy", ""), in_order, schemas, trusted=True)
    layout = lay_out(export.items)
    found = usable(layout.files, schemas)
    hedged = {path: text for path in found.left_out if (text := _hedge(layout, path, found)) is not None}
    if hedged:
        found = _with_left_out(usable({**found.files, **hedged}, schemas), found)
    not_used = [NotUsed("Azure Policy", problem) for problem in policies.problems]
    for faults_by_path in (found.left_out, found.replaced):
        for path, faults in sorted(faults_by_path.items()):
            item = layout.items.get(path)
            not_used += [NotUsed(str(item.id or item.name) if item else path, fault.message) for fault in faults]
    not_used += [NotUsed(fault.pointer, fault.message) for fault in layout.faults]
    judge = bind(found.policies, aliases, only=_TYPES)
    return BoundTenant(judge, tuple(dict.fromkeys(not_used)))


def _with_left_out(found: Usable, before: Usable) -> Usable:
    return Usable(
        found.files,
        found.policies,
        {**before.left_out, **found.left_out},
        {**before.replaced, **found.replaced},
        before.first,
    )


def _unread(policies: TenantPolicies) -> Iterator[JsonObject]:
    """In place of exemptions that could not be read: one for each assignment that may be for the subscription."""
    for subscription, why in policies.unread_exemptions.items():
        own = f"/subscriptions/{subscription}"
        for body in policies.bodies:
            target = str(body.get("id")).lower()
            if "/policyassignments/" in target and (target.startswith(own) or not target.startswith("/subscriptions/")):
                name = f"unread-{hashlib.sha256(target.encode()).hexdigest()[:16]}"
                told = f"one of the subscription's, which could not be read ({why})"
                yield _for_anybody(f"{own}/providers/Microsoft.Authorization/policyExemptions/{name}", target, told)


def _hedge(layout: Layout, path: str, found: Usable) -> str | None:
    """In place of an exemption that can't be used: one at the same scope, for an assignment that is judged by."""
    item = layout.items.get(path)
    if item is None or item.kind is not Kind.EXEMPTION or item.id is None:
        return None
    target = item.properties.get("policyAssignmentId")
    judged = {policy.assignment.id.lower() for policy in found.policies.policies}
    if not isinstance(target, str) or target.strip().lower() not in judged:
        return None
    return item_text(_for_anybody(str(item.id), target, f"{item.title}, which can't be used"))


def _for_anybody(exemption_id: str, target: str, told: str) -> JsonObject:
    """An exemption of which can't be told whom it is for."""
    return {
        "id": exemption_id,
        "name": exemption_id.rpartition("/")[2],
        "type": "Microsoft.Authorization/policyExemptions",
        "properties": {
            "policyAssignmentId": target,
            "exemptionCategory": "Waiver",
            "displayName": told,
            "assignmentScopeValidation": "DoNotValidate",
            "resourceSelectors": [_NO_ONE],
        },
    }
