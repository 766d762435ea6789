"""Delivers events over HTTP as Event Grid does: at least once, again on failure, at last to the dead letters."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from types import TracebackType

import aiohttp

from muster.local.dead_letter import TIMED_OUT, dead_letter
from muster.local.retry_schedule import FINAL_STATUSES, RetrySchedule
from muster.ports import Clock
from muster.values.errors import BadInput, TransientFault
from muster.values.json import Json

TIMEOUT_SECONDS = 30.0
"""Event Grid waits this long for an answer."""


class Schema(StrEnum):
    """The two schemas a subscription can deliver in."""

    EVENT_GRID = "eventGrid"
    CLOUD_EVENTS = "cloudEvents"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a payload. `statuses` has an HTTP status for each attempt, TIMED_OUT where
    none came in time."""

    statuses: tuple[int, ...]

    @property
    def delivered(self) -> bool:
        """Whether the last attempt was accepted."""
        return bool(self.statuses) and 200 <= self.statuses[-1] <= 204


DeadLetters = Callable[[list[Json]], Awaitable[None]]
"""Keeps events that could not be delivered, each with why."""


@dataclass(slots=True)
class Sender:
    """Sends to one event subscription's endpoint. Use it as an async context manager."""

    url: str
    clock: Clock
    schedule: RetrySchedule = field(default_factory=RetrySchedule)
    dead_letters: DeadLetters | None = None
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Sender":
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def validate(self) -> None:
        """The handshake with which Event Grid makes sure that an endpoint wants events.

        Raises BadInput where the endpoint does not answer with the code, TransientFault where nothing answers.
        """
        code = secrets.token_hex(16)
        event: Json = [
            {
                "id": secrets.token_hex(8),
                "topic": "/subscriptions/00000000-0000-0000-0000-000000000000",
                "subject": "",
                "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
                "eventTime": self.clock().isoformat(),
                "data": {"validationCode": code},
                "metadataVersion": "1",
                "dataVersion": "2",
            }
        ]
        headers = {"aeg-event-type": "SubscriptionValidation", "Content-Type": "application/json"}
        try:
            async with self._open().post(self.url, data=json.dumps(event), headers=headers) as answer:
                status, text = answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TransientFault(f"{self.url} does not answer: {error}") from error
        if status != 200 or code not in text:
            raise BadInput(f"{self.url} answered the handshake with {status}, not with the validation code")

    async def deliver(self, payload: bytes, schema: Schema) -> Delivery:
        """Deliver one HTTP body: an array of events in Event Grid's schema, an object or array of CloudEvents."""
        published = self.clock()
        statuses = [await self._attempt(payload, schema, 0)]
        for wait in self.schedule.waits():
            if 200 <= statuses[-1] <= 204 or statuses[-1] in FINAL_STATUSES:
                break
            await asyncio.sleep(wait)
            statuses.append(await self._attempt(payload, schema, len(statuses)))
        delivery = Delivery(tuple(statuses))
        if not delivery.delivered and self.dead_letters is not None:
            await self.dead_letters(dead_letter(payload, delivery.statuses, published, self.clock()))
        return delivery

    async def _attempt(self, payload: bytes, schema: Schema, earlier: int) -> int:
        headers = {
            "aeg-event-type": "Notification",
            "aeg-subscription-name": "MUSTER",
            "aeg-delivery-count": str(earlier),
            "Content-Type": _content_type(payload, schema),
        }
        try:
            async with self._open().post(self.url, data=BytesIO(payload), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return TIMED_OUT

    def _open(self) -> aiohttp.ClientSession:
        assert self._session is not None, "use Sender as an async context manager"
        return self._session


def _content_type(payload: bytes, schema: Schema) -> str:
    if schema is Schema.EVENT_GRID:
        return "application/json; charset=utf-8"
    batch = payload.lstrip().startswith(b"[")
    return f"application/cloudevents{'-batch' * batch}+json; charset=utf-8"
