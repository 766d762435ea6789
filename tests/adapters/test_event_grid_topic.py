"""Notifications over HTTP to a topic on loopback: CloudEvents, and what the topic's answers mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from muster.adapters.event_grid_topic import EventGridTopic
from muster.values.errors import BadInput, TransientFault
from muster.values.notification import Notification
from tests.adapters.topic_server import Server, serving

TOLD = Notification(
    id="0" * 32,
    type="muster.finding.opened",
    source="/subscriptions/s",
    subject="/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v",
    time=datetime(2026, 11, 23, 6, tzinfo=UTC),
    data={"message": "\u202e<script>"},
)


@asynccontextmanager
async def topic_of(server: Server) -> AsyncIterator[EventGridTopic]:
    async with serving(server) as url:
        topic = EventGridTopic.with_key(url, "key")
        try:
            yield topic
        finally:
            await topic.close()


async def test_notifications_arrive_as_cloud_events() -> None:
    server = Server()
    async with topic_of(server) as topic:
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
    async with topic_of(server) as topic:
        with pytest.raises(raises, match=f"{status}|ResourceNotFoundError"):
            await topic.send([TOLD])
    assert len(server.bodies) == 1


async def test_a_topic_that_is_overloaded_is_asked_again_and_then_left() -> None:
    server = Server()
    server.status = 503
    async with topic_of(server) as topic:
        with pytest.raises(TransientFault, match="503"):
            await topic.send([TOLD])
    assert len(server.bodies) == 3


async def test_a_topic_that_does_not_answer_is_a_fault_that_passes() -> None:
    topic = EventGridTopic.with_key("http://127.0.0.1:9/api/events", "key")
    with pytest.raises(TransientFault, match="did not answer"):
        await topic.send([TOLD])
    await topic.close()
