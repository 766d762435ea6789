"""A FindingStore in memory: the same promises as Blob Storage's, kept as JSON text, so that nothing is shared by
accident and what is no JSON can't be stored."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from hashlib import sha256

from muster.ports import HistoryWrite, StoredFinding, StoredRecord
from muster.values.errors import BadInput, Conflict
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId


class MemoryFindings:
    """`calls` has the names of all writes in their order. `interrupt`, if set, is awaited before each write with its
    name: it may raise (a crash, a fault), or let another writer in between."""

    def __init__(self) -> None:
        self.latest_texts: dict[ResourceId, tuple[str, str]] = {}
        self.metadata: dict[ResourceId, Mapping[str, str]] = {}
        self.records: dict[tuple[ResourceId, str], str] = {}
        self.unprocessed: dict[str, str] = {}
        self.calls: list[str] = []
        self.interrupt: Callable[[str], Awaitable[None]] | None = None
        self._writes = 0

    async def latest(self, resource_id: ResourceId) -> StoredFinding | None:
        if resource_id not in self.latest_texts:
            return None
        text, etag = self.latest_texts[resource_id]
        return StoredFinding(json.loads(text), etag)

    async def put_latest(
        self, resource_id: ResourceId, document: JsonObject, metadata: Mapping[str, str], *, replaces: str | None
    ) -> None:
        await self._before("put_latest")
        _, etag = self.latest_texts.get(resource_id, ("", None))
        if etag != replaces:
            raise Conflict("another writer was first")
        self._writes += 1
        self.latest_texts[resource_id] = (_encoded(document), str(self._writes))
        self.metadata[resource_id] = dict(metadata)

    async def put_history(self, resource_id: ResourceId, evaluation_id: str, document: JsonObject) -> HistoryWrite:
        await self._before("put_history")
        text = _encoded(document)
        added = self.records.setdefault((resource_id, evaluation_id), text) is text
        return HistoryWrite(sha256(text.encode()).hexdigest(), added)

    async def history(self, resource_id: ResourceId, evaluation_id: str) -> StoredRecord | None:
        text = self.records.get((resource_id, evaluation_id))
        return None if text is None else StoredRecord(_decoded(text), sha256(text.encode()).hexdigest())

    async def history_ids(self, resource_id: ResourceId) -> AsyncIterator[str]:
        for owner, evaluation_id in list(self.records):
            if owner == resource_id:
                yield evaluation_id

    async def put_unprocessed(self, name: str, document: JsonObject) -> None:
        await self._before("put_unprocessed")
        self.unprocessed.setdefault(name, _encoded(document))

    async def open_ids(self, below: ResourceId | None = None) -> AsyncIterator[ResourceId]:
        for resource_id, metadata in list(self.metadata.items()):
            inside = below is None or str(resource_id).startswith(f"{below}/")
            if inside and metadata.get("closed") != "true":
                yield resource_id

    async def each_latest(self) -> AsyncIterator[JsonObject | BadInput]:
        async for finding in self.all_latest():
            yield finding

    async def all_latest(self) -> AsyncIterator[JsonObject]:
        for resource_id in sorted(self.latest_texts, key=str):
            yield _decoded(self.latest_texts[resource_id][0])

    async def _before(self, name: str) -> None:
        if self.interrupt is not None:
            await self.interrupt(name)
        self.calls.append(name)


def _encoded(document: JsonObject) -> str:
    return json.dumps(document, allow_nan=False)


def _decoded(text: str) -> JsonObject:
    value = json.loads(text)
    assert isinstance(value, dict)
    return value
