"""The only place where settings become adapters. Made on first use, once in a worker; nothing is read at import."""

import asyncio
import gc
import os
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from muster.adapters.no_telemetry import NO_TELEMETRY
from muster.settings.app import ARM_ENDPOINT, RECORDED_RESOURCES, Azure, Settings, Storage, UnusableSettings
from muster.settings.telemetry import telemetry_connection
from muster.values.errors import BadInput, BrokenPolicySet, TransientFault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from azure.core.credentials_async import AsyncTokenCredential

    from muster.adapters.arm_client import ArmClient
    from muster.adapters.blob_findings import BlobFindings
    from muster.adapters.container_policies import ContainerPolicies
    from muster.adapters.storage_queue import StorageQueues
    from muster.adapters.tenant_policies import TenantJudge
    from muster.facts.document import FactSources
    from muster.jobs.settle import Delays
    from muster.jobs.sweep import SweepStores
    from muster.ports import AzureReader, Clock, FindingStore, InventoryReader, PolicyJudge, Telemetry

    Closer = Callable[[], Awaitable[None]]

COLLECT_AFTER = 5_000
"""New objects until the collector looks for cycles among them: an event makes half as many."""


def _batch_slots() -> asyncio.Semaphore:
    from muster.jobs.sweep_batch import batch_slots

    return batch_slots()


@dataclass(frozen=True, slots=True)
class Services:
    """What the triggers work with. `subscriptions`: the lower-cased ids of those that are watched, None for every
    one. `policies` are muster's own, and where there is a `tenant` those that it has assigned too. `depths` asks how
    many messages wait in which queue; `batch_slots` are for the batches of a sweep that are judged together."""

    reader: "AzureReader"
    store: "FindingStore"
    policies: "PolicyJudge"
    sources: "FactSources"
    clock: "Clock"
    record_caller: bool
    delays: "Delays"
    subscriptions: frozenset[str] | None = None
    sweeps: "Callable[[], SweepStores] | None" = None
    tenant: "TenantJudge | None" = None
    telemetry: "Telemetry" = NO_TELEMETRY
    depths: "Callable[[], Awaitable[Mapping[str, int]]] | None" = None
    batch_slots: asyncio.Semaphore = field(default_factory=_batch_slots)


class _Worker:
    """What this worker has made so far, and the loop that its connections belong to."""

    def __init__(self) -> None:
        self.services: Services | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing: AsyncIterator[None] | None = None
        self.container: ContainerPolicies | None = None


_worker = _Worker()


async def services() -> Services:
    """The worker's services.

    Raises UnusableSettings, and TransientFault where the policies that were deployed can't be used, or those of Azure
    Policy not be read for the first time: the events wait with Event Grid, and with its dead letters, until a package
    without the fault is there, or Azure answers.
    """
    loop = asyncio.get_running_loop()
    if _worker.services is None or _worker.loop is not loop:
        # Nothing is awaited before the services are there, so that first events that come together make them once.
        settings = Settings.of(os.environ)
        made, closers = _make(settings)
        _worker.container = _container(settings, made)
        _worker.services, _worker.loop, _worker.closing = _observed_outside(made), loop, close_with_loop(closers)
        await anext(_worker.closing)
        # What was loaded stays, and the collector need not walk 90,000 objects of it again and again, nor those of the
        # events under way with every 700 new ones: that took a fifth of what an event costs.
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
    found = _worker.services
    if _worker.container is not None:
        found = replace(found, policies=await _worker.container.current())
    if found.tenant is not None:
        from muster.adapters.policies_together import PoliciesTogether

        found = replace(found, policies=PoliciesTogether(found.policies, await found.tenant.current()))
    return _observed_policies(found)


def _make(settings: Settings) -> "tuple[Services, list[Closer]]":
    from muster.adapters.fact_sources import load_fact_sources
    from muster.adapters.log_lines import withhold_from_logs
    from muster.adapters.policy_files import find_policies, load_policies
    from muster.adapters.storage_queue import EVALUATIONS, WATCHED
    from muster.jobs.settle import Delays

    closers: list[Closer] = []
    withhold_from_logs()
    telemetry = _telemetry(closers)
    store = blob_store(settings.storage, closers)
    queues = _queues(settings.queues, closers)
    delays = Delays(queues.queue(EVALUATIONS), random.random)
    folder = find_policies(settings.policies, {})
    try:
        policies = load_policies(folder).judge
        sources = load_fact_sources(folder)
    except BrokenPolicySet as broken:
        first = broken.faults[0]
        raise TransientFault(f"{broken} of {folder}, the first {first.file}: {first.message}") from broken
    watched, tenant = settings.azure.subscriptions, None
    if settings.azure.recorded:
        reader, inventory = _recorded(settings.azure.recorded)
    else:
        client = _client(settings.azure, telemetry)
        reader, inventory = _live(settings.azure, client, closers, telemetry)
        if settings.tenant_policies:
            tenant = _tenant(client, watched, store, closers)

    def sweeps() -> "SweepStores":
        from muster.adapters.blob_documents import SWEEPS, BlobDocuments
        from muster.adapters.storage_queue import BATCHES
        from muster.jobs.sweep import SweepStores

        return SweepStores(inventory(), BlobDocuments(store.service, SWEEPS), queues.queue(BATCHES))

    def depths() -> "Awaitable[Mapping[str, int]]":
        return queues.depths(WATCHED)

    made = Services(
        reader,
        store,
        policies,
        sources,
        now,
        settings.record_caller,
        delays,
        watched,
        sweeps,
        tenant,
        telemetry,
        depths,
    )
    return made, closers


def _telemetry(closers: "list[Closer]") -> "Telemetry":
    connection = telemetry_connection(os.environ)
    if not connection:
        return NO_TELEMETRY
    from muster.adapters.azure_monitor import azure_monitor

    telemetry = azure_monitor(connection)
    closers.append(telemetry.close)
    return telemetry


def observed(given: Services) -> Services:
    """The services with telemetry before what they read, judge and store by; where it is off, the same."""
    return _observed_policies(_observed_outside(given))


def _observed_outside(given: Services) -> Services:
    if given.telemetry is NO_TELEMETRY:
        return given
    from muster.adapters.observed import ObservedReader, ObservedStore

    reader, store = ObservedReader(given.reader, given.telemetry), ObservedStore(given.store, given.telemetry)
    return replace(given, reader=reader, store=store)


def _observed_policies(given: Services) -> Services:
    if given.telemetry is NO_TELEMETRY:
        return given
    from muster.adapters.observed import ObservedPolicies

    return replace(given, policies=ObservedPolicies(given.policies, given.telemetry))


def _recorded(folder: "Path") -> "tuple[AzureReader, Callable[[], InventoryReader]]":
    from muster.adapters.recorded_azure import RecordedAzure

    try:
        reader = RecordedAzure.from_folder(folder, now)
    except BadInput as fault:
        raise UnusableSettings(f"{RECORDED_RESOURCES}: {fault}") from fault

    def inventory() -> "InventoryReader":
        from muster.adapters.recorded_inventory import RecordedInventory

        return RecordedInventory(reader.bodies, now)

    return reader, inventory


def _client(azure: Azure, telemetry: "Telemetry") -> "ArmClient":
    from muster.adapters.arm_client import ArmClient
    from muster.adapters.arm_cloud import find_cloud
    from muster.adapters.arm_credential import arm_credential

    try:
        cloud = find_cloud(azure.endpoint)
    except BadInput as fault:
        raise UnusableSettings(f"{ARM_ENDPOINT}: {fault}") from fault
    credential = arm_credential(cloud, client_id=azure.client_id, in_azure=azure.in_azure)
    return ArmClient(cloud, credential, now, telemetry=telemetry)


def _live(
    azure: Azure, client: "ArmClient", closers: "list[Closer]", telemetry: "Telemetry"
) -> "tuple[AzureReader, Callable[[], InventoryReader]]":
    from muster.adapters.arm_reader import ArmReader

    reader = ArmReader(client, time.monotonic, telemetry, effective_rules=azure.effective_rules)
    closers.append(reader.close)

    def inventory() -> "InventoryReader":
        from muster.adapters.arm_graph import ArmGraph
        from muster.adapters.arm_inventory import ArmInventory

        return ArmInventory(ArmGraph(client), subscriptions=sorted(azure.subscriptions or ()))

    return reader, inventory


def blob_store(storage: Storage, closers: "list[Closer]") -> "BlobFindings":
    """The findings of an account. What has to be closed is added to `closers`, in the order in which it was made."""
    from muster.adapters.blob_findings import BlobFindings

    if storage.connection_string:
        store = BlobFindings.from_connection_string(storage.connection_string)
    else:
        store = BlobFindings.from_account_url(storage.url, _credential(storage, closers))
    closers.append(store.close)
    return store


def _queues(storage: Storage, closers: "list[Closer]") -> "StorageQueues":
    from muster.adapters.storage_queue import StorageQueues

    if storage.connection_string:
        queues = StorageQueues.from_connection_string(storage.connection_string)
    else:
        queues = StorageQueues.from_account_url(storage.url, _credential(storage, closers))
    closers.append(queues.close)
    return queues


def _credential(storage: Storage, closers: "list[Closer]") -> "AsyncTokenCredential":
    from azure.identity.aio import DefaultAzureCredential

    credential = DefaultAzureCredential(managed_identity_client_id=storage.client_id or None)
    closers.append(credential.close)
    return credential


def _container(settings: Settings, made: Services) -> "ContainerPolicies | None":
    """Where policies are in a container, they stand in for those of the package in every invocation."""
    if settings.policy_container is None:
        return None
    from muster.adapters.blob_documents import SWEEPS, BlobDocuments
    from muster.adapters.blob_findings import BlobFindings
    from muster.adapters.container_policies import ContainerPolicies

    assert isinstance(made.store, BlobFindings)
    service, named = made.store.service, settings.policy_container
    return ContainerPolicies(
        service.get_container_client(named.container),
        named.prefix,
        documents=BlobDocuments(service, SWEEPS),
        store=made.store,
        clock=now,
        monotonic=time.monotonic,
    )


def _tenant(
    client: "ArmClient", watched: "frozenset[str] | None", store: "FindingStore", closers: "list[Closer]"
) -> "TenantJudge":
    """What is assigned in Azure Policy, judged by beside muster's own policies."""
    from muster.adapters.arm_policies import ArmPolicies
    from muster.adapters.tenant_policies import TenantJudge

    reader = ArmPolicies(client, time.monotonic)
    tenant = TenantJudge(reader, watched, store=store, clock=now, monotonic=time.monotonic)
    closers.append(tenant.close)
    return tenant


async def close_with_loop(closers: "list[Closer]") -> AsyncIterator[None]:
    """A loop that ends closes the generators that it has begun, and with this one the connections."""
    try:
        yield
    finally:
        for close in reversed(closers):
            await close()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
