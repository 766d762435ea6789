"""Where the settings of the index become adapters; made on first use, once for each loop of a worker.

The app that checks keeps the index and shows no pages, so that nothing of them is loaded here.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from muster.settings.app import Storage, findings_storage
from muster.settings.page import owner_tag_of

if TYPE_CHECKING:
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
        made = _make()
        _worker.services, _worker.loop, _worker.closing = made, loop, _close_with_loop(made.store)
        await anext(_worker.closing)
    return _worker.services


def _make() -> IndexServices:
    from muster.adapters.index_blob import BlobIndex
    from muster.adapters.log_lines import withhold_from_logs
    from muster.adapters.unprocessed_blobs import UnprocessedBlobs

    withhold_from_logs()
    store = _store(findings_storage(os.environ))
    return IndexServices(
        store=store,
        blobs=BlobIndex(store.findings),
        unprocessed=UnprocessedBlobs(store.unprocessed),
        clock=_now,
        owner_tag=owner_tag_of(os.environ),
    )


def _store(storage: Storage) -> "BlobFindings":
    from muster.adapters.blob_findings import BlobFindings

    if storage.connection_string:
        return BlobFindings.from_connection_string(storage.connection_string)
    from azure.identity.aio import DefaultAzureCredential

    credential = DefaultAzureCredential(managed_identity_client_id=storage.client_id or None)
    return BlobFindings.from_account_url(storage.url, credential)


async def _close_with_loop(store: "BlobFindings") -> AsyncIterator[None]:
    """A loop that ends closes the generators that it has begun, and with this one the connections."""
    try:
        yield
    finally:
        await store.close()


def _now() -> datetime:
    return datetime.now(UTC)
