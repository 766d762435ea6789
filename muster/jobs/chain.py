"""How evaluations of a resource hang together.

An evaluation's id is a digest of its predecessor's id, the resource's state (and whether Azure was done with it), the
facts without anything derived from the clock, and the verdicts. All of these are in its record, so the id can be
computed from the record again; and each record, like the latest finding, carries the digest of the record before it as
it was stored. A record that is missing or altered therefore shows.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from muster.facts.field_table import FIELDS
from muster.facts.stable_state import stable_state
from muster.values.errors import BadInput
from muster.values.instant import format_instant, parse_instant
from muster.values.json import Json, JsonObject, as_list, as_object, as_text, canonical_bytes

ID_LENGTH = 32
"""Hexadecimal digits of an evaluation's id: 128 bits of SHA-256."""

_TIMELY = frozenset({field.name.rpartition("/")[2] for field in FIELDS if field.from_clock} | {"asOf", "catalogueDate"})
"""Facts that change while nothing happens but time passing. `catalogueDate` is among them although it is a date: it
says how old the catalogue is, and a refreshed catalogue that changes nothing about a resource is no news of it."""


@dataclass(frozen=True, slots=True)
class Link:
    """What of a stored finding the chain needs. `record` is the digest of its history record as stored."""

    id: str
    predecessor: str
    record: str
    checked_at: datetime
    policy_version: str


def content_digest(record: JsonObject) -> str:
    """The digest of what a record says, wherever in the chain it stands. Raises BadInput where it is no record."""
    try:
        content: Json = [
            record["settled"],
            stable_state(as_object(as_object(record["evaluated"])["resource"])),
            _timeless(record["image"]),
            _timeless(record["lifecycle"]),
            sorted((_verdict(result) for result in as_list(record["results"])), key=canonical_bytes),
        ]
        if "network" in record:
            content = [content, as_object(record["network"])]
        if "closed" in record:
            content = [content, "closed"]
    except (KeyError, TypeError) as error:
        raise BadInput("not a record of an evaluation", reason="damagedFinding") from error
    return digest(content)


def evaluation_id(predecessor: str, content: str) -> str:
    """The id of the evaluation with this content that follows `predecessor` ("" for the first)."""
    return digest([predecessor, content])[:ID_LENGTH]


def digest(value: Json) -> str:
    """SHA-256 of the canonical JSON text, hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def link(finding: JsonObject) -> Link:
    """Read the place in the chain of a stored latest finding. Raises BadInput where it has none."""
    try:
        evaluation = as_object(finding["evaluation"])
        return Link(
            id=as_text(evaluation["id"]),
            predecessor=as_text(evaluation["predecessor"] or ""),
            record=as_text(evaluation["record"]),
            checked_at=parse_instant(as_text(evaluation["checkedAt"])),
            policy_version=as_text(evaluation["policyVersion"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("not a finding, or a damaged one", reason="damagedFinding") from error


def confirmed(finding: JsonObject, checked_at: datetime, policy_version: str) -> JsonObject:
    """The same finding, seen unchanged at a later time."""
    moved = {
        **as_object(finding["evaluation"]),
        "checkedAt": format_instant(checked_at),
        "policyVersion": policy_version,
    }
    return {**finding, "evaluation": moved}


def _timeless(facts: Json) -> Json:
    if isinstance(facts, dict):
        return {name: _timeless(value) for name, value in facts.items() if name not in _TIMELY}
    return facts


def _verdict(result: Json) -> Json:
    return [as_object(result)[name] for name in ("id", "state", "underneath", "effect", "severity", "exemption")]
