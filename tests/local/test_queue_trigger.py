"""The local host's queue listener does with messages what the Functions host does."""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from muster.adapters.storage_queue import POISON, client_options
from muster.local.app import Function
from muster.local.errors import UnusableApp
from muster.local.host_config import QueueOptions, queue_options
from muster.local.queue_trigger import QueueTriggers
from tests.conftest import ROOT
from tests.local.conftest import WriteApp

OPTIONS = QueueOptions(max_polling_interval=0.1, visibility_timeout=0, max_dequeue_count=3)


@dataclass
class Work:
    """A function that notes its messages and fails on those that say so."""

    seen: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def take(self, message: str) -> None:
        self.seen.append(message)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if "slow" in message:
            await asyncio.sleep(2.5)
        if "fail" in message:
            raise ValueError(message)


@dataclass
class Play:
    work: Work
    queue: QueueClient
    poison: QueueClient

    async def send(self, *texts: str) -> None:
        for text in texts:
            await self.queue.send_message(base64.b64encode(text.encode()).decode())

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not done():  # noqa: ASYNC110 a function that is called has no event to wait for
                await asyncio.sleep(0.02)

    async def buried(self) -> list[str]:
        """What is in the poison queue once anything is."""
        async with asyncio.timeout(30):
            while not (found := await self.poisoned()):  # noqa: ASYNC110 a queue can only be asked
                await asyncio.sleep(0.02)
        return found

    async def poisoned(self) -> list[str]:
        try:
            return [message.content for message in await self.poison.peek_messages(max_messages=32)]
        except ResourceNotFoundError:
            return []


@asynccontextmanager
async def listening(storage: str, hidden_seconds: int = 60) -> AsyncIterator[Play]:
    name = f"q-{uuid.uuid4()}"
    work = Work()
    binding = {"queueName": name, "connection": "ACCOUNT"}
    function = Function("take", "queueTrigger", "message", str, binding, work.take)
    driver = QueueTriggers([function], OPTIONS, {"ACCOUNT": storage}, hidden_seconds=hidden_seconds)
    assert driver.routes() == []
    async with QueueServiceClient.from_connection_string(storage, **client_options()) as service:
        queue = service.get_queue_client(name)
        await queue.create_queue()
        async with driver.running():
            yield Play(work, queue, service.get_queue_client(f"{name}{POISON}"))


@pytest.mark.azurite
@pytest.mark.xdist_group("azurite")
class TestWithAzurite:
    async def test_a_message_is_handed_over_once_and_removed(self, storage: str) -> None:
        async with listening(storage) as play:
            await play.send(*(f"m{number}" for number in range(40)))
            await play.until(lambda: len(play.work.seen) >= 40)
        async with QueueServiceClient.from_connection_string(storage, **client_options()) as service:
            left = await service.get_queue_client(play.queue.queue_name).get_queue_properties()
        assert sorted(play.work.seen) == sorted(f"m{number}" for number in range(40))
        assert left.approximate_message_count == 0

    async def test_one_that_always_fails_ends_in_the_poison_queue(self, storage: str) -> None:
        async with listening(storage) as play:
            await play.send("fail")
            await play.until(lambda: len(play.work.seen) >= 3)
            assert [base64.b64decode(text) for text in await play.buried()] == [b"fail"]
            assert play.work.seen == ["fail"] * 3

    async def test_one_that_takes_long_stays_hidden_meanwhile(self, storage: str) -> None:
        async with listening(storage, hidden_seconds=1) as play:
            await play.send("slow")
            await play.until(lambda: bool(play.work.seen))
        assert play.work.seen == ["slow"]
        async with QueueServiceClient.from_connection_string(storage, **client_options()) as service:
            left = await service.get_queue_client(play.queue.queue_name).get_queue_properties()
        assert left.approximate_message_count == 0

    async def test_what_can_not_be_decoded_goes_there_at_once(self, storage: str) -> None:
        async with listening(storage) as play:
            await play.queue.send_message("{not base64}")
            assert await play.buried() == ["{not base64}"]
            assert play.work.seen == []


def test_a_binding_whose_account_is_not_set_is_told() -> None:
    function = Function("take", "queueTrigger", "message", str, {"queueName": "q", "connection": "ACCOUNT"}, print)
    with pytest.raises(UnusableApp, match="take: the setting ACCOUNT"):
        QueueTriggers([function], OPTIONS, {})


def test_the_apps_own_settings_of_queues() -> None:
    options = queue_options(ROOT)
    assert options.visibility_timeout >= 30, "one throttled minute would poison everything"
    assert options.max_dequeue_count > 5
    assert options.base64


def test_without_settings_the_hosts_own_count(write_app: WriteApp) -> None:
    root = write_app("")
    assert queue_options(root) == QueueOptions()
    (root / "host.json").write_text("{}", "utf-8")
    assert queue_options(root) == QueueOptions()


@pytest.mark.parametrize("queues", [[], {"batchSize": "x"}, {"visibilityTimeout": 5}, {"maxDequeueCount": None}])
def test_settings_that_are_none_are_told(write_app: WriteApp, queues: object) -> None:
    root = write_app("")
    (root / "host.json").write_text(json.dumps({"extensions": {"queues": queues}}), "utf-8")
    with pytest.raises(UnusableApp, match=r"host\.json"):
        queue_options(root)
