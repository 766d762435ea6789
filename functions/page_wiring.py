"""Where the settings of the page become adapters; made on first use, once for each loop of a worker."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from muster.settings.app import Storage, findings_storage
from muster.settings.page import access_of, owner_tag_of, policies_of

if TYPE_CHECKING:
    from muster.adapters.blob_findings import BlobFindings
    from muster.adapters.index_blob import BlobIndex
    from muster.adapters.index_loader import PublishedIndex
    from muster.adapters.unprocessed_blobs import UnprocessedBlobs
    from muster.ports import Clock
    from muster.values.json import JsonObject
    from muster.values.listing import Lifetime
    from muster.web.access import Access
    from muster.web.site import Site


EXPORTS_AT_ONCE = 2
"""Exports that are made at the same time; each may take twice muster.web.exports.MAX_BYTES."""


@dataclass(frozen=True, slots=True)
class PageServices:
    """What the page works with."""

    site: "Site"
    access: "Access"
    store: "BlobFindings"
    blobs: "BlobIndex"
    unprocessed: "UnprocessedBlobs"
    index: "PublishedIndex"
    lifetimes: "Callable[[JsonObject, date], Lifetime]"
    clock: "Clock"
    owner_tag: str
    titles: "Mapping[str, str]"
    exporting: asyncio.Semaphore


class _Worker:
    def __init__(self) -> None:
        self.services: PageServices | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing: AsyncIterator[None] | None = None


_worker = _Worker()


async def page_services() -> PageServices:
    """The worker's services. Raises UnusableSettings, and BrokenPolicySet where the catalogue can't be read."""
    loop = asyncio.get_running_loop()
    if _worker.services is None or _worker.loop is not loop:
        made = _make()
        _worker.services, _worker.loop, _worker.closing = made, loop, _close_with_loop(made.store)
        await anext(_worker.closing)
    return _worker.services


def _make() -> PageServices:
    from functions.page_site import load_site
    from muster.adapters.catalogue_files import load_catalogue
    from muster.adapters.index_blob import BlobIndex
    from muster.adapters.index_loader import PublishedIndex
    from muster.adapters.log_lines import withhold_from_logs
    from muster.adapters.policy_files import find_policies
    from muster.adapters.unprocessed_blobs import UnprocessedBlobs
    from muster.jobs.lifetimes import lifetime

    withhold_from_logs()
    catalogue = load_catalogue(find_policies(policies_of(os.environ), {})).catalogue
    store = _store(findings_storage(os.environ))
    blobs = BlobIndex(store.findings)

    def lifetimes(system: "JsonObject", day: date) -> "Lifetime":
        return lifetime(system, catalogue, day)

    return PageServices(
        site=load_site(),
        access=access_of(os.environ),
        store=store,
        blobs=blobs,
        unprocessed=UnprocessedBlobs(store.unprocessed),
        index=PublishedIndex(blobs, lifetimes),
        lifetimes=lifetimes,
        clock=_now,
        owner_tag=owner_tag_of(os.environ),
        titles={name: product.title for name, product in catalogue.products.items()},
        exporting=asyncio.Semaphore(EXPORTS_AT_ONCE),
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
