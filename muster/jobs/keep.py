"""Moving a resource's findings forward.

History is written first (create-only), then the latest finding (under If-Match, never to an older observation). The
latest finding is the record of the history it stands for, so a crash between the two is repaired by whoever checks
next: the same evaluation has the same id, and its record is taken as it lies there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.jobs.chain import Link, confirmed, content_digest, evaluation_id, link
from muster.ports import FindingStore, StoredFinding, StoredRecord
from muster.report.finding_document import evaluation_json
from muster.report.finding_metadata import latest_metadata
from muster.values.errors import BadInput, Conflict, TransientFault
from muster.values.evaluation import Evaluation
from muster.values.json import JsonObject, as_object
from muster.values.request import EvaluationRequest

MAX_RACES = 8
"""How often another writer may be first before a check is left to a redelivery."""


class Change(StrEnum):
    """What a check changed."""

    RECORDED = "recorded"
    """Something is new: a record was added and the latest finding replaced."""
    CONFIRMED = "confirmed"
    """Nothing is new: the latest finding says when it was seen last."""
    STALE = "stale"
    """What was seen is older than the latest finding, which stays."""
    ABSENT = "absent"
    """The resource isn't there; nothing was written."""
    UNSETTLED = "unsettled"
    """Azure is not done with the resource; nothing was written."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What a check came to, before it has its place in the chain. `finding` has no `evaluation` yet, `evaluated` is
    what its record holds beyond it, `content` the digest of both."""

    request: EvaluationRequest
    observed_at: datetime
    policy_version: str
    finding: JsonObject
    evaluated: JsonObject
    content: str


async def keep(concluded: Concluded, store: FindingStore, *, anew: bool = False) -> tuple[Change, JsonObject]:
    """Write what is new; the change, and the latest finding after it. `anew`: a moment ago there was no finding.

    Raises TransientFault where the store did not answer or other writers were always first, BadInput (damagedFinding)
    where the stored latest finding is not one.
    """
    for _ in range(MAX_RACES):
        try:
            return await _keep(concluded, store, None if anew else await store.latest(concluded.request.resource_id))
        except Conflict:
            anew = False
    raise TransientFault(f"the finding of {concluded.request.resource_id} was replaced by others {MAX_RACES} times")


async def _keep(concluded: Concluded, store: FindingStore, stored: StoredFinding | None) -> tuple[Change, JsonObject]:
    """Write what is new over what is `stored`, once. Raises Conflict where another writer was first."""
    resource_id = concluded.request.resource_id
    before = None if stored is None else link(stored.document)
    if stored is not None and before is not None:
        if concluded.observed_at < before.checked_at:
            return Change.STALE, stored.document
        if evaluation_id(before.predecessor, concluded.content) == before.id:
            return Change.CONFIRMED, await _confirm(concluded, store, stored, before)
    record = await _record(concluded, store, before)
    latest: JsonObject = {name: value for name, value in record.document.items() if name != "evaluated"}
    latest["evaluation"] = {**as_object(record.document["evaluation"]), "record": record.digest}
    latest = confirmed(latest, concluded.observed_at, concluded.policy_version)
    await store.put_latest(
        resource_id, latest, latest_metadata(latest), replaces=None if stored is None else stored.etag
    )
    return Change.RECORDED, latest


async def _confirm(concluded: Concluded, store: FindingStore, stored: StoredFinding, before: Link) -> JsonObject:
    if (concluded.observed_at, concluded.policy_version) == (before.checked_at, before.policy_version):
        return stored.document
    latest = confirmed(stored.document, concluded.observed_at, concluded.policy_version)
    await store.put_latest(concluded.request.resource_id, latest, latest_metadata(latest), replaces=stored.etag)
    return latest


async def _record(concluded: Concluded, store: FindingStore, before: Link | None) -> StoredRecord:
    """The history's record of what was concluded: ours, or the one that is there already."""
    request = concluded.request
    predecessor = before.id if before else ""
    new_id = evaluation_id(predecessor, concluded.content)
    evaluation = Evaluation(
        id=new_id,
        predecessor=predecessor,
        predecessor_record=before.record if before else "",
        observed_at=concluded.observed_at,
        checked_at=concluded.observed_at,
        policy_version=concluded.policy_version,
        cause=request.cause,
        event_id=request.event_id,
        correlation_id=request.correlation_id,
        caller=request.caller,
        requested_at=request.time,
    )
    record = {**concluded.finding, "evaluation": evaluation_json(evaluation), "evaluated": concluded.evaluated}
    written = await store.put_history(request.resource_id, new_id, record)
    if not written.added:
        there = await store.history(request.resource_id, new_id)
        if there is not None and _says(there.document, concluded.content):
            return there
    return StoredRecord(record, written.digest)


def _says(record: JsonObject, content: str) -> bool:
    """Whether a record says the same. One that was altered does not, and is left for `history verify` to show."""
    try:
        return content_digest(record) == content
    except BadInput:
        return False
