"""The only place where settings become adapters. Made on first use, once in a worker; nothing is read at import."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from functions.settings import RECORDED_RESOURCES, Settings, Storage, UnusableSettings
from muster.values.errors import BadInput, BrokenPolicySet, TransientFault

if TYPE_CHECKING:
    from muster.adapters.blob_findings import BlobFindings
    from muster.facts.document import FactSources
    from muster.ports import AzureReader, Clock, FindingStore, PolicyJudge


@dataclass(frozen=True, slots=True)
class Services:
    """What the triggers work with."""

    reader: "AzureReader"
    store: "FindingStore"
    policies: "PolicyJudge"
    sources: "FactSources"
    clock: "Clock"
    record_caller: bool


class _Worker:
    """What this worker has made so far, and the loop that its connections belong to."""

    def __init__(self) -> None:
        self.services: Services | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing: AsyncIterator[None] | None = None


_worker = _Worker()


async def services() -> Services:
    """The worker's services.

    Raises UnusableSettings, and TransientFault where the policies that were deployed can't be used: the events wait
    with Event Grid, and with its dead letters, until a package without the fault is there.
    """
    loop = asyncio.get_running_loop()
    if _worker.services is None or _worker.loop is not loop:
        # Nothing is awaited before the services are there, so that first events that come together make them once.
        made, store = _make(Settings.of(os.environ))
        _worker.services, _worker.loop, _worker.closing = made, loop, _close_with_loop(store)
        await anext(_worker.closing)
    return _worker.services


def _make(settings: Settings) -> tuple[Services, "BlobFindings"]:
    from muster.adapters.fact_sources import load_fact_sources
    from muster.adapters.policy_files import find_policies, load_policies
    from muster.adapters.recorded_azure import RecordedAzure

    store = _store(settings.storage)
    folder = find_policies(settings.policies, {})
    try:
        policies = load_policies(folder).judge
        sources = load_fact_sources(folder)
    except BrokenPolicySet as broken:
        first = broken.faults[0]
        raise TransientFault(f"{broken} of {folder}, the first {first.file}: {first.message}") from broken
    recorded = settings.recorded_resources
    try:
        reader = RecordedAzure({}, _now) if recorded is None else RecordedAzure.from_folder(recorded, _now)
    except BadInput as fault:
        raise UnusableSettings(f"{RECORDED_RESOURCES}: {fault}") from fault
    return Services(reader, store, policies, sources, _now, settings.record_caller), store


def _store(storage: Storage) -> "BlobFindings":
    from muster.adapters.blob_findings import BlobFindings

    if storage.connection_string:
        return BlobFindings.from_connection_string(storage.connection_string)
    from azure.identity.aio import DefaultAzureCredential

    credential = DefaultAzureCredential(managed_identity_client_id=storage.client_id or None)
    return BlobFindings.from_account_url(storage.blob_url, credential)


async def _close_with_loop(store: "BlobFindings") -> AsyncIterator[None]:
    """A loop that ends closes the generators that it has begun, and with this one the connections."""
    try:
        yield
    finally:
        await store.close()


def _now() -> datetime:
    return datetime.now(UTC)
