"""Keeping the index of findings as the findings are.

Whoever replaces a latest finding with something new leaves a mark (muster/adapters/blob_findings.py); an update reads
what is marked, and now and then compares the etags of all findings with those that the index has seen, so that a lost
mark, or a lost index, is made good. The index holds nothing that is not in the findings, their history and the records
of what could not be processed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from muster.jobs.index_entry import IndexedResult, IndexEntry, index_entry, indexed_results
from muster.jobs.index_unprocessed import UnprocessedFeed, UnprocessedIndex, update_unprocessed
from muster.ports import Clock, FindingStore
from muster.values.errors import BadInput
from muster.values.instant import format_instant, parse_instant
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

COMPARED, COMPLETE = "comparedAt", "complete"
"""Names of what the index notes of itself: when all etags were compared, and whether that left nothing to read."""

COMPARE_EVERY = timedelta(hours=1)
CHANGES_KEPT = timedelta(days=8)
"""How far back changed results are listed; older evaluations are not compared with the one before."""
BATCH = 12
"""Findings that are held at once, each half a megabyte with what came before it. The lease is renewed after them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That findings changed. `blob` is the mark's own name, `findings` are the names of theirs."""

    blob: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """A latest finding as it was read. `document` None: it is gone, or, with `fault`, can't be read."""

    name: str
    etag: str
    document: JsonObject | None
    fault: str = ""


class FindingFeed(Protocol):
    """The latest findings by the names of their blobs. Storage that does not answer raises TransientFault."""

    async def marks(self) -> Sequence[Mark]:
        """All marks."""
        ...

    def etags(self) -> AsyncIterator[tuple[str, str]]:
        """Name and etag of every latest finding."""
        ...

    async def read(self, names: Sequence[str]) -> Sequence[ReadFinding]:
        """These findings."""
        ...

    async def unmark(self, marks: Iterable[Mark]) -> None:
        """Take marks away. What is marked anew has a mark of its own."""
        ...


class WritableIndex(UnprocessedIndex, Protocol):
    """An index that this process may write (muster/adapters/index_file.py)."""

    def etags(self) -> dict[int, str]: ...

    def key(self, name: str) -> int: ...

    def put(self, name: str, etag: str, entry: IndexEntry, before: Sequence[IndexedResult] | None = None) -> None: ...

    def put_damaged(self, name: str, etag: str, why: str) -> None: ...

    def remove(self, keys: Iterable[int]) -> None: ...

    def forget_unsaid(self) -> None: ...


class HeldIndex(Protocol):
    """The index while this process is its one writer."""

    @property
    def file(self) -> WritableIndex:
        """The index."""
        ...

    async def renew(self) -> None:
        """Stay its writer. Raises Conflict where that was lost."""
        ...

    async def save(self, current_at: datetime, *, changed: bool, complete: bool) -> None:
        """Publish the index, and when it was as the findings are. Raises Conflict where it is another's by now."""
        ...


@dataclass(frozen=True, slots=True)
class IndexOutcome:
    """What an update did. `complete` is False where it ran out of time and goes on next time."""

    read: int
    removed: int
    complete: bool


async def update_index(
    held: HeldIndex,
    feed: FindingFeed,
    store: FindingStore,
    unprocessed: UnprocessedFeed,
    clock: Clock,
    *,
    owner_tag: str,
    budget: timedelta = timedelta(minutes=4),
) -> IndexOutcome:
    """Bring the index to what the findings are now. Raises TransientFault, and Conflict where another process became
    the writer; both leave the published index as it was."""
    started = clock()
    marks = await feed.marks()
    names = dict.fromkeys(name for mark in marks for name in mark.findings)
    gone: set[int] = set()
    complete = held.file.noted(COMPLETE) == "true"
    compares = not complete or _due(held.file.noted(COMPARED), started)
    if compares:
        wanted, gone = await _compared(held.file, feed)
        names |= dict.fromkeys(wanted)
    held.file.remove(gone)
    read = 0
    for batch in _batches(list(names)):
        if clock() - started > budget:
            break
        read += len(batch)
        await _take(await feed.read(batch), held.file, store, owner_tag, started)
        await held.renew()
    complete = read == len(names)
    if compares:
        held.file.forget_unsaid()
        held.file.note(COMPARED, format_instant(started))
    held.file.note(COMPLETE, "true" if complete else "false")
    changed = await update_unprocessed(held.file, unprocessed)
    await held.save(started, changed=bool(names or gone or compares or changed), complete=complete)
    if complete:
        await feed.unmark(marks)
    return IndexOutcome(read, len(gone), complete)


async def _compared(file: WritableIndex, feed: FindingFeed) -> tuple[list[str], set[int]]:
    """The names of findings that are not as the index has seen them, and the keys of those that are gone."""
    seen = file.etags()
    there: set[int] = set()
    wanted = []
    async for name, etag in feed.etags():
        key = file.key(name)
        there.add(key)
        if seen.get(key) != etag:
            wanted.append(name)
    return wanted, seen.keys() - there


async def _take(
    findings: Sequence[ReadFinding], file: WritableIndex, store: FindingStore, owner_tag: str, now: datetime
) -> None:
    entries: list[tuple[ReadFinding, IndexEntry]] = []
    for finding in findings:
        if finding.document is None and not finding.fault:
            file.remove([file.key(finding.name)])
            continue
        try:
            if finding.document is None:
                raise BadInput(finding.fault)
            entries.append((finding, index_entry(finding.document, owner_tag=owner_tag)))
        except BadInput as fault:
            file.put_damaged(finding.name, finding.etag, str(fault))
    since = format_instant(now - CHANGES_KEPT)
    before = await asyncio.gather(*(_before(entry, store, since) for _, entry in entries))
    for (finding, entry), results in zip(entries, before, strict=True):
        file.put(finding.name, finding.etag, entry, results)


async def _before(entry: IndexEntry, store: FindingStore, since: str) -> tuple[IndexedResult, ...] | None:
    """The results of the evaluation before the latest, where that is recent enough to be listed."""
    if not entry.predecessor or entry.observed_at < since:
        return None
    try:
        record = await store.history(ResourceId.parse(entry.id), entry.predecessor)
        return None if record is None else indexed_results(record.document)
    except (BadInput, KeyError, TypeError, ValueError):
        return None


def _due(compared: str, now: datetime) -> bool:
    return not compared or now - parse_instant(compared) > COMPARE_EVERY


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]
