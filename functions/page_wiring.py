"""Where the settings of the page become adapters; made on first use, once for each loop of a worker."""

import asyncio
import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from functions.index_wiring import IndexServices, index_services
from muster.settings.page import access_of, policies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from muster.adapters.index_loader import PublishedIndex
    from muster.values.json import JsonObject
    from muster.values.listing import Lifetime
    from muster.web.access import Access
    from muster.web.site import Site


EXPORTS_AT_ONCE = 2
"""Exports that are made at the same time; each may take twice muster.web.exports.MAX_BYTES."""


@dataclass(frozen=True, slots=True)
class PageServices:
    """What the page works with. `indexing` is what its index is kept with, and has the store and the clock."""

    indexing: IndexServices
    site: "Site"
    access: "Access"
    index: "PublishedIndex"
    lifetimes: "Callable[[JsonObject, date], Lifetime]"
    titles: "Mapping[str, str]"
    exporting: asyncio.Semaphore


class _Worker:
    def __init__(self) -> None:
        self.services: PageServices | None = None


_worker = _Worker()


async def page_services() -> PageServices:
    """The worker's services. Raises UnusableSettings, and BrokenPolicySet where the catalogue can't be read."""
    indexing = await index_services()
    if _worker.services is None or _worker.services.indexing is not indexing:
        _worker.services = _make(indexing)
    return _worker.services


def _make(indexing: IndexServices) -> PageServices:
    from functions.page_site import load_site
    from muster.adapters.catalogue_files import load_catalogue
    from muster.adapters.index_loader import PublishedIndex
    from muster.adapters.policy_files import find_policies
    from muster.jobs.lifetimes import lifetime

    catalogue = load_catalogue(find_policies(policies_of(os.environ), {})).catalogue

    def lifetimes(system: "JsonObject", day: date) -> "Lifetime":
        return lifetime(system, catalogue, day)

    return PageServices(
        indexing=indexing,
        site=load_site(),
        access=access_of(os.environ),
        index=PublishedIndex(indexing.blobs, lifetimes),
        lifetimes=lifetimes,
        titles={name: product.title for name, product in catalogue.products.items()},
        exporting=asyncio.Semaphore(EXPORTS_AT_ONCE),
    )
