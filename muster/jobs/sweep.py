"""The sweep: every virtual machine and scale set there is, whether or not an event came, and every disk where some
definition judges disks.

One call goes one step: it begins a sweep where one is due, goes on listing where one was interrupted, and publishes the
coverage when all batches are judged. What it has done is in a checkpoint that only one caller at a time can move, so a
crash in the middle continues where it was; whatever was done twice is found done.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from muster.facts.event import WATCHED_TYPES
from muster.jobs.coverage import Tally, coverage_document
from muster.jobs.sweep_batch import SweepTools, judge_batch
from muster.jobs.sweep_pace import Turn, paced, subscription_of
from muster.ports import BatchQueue, DocumentStore, InventoryReader
from muster.values.answers import Forbidden, NotRead
from muster.values.errors import BadInput, Conflict
from muster.values.instant import format_instant, parse_instant
from muster.values.json import Json, JsonObject, as_list, as_text
from muster.values.request import Cause, EvaluationRequest
from muster.values.sweep import BatchName, InventoryPage

CHECKPOINT = "current.json"
LAST_COVERAGE = "coverage/last.json"
SWEPT_SUBSCRIPTIONS = "subscriptions.json"

EVERY = timedelta(days=1)
PAGES_A_STEP = 100
"""So that one step ends within the time that a function has: a page is listed and sent within a second."""

GIVE_UP = timedelta(hours=6)
"""How long batches may take until the coverage is published without them."""

WARN_BEFORE = timedelta(days=30)
"""How long before an exemption ends the coverage says so."""

DISKS = "microsoft.compute/disks"

VANISHED_SPREAD = timedelta(seconds=1)

_READ_AHEAD = 16
"""Outcomes of batches that are read together."""


class Step(StrEnum):
    """What one call came to."""

    IDLE = "idle"
    LISTING = "listing"
    WAITING = "waiting"
    PUBLISHED = "published"
    OVERTAKEN = "overtaken"
    """Another caller moved the checkpoint meanwhile."""


@dataclass(frozen=True, slots=True)
class SweepStores:
    """What a sweep works on."""

    inventory: InventoryReader
    documents: DocumentStore
    batches: BatchQueue


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    sweep: str
    started_at: datetime
    policy_version: str
    catalogue_date: str
    known: tuple[str, ...]
    types: tuple[str, ...]
    following: str = ""
    listed: bool = False
    batches: int = 0
    total: int = 0
    hindrances: tuple[str, ...] = ()
    published: bool = False
    turn: Turn = field(default_factory=Turn)


async def advance(stores: SweepStores, tools: SweepTools, *, now_due: bool = False) -> Step:
    """Go one step; with `now_due` begin a sweep even where the last one was a short time ago.

    Raises TransientFault where Azure, the store or the queue did not answer; the next call goes on.
    """
    stored = await stores.documents.read(CHECKPOINT)
    point = None if stored is None else _read(stored.document)
    etag = None if stored is None else stored.etag
    now = tools.clock()
    try:
        if point is None or point.published:
            if point is not None and not (now_due or _due(point, tools, now)):
                return Step.IDLE
            point = await _begin(stores, tools, now)
            etag = await _move(stores, point, etag)
        if not point.listed:
            return await _list(point, etag, stores, tools)
        return await _publish(point, etag, stores, tools)
    except Conflict:
        return Step.OVERTAKEN


async def judge_named(batch: BatchName, stores: SweepStores, tools: SweepTools) -> bool:
    """Judge a batch that waits in the queue; False where that was done already. Raises BadInput where there is no such
    batch, TransientFault where the store did not answer."""
    async with tools.slots:
        if await stores.documents.read(_outcome(batch)) is not None:
            return False
        stored = await stores.documents.read(_content(batch))
        if stored is None:
            raise BadInput(f"there is no batch {batch.number} of the sweep {batch.sweep}", reason="unknownBatch")
        await stores.documents.put(_outcome(batch), await judge_batch(stored.document, tools))
        return True


async def open_batches(documents: DocumentStore) -> list[BatchName]:
    """The batches of the current sweep that nobody has judged yet."""
    stored = await documents.read(CHECKPOINT)
    if stored is None:
        return []
    point = _read(stored.document)
    done = {name async for name in documents.names(f"{point.sweep}/outcomes/")}
    named = (BatchName(point.sweep, number) for number in range(point.batches))
    return [batch for batch in named if _outcome(batch) not in done]


def _due(last: _Checkpoint, tools: SweepTools, now: datetime) -> bool:
    """A day has passed, or what resources are judged by is not what it was."""
    changed = (last.policy_version, last.catalogue_date) != (tools.policies.version, _catalogue_date(tools))
    return changed or now - last.started_at >= EVERY


def _catalogue_date(tools: SweepTools) -> str:
    found = tools.sources.catalogue.date
    return found.isoformat() if found else ""


async def _begin(stores: SweepStores, tools: SweepTools, now: datetime) -> _Checkpoint:
    swept = await stores.documents.read(SWEPT_SUBSCRIPTIONS)
    known = as_list(swept.document.get("subscriptions", [])) if swept else []
    return _Checkpoint(
        sweep=f"{now:%Y%m%dT%H%M%SZ}",
        started_at=now,
        policy_version=tools.policies.version,
        catalogue_date=_catalogue_date(tools),
        known=tuple(str(one) for one in known),
        types=(*sorted(WATCHED_TYPES), *([DISKS] if tools.policies.judges(DISKS) else [])),
    )


async def _list(point: _Checkpoint, etag: str | None, stores: SweepStores, tools: SweepTools) -> Step:
    """List some pages. A page's batches are written and sent before the checkpoint moves: interrupted in between, the
    same batches are written again under the same names."""
    for _ in range(PAGES_A_STEP):
        page = await stores.inventory.page(point.types, point.following)
        if not isinstance(page, InventoryPage):
            point = replace(point, listed=True, hindrances=(*point.hindrances, _why(page)))
        else:
            point = await _send(point, page, stores, tools.clock())
        etag = await _move(stores, point, etag)
        if point.listed:
            return await _publish(point, etag, stores, tools)
    return Step.LISTING


async def _send(point: _Checkpoint, page: InventoryPage, stores: SweepStores, now: datetime) -> _Checkpoint:
    number, known, turn = point.batches, frozenset(point.known), point.turn
    for one in paced(page.bodies, turn, now):
        batch = BatchName(point.sweep, number)
        content: JsonObject = {
            "observedAt": format_instant(page.observed_at),
            "known": [*sorted(known.intersection(map(subscription_of, one.bodies)))],
            "bodies": [*one.bodies],
        }
        await stores.documents.put(_content(batch), content)
        await stores.batches.put_batch(batch, one.delay)
        number, turn = number + 1, one.turn
    return replace(
        point,
        following=page.following,
        listed=not page.following,
        batches=number,
        total=max(point.total, page.total),
        turn=turn,
    )


async def _publish(point: _Checkpoint, etag: str | None, stores: SweepStores, tools: SweepTools) -> Step:
    now = tools.clock()
    done = [name async for name in stores.documents.names(f"{point.sweep}/outcomes/")]
    unfinished = point.batches - len(done)
    if unfinished > 0 and now - point.started_at < GIVE_UP:
        return Step.WAITING
    before = await stores.documents.read(LAST_COVERAGE)
    tally = Tally(_since(before.document if before else {}, point))
    for start in range(0, len(done), _READ_AHEAD):
        for outcome in await asyncio.gather(*map(stores.documents.read, done[start : start + _READ_AHEAD])):
            if outcome is not None:
                tally.add(outcome.document)
    document = coverage_document(
        tally,
        sweep=point.sweep,
        started_at=point.started_at,
        finished_at=now,
        policy_version=point.policy_version,
        catalogue_date=point.catalogue_date,
        baseline=bool(tally.subscriptions.difference(point.known)),
        total=point.total,
        unfinished=max(0, unfinished),
        hindrances=(*point.hindrances, *tally.hindrances),
        vanished=await _vanished(point, tally, unfinished, tools),
        ends=tools.policies.exemptions_ending(now + WARN_BEFORE),
    )
    await stores.documents.put(f"coverage/{point.sweep}.json", document)
    await stores.documents.put(LAST_COVERAGE, document)
    if not point.hindrances:
        swept: list[Json] = [*sorted({*point.known, *tally.subscriptions} - {""})]
        await stores.documents.put(SWEPT_SUBSCRIPTIONS, {"subscriptions": swept})
    await _move(stores, replace(point, published=True), etag)
    return Step.PUBLISHED


async def _vanished(point: _Checkpoint, tally: Tally, unfinished: int, tools: SweepTools) -> int:
    """Have what was not listed looked at by itself: a list that lacks a resource closes nothing. Where the list itself
    is not whole, it says nothing of what it lacks; nor does it of subscriptions and types that it was not asked for."""
    if point.hindrances or unfinished > 0:
        return 0
    swept = tools.subscriptions or tally.subscriptions
    count = 0
    async for resource_id in tools.store.open_ids():
        if resource_id.subscription not in swept or resource_id.type not in point.types:
            continue
        if tally.has(str(resource_id)):
            continue
        count += 1
        request = EvaluationRequest(resource_id, point.started_at, Cause.SWEEP)
        # Reads of a subscription are limited: 25 a second, and others read as well.
        await tools.delays.later(request, VANISHED_SPREAD * (count / 10))
    return count


def _since(before: JsonObject, point: _Checkpoint) -> datetime:
    written = before.get("startedAt")
    try:
        return parse_instant(written) if isinstance(written, str) else point.started_at - EVERY
    except ValueError:
        return point.started_at - EVERY


def _why(answer: Forbidden | NotRead) -> str:
    return answer.why if isinstance(answer, NotRead) else f"listing needs the permission {answer.permission}"


def _content(batch: BatchName) -> str:
    return f"{batch.sweep}/batches/{batch.number:06}.json"


def _outcome(batch: BatchName) -> str:
    return f"{batch.sweep}/outcomes/{batch.number:06}.json"


async def _move(stores: SweepStores, point: _Checkpoint, etag: str | None) -> str:
    document: JsonObject = {
        "sweep": point.sweep,
        "startedAt": format_instant(point.started_at),
        "policyVersion": point.policy_version,
        "catalogueDate": point.catalogue_date,
        "known": [*point.known],
        "types": [*point.types],
        "following": point.following,
        "listed": point.listed,
        "batches": point.batches,
        "total": point.total,
        "hindrances": [*point.hindrances],
        "published": point.published,
        "turnOf": point.turn.subscription,
        "turnAt": None if point.turn.free_at is None else format_instant(point.turn.free_at),
    }
    return await stores.documents.write(CHECKPOINT, document, replaces=etag)


def _read(document: JsonObject) -> _Checkpoint:
    """Raises BadInput where it is none: better no sweep than one that begins anew for ever."""
    try:
        batches, total = document["batches"], document["total"]
        assert isinstance(batches, int)
        assert isinstance(total, int)
        return _Checkpoint(
            sweep=as_text(document["sweep"]),
            started_at=parse_instant(as_text(document["startedAt"])),
            policy_version=as_text(document["policyVersion"]),
            catalogue_date=as_text(document["catalogueDate"]),
            known=tuple(as_text(one) for one in as_list(document["known"])),
            types=tuple(as_text(one) for one in as_list(document.get("types", [*sorted(WATCHED_TYPES)]))),
            following=as_text(document["following"]),
            listed=document["listed"] is True,
            batches=batches,
            total=total,
            hindrances=tuple(as_text(one) for one in as_list(document["hindrances"])),
            published=document["published"] is True,
            turn=_turn(document),
        )
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise BadInput(f"{CHECKPOINT} is no checkpoint of a sweep: remove it", reason="damagedCheckpoint") from error


def _turn(document: JsonObject) -> Turn:
    """Whose turn it is; nobody's in a checkpoint from before batches were paced."""
    free_at = document.get("turnAt")
    return Turn(as_text(document["turnOf"]), parse_instant(as_text(free_at))) if free_at is not None else Turn()
