"""The timer of the feed: from the app's settings to segments in storage and events at a topic."""

from uuid import uuid4

import pytest

from functions.feed_wiring import feed_services
from functions.on_feed_schedule import publish_and_tell
from muster.adapters.blob_findings import BlobFindings
from muster.settings.app import UnusableSettings
from muster.settings.feed import FeedSettings
from muster.values.errors import TransientFault
from muster.values.states import Severity, State
from tests.adapters.topic_server import Server, serving
from tests.jobs.fleet import Fleet

AZURITE = "UseDevelopmentStorage=true"


@pytest.mark.azurite
async def test_a_run_writes_the_feed_and_tells_the_topic(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"timer-{uuid4()}"
    store = BlobFindings.from_connection_string(storage)
    try:
        await Fleet(store).judged(name, {"tpm": State.NON_COMPLIANT, "boot": State.NON_COMPLIANT})
    finally:
        await store.close()
    monkeypatch.setenv("MUSTER_STORAGE", storage)
    server = Server()
    async with serving(server) as url:
        monkeypatch.setenv("MUSTER_TOPIC_ENDPOINT", url)
        server.status = 403
        async with feed_services() as services:
            with pytest.raises(TransientFault):
                await publish_and_tell(services)
        server.status = 200
        server.bodies.clear()
        for _ in range(2):
            async with feed_services() as services:
                await publish_and_tell(services)
    mine = [event for body in server.bodies for event in body if event["data"]["resource"]["name"] == name]
    assert [event["type"] for event in mine] == ["muster.finding.opened"] * 2
    assert len({event["id"] for event in mine}) == 2


def test_without_a_topic_nobody_is_told() -> None:
    assert FeedSettings.of({"MUSTER_STORAGE": AZURITE}).topic is None


@pytest.mark.parametrize(
    ("endpoint", "loopback"),
    [
        ("https://t.westeurope-1.eventgrid.azure.net/api/events", False),
        ("http://127.0.0.1:8080/api/events", True),
        ("http://[::1]:8080/api/events", True),
    ],
)
def test_a_topic_is_reached_over_tls_or_on_this_machine(endpoint: str, loopback: bool) -> None:
    topic = FeedSettings.of({"MUSTER_STORAGE": AZURITE, "MUSTER_TOPIC_ENDPOINT": endpoint}).topic
    assert topic is not None
    assert (topic.endpoint, topic.loopback, topic.threshold) == (endpoint, loopback, Severity.HIGH)


@pytest.mark.parametrize(
    "settings",
    [
        {"MUSTER_TOPIC_ENDPOINT": "http://t.westeurope-1.eventgrid.azure.net/api/events"},
        {"MUSTER_TOPIC_ENDPOINT": "http://127.0.0.1.example/api/events"},
        {"MUSTER_TOPIC_ENDPOINT": "topic"},
        {"MUSTER_TOPIC_SEVERITY": "urgent"},
    ],
)
def test_what_cant_be_used_is_named(settings: dict[str, str]) -> None:
    (name,) = settings
    with pytest.raises(UnusableSettings, match=name):
        FeedSettings.of({"MUSTER_STORAGE": AZURITE, **settings})
