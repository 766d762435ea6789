"""Asks for an export as the page's trigger does, with findings that lie in memory."""

import asyncio
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from functions.page_exports import export_response
from muster.adapters.index_reader import IndexReader
from muster.values.json import JsonObject, as_object
from muster.values.resource_id import ResourceId
from muster.web.access import Viewer
from muster.web.page import Sources
from muster.web.request import Request, Response
from tests.memory_findings import MemoryFindings
from tests.web.fleet import NOW, lifetimes, site


def stored(documents: Sequence[JsonObject]) -> MemoryFindings:
    """A store with these latest findings."""

    async def filled() -> MemoryFindings:
        store = MemoryFindings()
        for document in documents:
            resource_id = ResourceId.parse(as_object(document["resource"])["id"])
            await store.put_latest(resource_id, document, {}, replaces=None)
        return store

    return asyncio.run(filled())


def ask_export(
    index: IndexReader,
    path: str,
    query: str = "",
    *,
    store: MemoryFindings,
    subscriptions: frozenset[str] | None = None,
    method: str = "GET",
) -> Response:
    """The answer."""
    services: Any = SimpleNamespace(
        indexing=SimpleNamespace(store=store, owner_tag="owner"),
        site=site(),
        titles={"ubuntu": "Ubuntu"},
        exporting=asyncio.Semaphore(1),
    )
    sources = Sources(index, Viewer("", subscriptions), NOW, NOW, True, lifetimes)
    return asyncio.run(export_response(Request(path, query, method), sources, threading.Lock(), services))
