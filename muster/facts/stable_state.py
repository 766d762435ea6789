"""A resource's state without what changes while the resource does not.

Two reads of an unchanged resource differ: an etag, times, an agent's heartbeat, the case of ids. None of this may add a
record to a history. Left out, wherever they stand:

- `etag`; `systemData` (who wrote last and when, also where a write changed nothing);
- `provisioningState` while it is Succeeded, Creating or Updating: the way to a state, not the state. Failed stays.
- of an `instanceView` everything but osName, osVersion, hyperVGeneration and the codes of its statuses
  (`PowerState/running`): the rest is times and messages of agents.

Values of members named `id` are lower-cased: Azure writes the same id in several ways.
"""

from muster.values.json import Json, JsonObject

_VOLATILE = frozenset({"etag", "systemdata"})
_UNDER_WAY = frozenset({"succeeded", "creating", "updating"})
_SEEN_IN_INSTANCE = frozenset({"osname", "osversion", "hypervgeneration"})


def stable_state(body: JsonObject) -> JsonObject:
    """The part of a resource's REST JSON whose change is a change of the resource."""
    return {name: _stable(name.lower(), value) for name, value in body.items() if not _is_volatile(name, value)}


def _is_volatile(name: str, value: Json) -> bool:
    name = name.lower()
    if name == "provisioningstate":
        return isinstance(value, str) and value.lower() in _UNDER_WAY
    return name in _VOLATILE


def _stable(name: str, value: Json) -> Json:
    match value:
        case dict() if name == "instanceview":
            return _instance(value)
        case dict():
            return stable_state(value)
        case list():
            return [_stable("", item) for item in value]
        case str() if name == "id":
            return value.lower()
        case _:
            return value


def _instance(view: JsonObject) -> JsonObject:
    seen: JsonObject = {name: value for name, value in view.items() if name.lower() in _SEEN_IN_INSTANCE}
    statuses = view.get("statuses")
    if isinstance(statuses, list):
        seen["statuses"] = [
            status.get("code")
            for status in statuses
            if isinstance(status, dict) and not str(status.get("code")).lower().startswith("provisioningstate/")
        ]
    return seen
