"""Whether the history of a resource is complete and as it was written."""

from dataclasses import dataclass

from muster.jobs.chain import content_digest, evaluation_id, link
from muster.ports import FindingStore, StoredRecord
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """One thing that is not as it was written: the evaluation it concerns and a sentence."""

    evaluation_id: str
    text: str


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """What a verification found. `chain` has the ids from the latest evaluation back to the first.

    `beside` has the ids of records that no later one names. A check that lost a race, or was cut short after its
    record, leaves such a one: it is evidence of what was seen, and no fault.
    """

    resource_id: ResourceId
    chain: tuple[str, ...]
    beside: tuple[str, ...]
    faults: tuple[HistoryFault, ...]

    @property
    def sound(self) -> bool:
        """Whether every record is there and unaltered."""
        return not self.faults


async def verify_history(resource_id: ResourceId, store: FindingStore) -> HistoryReport:
    """Follow a resource's chain from its latest finding to its first record, computing every id and digest again.

    Raises TransientFault where the store does not answer.
    """
    chain: list[str] = []
    faults: list[HistoryFault] = []
    expected_id, expected_digest, latest = "", "", None
    try:
        stored = await store.latest(resource_id)
        if stored is not None:
            place = link(stored.document)
            expected_id, expected_digest, latest = place.id, place.record, stored.document
    except BadInput as error:
        faults.append(HistoryFault("", f"the latest finding can't be read: {error}"))
    ids = {identifier async for identifier in store.history_ids(resource_id)}
    if not expected_id and ids and not faults:
        faults.append(HistoryFault("", f"the latest finding is missing, and {len(ids)} records are there"))
    while expected_id:
        if expected_id in chain:
            faults.append(HistoryFault(expected_id, "the record follows itself"))
            break
        chain.append(expected_id)
        record = await _read(resource_id, expected_id, store, faults)
        if record is None:
            break
        if record.digest != expected_digest:
            by = "the record after it" if len(chain) > 1 else "the latest finding"
            faults.append(HistoryFault(expected_id, f"the record is not the one that {by} names"))
        if latest is not None and not _same_finding(latest, record.document):
            faults.append(HistoryFault(expected_id, "the latest finding says something else than its record"))
        latest = None
        expected_id, expected_digest = _predecessor(record.document)
    beside = sorted(ids.difference(chain))
    for identifier in beside:
        await _read(resource_id, identifier, store, faults)
    return HistoryReport(resource_id, tuple(chain), tuple(beside), tuple(faults))


async def _read(
    resource_id: ResourceId, identifier: str, store: FindingStore, faults: list[HistoryFault]
) -> StoredRecord | None:
    """A record whose content gives its id; otherwise a fault is added, and None returned where nothing can follow."""
    try:
        record = await store.history(resource_id, identifier)
        if record is None:
            faults.append(HistoryFault(identifier, "the record is missing"))
            return None
        predecessor, _ = _predecessor(record.document)
        if evaluation_id(predecessor, content_digest(record.document)) != identifier:
            faults.append(HistoryFault(identifier, "the record was altered: its content gives another id"))
    except BadInput as error:
        faults.append(HistoryFault(identifier, f"the record can't be read: {error}"))
        return None
    return record


def _predecessor(record: JsonObject) -> tuple[str, str]:
    evaluation = record.get("evaluation")
    members = evaluation if isinstance(evaluation, dict) else {}
    return _text(members.get("predecessor")), _text(members.get("predecessorRecord"))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _same_finding(latest: JsonObject, record: JsonObject) -> bool:
    """Whether the latest finding is its record but for what moves with every check."""
    return _fixed(latest) == _fixed(record)


def _fixed(finding: JsonObject) -> JsonObject:
    evaluation = finding.get("evaluation")
    moving = ("checkedAt", "policyVersion", "record")
    kept = (
        {name: value for name, value in evaluation.items() if name not in moving}
        if isinstance(evaluation, dict)
        else {}
    )
    return {**{name: value for name, value in finding.items() if name != "evaluated"}, "evaluation": kept}
