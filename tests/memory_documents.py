"""A DocumentStore in memory, as JSON text."""

import json
from collections.abc import AsyncIterator, Callable

from muster.ports import StoredFinding
from muster.values.errors import Conflict
from muster.values.json import JsonObject


class MemoryDocuments:
    """`interrupt`, if set, is called with the name before each write: it may raise."""

    def __init__(self) -> None:
        self.texts: dict[str, tuple[str, str]] = {}
        self.interrupt: Callable[[str], None] | None = None
        self._writes = 0

    async def read(self, name: str) -> StoredFinding | None:
        if name not in self.texts:
            return None
        text, etag = self.texts[name]
        return StoredFinding(json.loads(text), etag)

    async def write(self, name: str, document: JsonObject, *, replaces: str | None) -> str:
        if self.texts.get(name, ("", None))[1] != replaces:
            raise Conflict(f"{name}: another writer was first")
        return self._store(name, document)

    async def put(self, name: str, document: JsonObject) -> None:
        self._store(name, document)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        for name in sorted(self.texts):
            if name.startswith(prefix):
                yield name

    def document(self, name: str) -> JsonObject:
        found: JsonObject = json.loads(self.texts[name][0])
        return found

    def _store(self, name: str, document: JsonObject) -> str:
        if self.interrupt is not None:
            self.interrupt(name)
        self._writes += 1
        self.texts[name] = (json.dumps(document, allow_nan=False), str(self._writes))
        return self.texts[name][1]
