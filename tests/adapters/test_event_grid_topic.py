"""Notifications over HTTP to a topic on loopback: CloudEvents, and what the topic's answers mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from muster.adapters.event_grid_topic import EventGridTopic
from muster.values.errors import BadInput, TransientFault
from muster.values.notification import Notification

TOLD = Notification(
    id="0" * 32,
    type="muster.finding.opened",
    source="/subscriptions/s",
    subject="/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v",
    time=datetime(2026, 11, 23, 6, tzinfo=UTC),
    data={"message": "\u202e<script>"},
)


class Server:
    """A topic that answers with `status` and keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []

    async def post(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        self.bodies.append(await request.json())
        return web.Response(status=self.status)


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[EventGridTopic]:
    application = web.Application()
    application.router.add_post("/api/events", server.post)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    topic = EventGridTopic.with_key(f"http://127.0.0.1:{runner.addresses[0][1]}/api/events", "key")
    try:
        yield topic
    finally:
        await topic.close()
        await runner.cleanup()


async def test_notifications_arrive_as_cloud_events() -> None:
    server = Server()
    async with serving(server) as topic:
        await topic.send([TOLD, TOLD])
    ((first, second),) = server.bodies
    assert first == second
    assert first == {
        "specversion": "1.0",
        "id": TOLD.id,
        "source": TOLD.source,
        "type": TOLD.type,
        "subject": TOLD.subject,
        "time": "2026-11-23T06:00:00.000Z",
        "data": TOLD.data,
    }
    assert server.headers[0]["Content-Type"].startswith("application/cloudevents-batch+json")


@pytest.mark.parametrize(
    ("status", "raises"),
    [(400, BadInput), (413, BadInput), (401, TransientFault), (403, TransientFault), (404, TransientFault)],
)
async def test_what_an_answer_means(status: int, raises: type[Exception]) -> None:
    server = Server()
    server.status = status
    async with serving(server) as topic:
        with pytest.raises(raises, match=f"{status}|ResourceNotFoundError"):
            await topic.send([TOLD])
    assert len(server.bodies) == 1


async def test_a_topic_that_is_overloaded_is_asked_again_and_then_left() -> None:
    server = Server()
    server.status = 503
    async with serving(server) as topic:
        with pytest.raises(TransientFault, match="503"):
            await topic.send([TOLD])
    assert len(server.bodies) == 3


async def test_a_topic_that_does_not_answer_is_a_fault_that_passes() -> None:
    topic = EventGridTopic.with_key("http://127.0.0.1:9/api/events", "key")
    with pytest.raises(TransientFault, match="did not answer"):
        await topic.send([TOLD])
    await topic.close()
