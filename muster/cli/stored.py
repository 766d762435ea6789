"""Opens the store of findings that a verb reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.blob_findings import BlobFindings
from muster.local.app import find_app
from muster.local.azurite import azurite
from muster.local.data_folder import hold_existing, running_in
from muster.local.node import find_azurite
from muster.values.errors import BadInput, MusterError
from muster.values.json import canonical

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from muster.values.json import JsonObject


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


def read_findings(storage: str | None, data: Path) -> "list[JsonObject]":
    """The newest finding of every resource, in the order of their ids. Damaged ones are counted on standard error, and
    the rest goes on. Raises click's exceptions."""

    async def read() -> "list[JsonObject | BadInput]":
        async with stored_findings(storage, data) as store:
            return [finding async for finding in store.each_latest()]

    try:
        found = asyncio.run(read())
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    sound = [finding for finding in found if not isinstance(finding, BadInput)]
    if damaged := len(found) - len(sound):
        click.echo(f"{damaged} stored finding{'s are' if damaged != 1 else ' is'} damaged and left out.", err=True)
    return sorted(sound, key=lambda finding: canonical(finding.get("resource")))


def _by_url(url: str, credential: "AsyncTokenCredential") -> BlobFindings:
    return BlobFindings.from_account_url(url, credential)


@asynccontextmanager
async def _closing(store: BlobFindings) -> AsyncIterator[BlobFindings]:
    try:
        yield store
    finally:
        await store.close()
