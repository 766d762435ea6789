"""Drives queue triggers: the listener of the Functions host's Storage Queues extension.

What it does is what the extension does (azure-sdk-for-net, Microsoft.Azure.WebJobs.Extensions.Storage.Queues): it takes
up to batchSize messages, hides each while its function runs, removes it after a success; after a failure lets it show
itself again once visibilityTimeout has passed, and with its maxDequeueCount-th failure, or where it can't be decoded,
moves it to `<queue>-poison`. It polls ever more slowly while nothing comes.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.functions.meta import Datum
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from muster.adapters.azurite_account import expanded
from muster.adapters.storage_queue import POISON, client_options, message_text
from muster.local.app import Function
from muster.local.errors import UnusableApp
from muster.local.host_config import QueueOptions
from muster.local.invocation import invoke

TRIGGER = "queueTrigger"

HIDDEN_SECONDS = 600
"""How long the extension hides a message whose function runs: so long it stays hidden where a host is killed."""

FIRST_POLL_SECONDS = 0.1

log = logging.getLogger(__name__)


class QueueTriggers:
    """A listener for each function with this trigger. `environ` has the connection strings that the bindings name."""

    def __init__(
        self,
        functions: Iterable[Function],
        options: QueueOptions,
        environ: Mapping[str, str],
        *,
        hidden_seconds: int = HIDDEN_SECONDS,
    ) -> None:
        self._functions = tuple(functions)
        self._options = options
        self._hidden = hidden_seconds
        self._accounts = {function.name: _connection(function, environ) for function in self._functions}

    def routes(self) -> list[web.RouteDef]:
        """Nothing is served: messages are fetched."""
        return []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The listeners at work until the block is left; functions under way are awaited."""
        async with AsyncExitStack() as stack:
            listeners = [await self._listener(function, stack) for function in self._functions]
            tasks = [asyncio.create_task(listener.listen()) for listener in listeners]
            try:
                yield
            finally:
                for listener in listeners:
                    listener.stop()
                await asyncio.gather(*tasks)

    async def _listener(self, function: Function, stack: AsyncExitStack) -> "_Listener":
        account = self._accounts[function.name]
        service = await stack.enter_async_context(
            QueueServiceClient.from_connection_string(expanded(account), **client_options())
        )
        name = str(function.bindings["queueName"])
        poison = service.get_queue_client(f"{name}{POISON}")
        return _Listener(function, service.get_queue_client(name), poison, self._options, self._hidden)


class _Listener:
    def __init__(
        self, function: Function, queue: QueueClient, poison: QueueClient, options: QueueOptions, hidden: int
    ) -> None:
        self._function = function
        self._queue = queue
        self._poison = poison
        self._options = options
        self._hidden = hidden
        self._stopping = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Take no more messages."""
        self._stopping.set()

    async def listen(self) -> None:
        wait = FIRST_POLL_SECONDS
        while not self._stopping.is_set():
            if len(self._under_way) > self._options.new_batch_threshold:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                continue
            messages = await self._take()
            for message in messages:
                task = asyncio.create_task(self._run(message))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            wait = FIRST_POLL_SECONDS if messages else min(wait * 2, self._options.max_polling_interval)
            if not messages:
                await self._sleep(wait)
        await asyncio.gather(*self._under_way)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _take(self) -> list[QueueMessage]:
        found = self._queue.receive_messages(
            messages_per_page=self._options.batch_size,
            max_messages=self._options.batch_size,
            visibility_timeout=self._hidden,
        )
        try:
            return [message async for message in found]
        except ResourceNotFoundError:
            return []
        except AzureError as error:
            log.warning("reading the queue %s: %s", self._queue.queue_name, error)
            return []

    async def _run(self, message: QueueMessage) -> None:
        renewing = asyncio.create_task(self._keep_hidden(message))
        try:
            await self._handle(message)
        finally:
            renewing.cancel()

    async def _keep_hidden(self, message: QueueMessage) -> None:
        """A function may take longer than a message stays hidden: it is hidden anew in good time."""
        while True:
            await asyncio.sleep(self._hidden / 2)
            try:
                renewed = await self._queue.update_message(message, visibility_timeout=self._hidden)
            except AzureError as error:
                log.warning("%s: its message could not be kept hidden: %s", self._function.name, _first_line(error))
                continue
            message.pop_receipt = renewed.pop_receipt

    async def _handle(self, message: QueueMessage) -> None:
        try:
            text = self._text(message)
            if text is None:
                log.warning("%s: what is not base64 of UTF-8 goes to the poison queue", self._function.name)
                await self._bury(message)
            elif await self._succeeds(message, text):
                await self._queue.delete_message(message)
            elif (message.dequeue_count or 0) >= self._options.max_dequeue_count:
                await self._bury(message)
            else:
                seconds = round(self._options.visibility_timeout)
                await self._queue.update_message(message, visibility_timeout=seconds)
        except AzureError as error:
            # The message shows itself again by itself, as it does to the real host.
            log.warning("%s: its message could not be put away: %s", self._function.name, _first_line(error))

    def _text(self, message: QueueMessage) -> str | None:
        return message_text(message.content) if self._options.base64 else message.content

    async def _succeeds(self, message: QueueMessage, text: str) -> bool:
        metadata = {
            "Id": Datum(message.id, "string"),
            "DequeueCount": Datum(str(message.dequeue_count), "string"),
            "PopReceipt": Datum(message.pop_receipt, "string"),
        }
        try:
            await invoke(self._function, Datum(text, "string"), metadata)
        except Exception as error:  # noqa: BLE001 the host reports whatever a function raises
            log.warning("%s failed: %s: %s", self._function.name, type(error).__name__, error)
            return False
        return True

    async def _bury(self, message: QueueMessage) -> None:
        with contextlib.suppress(ResourceExistsError):
            await self._poison.create_queue()
        await self._poison.send_message(message.content, time_to_live=-1)
        with contextlib.suppress(ResourceNotFoundError):
            await self._queue.delete_message(message)


def _first_line(error: AzureError) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _connection(function: Function, environ: Mapping[str, str]) -> str:
    name = str(function.bindings.get("connection") or "AzureWebJobsStorage")
    text = environ.get(name, "").strip()
    if not text:
        raise UnusableApp(f"{function.name}: the setting {name} has no connection string")
    return text
