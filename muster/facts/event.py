"""From an event to an evaluation request.

An event is untrusted. It says where to look and, if it brought the resource's body complete, what was there; it
never steers a request outside the resource it names, and nothing of its claims goes on but one name.

Both of Event Grid's schemas are read: its own and CloudEvents 1.0. Sources of the shapes:
learn.microsoft.com/azure/event-grid/event-schema-subscriptions and .../event-schema-resource-notifications.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from muster.facts.event_body import complete_body
from muster.language.source import Source, read_json
from muster.values.errors import InvalidEvent
from muster.values.instant import parse_instant
from muster.values.json import Json, JsonObject, deeper_than
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId

MAX_BYTES = 1024 * 1024
"""Event Grid's own bound on one event."""

MAX_DEPTH = 128
MAX_TEXT = 2048
MAX_CALLER = 256

EVENT_MEMBERS = frozenset({"eventType", "specversion"})
"""Members, each of which makes an event of one of the schemas. Beside them an event may have any others."""

WATCHED_TYPES = frozenset({"microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets"})

CHANGES = {
    "microsoft.resources.resourcewritesuccess": Cause.WRITTEN,
    "microsoft.resources.resourcewritefailure": Cause.WRITE_FAILED,
    "microsoft.resources.resourcedeletesuccess": Cause.DELETED,
}
"""Lower-cased types of a subscription's events -> what they say."""
NOTIFICATIONS = {
    "microsoft.resourcenotifications.resources.createdorupdated": Cause.WRITTEN,
    "microsoft.resourcenotifications.resources.deleted": Cause.DELETED,
}
"""As CHANGES, of the topic of resource notifications."""
OPERATIONS = {
    cause: {f"{resource_type}/{verb}": resource_type for resource_type in sorted(WATCHED_TYPES)}
    for cause, verb in ((Cause.WRITTEN, "write"), (Cause.WRITE_FAILED, "write"), (Cause.DELETED, "delete"))
}
"""What an event says -> lower-cased operation -> the type of the resource that it was done to."""
_CALLER_CLAIMS = (
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "upn",
    "appid",
)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that is well formed and none of muster's business. `reason` is a sentence for a log line.

    A subscription's topic delivers every write there is to a filter that is too wide, so such events are
    acknowledged and counted but not kept: nothing was lost, and a store full of them would hide what was.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class _Envelope:
    kind: str
    event_id: str
    time: datetime
    subject: str
    data: JsonObject


def parse_event(raw: Json, *, with_caller: bool = True) -> EvaluationRequest | Ignored:
    """Read one event, as decoded JSON. `with_caller=False` leaves out who wrote the resource.

    Writes and deletions of virtual machines and scale sets become requests, whatever their subject; the operation
    decides, since the id of an extension starts with its machine's. Raises InvalidEvent or InvalidResourceId on
    everything that is not a well-formed event, and nothing else whatever the value.
    """
    envelope = _envelope(raw)
    kind = envelope.kind.lower()
    if kind in CHANGES:
        return _change(envelope, CHANGES[kind], with_caller)
    if kind in NOTIFICATIONS:
        return _notification(envelope, NOTIFICATIONS[kind])
    return Ignored(f"event type {envelope.kind} says nothing of a virtual machine's write or deletion")


def _envelope(raw: Json) -> _Envelope:
    if not isinstance(raw, dict):
        raise InvalidEvent(f"an event is one JSON object, not {_type(raw)}")
    _bound(raw)
    if "specversion" in raw:
        if raw["specversion"] != "1.0":
            raise InvalidEvent("a CloudEvent of another version than 1.0", reason="unknownSchema")
        names = ("type", "time")
    elif "eventType" in raw:
        names = ("eventType", "eventTime")
    else:
        raise InvalidEvent("neither eventType nor specversion is there", reason="unknownSchema")
    subject = raw.get("subject")
    return _Envelope(
        kind=_text(raw, names[0]),
        event_id=_text(raw, "id"),
        time=_time(raw, names[1]),
        subject=subject if isinstance(subject, str) else "",
        data=_data(raw),
    )


def _bound(raw: JsonObject) -> None:
    if deeper_than(raw, MAX_DEPTH):
        raise InvalidEvent(f"nested deeper than {MAX_DEPTH} levels", reason="tooDeep")
    try:
        size = len(json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())
    except ValueError as error:
        raise InvalidEvent("NaN, an infinity or half of a surrogate pair, which JSON does not have") from error
    if size > MAX_BYTES:
        raise InvalidEvent(f"{size:,} bytes, more than the {MAX_BYTES:,} of an event", reason="tooLarge")


def _data(raw: JsonObject) -> JsonObject:
    """The event's data; CloudEvents may carry it as a string of JSON."""
    data = raw.get("data")
    if isinstance(data, str):
        # As strictly as the event itself: what is in there may become a finding, which has to be stored.
        data, faults = read_json(Source("data", data))
        if any(fault.rule == "too-deep" for fault in faults):
            raise InvalidEvent(f"data is nested deeper than {MAX_DEPTH} levels", reason="tooDeep")
        if faults:
            raise InvalidEvent("data is a string that is not JSON, or not quite")
    if not isinstance(data, dict):
        raise InvalidEvent(f"data is an object, not {_type(data)}")
    return data


def _change(envelope: _Envelope, cause: Cause, with_caller: bool) -> EvaluationRequest | Ignored:
    data = envelope.data
    authorization = data.get("authorization")
    if "operationName" in data or not isinstance(authorization, dict):
        operation = _text(data, "operationName")
    else:
        operation = _text(authorization, "action")
    expected = OPERATIONS[cause].get(operation.lower())
    if expected is None:
        verb = "delete" if cause is Cause.DELETED else "write"
        return Ignored(f"operation {operation} does not {verb} a virtual machine or a scale set")
    resource_id = ResourceId.parse(data.get("resourceUri", envelope.subject))
    _same_type(resource_id, expected)
    return EvaluationRequest(
        resource_id=resource_id,
        time=envelope.time,
        cause=cause,
        event_id=envelope.event_id,
        correlation_id=_text(data, "correlationId") if data.get("correlationId") is not None else "",
        caller=_caller(data) if with_caller else "",
    )


def _notification(envelope: _Envelope, cause: Cause) -> EvaluationRequest | Ignored:
    info = envelope.data.get("resourceInfo")
    if not isinstance(info, dict):
        raise InvalidEvent(f"data.resourceInfo is an object, not {_type(info)}")
    resource_type = _text(info, "type")
    if resource_type.lower() not in WATCHED_TYPES:
        return Ignored(f"a resource of type {resource_type}, not a virtual machine or a scale set")
    resource_id = ResourceId.parse(info.get("id"))
    _same_type(resource_id, resource_type.lower())
    operational = envelope.data.get("operationalInfo")
    time = envelope.time
    if isinstance(operational, dict) and "resourceEventTime" in operational:
        # The body is at least as new as this; the event itself may have been made minutes later.
        time = min(time, _time(operational, "resourceEventTime"))
    return EvaluationRequest(
        resource_id=resource_id,
        time=time,
        cause=cause,
        event_id=envelope.event_id,
        body=complete_body(info, envelope.data.get("apiVersion")) if cause is Cause.WRITTEN else None,
    )


def _same_type(resource_id: ResourceId, expected: str) -> None:
    if resource_id.type != expected:
        message = f"the event speaks of {expected}, the id it names is of {resource_id.type}"
        raise InvalidEvent(message, reason="typeMismatch")


def _caller(data: JsonObject) -> str:
    claims = data.get("claims")
    if not isinstance(claims, dict):
        return ""
    for name in _CALLER_CLAIMS:
        value = claims.get(name)
        if isinstance(value, str) and 0 < len(value) <= MAX_CALLER and value.isprintable():
            return value
    return ""


def _text(holder: JsonObject, name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidEvent(f"{name} is a string that is not empty, not {_type(value)}")
    if len(value) > MAX_TEXT or not value.isprintable():
        raise InvalidEvent(f"{name} is longer than {MAX_TEXT} characters or has control characters in it")
    return value


def _time(holder: JsonObject, name: str) -> datetime:
    text = _text(holder, name)
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidEvent(f"{name} is {error}") from error


def _type(value: Json) -> str:
    match value:
        case None:
            return "missing or null"
        case bool():
            return "a boolean"
        case str():
            return "a string" if value else "an empty string"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"
