"""Reading and writing one blob, as the write protocol of findings does for every event."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

from muster.adapters.storage_faults import is_missing_container
from muster.adapters.storage_requests import StorageRequests

if TYPE_CHECKING:
    from azure.storage.blob.aio import BlobServiceClient

_SAFE = "~/"
"""What the SDK leaves as it is in a blob's name."""

_CREATE_ONLY = {"If-None-Match": "*"}


class BlobRequests:
    """One blob at a time of the account that an SDK's client is for. Raises as StorageRequests.send does."""

    def __init__(self, service: "BlobServiceClient") -> None:
        self._requests = StorageRequests(service.url, service.credential)

    async def read(self, container: str, name: str) -> tuple[bytes, str] | None:
        """A blob's bytes and etag; None where there is no such blob, or no such container."""
        try:
            response = await self._requests.send("GET", _path(container, name), {})
        except ResourceNotFoundError:
            return None
        return response.body(), response.headers["ETag"]

    async def write(
        self,
        container: str,
        name: str,
        content: bytes,
        *,
        condition: Mapping[str, str] = _CREATE_ONLY,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Write a blob of JSON under a condition (headers), by default that there is none yet."""
        headers = {
            "x-ms-blob-type": "BlockBlob",
            "x-ms-blob-content-type": "application/json",
            "Content-Type": "application/octet-stream",
            **condition,
            **{f"x-ms-meta-{key}": value for key, value in (metadata or {}).items()},
        }
        path = _path(container, name)
        try:
            await self._requests.send("PUT", path, headers, content)
        except ResourceNotFoundError as error:
            if not is_missing_container(error):
                raise
            await self._make(container)
            await self._requests.send("PUT", path, headers, content)

    async def close(self) -> None:
        """Close the connections."""
        await self._requests.close()

    async def _make(self, container: str) -> None:
        """Make a container that is missing; another writer may be first."""
        try:
            await self._requests.send("PUT", container, {}, b"", query="restype=container")
        except ResourceExistsError as error:
            if getattr(error, "error_code", "") != "ContainerAlreadyExists":
                raise


def _path(container: str, name: str) -> str:
    return f"{container}/{quote(name, safe=_SAFE)}"
