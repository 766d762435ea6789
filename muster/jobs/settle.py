"""The settled truth: look at a resource, and look again later where Azure or what belongs to it was not done.

Looking again is a request in a queue that shows itself later. Two events for one deployment ask for the same later
look: whoever comes second finds that somebody has looked since it was due, and leaves it at that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

from muster.facts.document import FactSources
from muster.facts.scale_sets import SCALE_SET
from muster.jobs.chain import link
from muster.jobs.check import CheckOutcome, check
from muster.jobs.close import Closing, close, is_closed
from muster.jobs.instances import known_instances, listed_instances
from muster.jobs.keep import Change
from muster.ports import AzureReader, Clock, FindingStore, PolicyJudge, RequestQueue
from muster.values.errors import NotThereYet, TransientFault
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId

WINDOW = timedelta(seconds=15)
"""Later looks are due on whole windows, so that those of one deployment are due together."""

FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(hours=1)
MAX_ATTEMPTS = 12
"""15 s, 30 s, 1 min ... 1 h: more than five hours in all."""

ABSENT_AGAIN = timedelta(minutes=1)
"""How long a 404 must last before it closes the findings of a resource."""

MAX_LOOKS_AFTER_DELETION = 3

EACH_INSTANCE = timedelta(seconds=0.1)
"""Between two instances of a scale set: reads of a subscription are limited to 25 a second, and others read as well."""

_ALSO_OF_INSTANCES = frozenset({Cause.SWEEP, Cause.BASELINE, Cause.DELETED})
"""Causes that are an instance's as well; else it is looked at because its scale set was."""

_WRITES = (Cause.WRITTEN, Cause.WRITE_FAILED)


class Next(StrEnum):
    """What follows a look."""

    NOTHING = "nothing"
    AGAIN = "again"
    """The same resource will be looked at later."""
    COALESCED = "coalesced"
    """Somebody had looked already since this was due."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a request ended. `outcome` is None where nothing was looked at. `hindrance` says in a sentence why the
    instances of a scale set could not be listed; empty where they were, or there are none."""

    outcome: CheckOutcome | None
    next: Next
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Delays:
    """Where later looks wait, and what spreads them: `chance` gives a number from 0 to 1."""

    queue: RequestQueue
    chance: Callable[[], float]

    async def later(self, request: EvaluationRequest, after: timedelta) -> None:
        """Have a request made again."""
        await self.queue.put(request, after)

    async def retry(self, request: EvaluationRequest, at_least: timedelta = timedelta(0)) -> bool:
        """Have a request made again as its next attempt, after a delay that grows from one to the next. False, and
        nothing done, where all attempts are spent."""
        if request.attempt >= MAX_ATTEMPTS:
            return False
        delay = min(FIRST_DELAY * 2 ** (request.attempt - 1), LONGEST_DELAY)
        delay = max(delay * (0.75 + self.chance() / 2), min(at_least, LONGEST_DELAY))
        await self.queue.put(replace(request, attempt=request.attempt + 1, body=None), delay)
        return True


async def settle(
    request: EvaluationRequest,
    *,
    reader: AzureReader,
    store: FindingStore,
    policies: PolicyJudge,
    sources: FactSources,
    clock: Clock,
    delays: Delays,
) -> Settled:
    """Judge the resource of a request when Azure is done with it, close it where it is gone, and have it looked at
    again where that is due.

    Raises TransientFault where Azure, the store or the queue did not answer, BadInput as check does.
    """
    if request.not_before is not None and await _looked_since(request, request.not_before, store):
        return Settled(None, Next.COALESCED)
    last = request.attempt >= MAX_ATTEMPTS
    try:
        outcome = await check(
            request,
            reader=reader,
            store=store,
            policies=policies,
            sources=sources,
            clock=clock,
            when_settled=not last,
        )
    except NotThereYet as fault:
        if await delays.retry(request, timedelta(seconds=fault.retry_after or 0)):
            return Settled(None, Next.AGAIN)
        raise
    match outcome.change:
        case Change.ABSENT:
            return await _absent(request, outcome, store, delays)
        case Change.UNSETTLED:
            return Settled(
                outcome, Next.AGAIN if await delays.retry(replace(request, absent_at=None)) else Next.NOTHING
            )
        case _:
            after = await _look_after_delay(request, outcome, clock(), delays)
            hindrance = ""
            if outcome.has_instances:
                hindrance = await ask_for_instances(
                    request, clock(), reader=reader, store=store, policies=policies, delays=delays
                )
            return Settled(outcome, after, hindrance)


async def ask_for_instances(
    request: EvaluationRequest,
    now: datetime,
    *,
    reader: AzureReader,
    store: FindingStore,
    policies: PolicyJudge,
    delays: Delays,
) -> str:
    """Have the instances of a request's scale set looked at, those that Azure lists and those that are known. Why they
    could not be listed, in a sentence; "" where they were.

    Raises TransientFault where Azure, the store or the queue did not answer.
    """
    listed, hindrance = await listed_instances(request.resource_id, reader=reader, policies=policies)
    if not hindrance:
        instances = dict.fromkeys([*listed, *await known_instances(request.resource_id, store)])
        await _ask_for(request, instances, now, delays)
    return hindrance


async def _ask_for(request: EvaluationRequest, instances: Iterable[ResourceId], now: datetime, delays: Delays) -> None:
    cause = request.cause if request.cause in _ALSO_OF_INSTANCES else Cause.SETTLE
    for number, instance in enumerate(instances):
        due = _on_window(now + EACH_INSTANCE * number)
        asked = replace(request, resource_id=instance, cause=cause, attempt=1, body=None, absent_at=None)
        await delays.later(replace(asked, not_before=due), due - now)


async def postpone(request: EvaluationRequest, fault: TransientFault, delays: Delays) -> bool:
    """After a fault that may pass: have the request made again later. False where its attempts are spent."""
    return await delays.retry(request, timedelta(seconds=fault.retry_after or 0))


async def _looked_since(request: EvaluationRequest, due: datetime, store: FindingStore) -> bool:
    stored = await store.latest(request.resource_id)
    return stored is not None and stored.document.get("settled") is True and link(stored.document).checked_at >= due


async def _absent(request: EvaluationRequest, outcome: CheckOutcome, store: FindingStore, delays: Delays) -> Settled:
    """A delete event closes; a 404 does when it was one before."""
    if request.cause is Cause.DELETED:
        return await _closed(request, Closing.DELETED, outcome, store, delays)
    stored = await store.latest(request.resource_id)
    if stored is None or is_closed(stored.document):
        return Settled(outcome, Next.NOTHING)
    first = request.absent_at
    if first is not None and outcome.observed_at - first >= ABSENT_AGAIN:
        return await _closed(request, Closing.ABSENT, outcome, store, delays)
    again = replace(request, cause=Cause.SETTLE, not_before=None, absent_at=first or outcome.observed_at, body=None)
    await delays.later(again, ABSENT_AGAIN + WINDOW)
    return Settled(outcome, Next.AGAIN)


async def _closed(
    request: EvaluationRequest, why: Closing, outcome: CheckOutcome, store: FindingStore, delays: Delays
) -> Settled:
    """Close what is known of a resource; instances of a scale set that is gone are looked at for the last time."""
    closed = await close(request, why, outcome.observed_at, store=store)
    if request.resource_id.type == SCALE_SET:
        await _ask_for(request, await known_instances(request.resource_id, store), outcome.observed_at, delays)
    return Settled(closed, Next.NOTHING)


async def _look_after_delay(request: EvaluationRequest, outcome: CheckOutcome, now: datetime, delays: Delays) -> Next:
    """What the rules missed may still come; a later look is for what was written, once. What was deleted and is there
    all the same was made anew, or Azure's answer lags behind."""
    if request.cause is Cause.DELETED and request.attempt < MAX_LOOKS_AFTER_DELETION:
        await delays.later(replace(request, attempt=request.attempt + 1), ABSENT_AGAIN)
        return Next.AGAIN
    if request.cause not in _WRITES or outcome.delay is None:
        return Next.NOTHING
    due = _on_window(min(request.time, now) + outcome.delay)
    if due <= now:
        return Next.NOTHING
    await delays.later(replace(request, cause=Cause.SETTLE, attempt=1, not_before=due, body=None), due - now)
    return Next.AGAIN


def _on_window(moment: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(ceil(moment.timestamp() / seconds) * seconds, UTC)
