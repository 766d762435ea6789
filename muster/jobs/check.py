"""The main job: judge one resource and move its findings forward.

History is written first (create-only), then the latest finding (under If-Match, never to an older observation). The
latest finding is the record of the history it stands for, so a crash between the two is repaired by whoever checks
next: the same evaluation has the same id, and its record is taken as it lies there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.facts.document import FactSources
from muster.jobs.chain import Link, confirmed, content_digest, digest, evaluation_id, link
from muster.jobs.judge import judge
from muster.jobs.look import Gone, look
from muster.ports import AzureReader, Clock, FindingStore, PolicyJudge, StoredFinding
from muster.report.finding_document import evaluated, evaluation_json, finding_document
from muster.report.finding_metadata import latest_metadata
from muster.values.errors import BadInput, Conflict, TransientFault
from muster.values.evaluation import Evaluation
from muster.values.json import JsonObject, as_object
from muster.values.request import EvaluationRequest
from muster.values.resource_id import ResourceId

MAX_RACES = 8
"""How often another writer may be first before the check is left to a redelivery."""


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


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """How a check ended. `finding` is the resource's latest finding after it, None where there is none to give.

    `settled` is False where Azure was still changing the resource, so that it wants another look later.
    """

    resource_id: ResourceId
    change: Change
    finding: JsonObject | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class _Concluded:
    """What a check came to, before it has its place in the chain."""

    request: EvaluationRequest
    observed_at: datetime
    policy_version: str
    finding: JsonObject
    evaluated: JsonObject
    content: str


async def check(
    request: EvaluationRequest,
    *,
    reader: AzureReader,
    store: FindingStore,
    policies: PolicyJudge,
    sources: FactSources,
    clock: Clock,
) -> CheckOutcome:
    """Judge the resource of a request and keep what was found.

    Raises TransientFault where Azure or the store did not answer, or other writers were always first: the same request
    may be made again at any time. Raises BadInput (damagedFinding) where the stored latest finding is not one.
    """
    now = clock()
    sight = await look(request, reader, now)
    if isinstance(sight, Gone):
        return CheckOutcome(request.resource_id, Change.ABSENT)
    judged = await judge(sight, reader=reader, policies=policies, sources=sources, now=now)
    finding = finding_document(judged.document, judged.verdict, settled=sight.settled)
    bodies = evaluated(judged.document)
    concluded = _Concluded(
        request=request,
        observed_at=sight.observed_at,
        policy_version=policies.version,
        finding=finding,
        evaluated=bodies,
        content=content_digest({**finding, "evaluated": bodies}),
    )
    for _ in range(MAX_RACES):
        try:
            change, kept = await _keep(concluded, store)
        except Conflict:
            continue
        return CheckOutcome(request.resource_id, change, kept, sight.settled)
    raise TransientFault(f"the finding of {request.resource_id} was replaced by others {MAX_RACES} times")


async def _keep(concluded: _Concluded, store: FindingStore) -> tuple[Change, JsonObject]:
    """Write what is new, once. Raises Conflict where another writer was first."""
    resource_id = concluded.request.resource_id
    stored = await store.latest(resource_id)
    before = None if stored is None else link(stored.document)
    if stored is not None and before is not None:
        if concluded.observed_at < before.checked_at:
            return Change.STALE, stored.document
        if evaluation_id(before.predecessor, concluded.content) == before.id:
            return Change.CONFIRMED, await _confirm(concluded, store, stored, before)
    record = await _record(concluded, store, before)
    latest: JsonObject = {name: value for name, value in record.items() if name != "evaluated"}
    latest["evaluation"] = {**as_object(record["evaluation"]), "record": digest(record)}
    latest = confirmed(latest, concluded.observed_at, concluded.policy_version)
    await store.put_latest(
        resource_id, latest, latest_metadata(latest), replaces=None if stored is None else stored.etag
    )
    return Change.RECORDED, latest


async def _confirm(concluded: _Concluded, store: FindingStore, stored: StoredFinding, before: Link) -> JsonObject:
    if (concluded.observed_at, concluded.policy_version) == (before.checked_at, before.policy_version):
        return stored.document
    latest = confirmed(stored.document, concluded.observed_at, concluded.policy_version)
    await store.put_latest(concluded.request.resource_id, latest, latest_metadata(latest), replaces=stored.etag)
    return latest


async def _record(concluded: _Concluded, store: FindingStore, before: Link | None) -> JsonObject:
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
    )
    record = {**concluded.finding, "evaluation": evaluation_json(evaluation), "evaluated": concluded.evaluated}
    if await store.put_history(request.resource_id, new_id, record):
        return record
    there = await store.history(request.resource_id, new_id)
    return there if there is not None and _says(there, concluded.content) else record


def _says(record: JsonObject, content: str) -> bool:
    """Whether a record says the same. One that was altered does not, and is left for `history verify` to show."""
    try:
        return content_digest(record) == content
    except BadInput:
        return False
