"""Requests in a real queue: base64, hidden until they are due, never forgotten."""

import base64
import uuid
from datetime import timedelta

import pytest

from muster.adapters.storage_queue import StorageQueues, message_text
from muster.jobs.request_message import parse_request
from muster.values.errors import TransientFault
from muster.values.request import Cause, EvaluationRequest
from tests.jobs.stage import START, VM

REQUEST = EvaluationRequest(VM, START, Cause.SETTLE)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("eyJhIjogMX0=", '{"a": 1}'),
        ("4pyT", "✓"),
        ("", ""),
        ("{}", None),
        ("eyJhIjogMX0", None),
        ("/w==", None),
        ("é", None),
    ],
)
def test_content_that_is_base64_of_utf_8_is_a_text(content: str, text: str | None) -> None:
    assert message_text(content) == text


@pytest.mark.azurite
@pytest.mark.xdist_group("azurite")
async def test_a_request_waits_as_the_trigger_expects_it(storage: str) -> None:
    queues = StorageQueues.from_connection_string(storage)
    name = f"q-{uuid.uuid4()}"
    queue, client = queues.queue(name), queues.client(name)
    try:
        await queue.put(REQUEST, timedelta(0))
        await queue.put(REQUEST, timedelta(hours=1))
        await queue.put(REQUEST, timedelta(days=30))
        (message,) = [message async for message in client.receive_messages(messages_per_page=32)]
        assert parse_request(base64.b64decode(message.content).decode()) == REQUEST
        assert message.expires_on is not None
        assert message.expires_on.year == 9999
        assert (await client.get_queue_properties()).approximate_message_count == 3
    finally:
        await client.delete_queue()
        await queues.close()


async def test_a_queue_that_does_not_answer_is_a_fault_that_may_pass(unused_tcp_port: int) -> None:
    queues = StorageQueues.from_connection_string(
        f"AccountName=a;AccountKey=YQ==;QueueEndpoint=http://127.0.0.1:{unused_tcp_port}/a;"
    )
    try:
        with pytest.raises(TransientFault, match="queue q"):
            await queues.queue("q").put(REQUEST, timedelta(0))
    finally:
        await queues.close()
