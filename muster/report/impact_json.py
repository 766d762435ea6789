"""An impact as JSON, whole and line by line."""

import json
from collections.abc import Iterator

from muster.report.impact import DefinitionImpact, Impact, ResourceImpact, ResultChange
from muster.report.impact_rows import image_is_new
from muster.values.json import JsonObject
from muster.values.states import State

SCHEMA_VERSION = "1.0"
"""Major.minor. A reader of 1.x reads every 1.y: members are added, never changed."""


def impact_json(impact: Impact, *, as_of: str, current: JsonObject, proposed: JsonObject) -> JsonObject:
    """The whole. `current` and `proposed` say which policies these are."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "asOf": as_of,
        "judgedFrom": "store" if impact.from_store else "files",
        "current": current,
        "proposed": proposed,
        "lookedAt": impact.looked_at,
        "changed": impact.changed,
        "newly": {state.value: impact.newly[state] for state in State if impact.newly[state]},
        "states": {state.value: {"before": before, "after": after} for state, before, after in impact.moved()},
        "definitions": [_definition(one) for one in impact.rows()],
        "needs": [
            {"title": title, "needs": need, "resources": count} for (title, need), count in impact.needs.most_common()
        ],
        "resources": [_resource(one) for one in impact.kept],
        "omitted": impact.changed - len(impact.kept),
        "warnings": [*impact.warnings],
    }


def impact_lines(one: ResourceImpact) -> Iterator[str]:
    """A line of JSON for each result of a resource that changes."""
    for change in one.changes:
        yield json.dumps({**_named(one), **_change(change), **_image(one)})


def _resource(one: ResourceImpact) -> JsonObject:
    return {
        **_named(one),
        "before": one.before.value,
        "after": one.after.value,
        **_image(one),
        "imageIsNewlyNonCompliant": image_is_new(one),
        "results": [_change(change) for change in one.changes],
    }


def _named(one: ResourceImpact) -> JsonObject:
    return {"resource": one.id, "name": one.name, "type": one.type or None}


def _image(one: ResourceImpact) -> JsonObject:
    return {"image": one.image or None, "lastDay": one.last_day or None, "successor": one.successor or None}


def _change(change: ResultChange) -> JsonObject:
    return {
        "definition": change.definition,
        "title": change.title,
        "assignment": change.assignment,
        "before": change.before,
        "after": change.after,
        "severity": _pair(change.severities),
        "effect": _pair(change.effects),
        "reasons": [*change.reasons],
        "needs": [*change.needs],
    }


def _pair(pair: tuple[str, str]) -> JsonObject:
    return {"before": pair[0] or None, "after": pair[1] or None}


def _definition(one: DefinitionImpact) -> JsonObject:
    return {
        "definition": one.definition,
        "title": one.title,
        "gained": {state.value: one.gained[state] for state in State if one.gained[state]},
        "lost": {state.value: one.lost[state] for state in State if one.lost[state]},
        "itself": [*one.told()],
    }
