"""Delivery as Event Grid does it: at least once, again on failure, at last to the dead letters."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from muster.local import sender as sender_module
from muster.local.retry_schedule import RetrySchedule
from muster.local.sender import Schema, Sender
from muster.values.errors import BadInput, TransientFault
from muster.values.json import Json

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FAST = RetrySchedule(speed=100_000)
EVENT = b'[{"id": "1"}]'

Answer = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def endpoint(answer: Answer) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_post("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


def answering(*statuses: int) -> tuple[Answer, list[tuple[dict[str, str], bytes]]]:
    """Answers one status after another, the last for ever, and the requests that came."""
    requests: list[tuple[dict[str, str], bytes]] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append((dict(request.headers), await request.read()))
        return web.Response(status=statuses[min(len(requests), len(statuses)) - 1])

    return answer, requests


def sender(url: str, **options: Any) -> Sender:
    return Sender(url, lambda: NOW, schedule=options.pop("schedule", FAST), **options)


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204])
async def test_success_is_any_of_five_statuses(status: int) -> None:
    answer, requests = answering(status)
    async with endpoint(answer) as url, sender(url) as sending:
        delivery = await sending.deliver(EVENT, Schema.EVENT_GRID)
    assert delivery.delivered
    assert [body for _, body in requests] == [EVENT]


@pytest.mark.parametrize(
    ("payload", "schema", "content_type"),
    [
        (EVENT, Schema.EVENT_GRID, "application/json; charset=utf-8"),
        (b'{"specversion": "1.0"}', Schema.CLOUD_EVENTS, "application/cloudevents+json; charset=utf-8"),
        (b' [{"specversion": "1.0"}]', Schema.CLOUD_EVENTS, "application/cloudevents-batch+json; charset=utf-8"),
    ],
)
async def test_the_headers_say_what_is_delivered(payload: bytes, schema: Schema, content_type: str) -> None:
    answer, requests = answering(202)
    async with endpoint(answer) as url, sender(url) as sending:
        await sending.deliver(payload, schema)
    headers = requests[0][0]
    assert (headers["Content-Type"], headers["aeg-event-type"]) == (content_type, "Notification")


async def test_the_whole_payload_comes_again_until_it_is_accepted() -> None:
    answer, requests = answering(500, 503, 404, 202)
    async with endpoint(answer) as url, sender(url) as sending:
        delivery = await sending.deliver(EVENT, Schema.EVENT_GRID)
    assert delivery.statuses == (500, 503, 404, 202)
    assert [body for _, body in requests] == [EVENT] * 4
    assert [headers["aeg-delivery-count"] for headers, _ in requests] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("status", [400, 401, 403, 413])
async def test_some_answers_are_final(status: int) -> None:
    answer, _ = answering(status)
    dead: list[list[Json]] = []

    async def bury(events: list[Json]) -> None:
        dead.append(events)

    async with endpoint(answer) as url, sender(url, dead_letters=bury) as sending:
        delivery = await sending.deliver(EVENT, Schema.EVENT_GRID)
    assert delivery.statuses == (status,)
    assert not delivery.delivered
    assert len(dead) == 1


async def test_what_is_never_accepted_becomes_a_dead_letter() -> None:
    answer, requests = answering(500)
    dead: list[list[Json]] = []

    async def bury(events: list[Json]) -> None:
        dead.append(events)

    schedule = RetrySchedule(attempts=3, speed=100_000)
    async with endpoint(answer) as url, sender(url, schedule=schedule, dead_letters=bury) as sending:
        await sending.deliver(b'[{"id": "1"}, {"id": "2"}]', Schema.EVENT_GRID)
    assert len(requests) == 3
    assert dead == [
        [
            {
                "id": number,
                "deadLetterReason": "MaxDeliveryAttemptsExceeded",
                "deliveryAttempts": 3,
                "lastDeliveryOutcome": "Busy",
                "lastHttpStatusCode": 500,
                "publishTime": "2026-11-23T06:00:00Z",
                "lastDeliveryAttemptTime": "2026-11-23T06:00:00Z",
            }
            for number in ("1", "2")
        ]
    ]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"specversion": "1.0"}', {"specversion": "1.0", "deadletterreason": "UndeliverableDueToClientError"}),
        (b"{", {"data": "{", "deadLetterReason": "UndeliverableDueToClientError"}),
    ],
)
async def test_a_dead_letter_keeps_what_came(payload: bytes, expected: dict[str, str]) -> None:
    answer, _ = answering(400)
    dead: list[list[Json]] = []

    async def bury(events: list[Json]) -> None:
        dead.append(events)

    async with endpoint(answer) as url, sender(url, dead_letters=bury) as sending:
        await sending.deliver(payload, Schema.CLOUD_EVENTS)
    (event,) = dead[0]
    assert isinstance(event, dict)
    assert expected.items() <= event.items()


async def test_no_answer_in_time_is_a_failure_and_the_event_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "TIMEOUT_SECONDS", 0.2)
    calls = 0
    release = asyncio.Event()

    async def answer(_request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        if calls == 1:
            await release.wait()
        return web.Response(status=202)

    async with endpoint(answer) as url, sender(url) as sending:
        delivery = await sending.deliver(EVENT, Schema.EVENT_GRID)
        release.set()
    assert delivery.statuses == (0, 202)


async def test_nobody_there_is_a_failure(unused_tcp_port: int) -> None:
    schedule = RetrySchedule(attempts=2, speed=100_000)
    async with sender(f"http://127.0.0.1:{unused_tcp_port}/", schedule=schedule) as sending:
        assert (await sending.deliver(EVENT, Schema.EVENT_GRID)).statuses == (0, 0)


async def test_the_handshake_wants_the_code_back() -> None:
    async def echo(request: web.Request) -> web.Response:
        event = json.loads(await request.read())[0]
        assert request.headers["aeg-event-type"] == "SubscriptionValidation"
        return web.json_response({"validationResponse": event["data"]["validationCode"]})

    async with endpoint(echo) as url, sender(url) as sending:
        await sending.validate()
    async with endpoint(answering(200)[0]) as url, sender(url) as sending:
        with pytest.raises(BadInput, match="200"):
            await sending.validate()


async def test_a_handshake_with_nobody_is_a_transient_fault(unused_tcp_port: int) -> None:
    async with sender(f"http://127.0.0.1:{unused_tcp_port}/") as sending:
        with pytest.raises(TransientFault):
            await sending.validate()


def test_event_grids_default_policy_is_30_attempts_within_a_day() -> None:
    waits = list(RetrySchedule().waits())
    assert waits[:9] == [10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600]
    assert sum(waits) <= 1_440 * 60
    assert len(waits) < 30


def test_attempts_bound_the_waits_too() -> None:
    assert len(list(RetrySchedule(attempts=4).waits())) == 3
    assert list(RetrySchedule(attempts=1).waits()) == []


def test_speed_divides_every_wait() -> None:
    slow, fast = RetrySchedule().waits(), RetrySchedule(speed=10).waits()
    assert all(one == pytest.approx(other * 10) for one, other in zip(slow, fast, strict=True))
    assert all(one < other for one, other in pairwise(RetrySchedule(attempts=10).waits()))
