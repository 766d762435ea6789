"""Judging one batch of a sweep: the resources of a page, as the list gave them.

A list lags behind Azure, so what it says decides nothing that is known better: where it agrees with the latest finding,
that is confirmed; where it does not, or a rule needs what lists do not give, the resource is read by itself. Only what
has no finding yet is judged from the list; the first of each type shows whether the list is enough, and where it turned
out to be too little for one resource, those of its type that follow are not tried.
"""

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from muster.facts.document import FactSources
from muster.facts.provisioning import state_under_way
from muster.facts.scale_sets import has_instances_below
from muster.jobs.chain import confirmed, content_digest, link
from muster.jobs.close import is_closed
from muster.jobs.judge import judge
from muster.jobs.keep import Change, Concluded, keep
from muster.jobs.look import seen
from muster.jobs.settle import Delays, Settled, ask_for_instances, postpone, settle
from muster.jobs.watched import refuse_unwatched
from muster.ports import AzureReader, Clock, FindingStore, PolicyJudge, StoredFinding
from muster.report.finding_document import evaluated, finding_document
from muster.report.finding_metadata import latest_metadata
from muster.values.errors import BadInput, Conflict, TransientFault
from muster.values.finding import Verdict
from muster.values.instant import format_instant, parse_instant
from muster.values.json import JsonObject, as_list, as_object, as_text
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.states import State

AT_ONCE = 8
"""Resources of one batch that are judged together."""
BATCHES_AT_ONCE = 2
LIST_LAG = timedelta(minutes=5)
"""How old the rows of a list are taken to be: Resource Graph follows Azure within minutes."""


class Swept(StrEnum):
    """What a sweep did with one resource."""

    CONFIRMED = "confirmed"
    """The list agrees with the latest finding."""
    CHANGED = "changed"
    """Something is new that no event had told of."""
    ADDED = "added"
    """There was no finding: its event never came, or this is the first sweep."""
    UNDER_WAY = "underWay"
    """Azure is not done with it, or its 404 wants to be seen again; it is looked at later."""
    NOT_JUDGED = "notJudged"


def batch_slots() -> asyncio.Semaphore:
    """How many batches a worker judges at once."""
    return asyncio.Semaphore(BATCHES_AT_ONCE)


@dataclass(frozen=True, slots=True)
class SweepTools:
    """What judging needs. `subscriptions` as in refuse_unwatched; `slots` are shared by all batches of a worker, since
    each holds its bodies in memory."""

    reader: AzureReader
    store: FindingStore
    policies: PolicyJudge
    sources: FactSources
    clock: Clock
    delays: Delays
    subscriptions: AbstractSet[str] | None = None
    slots: asyncio.Semaphore = field(default_factory=batch_slots)


async def judge_batch(batch: JsonObject, tools: SweepTools) -> JsonObject:
    """Judge a batch's `bodies`; its outcome: what became of each resource, and how long findings took after events.

    Safe to repeat. Raises BadInput where the batch is none; what goes wrong with one resource is in the outcome.
    """
    try:
        bodies = [as_object(body) for body in as_list(batch["bodies"])]
        observed_at = parse_instant(as_text(batch["observedAt"]))
        known = {as_text(subscription) for subscription in as_list(batch["known"])}
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("not a batch of a sweep", reason="damagedBatch") from error
    slots = asyncio.Semaphore(AT_ONCE)
    short: set[str] = set()

    async def one(body: JsonObject) -> JsonObject:
        async with slots:
            return await _one(body, observed_at, known, short, tools)

    # One of each type shows whether lists are enough for it, before all others are judged in vain.
    kinds = [str(body.get("type")).lower() for body in bodies]
    first = {kind: number for number, kind in reversed([*enumerate(kinds)])}
    trials = await asyncio.gather(*(one(bodies[number]) for number in first.values()))
    others = [body for number, body in enumerate(bodies) if first[kinds[number]] != number]
    return {"resources": [*trials, *await asyncio.gather(*map(one, others))]}


async def _one(
    body: JsonObject, observed_at: datetime, known: AbstractSet[str], short: set[str], tools: SweepTools
) -> JsonObject:
    written = body.get("id")
    try:
        resource_id = ResourceId.parse(written)
        refuse_unwatched(resource_id, tools.subscriptions)
    except BadInput as fault:
        shown = written[:200] if isinstance(written, str) else ""
        return {"id": shown, "swept": Swept.NOT_JUDGED, "why": str(fault)}
    cause = Cause.SWEEP if resource_id.subscription in known else Cause.BASELINE
    request = EvaluationRequest(resource_id, tools.clock(), cause)
    told: JsonObject = {"id": str(resource_id)}
    try:
        stored = await tools.store.latest(resource_id)
        told |= _latency(stored)
        swept, hindrance = await _sweep(request, body, observed_at - LIST_LAG, stored, short, tools)
        return told | {"swept": swept} | ({"hindrance": hindrance} if hindrance else {})
    except TransientFault as fault:
        later = "looked at again later" if await postpone(request, fault, tools.delays) else "given up"
        return told | {"swept": Swept.NOT_JUDGED, "why": f"{later}: {fault}"}
    except BadInput as fault:
        return told | {"swept": Swept.NOT_JUDGED, "why": str(fault)}


async def _sweep(
    request: EvaluationRequest,
    body: JsonObject,
    observed_at: datetime,
    stored: StoredFinding | None,
    short: set[str],
    tools: SweepTools,
) -> tuple[Swept, str]:
    """What became of a resource, and why the instances of a scale set could not be listed (Settled.hindrance). `short`
    has the types for which lists gave too little; one that is found out is added."""
    too_little = stored is None and request.resource_id.type in short
    if too_little or state_under_way(body) or (stored is not None and is_closed(stored.document)):
        return _swept(await _look(request, tools), stored)
    now = tools.clock()
    judged = await judge(
        seen(body, observed_at), reader=tools.reader, policies=tools.policies, sources=tools.sources, now=now
    )
    unknown = any(result.state is State.UNKNOWN for result in judged.verdict.results)
    if stored is not None:
        if stored.document.get("settled") is True and _agrees(judged.verdict, stored.document):
            await _note_version(request, stored, tools)
            return Swept.CONFIRMED, await _ask_for_instances(request, body, tools)
        return _swept(await _look(request, tools), stored)
    if unknown:
        short.add(request.resource_id.type)
        return _swept(await _look(request, tools), None)
    finding = finding_document(judged.document, judged.verdict, settled=True)
    bodies = evaluated(judged.document)
    content = content_digest({**finding, "evaluated": bodies})
    concluded = Concluded(request, observed_at, tools.policies.version, finding, bodies, content)
    change, _ = await keep(concluded, tools.store, anew=True)
    swept = Swept.ADDED if change is Change.RECORDED else Swept.CONFIRMED
    return swept, await _ask_for_instances(request, body, tools)


async def _ask_for_instances(request: EvaluationRequest, body: JsonObject, tools: SweepTools) -> str:
    """What a look at the scale set itself would have led to."""
    if not has_instances_below(body):
        return ""
    return await ask_for_instances(
        request,
        tools.clock(),
        reader=tools.reader,
        store=tools.store,
        policies=tools.policies,
        delays=tools.delays,
    )


async def _look(request: EvaluationRequest, tools: SweepTools) -> Settled:
    return await settle(
        request,
        reader=tools.reader,
        store=tools.store,
        policies=tools.policies,
        sources=tools.sources,
        clock=tools.clock,
        delays=tools.delays,
    )


def _swept(settled: Settled, stored: StoredFinding | None) -> tuple[Swept, str]:
    change = settled.outcome.change if settled.outcome else Change.UNSETTLED
    match change:
        case Change.RECORDED:
            swept = Swept.ADDED if stored is None else Swept.CHANGED
        case Change.CONFIRMED | Change.STALE:
            swept = Swept.CONFIRMED
        case _:
            swept = Swept.UNDER_WAY
    return swept, settled.hindrance


async def _note_version(request: EvaluationRequest, stored: StoredFinding, tools: SweepTools) -> None:
    """These policies came to the same, so the finding names them. A writer who was first has said something newer."""
    place = link(stored.document)
    version = tools.policies.version
    if place.policy_version == version:
        return
    latest = confirmed(stored.document, place.checked_at, version)
    try:
        await tools.store.put_latest(request.resource_id, latest, latest_metadata(latest), replaces=stored.etag)
    except Conflict:
        return


def _agrees(verdict: Verdict, latest: JsonObject) -> bool:
    """Whether a verdict made from a list says what the latest finding says, as far as it can tell. Raises BadInput
    where that is none."""
    try:
        results = map(as_object, as_list(latest["results"]))
        before = {result["id"]: _SAID(result) for result in results}
    except (KeyError, TypeError) as error:
        raise BadInput("not a finding, or a damaged one", reason="damagedFinding") from error
    now = {
        one.id: (one.state, one.underneath, one.effect, one.rule.severity, one.exemption_id or None)
        for one in verdict.results
    }
    return before.keys() == now.keys() and all(
        said == before[name] or said[0] is State.UNKNOWN for name, said in now.items()
    )


_SAID = itemgetter("state", "underneath", "effect", "severity", "exemption")
"""What the chain takes from a result (muster/jobs/chain.py), as a finding has it."""


def _latency(stored: StoredFinding | None) -> JsonObject:
    """How long after the event the latest finding was made, where an event led to it."""
    evaluation = stored.document.get("evaluation") if stored else None
    if not isinstance(evaluation, dict) or evaluation.get("cause") not in (Cause.WRITTEN, Cause.WRITE_FAILED):
        return {}
    asked, observed = evaluation.get("requestedAt"), evaluation.get("observedAt")
    if not isinstance(asked, str) or not isinstance(observed, str):
        return {}
    try:
        seconds = (parse_instant(observed) - parse_instant(asked)).total_seconds()
    except ValueError:
        return {}
    return {"asked": format_instant(parse_instant(asked)), "seconds": max(seconds, 0.0)}
