"""The sample events, in the order and the schemas in which Event Grid would deliver them."""

import json
from dataclasses import dataclass
from pathlib import Path

from muster.local.sender import Schema


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One delivery: an HTTP body, what becomes of it (`evaluated`, `ignored` or `unprocessed`), and the file of the
    resource that is evaluated."""

    name: str
    payload: bytes
    schema: Schema
    expect: str
    resource: str


def sample_bodies(samples: Path) -> list[Path]:
    """The folders with the REST bodies that the samples are about."""
    return [samples / "resources", samples / "images"]


def sample_events(samples: Path) -> tuple[SampleEvent, ...]:
    """The deliveries that samples/events/INDEX.json lists."""
    folder = samples / "events"
    index = json.loads((folder / "INDEX.json").read_text("utf-8"))
    return tuple(
        SampleEvent(
            name=entry["file"],
            payload=(folder / entry["file"]).read_bytes(),
            schema=Schema(entry["schema"]),
            expect=entry["expect"],
            resource=entry.get("resource", ""),
        )
        for entry in index["deliveries"]
    )
