"""Where the settings of the feed become adapters: made for one run of its timer, and closed after it."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from muster.settings.app import Storage
from muster.settings.feed import FeedSettings, Topic

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from muster.adapters.blob_findings import BlobFindings
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
        store = await _store(settings.storage, stack)
        feed, documents = BlobFeed(store.service), BlobDocuments(store.service, FEED_STATE)
        heads = await stack.enter_async_context(aclosing(finding_heads(store.service)))
        notified = None
        if settings.topic is not None:
            topic = await _topic(settings.topic, stack)
            notified = NotifyStores(feed, documents, topic, store)
        threshold = settings.topic.threshold if settings.topic else Severity.HIGH
        yield FeedServices(FeedStores(heads, store, documents, feed), notified, threshold, _now)


async def _store(storage: Storage, stack: AsyncExitStack) -> "BlobFindings":
    from muster.adapters.blob_findings import BlobFindings

    if storage.connection_string:
        store = BlobFindings.from_connection_string(storage.connection_string)
    else:
        store = BlobFindings.from_account_url(storage.url, await _credential(storage.client_id, stack))
    stack.push_async_callback(store.close)
    return store


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


def _now() -> datetime:
    return datetime.now(UTC)
