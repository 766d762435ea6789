"""When a batch of a sweep may be judged: Azure limits the reads of a subscription, and others need some as well.

A list is ordered by id, so it has one subscription after the other. Judged as fast as they are listed, all batches
would read in the same subscription, and most reads would be turned away. So a batch waits until what was sent before it
for its subscription is read; meanwhile those of other subscriptions are judged. Small subscriptions share a batch; one
that goes on from the batch before does not, or the others would wait with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from muster.facts.event import WATCHED_TYPES
from muster.values.json import JsonObject
from muster.values.resource_id import segments

BATCH = 50

READS_A_SECOND = 20
"""Of a subscription: Azure refills 25, and holds 250 for a burst."""

READS_OF_A_MACHINE = 4
"""Itself for its instance view, its disk, its interface, its extensions; more where rules ask for more."""

READS_OF_ANOTHER = 1
"""A disk is mostly judged from the list."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The subscription that was listed last, and from when on its reads are free for another batch; `free_at` is None
    before the first."""

    subscription: str = ""
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paced:
    """A batch, how long it waits, and whose turn it is after it."""

    bodies: Sequence[JsonObject]
    delay: timedelta
    turn: Turn


def subscription_of(body: JsonObject) -> str:
    """The subscription in a resource's id, lower-cased; "" where there is none."""
    written = body.get("id")
    return segments(written.lower()).get("subscriptions", "") if isinstance(written, str) else ""


def paced(bodies: Sequence[JsonObject], turn: Turn, now: datetime) -> Iterator[Paced]:
    """The batches of a page, in its order. What they hold depends on the page and on whose turn it was alone, so that
    it is the same when the page is sent again."""
    start = 0
    while start < len(bodies):
        batch = bodies[start : start + BATCH]
        begins = now
        if subscription_of(batch[0]) == turn.subscription:
            batch = [*takewhile(partial(_is_of, turn.subscription), batch)]
            begins = max(now, turn.free_at or now)
        last = subscription_of(batch[-1])
        reads = sum(_reads(body) for body in batch if _is_of(last, body))
        turn = Turn(last, begins + timedelta(seconds=reads / READS_A_SECOND))
        yield Paced(batch, begins - now, turn)
        start += len(batch)


def _is_of(subscription: str, body: JsonObject) -> bool:
    return subscription_of(body) == subscription


def _reads(body: JsonObject) -> int:
    watched = str(body.get("type")).lower() in WATCHED_TYPES
    return READS_OF_A_MACHINE if watched else READS_OF_ANOTHER
