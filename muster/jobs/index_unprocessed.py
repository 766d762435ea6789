"""What could not be processed, in the index: which records there are, and of each why it is there.

Records are listed with every update; each is opened once, the newest first, so that a flood of them delays nothing.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from muster.report.redaction import without_people
from muster.report.stated import whole
from muster.values.errors import InvalidResourceId
from muster.values.json import Json, JsonObject
from muster.values.listing import UnprocessedRow
from muster.values.resource_id import ResourceId

MORE = "moreUnprocessed"
"""What the index notes of itself: whether there are more records than it lists."""

MAX_LISTED = 20_000
MAX_OPENED = 250
"""Records that one update opens; others are counted and wait."""
MAX_REASON = 80
MAX_MESSAGE = 300

_SUBSCRIPTION = re.compile(r"/subscriptions/([0-9a-f-]{36})(?:/|$)", re.ASCII | re.IGNORECASE)


class UnprocessedFeed(Protocol):
    """The records by the names of their blobs. Storage that does not answer raises TransientFault."""

    def names(self) -> AsyncIterator[tuple[str, str]]:
        """Name of every record, and since when it is kept (UTC)."""
        ...

    async def read(self, names: Sequence[str]) -> Mapping[str, JsonObject | None]:
        """These records, None for what is damaged, without those that are gone."""
        ...


class UnprocessedIndex(Protocol):
    """Where it is kept (muster/adapters/index_file.py)."""

    def unprocessed(self) -> dict[str, bool]:
        """The name of every record that is known, and whether it was opened."""
        ...

    def put_unprocessed(self, rows: Iterable[UnprocessedRow], *, opened: bool) -> None: ...

    def remove_unprocessed(self, names: Iterable[str]) -> None: ...

    def note(self, name: str, value: str) -> None: ...

    def noted(self, name: str) -> str: ...


async def update_unprocessed(file: UnprocessedIndex, feed: UnprocessedFeed) -> bool:
    """Bring the index to what the records are; whether that changed it. Raises TransientFault."""
    known = file.unprocessed()
    there: dict[str, str] = {}
    more = False
    async for name, at in feed.names():
        if len(there) == MAX_LISTED:
            more = True
            break
        there[name] = at
    gone = [name for name in known if name not in there]
    file.remove_unprocessed(gone)
    new = [name for name in there if name not in known]
    file.put_unprocessed((UnprocessedRow(name, _reason(name), there[name]) for name in new), opened=False)
    closed = sorted((name for name in there if not known.get(name)), key=there.__getitem__, reverse=True)
    records = await feed.read(closed[:MAX_OPENED])
    rows = [unprocessed_row(name, there[name], record) for name, record in records.items()]
    file.put_unprocessed(rows, opened=True)
    told = "true" if more else "false"
    changed = bool(gone or new or rows or told != (file.noted(MORE) or "false"))
    file.note(MORE, told)
    return changed


def unprocessed_row(name: str, at: str, record: JsonObject | None) -> UnprocessedRow:
    """What of a record is shown. Nothing that came in is, but the resource that it is about; a fault of muster's own is
    told by its name alone, since its text may quote anything."""
    if record is None:
        return UnprocessedRow(name, _reason(name), at, message="The record itself is damaged.")
    message = record.get("message")
    text = message if isinstance(message, str) else ""
    if _reason(name) == "internalError":
        text = text.partition(":")[0]
    subscription, resource = _about(record.get("came"))
    return UnprocessedRow(name, _reason(name), at, subscription, resource, whole(without_people(text)[:MAX_MESSAGE]))


def _reason(name: str) -> str:
    return name.partition("/")[0][:MAX_REASON]


def _about(came: Json) -> tuple[str, str]:
    """The subscription, lower-cased, and the resource that something is about; "" where it names none, or several
    subscriptions."""
    texts = [text for text in _named(came) if isinstance(text, str)]
    subscriptions = {found[1].lower() for text in texts if (found := _SUBSCRIPTION.match(text))}
    if len(subscriptions) != 1:
        return "", ""
    resources = [*_resources(texts)]
    return subscriptions.pop(), resources[0] if resources else ""


def _named(came: Json) -> Iterator[Json]:
    """Where events and requests name what they are about."""
    if isinstance(came, list) and len(came) == 1:
        came = came[0]
    if not isinstance(came, dict):
        return
    data = came.get("data")
    if isinstance(data, dict):
        yield data.get("resourceUri")
        info = data.get("resourceInfo")
        yield info.get("id") if isinstance(info, dict) else None
    yield from (came.get(name) for name in ("resource", "subject", "topic", "source"))


def _resources(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            yield str(ResourceId.parse(text))
        except InvalidResourceId:
            continue
