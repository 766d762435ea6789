"""From what was never handled back to a request: dead letters, poison messages, records of spent attempts."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from muster.facts.event import EVENT_MEMBERS, Ignored, parse_event
from muster.jobs.batch_message import parse_batch
from muster.jobs.request_message import parse_request
from muster.language.source import Source, read_json
from muster.values.errors import BadInput, InvalidEvent
from muster.values.json import Json, JsonObject
from muster.values.request import Cause, EvaluationRequest
from muster.values.sweep import BatchName

ADDED = frozenset(
    {
        "deadletterreason",
        "deliveryattempts",
        "lastdeliveryoutcome",
        "lasthttpstatuscode",
        "publishtime",
        "lastdeliveryattempttime",
    }
)
"""What Event Grid adds to an event that it could not deliver, lower-cased: learn.microsoft.com/azure/event-grid/
manage-event-delivery."""

_REASONS = {
    "maxdeliveryattemptsexceeded": "Event Grid tried as often as it may, and no attempt was accepted",
    "timetoliveexceeded": "Event Grid tried for as long as it may, and no attempt was accepted",
    "undeliverableduetoclienterror": "the endpoint refused it for good (400, 401, 403 or 413)",
}


class Kind(StrEnum):
    """What a dead letter holds."""

    EVENT = "event"
    REQUEST = "request"
    BATCH = "batch"
    EITHER = "either"
    """An event or a request."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that was never handled. `name` says where it lies; `texts` are what it holds, one an event or message;
    `why` is a sentence."""

    name: str
    kind: Kind
    texts: tuple[str, ...]
    why: str


def made_again(text: str, kind: Kind, *, with_caller: bool) -> EvaluationRequest | BatchName | Ignored:
    """What to ask for again. Raises BadInput where the text is nothing that could be, and nothing else."""
    if kind is Kind.BATCH:
        return parse_batch(text)
    if kind is Kind.REQUEST:
        return replace(parse_request(text), attempt=1)
    value, faults = read_json(Source("dead letter", text))
    if faults:
        raise InvalidEvent(faults[0].message, reason="invalidJson")
    if kind is Kind.EITHER and isinstance(value, dict) and "resource" in value and not value.keys() & EVENT_MEMBERS:
        return replace(parse_request(text), attempt=1)
    found = parse_event(without_added(value), with_caller=with_caller)
    if isinstance(found, Ignored) or found.cause is Cause.DELETED:
        return found
    return replace(found, cause=Cause.REPLAY, body=None)


def without_added(event: Json) -> Json:
    """An event as it was before Event Grid gave it up."""
    if not isinstance(event, dict):
        return event
    return {name: value for name, value in event.items() if name.lower() not in ADDED}


def letters_of(name: str, text: str) -> DeadLetter:
    """What a blob of dead letters holds: an array of events, each with why it was given up."""
    value, faults = read_json(Source(name, text))
    if faults:
        return DeadLetter(name, Kind.EVENT, (text,), f"not a dead letter of Event Grid's: {faults[0].message}")
    events = value if isinstance(value, list) else [value]
    texts = tuple(json.dumps(event) for event in events)
    first = next((event for event in events if isinstance(event, dict)), {})
    return DeadLetter(name, Kind.EVENT, texts, _why(first))


def record_of(name: str, record: JsonObject) -> DeadLetter:
    """What a record of spent attempts holds."""
    came = record.get("came")
    text = came if isinstance(came, str) else json.dumps(came)
    message = record.get("message")
    why = f"every attempt failed, the last with: {message if isinstance(message, str) else '?'}"
    return DeadLetter(name, Kind.EITHER, (text,), why)


def _why(event: JsonObject) -> str:
    added = {name.lower(): value for name, value in event.items()}
    reason = str(added.get("deadletterreason", ""))
    sentence = _REASONS.get(reason.lower(), reason or "Event Grid does not say why")
    details = [
        f"{label} {added[name]}"
        for name, label in (
            ("deliveryattempts", "attempts:"),
            ("lastdeliveryoutcome", "the last ended with"),
            ("lasthttpstatuscode", "status"),
            ("lastdeliveryattempttime", "at"),
        )
        if isinstance(added.get(name), str | int)
    ]
    return f"{sentence} ({', '.join(details)})" if details else sentence


def refused(fault: BadInput) -> str:
    """Why something can't be asked for again, in a sentence."""
    return f"can't be asked for again, {fault.reason}: {fault}"
