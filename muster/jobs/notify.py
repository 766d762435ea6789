"""Notifications of what changed.

The feed is the outbox: every change is in it, in an order that never changes, and a checkpoint says which segment was
sent last. What a topic does not take stays there and is sent by a later run; what was sent just before a crash is sent
again, with the same ids.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from muster.language.source import Source, read_json
from muster.ports import Clock, DocumentStore, Feed, FindingStore, Notifier
from muster.report.notification import notification
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput, Conflict
from muster.values.json import Json, JsonObject, as_object, as_text, canonical
from muster.values.notification import Notification
from muster.values.states import Severity

CHECKPOINT = "notify.json"

MAX_BATCH = 50
MAX_BYTES = 800_000
"""Event Grid takes 1 MB at once."""
TIME_A_RUN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class NotifyStores:
    """What is read, remembered and told; `findings` keeps what a topic refuses for ever."""

    feed: Feed
    documents: DocumentStore
    notifier: Notifier
    findings: FindingStore


@dataclass(slots=True)
class Notified:
    """What a run did. `overtaken`: another caller was first, and goes on."""

    sent: int = 0
    refused: int = 0
    segments: int = 0
    overtaken: bool = False


async def notify(stores: NotifyStores, *, clock: Clock, threshold: Severity) -> Notified:
    """Send what is new and at least as severe as `threshold`.

    Raises TransientFault where the topic or storage does not answer: the next run goes on with the same segment.
    """
    done = Notified()
    began = clock()
    stored = await stores.documents.read(CHECKPOINT)
    after, etag = ("", None) if stored is None else (_after(stored.document), stored.etag)
    async for name in _segments(stores.feed, after, began):
        await _send_segment(name, stores, began, threshold, done)
        try:
            etag = await stores.documents.write(CHECKPOINT, {"schemaVersion": "1.0", "after": name}, replaces=etag)
        except Conflict:
            done.overtaken = True
            return done
        done.segments += 1
        if clock() - began > TIME_A_RUN:
            return done
    return done


def _after(document: JsonObject) -> str:
    try:
        return as_text(document["after"])
    except (KeyError, TypeError) as error:
        raise BadInput(f"{CHECKPOINT} is not a checkpoint of notifications", reason="damagedDocument") from error


async def _segments(feed: Feed, after: str, now: datetime) -> AsyncIterator[str]:
    """The names of segments behind `after`, by the days that they can lie in."""
    for prefix in _prefixes(after, now):
        async for name in feed.names(prefix):
            if name > after:
                yield name


def _prefixes(after: str, now: datetime) -> Iterator[str]:
    try:
        day = date.fromisoformat(after.removeprefix("date=")[:10])
    except ValueError:
        yield ""
        return
    while day <= now.date():
        yield f"date={day}/"
        day += timedelta(days=1)


async def _send_segment(name: str, stores: NotifyStores, now: datetime, threshold: Severity, done: Notified) -> None:
    text = await stores.feed.read(name) or ""
    batch: list[Notification] = []
    size = 0
    for line in text.splitlines():
        value, faults = read_json(Source(name, line))
        came: Json = line if faults else value
        try:
            told = notification(value if isinstance(value, dict) else {}, threshold)
        except BadInput as fault:
            await _keep(came, fault, stores, now, done)
            continue
        if told is None:
            continue
        length = len(canonical(told.data))
        if len(batch) == MAX_BATCH or size + length > MAX_BYTES:
            await _send(batch, stores, now, done)
            batch, size = [], 0
        batch.append(told)
        size += length
    await _send(batch, stores, now, done)


async def _send(batch: list[Notification], stores: NotifyStores, now: datetime, done: Notified) -> None:
    """Send a batch. Where the topic refuses it, halves of it, until those that it refuses are found and kept."""
    if not batch:
        return
    try:
        await stores.notifier.send(batch)
    except BadInput as fault:
        if len(batch) == 1:
            came: JsonObject = {"id": batch[0].id, "type": batch[0].type, "data": as_object(batch[0].data)}
            await _keep(came, fault, stores, now, done)
            return
        middle = len(batch) // 2
        await _send(batch[:middle], stores, now, done)
        await _send(batch[middle:], stores, now, done)
        return
    done.sent += len(batch)


async def _keep(came: Json, fault: BadInput, stores: NotifyStores, now: datetime, done: Notified) -> None:
    record_name, record = unprocessed_record(came, fault, now)
    await stores.findings.put_unprocessed(record_name, record)
    done.refused += 1
