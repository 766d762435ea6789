"""From settings to an installation that can be looked at: for `muster doctor` and for /api/health.

What can't be used is noted, not raised, and what does not need it is looked at all the same. Settings become adapters
here and in functions/, where what triggers work with is made, and nowhere else.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from muster.adapters.blob_documents import SWEEPS
from muster.adapters.blob_findings import UNPROCESSED
from muster.adapters.policy_probe import FolderPolicies, UploadedPolicies
from muster.jobs.doctor.installation import AzureProbe, Installation, PolicyProbe, PolicyState, Software, StorageProbe
from muster.settings.app import (
    ARM_ENDPOINT,
    HOST_STORAGE,
    STORAGE,
    Azure,
    Storage,
    UnusableSettings,
    azure_of,
    findings_storage,
    policies_of,
    queue_storage,
    record_caller_of,
    tenant_policies_of,
)
from muster.settings.feed import FeedSettings
from muster.settings.known import HOSTS_OWN, SETTINGS
from muster.settings.page import access_of
from muster.settings.role import ALL, PAGE, role_of
from muster.values.errors import BadInput, MusterError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

T = TypeVar("T")

_HOSTED = ("WEBSITE_SITE_NAME", "IDENTITY_ENDPOINT")
"""What is set where an app runs in Azure."""


@asynccontextmanager
async def installation(
    environ: Mapping[str, str],
    software: Software,
    *,
    hosted: bool = False,
    with_azure: bool = True,
    policies: PolicyProbe | None = None,
) -> AsyncIterator[Installation]:
    """What these settings make, until the block is left. `hosted`: they are those of an app in Azure, wherever this
    runs; `policies`, where given, are looked at in place of those that the settings name."""
    notes = _Notes()
    async with AsyncExitStack() as stack:
        role = notes.of(lambda: role_of(environ)) or ALL
        blobs = notes.of(lambda: findings_storage(environ))
        # An app of the page has no queues, and none is asked for.
        queues = blobs if role == PAGE else notes.of(lambda: queue_storage(environ))
        azure, tenant_policies = None, False
        if role != PAGE:
            azure = notes.of(lambda: azure_of(environ, blobs or Storage()))
            notes.of(lambda: record_caller_of(environ))
            tenant_policies = notes.of(lambda: tenant_policies_of(environ)) or False
            notes.of(lambda: FeedSettings.of(environ))
        notes.of(lambda: access_of(environ))
        storage = await _storage(blobs, queues, notes, stack) if blobs and queues else None
        probe = await _azure(azure, notes, stack) if azure and with_azure and azure.recorded is None else None
        looked_at = policies or _policies(environ, storage, notes)
        yield Installation(
            environ=environ,
            known=SETTINGS | HOSTS_OWN,
            unusable=tuple(notes.said),
            role=role,
            hosted=hosted or any(environ.get(name) for name in _HOSTED),
            now=_now(),
            policies=looked_at,
            software=software,
            storage=storage,
            azure=probe,
            subscriptions=azure.subscriptions if azure else None,
            recorded=bool(azure and azure.recorded),
            tenant_policies=tenant_policies,
        )


def policies_here(environ: Mapping[str, str]) -> PolicyProbe | None:
    """The policies where they lie in a folder, which is read once; None where they are uploaded to a container, or
    where the setting can't be used."""
    try:
        folder, container = policies_of(environ)
    except UnusableSettings:
        return None
    return None if container else FolderPolicies(folder, _today)


class _Notes:
    """What could not be used, each thing once."""

    def __init__(self) -> None:
        self.said: dict[str, None] = {}

    def of(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except MusterError as fault:
            self.said[str(fault)] = None
            return None


class _NoPolicies:
    """Stands for policies that can't be told; `why` says why."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def look(self) -> PolicyState:
        raise BadInput(self._why, reason="noPolicies")


def _policies(environ: Mapping[str, str], storage: StorageProbe | None, notes: _Notes) -> PolicyProbe:
    found = notes.of(lambda: policies_of(environ))
    if found is None:
        return _NoPolicies("where the policies are can't be told")
    folder, container = found
    if container is None:
        return FolderPolicies(folder, _today)
    if storage is None:
        return _NoPolicies("the storage account that has the policies can't be told")
    place = f"{container.container}/{container.prefix}".rstrip("/")
    return UploadedPolicies(place, storage.documents(SWEEPS), storage.documents(UNPROCESSED), _today)


async def _storage(blobs: Storage, queues: Storage, notes: _Notes, stack: AsyncExitStack) -> StorageProbe | None:
    from muster.adapters.blob_findings import BlobFindings
    from muster.adapters.storage_probe import StorageProbe as Probe
    from muster.adapters.storage_queue import StorageQueues

    try:
        if blobs.connection_string:
            store = BlobFindings.from_connection_string(blobs.connection_string)
        else:
            store = BlobFindings.from_account_url(blobs.url, await _credential(blobs.client_id, stack))
        stack.push_async_callback(store.close)
        if queues.connection_string:
            held = StorageQueues.from_connection_string(queues.connection_string)
        else:
            held = StorageQueues.from_account_url(queues.url, await _credential(queues.client_id, stack))
        stack.push_async_callback(held.close)
    except ValueError:
        # The SDK's message may have the string in it, and that has the key.
        notes.said[f"{STORAGE} or {HOST_STORAGE}: it is no connection string and no account's address"] = None
        return None
    return Probe(store, held, blob_key=bool(blobs.connection_string), queue_key=bool(queues.connection_string))


async def _azure(azure: Azure, notes: _Notes, stack: AsyncExitStack) -> AzureProbe | None:
    from muster.adapters.arm_client import ArmClient
    from muster.adapters.arm_cloud import find_cloud
    from muster.adapters.arm_credential import arm_credential
    from muster.adapters.arm_probe import ArmProbe
    from muster.adapters.arm_reader import ArmReader

    try:
        cloud = find_cloud(azure.endpoint)
    except BadInput as fault:
        notes.said[f"{ARM_ENDPOINT}: {fault}"] = None
        return None
    credential = arm_credential(cloud, client_id=azure.client_id, in_azure=azure.in_azure)
    client = ArmClient(cloud, credential, _now)
    reader = ArmReader(client, time.monotonic, effective_rules=azure.effective_rules)
    stack.push_async_callback(reader.close)
    return ArmProbe(client, reader, credential, azure.subscriptions or ())


async def _credential(client_id: str, stack: AsyncExitStack) -> "AsyncTokenCredential":
    from azure.identity.aio import DefaultAzureCredential

    return await stack.enter_async_context(DefaultAzureCredential(managed_identity_client_id=client_id or None))


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return _now().date()
