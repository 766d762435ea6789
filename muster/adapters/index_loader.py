"""The published index on this machine: loaded when it is first asked for, and again when another was published."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from muster.adapters.index_blob import BlobIndex, IndexState
from muster.adapters.index_file import open_file
from muster.adapters.index_reader import IndexReader
from muster.values.errors import TransientFault
from muster.values.json import JsonObject
from muster.values.listing import Lifetime

LOOK_EVERY = 5.0
"""Seconds after which a request has the loader look whether another index was published."""


@dataclass(frozen=True, slots=True)
class LoadedIndex:
    """An index that can be asked, by one thread at a time: hold `lock`."""

    reader: IndexReader
    state: IndexState
    lock: threading.Lock


class PublishedIndex:
    """The newest index that was published."""

    def __init__(self, blobs: BlobIndex, lifetimes: Callable[[JsonObject, date], Lifetime]) -> None:
        self._blobs = blobs
        self._lifetimes = lifetimes
        self._loaded: LoadedIndex | None = None
        self._looked = -LOOK_EVERY
        self._looking: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> LoadedIndex | None:
        """The index; None where none is published. The first call waits for it, a later one gets what is there while
        a newer one is fetched. Raises TransientFault where storage does not answer the first call."""
        if self._loaded is None:
            await self.look()
        elif time.monotonic() - self._looked > LOOK_EVERY and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_quietly())
        return self._loaded

    async def look(self) -> None:
        """Load what is published, where that is not what is loaded. Raises TransientFault."""
        async with self._lock:
            self._looked = time.monotonic()
            state = await self._blobs.state()
            if state is None:
                return
            before = self._loaded
            if before is not None and before.state.etag == state.etag:
                self._loaded = LoadedIndex(before.reader, state, before.lock)
                return
            with TemporaryDirectory(prefix="muster-index-") as folder:
                path = Path(folder) / "index.sqlite"
                etag = await self._blobs.download(path)
                if etag is None:
                    return
                try:
                    reader = await asyncio.to_thread(self._open, path)
                except sqlite3.DatabaseError as error:
                    raise TransientFault(f"the index of findings can't be read: {error}") from error
            # The file is open, so it stays until the last who reads it is done, though it has no name any more.
            self._loaded = LoadedIndex(reader, IndexState(etag, state.current_at, state.complete), threading.Lock())

    async def _look_quietly(self) -> None:
        try:
            await self.look()
        except TransientFault:
            # The page says how old its index is; the next request tries again.
            return

    def _open(self, path: Path) -> IndexReader:
        return IndexReader(open_file(path), self._lifetimes)
