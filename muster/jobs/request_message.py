"""An evaluation request as the text of a queue message, and back.

The text is JSON of one version. What is read back came over a queue that others may write to, so it is parsed as
strictly as an event: no member too many, none too long, no id that is none.
"""

from datetime import datetime

from muster.language.source import Source, read_json
from muster.values.errors import BadInput
from muster.values.instant import format_instant, parse_instant
from muster.values.json import Json, JsonObject, canonical
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId

VERSION = 1
MAX_CHARACTERS = 48 * 1024
"""Of a queue's 64 KB, what base64 leaves. The text is ASCII."""

MAX_ATTEMPT = 1000
_MAX_TEXT = 2048
_TEXTS = ("eventId", "correlationId", "caller")
_MEMBERS = frozenset({"version", "resource", "time", "cause", "attempt", *_TEXTS, "notBefore", "absentAt"})


class InvalidMessage(BadInput):
    """A queue message that is no evaluation request."""

    reason = "invalidMessage"


def request_message(request: EvaluationRequest) -> str:
    """The text of a request. A body is not in it: whoever looks later reads what is there then."""
    message: JsonObject = {
        "version": VERSION,
        "resource": str(request.resource_id),
        "time": format_instant(request.time),
        "cause": request.cause,
        "attempt": request.attempt,
    }
    texts = (request.event_id, request.correlation_id, request.caller)
    message |= {name: text for name, text in zip(_TEXTS, texts, strict=True) if text}
    moments = {"notBefore": request.not_before, "absentAt": request.absent_at}
    message |= {name: format_instant(moment) for name, moment in moments.items() if moment is not None}
    return canonical(message)


def parse_request(text: str) -> EvaluationRequest:
    """Read a message's text. Raises InvalidMessage or InvalidResourceId, and nothing else whatever the text."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidMessage(f"{len(text):,} characters, more than the {MAX_CHARACTERS:,} of a message")
    value, faults = read_json(Source("message", text))
    if faults:
        raise InvalidMessage(faults[0].message, reason="invalidJson")
    if not isinstance(value, dict):
        raise InvalidMessage("a message is one JSON object")
    if value.get("version") != VERSION or isinstance(value["version"], bool):
        raise InvalidMessage(f"a message of another version than {VERSION}", reason="unknownVersion")
    if unknown := sorted(value.keys() - _MEMBERS):
        raise InvalidMessage(f"{unknown[0][:80]!r} is no member of a message")
    event_id, correlation_id, caller = (_text(value, name) for name in _TEXTS)
    time = _moment(value, "time")
    if time is None:
        raise InvalidMessage("time is missing")
    return EvaluationRequest(
        resource_id=ResourceId.parse(value.get("resource")),
        time=time,
        cause=_cause(value.get("cause")),
        attempt=_attempt(value.get("attempt")),
        event_id=event_id,
        correlation_id=correlation_id,
        caller=caller,
        not_before=_moment(value, "notBefore"),
        absent_at=_moment(value, "absentAt"),
    )


def _cause(value: Json) -> Cause:
    if isinstance(value, str) and value in {*Cause}:
        return Cause(value)
    raise InvalidMessage(f"cause is one of {', '.join(Cause)}")


def _attempt(value: Json) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ATTEMPT:
        return value
    raise InvalidMessage(f"attempt is a whole number from 1 to {MAX_ATTEMPT}")


def _text(message: JsonObject, name: str) -> str:
    value = message.get(name, "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise InvalidMessage(f"{name} is a string of at most {_MAX_TEXT} printable characters")
    return value


def _moment(message: JsonObject, name: str) -> datetime | None:
    if name not in message:
        return None
    value = message[name]
    try:
        return parse_instant(value if isinstance(value, str) else "")
    except ValueError as error:
        raise InvalidMessage(f"{name} is {error}") from error
