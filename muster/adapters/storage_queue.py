"""Evaluation requests in a queue of Azure Storage."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from muster.adapters.azurite_account import expanded
from muster.adapters.http_transport import http_transport
from muster.adapters.storage_faults import storage_faults
from muster.adapters.storage_requests import API_VERSION, CONNECT_SECONDS, READ_SECONDS, StorageRequests
from muster.jobs.batch_message import batch_message
from muster.jobs.request_message import request_message
from muster.values.request import EvaluationRequest
from muster.values.sweep import BatchName

EVALUATIONS = "muster-evaluations"
"""Requests that wait for another look."""

BATCHES = "muster-sweeps"
"""Batches of a sweep that wait for who judges them."""

EVENTS = "muster-events"
"""Where an event subscription delivers that has a Storage Queue for its destination."""

POISON = "-poison"
"""What the Functions host appends to a queue's name for messages that always failed."""

WATCHED = tuple(f"{queue}{after}" for queue in (EVENTS, EVALUATIONS, BATCHES) for after in ("", POISON))
"""The queues whose depth telemetry tells."""

LONGEST_DELAY = timedelta(days=7) - timedelta(seconds=1)

_NEVER = -1


def message_text(content: str) -> str | None:
    """The text that a message's content stands for; None where it is not base64 of UTF-8."""
    try:
        return b64decode(content, validate=True).decode("utf-8")
    except ValueError:
        return None


class StorageQueue:
    """One queue, made where it is missing. Messages are base64, as the trigger expects (host.json, messageEncoding),
    and do not expire: what is not done is not forgotten."""

    def __init__(self, requests: StorageRequests, name: str) -> None:
        self._requests = requests
        self._name = name

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        """See RequestQueue.put."""
        await self.put_text(request_message(request), delay)

    async def put_batch(self, batch: BatchName, delay: timedelta) -> None:
        """See BatchQueue.put_batch."""
        await self.put_text(batch_message(batch), delay)

    async def put_text(self, text: str, delay: timedelta = timedelta(0)) -> None:
        """Add a message that shows itself after a delay. Raises TransientFault."""
        hidden = round(min(max(delay, timedelta(0)), LONGEST_DELAY).total_seconds())
        content = (
            f"<QueueMessage><MessageText>{b64encode(text.encode()).decode()}</MessageText></QueueMessage>".encode()
        )
        with storage_faults(f"writing to the queue {self._name}"):
            try:
                await self._send(content, hidden)
            except ResourceNotFoundError:
                await self._make()
                await self._send(content, hidden)

    async def _send(self, content: bytes, hidden: int) -> None:
        query = f"visibilitytimeout={hidden}&messagettl={_NEVER}"
        await self._requests.send("POST", f"{self._name}/messages", {"Content-Type": "application/xml"}, content, query)

    async def _make(self) -> None:
        try:
            await self._requests.send("PUT", self._name, {}, b"")
        except ResourceExistsError:
            return


class StorageQueues:
    """The queues of one storage account."""

    def __init__(self, service: QueueServiceClient) -> None:
        self._service = service
        self._requests = StorageRequests(service.url, service.credential)

    @classmethod
    def from_connection_string(cls, text: str) -> "StorageQueues":
        """The account that a connection string names. Raises ValueError where it is not one."""
        return cls(QueueServiceClient.from_connection_string(expanded(text), **client_options()))

    @classmethod
    def from_account_url(cls, url: str, credential: Any) -> "StorageQueues":
        """`https://ACCOUNT.queue.core.windows.net`, with an async token credential."""
        return cls(QueueServiceClient(url, credential=credential, **client_options()))

    def queue(self, name: str) -> StorageQueue:
        """One queue by its name. Closed with this."""
        return StorageQueue(self._requests, name)

    def client(self, name: str) -> QueueClient:
        """The SDK's client of one queue."""
        return self._service.get_queue_client(name, message_encode_policy=TextBase64EncodePolicy())

    async def depths(self, names: Iterable[str]) -> dict[str, int]:
        """About how many messages wait in queues, those included that do not show themselves yet; 0 in one that is not
        there. Raises TransientFault."""
        found = {}
        for name in names:
            with storage_faults(f"reading the queue {name}"):
                try:
                    properties = await self.client(name).get_queue_properties()
                    found[name] = properties.approximate_message_count or 0
                except ResourceNotFoundError:
                    found[name] = 0
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._requests.close()
        await self._service.close()


def client_options() -> dict[str, Any]:
    """What the SDK's clients are made with."""
    return {
        "api_version": API_VERSION,
        "transport": http_transport(connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS),
        # The SDK's own retries start at 15 seconds.
        "initial_backoff": 1,
        "increment_base": 2,
        "retry_total": 2,
        "random_jitter_range": 1,
    }
