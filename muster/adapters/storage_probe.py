"""Tries what the app does with its storage, and leaves nothing there: a StorageProbe (muster/jobs/doctor)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import ParseError

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.storage.blob.aio import ContainerClient
from azure.storage.queue.aio import QueueClient

from muster.adapters.blob_documents import BlobDocuments
from muster.adapters.blob_findings import FINDINGS, BlobFindings
from muster.adapters.blob_metadata import decode_metadata
from muster.adapters.blob_names import LATEST_PREFIX
from muster.adapters.index_blob import BlobIndex
from muster.adapters.storage_faults import storage_code, storage_faults
from muster.adapters.storage_queue import StorageQueues
from muster.jobs.doctor.installation import Came, Newest, Tried, Waiting
from muster.values.instant import parse_instant

NOTHING = ".doctor"
"""The name of what is asked for and is not there."""
NEVER = '"0x0"'
"""An etag that no blob has."""
NO_MESSAGE, NO_RECEIPT = "00000000-0000-0000-0000-000000000000", "AAAAAAAAAAA="
"""A message that no queue has, in the form that messages have: what is malformed is refused before it is authorised."""
MOST_FINDINGS = 20_000

_MISSING = frozenset({"ContainerNotFound", "QueueNotFound"})
_REFUSALS = frozenset({401, 403})
_DONE = frozenset({404, 412})
"""What a call is answered that was allowed, of what is not there."""
_NO_SUCH_MESSAGE = frozenset({"PopReceiptMismatch", "InvalidQueryParameterValue"})
"""As _DONE, where a queue answers 400."""


class StorageProbe:
    """Two accounts that may be one. `blob_key` and `queue_key`: they are reached with a key."""

    def __init__(self, store: BlobFindings, queues: StorageQueues, *, blob_key: bool, queue_key: bool) -> None:
        self._store = store
        self._queues = queues
        self._blob_key = blob_key
        self._queue_key = queue_key

    @property
    def blob_key(self) -> bool:
        """See StorageProbe.blob_key."""
        return self._blob_key

    @property
    def queue_key(self) -> bool:
        """See StorageProbe.queue_key."""
        return self._queue_key

    async def container(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        """See StorageProbe.container."""
        client = self._store.service.get_container_client(name)
        calls: Mapping[str, Callable[[], Awaitable[object]]] = {
            "list": lambda: _first_page(client),
            "read": lambda: client.get_blob_client(NOTHING).get_blob_properties(),
            "write": lambda: client.get_blob_client(NOTHING).upload_blob(
                b"", overwrite=True, etag=NEVER, match_condition=MatchConditions.IfNotModified
            ),
        }
        return await self._tried(calls, actions)

    async def queue(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        """See StorageProbe.queue."""
        client = self._queues.client(name)
        calls: Mapping[str, Callable[[], Awaitable[object]]] = {
            "read": lambda: _waiting(client),
            "write": lambda: client.update_message(NO_MESSAGE, pop_receipt=NO_RECEIPT, visibility_timeout=0),
        }
        return await self._tried(calls, actions)

    async def waiting(self, queue: str) -> Waiting | None:
        """See StorageProbe.waiting."""
        with storage_faults(f"reading the queue {queue}"):
            try:
                return await _waiting(self._queues.client(queue))
            except ResourceNotFoundError:
                return None

    async def names(self, container: str, prefix: str) -> AsyncIterator[str]:
        """See StorageProbe.names."""
        async for name in self.documents(container).names(prefix):
            yield name

    async def newest(self) -> Newest:
        """See StorageProbe.newest."""
        newest: datetime | None = None
        count = 0
        with storage_faults(f"listing {FINDINGS}/{LATEST_PREFIX}"):
            try:
                async for blob in self._store.findings.list_blobs(name_starts_with=LATEST_PREFIX, include=["metadata"]):
                    if count == MOST_FINDINGS:
                        return Newest(newest, count, whole=False)
                    count += 1
                    at = _instant(decode_metadata(blob.metadata or {}).get("checkedAt", ""))
                    newest = max(filter(None, (newest, at)), default=None)
            except ResourceNotFoundError:
                return Newest(None, 0, whole=True)
        return Newest(newest, count, whole=True)

    async def index_current(self) -> datetime | None:
        """See StorageProbe.index_current."""
        state = await BlobIndex(self._store.findings).state()
        return None if state is None else state.current_at

    def documents(self, container: str) -> BlobDocuments:
        """See StorageProbe.documents."""
        return BlobDocuments(self._store.service, container)

    async def _tried(
        self, calls: Mapping[str, Callable[[], Awaitable[object]]], actions: Sequence[str]
    ) -> tuple[Tried, ...]:
        found = []
        for action in actions:
            tried = await self._try(action, calls[action])
            found.append(tried)
            if tried.came is Came.SILENT:
                break
        return tuple(found)

    async def _try(self, action: str, call: Callable[[], Awaitable[object]]) -> Tried:
        try:
            await call()
        except HttpResponseError as error:
            code, status = storage_code(error) or error.reason or "", error.status_code
            if status is None:
                # The SDK stopped before it sent anything: there is no token, or the key is none.
                return Tried(action, Came.REFUSED, "NoToken")
            if status in _REFUSALS:
                return Tried(action, Came.REFUSED, code or str(status))
            if status in _DONE or code in _NO_SUCH_MESSAGE:
                return Tried(action, Came.MISSING if code in _MISSING else Came.DONE)
            return Tried(action, Came.SILENT, f"it answered {status} {code}".rstrip())
        except ParseError:
            return Tried(action, Came.SILENT, "it answered what is not its XML")
        except AzureError as error:
            return Tried(action, Came.SILENT, (str(error).splitlines() or [type(error).__name__])[0][:300])
        return Tried(action, Came.DONE)


async def _first_page(client: ContainerClient) -> None:
    async for _ in client.list_blob_names(results_per_page=1):
        return


async def _waiting(client: QueueClient) -> Waiting:
    count = (await client.get_queue_properties()).approximate_message_count or 0
    first = await client.peek_messages(max_messages=1) if count else []
    return Waiting(count, first[0].inserted_on if first else None)


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None
