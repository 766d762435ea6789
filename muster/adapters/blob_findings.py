"""Findings in Blob Storage: containers `findings`, `history` and `unprocessed`."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobClient, BlobPrefix, BlobServiceClient, ContainerClient, ExponentialRetry

from muster.adapters.azurite_account import expanded
from muster.adapters.blob_marks import BlobMarks
from muster.adapters.blob_metadata import encode_metadata
from muster.adapters.blob_names import (
    LATEST_PREFIX,
    evaluation_id_of,
    history_name,
    history_prefix,
    latest_name,
    latest_prefix,
    resource_of,
)
from muster.adapters.blob_requests import BlobRequests
from muster.adapters.http_transport import http_transport
from muster.adapters.storage_faults import is_lost_race, storage_code, storage_faults
from muster.adapters.storage_requests import API_VERSION, CONNECT_SECONDS, READ_SECONDS
from muster.ports import HistoryWrite, StoredFinding, StoredRecord
from muster.values.errors import BadInput, Conflict
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

FINDINGS, HISTORY, UNPROCESSED = "findings", "history", "unprocessed"

_READ_AHEAD = 16
LISTED_AT_ONCE = 250
"""Blobs that are listed at once where that is seldom done: the SDK makes a model of 9 KB of each."""


class BlobFindings:
    """A FindingStore (muster/ports.py) over three containers of one storage account, made where they are missing."""

    def __init__(self, service: BlobServiceClient) -> None:
        self._service = service
        self._findings = service.get_container_client(FINDINGS)
        self._history = service.get_container_client(HISTORY)
        self._unprocessed = service.get_container_client(UNPROCESSED)
        self._blobs = BlobRequests(service)
        self._marks = BlobMarks(self._put_mark)

    @classmethod
    def from_connection_string(cls, text: str) -> "BlobFindings":
        """A store over the account that a connection string names. Raises ValueError where it is not one."""
        return cls(blob_service(text))

    @classmethod
    def from_account_url(cls, url: str, credential: Any) -> "BlobFindings":
        """A store over `https://ACCOUNT.blob.core.windows.net`, with an async token credential."""
        return cls(BlobServiceClient(url, credential=credential, **_client_options()))

    @property
    def service(self) -> BlobServiceClient:
        """The client of the account, for what else lies there."""
        return self._service

    @property
    def findings(self) -> ContainerClient:
        """The container of latest findings, which also holds their index."""
        return self._findings

    @property
    def unprocessed(self) -> ContainerClient:
        """The container of what could not be processed."""
        return self._unprocessed

    async def close(self) -> None:
        """Mark for the index what waits for it, and close the connections."""
        await self._marks.close()
        await self._blobs.close()
        await self._service.close()

    async def latest(self, resource_id: ResourceId) -> StoredFinding | None:
        """See FindingStore.latest."""
        found = await self._read(self._findings, latest_name(resource_id))
        return None if found is None else StoredFinding(*found)

    async def put_latest(
        self, resource_id: ResourceId, document: JsonObject, metadata: Mapping[str, str], *, replaces: str | None
    ) -> None:
        """See FindingStore.put_latest."""
        condition = {"If-None-Match": "*"} if replaces is None else {"If-Match": replaces}
        name, data = latest_name(resource_id), encode_document(document)
        with storage_faults(f"writing {FINDINGS}/{name}"):
            try:
                await self._blobs.write(
                    self._findings.container_name, name, data, condition=condition, metadata=encode_metadata(metadata)
                )
            except ResourceNotFoundError as error:
                raise Conflict(f"{FINDINGS}/{name} is gone since it was read") from error
        if _is_new(document):
            # After the finding, so that whoever sees the mark reads what it is about.
            self._marks.add(name)

    async def put_history(self, resource_id: ResourceId, evaluation_id: str, document: JsonObject) -> HistoryWrite:
        """See FindingStore.put_history."""
        data = encode_document(document)
        added = await self._create(self._history, history_name(resource_id, evaluation_id), data)
        return HistoryWrite(sha256(data).hexdigest(), added)

    async def history(self, resource_id: ResourceId, evaluation_id: str) -> StoredRecord | None:
        """See FindingStore.history."""
        name = history_name(resource_id, evaluation_id)
        found = await self._download(self._history, name)
        if found is None:
            return None
        return StoredRecord(read_document(found[0], f"{HISTORY}/{name}"), sha256(found[0]).hexdigest())

    async def history_ids(self, resource_id: ResourceId) -> AsyncIterator[str]:
        """See FindingStore.history_ids."""
        prefix = history_prefix(resource_id)
        with storage_faults(f"listing {HISTORY}/{prefix}"):
            try:
                async for item in self._history.walk_blobs(name_starts_with=prefix, delimiter="/"):
                    if not isinstance(item, BlobPrefix):
                        yield evaluation_id_of(item.name)
            except ResourceNotFoundError:
                return

    async def put_unprocessed(self, name: str, document: JsonObject) -> None:
        """See FindingStore.put_unprocessed."""
        await self._create(self._unprocessed, name, encode_document(document))

    async def open_ids(self, below: ResourceId | None = None) -> AsyncIterator[ResourceId]:
        """See FindingStore.open_ids."""
        prefix = LATEST_PREFIX if below is None else latest_prefix(below)
        with storage_faults(f"listing {FINDINGS}/{prefix}"):
            try:
                found = self._findings.list_blobs(
                    name_starts_with=prefix, include=["metadata"], results_per_page=LISTED_AT_ONCE
                )
                async for blob in found:
                    resource_id = resource_of(blob.name)
                    if resource_id is not None and (blob.metadata or {}).get("closed") != "true":
                        yield resource_id
            except ResourceNotFoundError:
                return

    async def all_latest(self) -> AsyncIterator[JsonObject]:
        """See FindingStore.all_latest. Raises BadInput at what is not a finding. All names are listed first (about 200
        bytes each), since Azure's order of names is not the order of the ids in them."""
        names = [name async for name in self._latest_names()]
        names.sort(key=lambda name: name.removesuffix(".json"))
        for start in range(0, len(names), _READ_AHEAD):
            for found in await self._read_batch(names[start : start + _READ_AHEAD]):
                if isinstance(found, BadInput):
                    raise found
                yield found

    async def each_latest(self) -> AsyncIterator[JsonObject | BadInput]:
        """See FindingStore.each_latest. In the order of names, and in bounded memory however many there are."""
        batch: list[str] = []
        async for name in self._latest_names():
            batch.append(name)
            if len(batch) == _READ_AHEAD:
                for found in await self._read_batch(batch):
                    yield found
                batch = []
        for found in await self._read_batch(batch):
            yield found

    async def _read_batch(self, names: Sequence[str]) -> list[JsonObject | BadInput]:
        """These findings, or their faults, without those that went away meanwhile."""
        return [found for found in await asyncio.gather(*map(self._read_or_fault, names)) if found is not None]

    async def _read_or_fault(self, name: str) -> JsonObject | BadInput | None:
        try:
            found = await self._read(self._findings, name)
        except BadInput as fault:
            return fault
        return None if found is None else found[0]

    async def sizes(self) -> dict[str, int]:
        """How many blobs each container holds; of findings the latest ones, without their index."""
        found = {}
        for container in (self._findings, self._history, self._unprocessed):
            prefix = LATEST_PREFIX if container is self._findings else None
            with storage_faults(f"listing {container.container_name}"):
                try:
                    names = container.list_blob_names(name_starts_with=prefix)
                    found[container.container_name] = len([name async for name in names])
                except ResourceNotFoundError:
                    found[container.container_name] = 0
        return found

    async def _latest_names(self) -> AsyncIterator[str]:
        with storage_faults(f"listing {FINDINGS}/{LATEST_PREFIX}"):
            try:
                async for name in self._findings.list_blob_names(name_starts_with=LATEST_PREFIX):
                    yield name
            except ResourceNotFoundError:
                return

    async def _put_mark(self, name: str, data: bytes) -> None:
        with storage_faults(f"writing {FINDINGS}/{name}"):
            await self._blobs.write(self._findings.container_name, name, data)

    async def _create(self, container: ContainerClient, name: str, data: bytes) -> bool:
        with storage_faults(f"writing {container.container_name}/{name}"):
            try:
                await self._blobs.write(container.container_name, name, data)
            except HttpResponseError as error:
                if not await was_there(container.get_blob_client(name), error):
                    raise
                return False
        return True

    async def _read(self, container: ContainerClient, name: str) -> tuple[JsonObject, str] | None:
        found = await self._download(container, name)
        return None if found is None else (read_document(found[0], f"{container.container_name}/{name}"), found[1])

    async def _download(self, container: ContainerClient, name: str) -> tuple[bytes, str] | None:
        with storage_faults(f"reading {container.container_name}/{name}"):
            return await self._blobs.read(container.container_name, name)


def read_document(data: bytes, name: str) -> JsonObject:
    """The JSON object in a blob's bytes. Raises BadInput (notAFinding), which names the blob."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} is not JSON", reason="notAFinding") from error
    if not isinstance(document, dict):
        raise BadInput(f"{name} is not a JSON object", reason="notAFinding")
    return document


def _is_new(document: JsonObject) -> bool:
    """Whether a latest finding says something new, and not only that nothing changed since it was seen first."""
    evaluation = document.get("evaluation")
    return not isinstance(evaluation, dict) or evaluation.get("observedAt") == evaluation.get("checkedAt")


def encode_document(document: JsonObject) -> bytes:
    """A document as a blob's bytes, without NaN or infinities (muster/report/redaction.py leaves none). Half of a
    surrogate pair, which UTF-8 can't say, stays a JSON escape; for it, for numbers of more than 64 bits and for what is
    nested deep there is the standard library's slower way."""
    try:
        return orjson.dumps(document)
    except TypeError:
        pass
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )


def blob_service(connection_string: str) -> BlobServiceClient:
    """The account that a connection string names. Raises ValueError where it is not one."""
    text = expanded(connection_string)
    return BlobServiceClient.from_connection_string(text, **_client_options())


async def was_there(blob: BlobClient, error: HttpResponseError) -> bool:
    """Whether a create-only write failed because the blob is there already.

    An identity that may only add (infra/roles/muster-recorder.json) can be told so with 403, since it may not
    overwrite; whether that was it, is asked of storage. Raises HttpResponseError where that is refused too.
    """
    return is_lost_race(error) or (error.status_code == 403 and await blob.exists())


async def make_container(container: ContainerClient) -> None:
    """Make a container that is missing; another writer may be first."""
    try:
        await container.create_container()
    except ResourceExistsError as error:
        if storage_code(error) != "ContainerAlreadyExists":
            raise


def _client_options() -> dict[str, Any]:
    return {
        "api_version": API_VERSION,
        "transport": http_transport(connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS),
        # The SDK's own retries start at 15 seconds; Event Grid waits 30 for the whole invocation.
        "retry_policy": ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=2, random_jitter_range=1),
    }
