"""Where the settings of the feed become adapters: made for one run of its timer, and closed after it."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.wiring import blob_store, now
from muster.settings.feed import FeedSettings, Topic

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from functions.wiring import Closer
    from muster.adapters.event_grid_topic import EventGridTopic
    from muster.jobs.notify import NotifyStores
    from muster.jobs.publish import FeedStores
    from muster.ports import Clock
    from muster.values.states import Severity


@dataclass(frozen=True, slots=True)
class FeedServices:
    """What a run works with. `notified` is None where there is no topic."""

    published: "FeedStores"
    notified: "NotifyStores | None"
    threshold: "Severity"
    clock: "Clock"


@asynccontextmanager
async def feed_services() -> AsyncIterator[FeedServices]:
    """The services of one run. Raises UnusableSettings."""
    from muster.adapters.blob_documents import BlobDocuments
    from muster.adapters.blob_feed import FEED_STATE, BlobFeed, finding_heads
    from muster.adapters.log_lines import withhold_from_logs
    from muster.jobs.notify import NotifyStores
    from muster.jobs.publish import FeedStores
    from muster.values.states import Severity

    withhold_from_logs()
    settings = FeedSettings.of(os.environ)
    async with AsyncExitStack() as stack:
        closers: list[Closer] = []
        store = blob_store(settings.storage, closers)
        for close in closers:
            stack.push_async_callback(close)
        feed, documents = BlobFeed(store.service), BlobDocuments(store.service, FEED_STATE)
        heads = await stack.enter_async_context(aclosing(finding_heads(store.service)))
        notified = None
        if settings.topic is not None:
            topic = await _topic(settings.topic, stack)
            notified = NotifyStores(feed, documents, topic, store)
        threshold = settings.topic.threshold if settings.topic else Severity.HIGH
        yield FeedServices(FeedStores(heads, store, documents, feed), notified, threshold, now)


async def _topic(topic: Topic, stack: AsyncExitStack) -> "EventGridTopic":
    from muster.adapters.event_grid_topic import EventGridTopic

    if topic.loopback:
        made = EventGridTopic.with_key(topic.endpoint, "loopback")
    else:
        made = EventGridTopic(topic.endpoint, await _credential(topic.client_id, stack))
    stack.push_async_callback(made.close)
    return made


async def _credential(client_id: str, stack: AsyncExitStack) -> "AsyncTokenCredential":
    from azure.identity.aio import DefaultAzureCredential

    return await stack.enter_async_context(DefaultAzureCredential(managed_identity_client_id=client_id or None))
