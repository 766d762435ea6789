"""The name of a sweep's batch as the text of a queue message, and back."""

import re

from muster.jobs.request_message import InvalidMessage
from muster.language.source import Source, read_json
from muster.values.json import canonical
from muster.values.sweep import BatchName

VERSION = 1
MAX_CHARACTERS = 1024
MAX_BATCHES = 1_000_000

_SWEEP = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


def batch_message(batch: BatchName) -> str:
    """The text of a batch's name."""
    return canonical({"version": VERSION, "sweep": batch.sweep, "batch": batch.number})


def parse_batch(text: str) -> BatchName:
    """Read a message's text. Raises InvalidMessage, and nothing else whatever the text."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidMessage(f"{len(text):,} characters, more than the {MAX_CHARACTERS:,} of a message")
    value, faults = read_json(Source("message", text))
    if faults:
        raise InvalidMessage(faults[0].message, reason="invalidJson")
    if not isinstance(value, dict) or value.keys() != {"version", "sweep", "batch"}:
        raise InvalidMessage("a message about a batch has version, sweep and batch")
    sweep, number = value["sweep"], value["batch"]
    if value["version"] != VERSION or isinstance(value["version"], bool):
        raise InvalidMessage(f"a message of another version than {VERSION}", reason="unknownVersion")
    if not isinstance(sweep, str) or not _SWEEP.fullmatch(sweep):
        raise InvalidMessage("sweep is the id of a sweep, 20261123T060000Z")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < MAX_BATCHES:
        raise InvalidMessage(f"batch is a whole number from 0 to {MAX_BATCHES - 1}")
    return BatchName(sweep, number)
