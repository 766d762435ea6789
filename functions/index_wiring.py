"""Where the settings of the index become adapters; made on first use, once for each loop of a worker.

The app that checks keeps the index and shows no pages, so that nothing of them is loaded here.
"""

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.wiring import blob_store, close_with_loop, now
from muster.settings.app import findings_storage
from muster.settings.page import owner_tag_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from functions.wiring import Closer
    from muster.adapters.blob_findings import BlobFindings
    from muster.adapters.index_blob import BlobIndex
    from muster.adapters.unprocessed_blobs import UnprocessedBlobs
    from muster.ports import Clock


@dataclass(frozen=True, slots=True)
class IndexServices:
    """What the index is kept with."""

    store: "BlobFindings"
    blobs: "BlobIndex"
    unprocessed: "UnprocessedBlobs"
    clock: "Clock"
    owner_tag: str


class _Worker:
    def __init__(self) -> None:
        self.services: IndexServices | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing: AsyncIterator[None] | None = None


_worker = _Worker()


async def index_services() -> IndexServices:
    """The worker's services. Raises UnusableSettings."""
    loop = asyncio.get_running_loop()
    if _worker.services is None or _worker.loop is not loop:
        closers: list[Closer] = []
        _worker.services, _worker.loop = _make(closers), loop
        _worker.closing = close_with_loop(closers)
        await anext(_worker.closing)
    return _worker.services


def _make(closers: "list[Closer]") -> IndexServices:
    from muster.adapters.index_blob import BlobIndex
    from muster.adapters.log_lines import withhold_from_logs
    from muster.adapters.unprocessed_blobs import UnprocessedBlobs

    withhold_from_logs()
    store = blob_store(findings_storage(os.environ), closers)
    return IndexServices(
        store=store,
        blobs=BlobIndex(store.findings),
        unprocessed=UnprocessedBlobs(store.unprocessed),
        clock=now,
        owner_tag=owner_tag_of(os.environ),
    )
