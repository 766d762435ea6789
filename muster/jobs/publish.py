"""The feed: every change of state of every finding, once, as lines in files that are written once.

What was published last of each resource is in a checkpoint that only one caller at a time can move. A segment of the
feed is planned first: the plan, which names the segment and says up to which evaluation of which resource it goes, is
put into the checkpoint. The segment's text follows from the plan and from history, which never changes; so whoever
finds a plan there, after a crash or beside another caller, writes the same text to the same name, and create-only makes
that one segment. What comes to light late is in the next segment, wherever its time lies.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from muster.jobs.finding_changes import changes_between
from muster.ports import Clock, DocumentStore, Feed, FindingHead, FindingStore
from muster.report.feed_line import feed_line
from muster.values.errors import BadInput, Conflict
from muster.values.json import JsonObject, as_object, as_text
from muster.values.resource_id import ResourceId

CHECKPOINT = "feed.json"

MAX_LINES = 500
"""Lines after which a segment ends (about 1.5 MB, held three times over when it is written); it holds all changes of
the resource that is the last in it."""
MAX_MOVES = 2_000
"""Resources with another evaluation after which it is kept how far the feed is, whether or not there are lines."""
TIME_A_RUN = timedelta(minutes=3)
"""After which a run leaves the rest to the next one, so that it ends within the time that a function has."""

_KEY_LENGTH = 20


@dataclass(frozen=True, slots=True)
class FeedStores:
    """What the feed is made from and where it goes. `heads` gives the newest evaluation of every resource."""

    heads: "AsyncIterator[FindingHead]"
    findings: FindingStore
    documents: DocumentStore
    feed: Feed


@dataclass(slots=True)
class Published:
    """What a run did. `gaps` counts resources whose history has a hole; `overtaken`: another caller was first, and
    goes on."""

    segments: list[str] = field(default_factory=list)
    lines: int = 0
    gaps: int = 0
    complete: bool = False
    overtaken: bool = False


@dataclass(slots=True)
class _Checkpoint:
    """`published` has the last published evaluation of each resource, by key. A plan's `moves` go from resource ids to
    the evaluations that its segment goes up to."""

    sequence: int
    published: dict[str, str]
    segment: str
    moves: dict[str, str]
    etag: str | None


async def publish_feed(stores: FeedStores, *, clock: Clock, product_version: str) -> Published:
    """Publish what is new.

    Raises TransientFault where storage does not answer: the next run goes on. Raises BadInput where the checkpoint is
    damaged; without it (removed by hand) the feed begins anew behind the segments that are there, with the same ids.
    """
    run = _Run(stores, clock, product_version, await _read(stores))
    try:
        await run.finish_plan()
        await run.go_on()
    except Conflict:
        run.done.overtaken = True
    return run.done


class _Run:
    def __init__(self, stores: FeedStores, clock: Clock, product_version: str, checkpoint: _Checkpoint) -> None:
        self._stores = stores
        self._clock = clock
        self._version = product_version
        self._point = checkpoint
        self._began = clock()
        self.done = Published()

    async def finish_plan(self) -> None:
        """Write the segment that an earlier caller planned and may not have written."""
        if not self._point.segment:
            return
        lines = [line for move in self._point.moves.items() for line in await self._lines(*move)]
        await self._write(lines)

    async def go_on(self) -> None:
        """Plan and write segments until nothing is new, or time is up."""
        moves: dict[str, str] = {}
        lines: list[str] = []
        async for head in self._stores.heads:
            if self._point.published.get(_key(head.resource_id)) == head.evaluation:
                continue
            lines += await self._lines(str(head.resource_id), head.evaluation)
            moves[str(head.resource_id)] = head.evaluation
            if len(lines) >= MAX_LINES or len(moves) >= MAX_MOVES:
                await self._publish(moves, lines)
                moves, lines = {}, []
                if self._clock() - self._began > TIME_A_RUN:
                    return
        if moves:
            await self._publish(moves, lines)
        self.done.complete = True

    async def _lines(self, resource: str, until: str) -> list[str]:
        resource_id = ResourceId.parse(resource)
        after = self._point.published.get(_key(resource_id), "")
        happened = await changes_between(resource_id, after, until, self._stores.findings)
        self.done.gaps += not happened.whole
        return [feed_line(change, self._version) for change in happened.changes]

    async def _publish(self, moves: dict[str, str], lines: list[str]) -> None:
        self._point.moves = moves
        if lines:
            self._point.segment = segment_name(self._clock(), self._point.sequence + 1)
            await self._save()
        await self._write(lines)

    async def _write(self, lines: list[str]) -> None:
        point = self._point
        if point.segment:
            await self._stores.feed.create(point.segment, "".join(lines))
            self.done.segments.append(point.segment)
            self.done.lines += len(lines)
            point.sequence += 1
        point.published |= {_key(ResourceId.parse(resource)): until for resource, until in point.moves.items()}
        point.segment, point.moves = "", {}
        await self._save()

    async def _save(self) -> None:
        point = self._point
        document: JsonObject = {
            "schemaVersion": "1.0",
            "sequence": point.sequence,
            "published": {**point.published},
            "plan": {"segment": point.segment, "moves": {**point.moves}} if point.segment else None,
        }
        point.etag = await self._stores.documents.write(CHECKPOINT, document, replaces=point.etag)


def segment_name(moment: datetime, sequence: int) -> str:
    """`date=2026-11-23/hour=06/000000000042.ndjson`: in the order of their names segments are in that of time."""
    return f"date={moment:%Y-%m-%d}/hour={moment:%H}/{sequence:012}.ndjson"


async def _read(stores: FeedStores) -> _Checkpoint:
    stored = await stores.documents.read(CHECKPOINT)
    if stored is None:
        numbers = [name.rpartition("/")[2].partition(".")[0] async for name in stores.feed.names("")]
        return _Checkpoint(max((int(number) for number in numbers if number.isdecimal()), default=0), {}, "", {}, None)
    try:
        plan = as_object(stored.document["plan"] or {"segment": "", "moves": {}})
        sequence = stored.document["sequence"]
        if not isinstance(sequence, int):
            raise TypeError("a number expected")
        return _Checkpoint(
            sequence=sequence,
            published=_texts(as_object(stored.document["published"])),
            segment=as_text(plan["segment"]),
            moves=_texts(as_object(plan["moves"])),
            etag=stored.etag,
        )
    except (KeyError, TypeError) as error:
        raise BadInput(f"{CHECKPOINT} is not a checkpoint of the feed", reason="damagedDocument") from error


def _texts(members: Mapping[str, object]) -> dict[str, str]:
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    if len(texts) != len(members):
        raise TypeError("texts expected")
    return texts


def _key(resource_id: ResourceId) -> str:
    """A short name of a resource: the checkpoint has one for every resource there is."""
    return sha256(str(resource_id).lower().encode()).hexdigest()[:_KEY_LENGTH]
