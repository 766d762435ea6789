"""What is kept of an event or message that could not be handled."""

from datetime import datetime
from hashlib import sha256

from muster.report.redaction import without_claims, without_people
from muster.values.errors import BadInput
from muster.values.instant import format_instant
from muster.values.json import Json, JsonObject, canonical

MAX_KEPT = 64 * 1024
"""The most characters of JSON that are kept of what came."""

MAX_MESSAGE = 2048
"""The most characters of why."""


def unprocessed_record(came: Json, fault: BadInput, time: datetime) -> tuple[str, JsonObject]:
    """The name and the content of the record of something that could not be handled.

    `came` is decoded JSON, or a text where it could not be decoded. Claims, client addresses and secrets are left
    out, of the fault's message too, since it may quote what came; of more than MAX_KEPT characters the beginning is
    kept. The name, `<reason>/<digest>.json`, follows from the content: the same event delivered again is the same
    record.
    """
    kept = without_claims(came)
    text = canonical(kept)
    name = f"{fault.reason}/{sha256(text.encode()).hexdigest()[:32]}.json"
    return name, {
        "schemaVersion": "1.0",
        "reason": fault.reason,
        "message": without_people(str(fault)[:MAX_MESSAGE]),
        "time": format_instant(time),
        "characters": len(text),
        "came": kept if len(text) <= MAX_KEPT else text[:MAX_KEPT],
    }
