"""Records of what could not be processed, in Blob Storage (UnprocessedFeed in muster/jobs/index_unprocessed.py)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob.aio import ContainerClient

from muster.adapters.blob_findings import read_document
from muster.adapters.storage_faults import storage_faults
from muster.values.errors import BadInput
from muster.values.instant import format_instant
from muster.values.json import JsonObject

MAX_BYTES = 1024 * 1024
"""What is read of a record; a longer one is none of muster's."""

_READ_AHEAD = 16


class UnprocessedBlobs:
    """The records in a container, which may be missing."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    async def names(self) -> AsyncIterator[tuple[str, str]]:
        """See UnprocessedFeed.names."""
        with storage_faults(f"listing {self._container.container_name}"):
            try:
                async for item in self._container.list_blobs():
                    kept = item.creation_time or item.last_modified
                    yield item.name, format_instant(kept.astimezone(UTC))
            except ResourceNotFoundError:
                return

    async def read(self, names: Sequence[str]) -> Mapping[str, JsonObject | None]:
        """See UnprocessedFeed.read."""
        found: dict[str, JsonObject | None] = {}
        for start in range(0, len(names), _READ_AHEAD):
            for one in await asyncio.gather(*map(self._read, names[start : start + _READ_AHEAD])):
                found |= one
        return found

    async def _read(self, name: str) -> dict[str, JsonObject | None]:
        """The record by its name, nothing where it is gone."""
        with storage_faults(f"reading {self._container.container_name}/{name}"):
            try:
                stream = await self._container.download_blob(name, offset=0, length=MAX_BYTES)
                data = await stream.readall()
            except ResourceNotFoundError:
                return {}
        try:
            return {name: read_document(data, name)}
        except BadInput:
            return {name: None}
