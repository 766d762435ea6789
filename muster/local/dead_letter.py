"""What Event Grid keeps of events that it could not deliver.

Source of the fields: learn.microsoft.com/azure/event-grid/manage-event-delivery. A blob holds an array of the events,
each with the fields added; in a CloudEvent their names are lower-cased, as its attributes must be.
"""

import json
from datetime import UTC, datetime

from muster.local.retry_schedule import FINAL_STATUSES
from muster.values.json import Json, JsonObject

TIMED_OUT = 0
"""Stands for a status where none came in time."""

_OUTCOMES = {
    TIMED_OUT: "TimedOut",
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    413: "PayloadTooLarge",
}


def dead_letter(payload: bytes, statuses: tuple[int, ...], published: datetime, last: datetime) -> list[Json]:
    """The events of an HTTP body after its last attempt; a body that is not JSON is kept as an event's `data`."""
    try:
        events: Json = json.loads(payload)
    except (ValueError, RecursionError):
        events = payload.decode("utf-8", "replace")
    final = statuses[-1] in FINAL_STATUSES
    added: JsonObject = {
        "deadLetterReason": "UndeliverableDueToClientError" if final else "MaxDeliveryAttemptsExceeded",
        "deliveryAttempts": len(statuses),
        "lastDeliveryOutcome": _OUTCOMES.get(statuses[-1], "Busy" if statuses[-1] >= 500 else "Aborted"),
        "lastHttpStatusCode": statuses[-1],
        "publishTime": _instant(published),
        "lastDeliveryAttemptTime": _instant(last),
    }
    return [_with(event, added) for event in (events if isinstance(events, list) else [events])]


def _with(event: Json, added: JsonObject) -> JsonObject:
    if not isinstance(event, dict):
        return {"data": event} | added
    if "specversion" in event:
        return event | {name.lower(): value for name, value in added.items()}
    return event | added


def _instant(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
