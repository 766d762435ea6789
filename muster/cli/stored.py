"""Opens the store of findings that a verb reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from muster.adapters.blob_findings import BlobFindings
from muster.local.app import find_app
from muster.local.azurite import azurite
from muster.local.data_folder import hold_existing, running_in
from muster.local.node import find_azurite

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential


@asynccontextmanager
async def stored_findings(storage: str | None, data: Path) -> AsyncIterator[BlobFindings]:
    """The store that `storage` names: a connection string, or a blob endpoint's URL with Azure's default credential;
    else the one of the `muster up` that runs on `data`; else Azurite, started on what an earlier one left there.

    Raises LocalFault, and ValueError for a connection string that is none.
    """
    if storage and storage.startswith("https://"):
        from azure.identity.aio import DefaultAzureCredential

        async with DefaultAzureCredential() as credential, _closing(_by_url(storage, credential)) as store:
            yield store
        return
    running = running_in(data)
    connection_string = storage or (running.storage if running else "")
    if connection_string:
        async with _closing(BlobFindings.from_connection_string(connection_string)) as store:
            yield store
        return
    with hold_existing(data) as held:
        async with (
            azurite(find_azurite(find_app(None)), held.azurite) as endpoints,
            _closing(BlobFindings.from_connection_string(endpoints.connection_string)) as store,
        ):
            yield store


def _by_url(url: str, credential: "AsyncTokenCredential") -> BlobFindings:
    return BlobFindings.from_account_url(url, credential)


@asynccontextmanager
async def _closing(store: BlobFindings) -> AsyncIterator[BlobFindings]:
    try:
        yield store
    finally:
        await store.close()
