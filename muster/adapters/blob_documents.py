"""Documents by name in one container of Blob Storage."""

import json
from collections.abc import AsyncIterator
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from muster.adapters.blob_findings import encode_document, make_container
from muster.adapters.storage_faults import is_missing_container, storage_faults
from muster.ports import StoredFinding
from muster.values.errors import BadInput, Conflict
from muster.values.json import JsonObject

SWEEPS = "sweeps"


class BlobDocuments:
    """A DocumentStore (muster/ports.py) over a container, which is made where it is missing."""

    def __init__(self, service: BlobServiceClient, container: str) -> None:
        self._container: ContainerClient = service.get_container_client(container)

    async def read(self, name: str) -> StoredFinding | None:
        """See DocumentStore.read."""
        place = f"{self._container.container_name}/{name}"
        with storage_faults(f"reading {place}"):
            try:
                stream = await self._container.download_blob(name)
                data = await stream.readall()
            except ResourceNotFoundError:
                return None
        try:
            document = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{place} is not JSON", reason="damagedDocument") from error
        if not isinstance(document, dict):
            raise BadInput(f"{place} is not a JSON object", reason="damagedDocument")
        return StoredFinding(document, str(stream.properties.etag))

    async def write(self, name: str, document: JsonObject, *, replaces: str | None) -> str:
        """See DocumentStore.write."""
        condition: dict[str, Any] = {"overwrite": replaces is not None}
        if replaces is not None:
            condition |= {"etag": replaces, "match_condition": MatchConditions.IfNotModified}
        with storage_faults(f"writing {self._container.container_name}/{name}"):
            try:
                return await self._upload(name, document, **condition)
            except ResourceNotFoundError as error:
                raise Conflict(f"{name} is gone since it was read") from error

    async def put(self, name: str, document: JsonObject) -> None:
        """See DocumentStore.put."""
        with storage_faults(f"writing {self._container.container_name}/{name}"):
            await self._upload(name, document, overwrite=True)

    async def remove(self, name: str) -> None:
        """Remove a document, if it is there."""
        with storage_faults(f"removing {self._container.container_name}/{name}"):
            try:
                await self._container.delete_blob(name)
            except ResourceNotFoundError:
                return

    async def names(self, prefix: str) -> AsyncIterator[str]:
        """See DocumentStore.names."""
        with storage_faults(f"listing {self._container.container_name}/{prefix}"):
            try:
                async for name in self._container.list_blob_names(name_starts_with=prefix):
                    yield name
            except ResourceNotFoundError:
                return

    async def _upload(self, name: str, document: JsonObject, **options: Any) -> str:
        data = encode_document(document)
        blob = self._container.get_blob_client(name)
        try:
            written = await blob.upload_blob(data, **options)
        except ResourceNotFoundError as error:
            if not is_missing_container(error):
                raise
            await make_container(self._container)
            written = await blob.upload_blob(data, **options)
        return str(written["etag"])
