"""The look-up of the IfNotExists effects: which related resources to ask for, and which of them count.

Source: learn.microsoft.com/azure/governance/policy/concepts/effect-audit-if-not-exists. A type below the resource's
own is looked up in the resource; any other in its resource group, or where existenceScope or resourceGroupName say.
Types that exist only as extensions of another resource are looked up at the resource too, since Azure lists them
there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.language.frame import Frame, full_name, member
from muster.values.document import RelatedQuery
from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject
from muster.values.resource_id import segments

EXTENSION_TYPES = frozenset(
    {
        "microsoft.advisor/recommendations",
        "microsoft.alertsmanagement/alerts",
        "microsoft.authorization/locks",
        "microsoft.authorization/roleassignments",
        "microsoft.automanage/configurationprofileassignments",
        "microsoft.changeanalysis/profile",
        "microsoft.customproviders/associations",
        "microsoft.dataprotection/backupinstances",
        "microsoft.guestconfiguration/guestconfigurationassignments",
        "microsoft.insights/datacollectionruleassociations",
        "microsoft.insights/diagnosticsettings",
        "microsoft.insights/vminsightsonboardingstatuses",
        "microsoft.maintenance/applyupdates",
        "microsoft.maintenance/configurationassignments",
        "microsoft.recoveryservices/backupprotecteditems",
        "microsoft.resources/links",
        "microsoft.security/advancedthreatprotectionsettings",
        "microsoft.security/assessments",
        "microsoft.security/complianceresults",
        "microsoft.security/pricings",
        "microsoft.softwareupdate/updates",
    }
)
"""Lower-cased extension resource types, as the resource providers' REST reference lists them, and the items of
backups: these lie in a vault, but built-in definitions ask for them without a name, and mean those of the resource."""


@dataclass(frozen=True, slots=True)
class Details:
    """The evaluated part of `then.details` that a look-up needs. Texts as written; empty where not given."""

    type: str
    name: str = ""
    resource_group_name: str = ""
    existence_scope: str = ""
    kind: str = ""


def read_details(value: Json) -> Details:
    """The look-up's details. Raises TemplateError where there is no type."""
    if not isinstance(value, dict) or not isinstance(member(value, "type"), str):
        raise TemplateError("then.details has no type, so there is nothing to look up")

    def text(name: str) -> str:
        found = member(value, name)
        return found if isinstance(found, str) else ""

    return Details(text("type"), text("name"), text("resourceGroupName"), text("existenceScope"), text("kind"))


def query(details: Details, frame: Frame) -> RelatedQuery:
    """What to ask for."""
    resource_type = details.type.lower()
    own_type = frame.plan.resource_type
    own_id = member(frame.resource, "id")
    identity = own_id.lower() if isinstance(own_id, str) else ""
    parts = segments(identity)
    subscription = f"/subscriptions/{parts.get('subscriptions', '')}"
    name = details.name.lower() or None
    if resource_type.startswith(f"{own_type}/") or resource_type in EXTENSION_TYPES:
        return RelatedQuery(resource_type, identity, name)
    if details.existence_scope.lower() == "subscription" and not details.resource_group_name:
        return RelatedQuery(resource_type, subscription, name)
    group = details.resource_group_name.lower() or parts.get("resourcegroups", "")
    return RelatedQuery(resource_type, f"{subscription}/resourcegroups/{group}", name)


def names_itself(details: Details, frame: Frame) -> bool:
    """Whether the look-up is for the very resource that is judged (`"type"` its own, `"name": "[field('name')]"`):
    built-ins look that way where all conditions are to decide whether they apply. It is there, and was read."""
    own_name = member(frame.resource, "name")
    return (
        details.type.lower() == frame.plan.resource_type
        and isinstance(own_name, str)
        and details.name.lower() == own_name.lower() != ""
        and not (details.resource_group_name or details.existence_scope or details.kind)
    )


def candidates(bodies: Iterable[JsonObject], details: Details) -> list[JsonObject]:
    """The resources of an answer that the details name: kind and name hold (a `?` or `*` stands for any segment)."""
    return [body for body in bodies if _named(body, details.name) and _of_kind(body, details.kind)]


def _of_kind(body: Mapping[str, Json], kind: str) -> bool:
    found = member(body, "kind")
    return not kind or (isinstance(found, str) and found.lower() == kind.lower())


def _named(body: JsonObject, wanted: str) -> bool:
    name = member(body, "name")
    if not wanted or not isinstance(name, str):
        return True
    pattern = wanted.lower().split("/")
    for found in (full_name(body, name).lower(), name.lower()):
        parts = found.split("/")
        if len(parts) == len(pattern) and all(p in ("?", "*", part) for p, part in zip(pattern, parts, strict=True)):
            return True
    # A pattern `parent/child` for a body that gives the child's name only, without an id to tell the parent from.
    bare = member(body, "id") is None and "/" not in name
    return bare and len(pattern) > 1 and pattern[-1] in ("?", "*", name.lower())
