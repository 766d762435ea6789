"""What happened to the findings of a resource between two of its evaluations, from its history."""

from dataclasses import dataclass

from muster.ports import FindingStore
from muster.report.finding_change import FindingChange, finding_changes
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_object, as_text
from muster.values.resource_id import ResourceId

MAX_RECORDS = 200
"""How many evaluations are looked back at most. From a longer history the oldest of these counts as the first."""


@dataclass(frozen=True, slots=True)
class Happened:
    """The changes, oldest first. `whole` is False where a record was missing or damaged, or there were too many: what
    is known behind the gap then counts as new."""

    changes: tuple[FindingChange, ...]
    whole: bool


async def changes_between(resource_id: ResourceId, after: str, until: str, store: FindingStore) -> Happened:
    """The changes that came after the evaluation `after` ("" for all), up to the evaluation `until` and with it.

    The history is a chain whose records never change, so the answer is the same at any time. Raises TransientFault
    where the store does not answer.
    """
    records: list[JsonObject] = []
    identifier, whole = until, True
    while identifier:
        record = await _record(resource_id, identifier, store)
        if record is None or len(records) > MAX_RECORDS:
            whole = False
            break
        records.append(record)
        if identifier == after:
            break
        identifier = as_text(as_object(record["evaluation"])["predecessor"] or "")
    before: JsonObject | None = None
    if records and whole and after:
        before = records.pop() if _id(records[-1]) == after else None
    changes: list[FindingChange] = []
    for record in reversed(records):
        changes += finding_changes(before, record)
        before = record
    return Happened(tuple(changes), whole)


async def _record(resource_id: ResourceId, identifier: str, store: FindingStore) -> JsonObject | None:
    """A record that can be read, with what the chain needs."""
    try:
        stored = await store.history(resource_id, identifier)
        if stored is None:
            return None
        record = stored.document
        _id(record)
        finding_changes(None, record)
        as_text(as_object(record["evaluation"])["predecessor"] or "")
    except (BadInput, KeyError, TypeError):
        return None
    return record


def _id(record: JsonObject) -> str:
    return as_text(as_object(record["evaluation"])["id"])
