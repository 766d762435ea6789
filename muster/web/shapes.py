"""Rows of the index as JSON and as cells."""

from collections.abc import Iterable, Mapping

from muster.values.json import Json, JsonObject
from muster.values.listing import ChangeRow, FacetValue, FindingRow, Lifetime, ResourceRow, Rule
from muster.values.selection import Facet, Selection
from muster.web.page import Sources, texts
from muster.web.query import query_of

RESOURCE_COLUMNS = (
    *("name", "state", "critical", "high", "medium", "low", "info", "system", "phase", "lastDay", "owner"),
    *("location", "subscription", "resourceGroup", "type", "changedAt", "checkedAt", "id"),
)
FINDING_COLUMNS = (
    *("resource", "state", "severity", "policy", "displayName", "message", "system", "phase", "owner", "location"),
    *("subscription", "resourceGroup", "assignment", "definition", "effect", "controls", "exemption"),
    *("exemptionExpires", "changedAt", "resourceId", "id"),
)


def lifetime_json(lifetime: Lifetime) -> JsonObject:
    """A lifetime."""
    return {
        "product": lifetime.product,
        "release": lifetime.release,
        "system": lifetime.system,
        "phase": lifetime.phase,
        "endOfSupportDate": str(lifetime.support_end) if lifetime.support_end else None,
        "extendedEndDate": str(lifetime.extended_end) if lifetime.extended_end else None,
        "extendedProgramme": lifetime.programme or None,
        "entitled": lifetime.entitled,
        "lastDay": str(lifetime.last_day) if lifetime.last_day else None,
        "successor": lifetime.successor or None,
    }


def resource_json(row: ResourceRow) -> JsonObject:
    """A resource in a list."""
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "subscription": row.subscription,
        "resourceGroup": row.resource_group,
        "location": row.location,
        "owner": row.owner or None,
        "state": row.state,
        "nonCompliant": {severity.value: count for severity, count in row.counts.items()},
        "lifecycle": lifetime_json(row.lifetime),
        "changedAt": row.observed_at,
        "checkedAt": row.checked_at,
    }


def resource_cells(row: ResourceRow) -> tuple[object, ...]:
    """A resource in RESOURCE_COLUMNS."""
    counts = {severity.value: count for severity, count in row.counts.items()}
    return (
        row.name,
        row.state,
        *(counts.get(severity, 0) for severity in RESOURCE_COLUMNS[2:7]),
        row.lifetime.system,
        row.lifetime.phase,
        row.lifetime.last_day or "",
        row.owner,
        row.location,
        row.subscription,
        row.resource_group,
        row.type,
        row.observed_at,
        row.checked_at,
        row.id,
    )


def rule_json(rule: Rule) -> JsonObject:
    """What the results of a definition have in common."""
    return {
        "policy": rule.policy,
        "displayName": rule.display_name,
        "severity": rule.severity,
        "assignment": rule.assignment,
        "definition": rule.definition,
        "reference": rule.reference or None,
        "effect": rule.effect,
        "controls": [*rule.controls],
    }


def finding_json(row: FindingRow) -> JsonObject:
    """A finding in a list."""
    return {
        "id": row.id,
        "state": row.state,
        "skipsImage": row.skips_image,
        **rule_json(row.rule),
        "message": row.message or None,
        "exemption": row.exemption or None,
        "exemptionExpires": row.expires or None,
        "resource": resource_json(row.resource),
    }


def finding_cells(row: FindingRow) -> tuple[object, ...]:
    """A finding in FINDING_COLUMNS."""
    resource = row.resource
    return (
        resource.name,
        row.state,
        row.rule.severity,
        row.rule.policy,
        row.rule.display_name,
        row.message,
        resource.lifetime.system,
        resource.lifetime.phase,
        resource.owner,
        resource.location,
        resource.subscription,
        resource.resource_group,
        row.rule.assignment,
        row.rule.definition,
        row.rule.effect,
        ", ".join(row.rule.controls),
        row.exemption,
        row.expires,
        resource.observed_at,
        resource.id,
        row.id,
    )


def change_json(row: ChangeRow) -> JsonObject:
    """A result that changed."""
    return {
        "at": row.at,
        "resourceId": row.resource_id,
        "resource": row.resource,
        "before": row.before,
        "after": row.after,
        **rule_json(row.rule),
    }


def facets_json(facets: Mapping[Facet, Iterable[FacetValue]]) -> JsonObject:
    """All values of all facets."""
    return {
        str(facet): [{"value": one.value, "label": one.label, "count": one.count} for one in values]
        for facet, values in facets.items()
    }


def envelope(sources: Sources, selection: Selection | None = None, **members: Json) -> JsonObject:
    """What every JSON answer begins with: the age of the index, and the query as it was understood."""
    shared: JsonObject = {
        "index": {
            "currentAt": sources.current_at.isoformat().replace("+00:00", "Z"),
            "ageSeconds": max(int((sources.now - sources.current_at).total_seconds()), 0),
            "complete": sources.complete,
        },
    }
    if selection is not None:
        shared["query"] = query_of(selection)
        shared["asOf"] = str(selection.as_of or sources.today)
        shared["chosen"] = {str(facet): texts(values) for facet, values in selection.chosen.items()}
    return {**shared, **members}
