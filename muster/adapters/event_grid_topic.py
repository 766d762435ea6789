"""An Event Grid topic that notifications are published to, as CloudEvents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.messaging import CloudEvent
from azure.eventgrid.aio import EventGridPublisherClient

from muster.adapters.http_transport import http_transport
from muster.values.errors import BadInput, TransientFault
from muster.values.notification import Notification

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

_REFUSED = frozenset({400, 413})
"""What another attempt does not change: an event that is wrong or too large. A missing role (401, 403) or a topic that
is not there yet (404) passes."""

# A run has minutes for all segments, and the next one comes in any case.
_RETRIES: dict[str, Any] = {"retry_total": 2, "retry_backoff_factor": 0.5}


class EventGridTopic:
    """A Notifier (muster/ports.py) over a custom topic whose input schema is CloudEvents 1.0."""

    def __init__(self, endpoint: str, credential: "AsyncTokenCredential | AzureKeyCredential") -> None:
        transport = http_transport(connect_seconds=5, read_seconds=20)
        self._client = EventGridPublisherClient(endpoint, credential, transport=transport, **_RETRIES)

    @classmethod
    def with_key(cls, endpoint: str, key: str) -> "EventGridTopic":
        """A topic with one of its access keys, for tests; in Azure the app's identity needs no key."""
        return cls(endpoint, AzureKeyCredential(key))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def send(self, notifications: Sequence[Notification]) -> None:
        """See Notifier.send."""
        events = [
            CloudEvent(source=one.source, type=one.type, id=one.id, subject=one.subject, time=one.time, data=one.data)
            for one in notifications
        ]
        try:
            await self._client.send(events)
        except HttpResponseError as error:
            if error.status_code in _REFUSED:
                raise BadInput(
                    f"the topic answered {error.status_code} to {len(events)} events", reason="notificationRefused"
                ) from error
            raise TransientFault(f"the topic answered {error.status_code or _name(error)}") from error
        except AzureError as error:
            raise TransientFault(f"the topic did not answer: {_name(error)}") from error


def _name(error: AzureError) -> str:
    return type(error).__name__
