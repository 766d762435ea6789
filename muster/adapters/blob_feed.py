"""The feed in Blob Storage, and the newest evaluations that it is made from."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobServiceClient

from muster.adapters.blob_findings import FINDINGS, make_container, was_there
from muster.adapters.blob_names import LATEST_PREFIX, resource_of
from muster.adapters.storage_faults import is_missing_container, storage_faults
from muster.ports import FindingHead
from muster.values.errors import BadInput, InvalidResourceId
from muster.values.resource_id import ResourceId

FEED = "feed"
FEED_STATE = "feed-state"
"""The container of checkpoints; apart from the feed, whose readers take every blob in it for lines."""

HEADS_AT_ONCE = 1000
"""Findings that are listed at once, which takes 9 KB each. A list costs as much as a write, and every run lists all."""

_NDJSON = ContentSettings(content_type="application/x-ndjson")


class BlobFeed:
    """A Feed (muster/ports.py) over a container, which is made where it is missing.

    Segments are block blobs written in one piece: Azure tells of them with one BlobCreated event, which connectors wait
    for; appending to a blob tells nobody.
    """

    def __init__(self, service: BlobServiceClient) -> None:
        self._container = service.get_container_client(FEED)

    async def create(self, name: str, text: str) -> bool:
        """See Feed.create."""
        with storage_faults(f"writing {FEED}/{name}"):
            try:
                await self._upload(name, text.encode())
            except HttpResponseError as error:
                if not await was_there(self._container.get_blob_client(name), error):
                    raise
                return False
        return True

    async def read(self, name: str) -> str | None:
        """See Feed.read. Raises BadInput where it is no text."""
        with storage_faults(f"reading {FEED}/{name}"):
            try:
                stream = await self._container.download_blob(name)
                data = await stream.readall()
            except ResourceNotFoundError:
                return None
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise BadInput(f"{FEED}/{name} is not UTF-8", reason="damagedFeed") from error

    async def names(self, prefix: str) -> AsyncIterator[str]:
        """See Feed.names."""
        with storage_faults(f"listing {FEED}/{prefix}"):
            try:
                async for name in self._container.list_blob_names(name_starts_with=prefix):
                    yield name
            except ResourceNotFoundError:
                return

    async def _upload(self, name: str, data: bytes) -> None:
        options: dict[str, Any] = {"overwrite": False, "content_settings": _NDJSON}
        blob = self._container.get_blob_client(name)
        try:
            await blob.upload_blob(data, **options)
        except ResourceNotFoundError as error:
            if not is_missing_container(error):
                raise
            await make_container(self._container)
            await blob.upload_blob(data, **options)


async def finding_heads(service: BlobServiceClient) -> AsyncGenerator[FindingHead, None]:
    """The newest evaluation of every resource, from the metadata of the latest findings; only where a name is too long
    to tell its resource is the finding itself read. A blob that is no finding is passed over."""
    container = service.get_container_client(FINDINGS)
    with storage_faults(f"listing {FINDINGS}/{LATEST_PREFIX}"):
        try:
            found = container.list_blobs(
                name_starts_with=LATEST_PREFIX, include=["metadata"], results_per_page=HEADS_AT_ONCE
            )
            async for blob in found:
                evaluation = (blob.metadata or {}).get("evaluation", "")
                resource_id = resource_of(blob.name) or await _resource_in(service, blob.name)
                if resource_id is not None and evaluation:
                    yield FindingHead(resource_id, evaluation)
        except ResourceNotFoundError:
            return


async def _resource_in(service: BlobServiceClient, name: str) -> ResourceId | None:
    """The resource that the finding of a name is about; None where that is no finding."""
    try:
        stream = await service.get_container_client(FINDINGS).download_blob(name)
        document = json.loads(await stream.readall())
        return ResourceId.parse(document["resource"]["id"])
    except (ResourceNotFoundError, ValueError, RecursionError, KeyError, TypeError, InvalidResourceId):
        return None
