"""The sample events, in the order and the schemas in which Event Grid would deliver them."""

import json
from dataclasses import dataclass
from pathlib import Path

from muster.local.sender import Schema


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One delivery: an HTTP body, and what becomes of it (`evaluated`, `ignored` or `unprocessed`)."""

    name: str
    payload: bytes
    schema: Schema
    expect: str


def sample_events(samples: Path) -> tuple[SampleEvent, ...]:
    """The deliveries that samples/events/INDEX.json lists."""
    folder = samples / "events"
    index = json.loads((folder / "INDEX.json").read_text("utf-8"))
    return tuple(
        SampleEvent(entry["file"], (folder / entry["file"]).read_bytes(), Schema(entry["schema"]), entry["expect"])
        for entry in index["deliveries"]
    )
