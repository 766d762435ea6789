"""Notifications: every change at least once, with the same id, whatever the topic does."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from muster.jobs import notify as job
from muster.jobs.notify import CHECKPOINT, Notified, NotifyStores, notify
from muster.report.notification import MAX_TEXT
from muster.values.errors import BadInput, TransientFault
from muster.values.notification import Notification
from muster.values.states import Severity, State
from tests.conftest import ROOT
from tests.jobs.fleet import Fleet
from tests.report.exported import HOSTILE

if TYPE_CHECKING:
    from muster.values.json import JsonObject


class Topic:
    """Takes what comes, unless it is down, or refuses what has a word in its message."""

    def __init__(self) -> None:
        self.taken: list[Notification] = []
        self.batches: list[int] = []
        self.down = False
        self.refuses = ""

    async def send(self, notifications: Sequence[Notification]) -> None:
        if self.down:
            raise TransientFault("the topic answered 503")
        if self.refuses and any(self.refuses in str(one.data["message"]) for one in notifications):
            raise BadInput("the topic answered 400", reason="notificationRefused")
        self.batches.append(len(notifications))
        self.taken += notifications


@pytest.fixture
def topic() -> Topic:
    return Topic()


async def run(fleet: Fleet, topic: Topic, threshold: Severity = Severity.INFO) -> Notified:
    stores = NotifyStores(fleet.feed, fleet.documents, topic, fleet.findings)
    return await notify(stores, clock=lambda: fleet.now, threshold=threshold)


async def test_every_change_is_told_once_and_in_order(topic: Topic) -> None:
    fleet = Fleet()
    for state in (State.NON_COMPLIANT, State.UNKNOWN, State.COMPLIANT):
        await fleet.judged("a", {"tpm": state})
        await fleet.publish()
    done = await run(fleet, topic)
    assert (done.sent, done.segments) == (3, 3)
    assert [one.type for one in topic.taken] == [
        "muster.finding.opened",
        "muster.finding.changed",
        "muster.finding.closed",
    ]
    assert (await run(fleet, topic)).sent == 0
    assert len({one.id for one in topic.taken}) == 3


async def test_a_topic_that_is_down_loses_nothing(topic: Topic) -> None:
    fleet = Fleet()
    topic.down = True
    for number in range(3):
        await fleet.judged(f"vm{number}", {"tpm": State.NON_COMPLIANT})
        await fleet.publish()
        with pytest.raises(TransientFault):
            await run(fleet, topic)
        fleet.now += timedelta(days=1)
    topic.down = False
    assert (await run(fleet, topic)).sent == 3
    assert [one.data["resource"]["name"] for one in topic.taken] == ["vm0", "vm1", "vm2"]  # type: ignore[index,call-overload]


async def test_what_was_sent_before_a_crash_is_sent_again_with_the_same_ids(topic: Topic) -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()

    def crash(_: str) -> None:
        fleet.documents.interrupt = None
        raise TransientFault("storage answered 503")

    fleet.documents.interrupt = crash
    with pytest.raises(TransientFault):
        await run(fleet, topic)
    await run(fleet, topic)
    first, again = topic.taken
    assert first == again


async def test_nobody_is_told_below_the_threshold(topic: Topic) -> None:
    fleet = Fleet()
    for severity in Severity:
        await fleet.judged(severity, {"tpm": State.NON_COMPLIANT}, severity)
    await fleet.publish()
    assert (await run(fleet, topic, Severity.HIGH)).sent == 2
    assert {str(one.data["severity"]) for one in topic.taken} == {"critical", "high"}


async def test_a_baseline_is_news_to_nobody(topic: Topic) -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    for name, text in fleet.feed.segments.items():
        fleet.feed.segments[name] = text.replace('"cause":"written"', '"cause":"baseline"')
    done = await run(fleet, topic)
    assert (done.sent, done.segments) == (0, 1)


async def test_what_a_topic_refuses_is_kept_and_holds_nothing_up(topic: Topic) -> None:
    fleet = Fleet()
    for number in range(9):
        await fleet.judged(f"vm{number}", {"tpm": State.NON_COMPLIANT}, message="bad" if number == 4 else "good")
    await fleet.publish()
    topic.refuses = "bad"
    done = await run(fleet, topic)
    assert (done.sent, done.refused) == (8, 1)
    ((name, kept),) = fleet.memory.unprocessed.items()
    assert name.startswith("notificationRefused/")
    assert json.loads(kept)["came"]["data"]["message"] == "bad"


async def test_a_damaged_line_is_kept_and_the_rest_goes_on(topic: Topic) -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    (name,) = fleet.feed.segments
    fleet.feed.segments[name] = '{"half\n[]\n{"unmapped":{}}\n' + fleet.feed.segments[name]
    done = await run(fleet, topic)
    assert (done.sent, done.refused) == (1, 3)
    assert all(kept.startswith("damagedFeed/") for kept in fleet.memory.unprocessed)


async def test_batches_stay_below_what_a_topic_takes(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = Fleet()
    await fleet.judged("a", {f"rule{number}": State.NON_COMPLIANT for number in range(130)})
    await fleet.publish()
    await run(fleet, topic)
    assert topic.batches == [50, 50, 30]
    monkeypatch.setattr(job, "MAX_BYTES", 10)
    del fleet.documents.texts[CHECKPOINT]
    await run(fleet, topic)
    assert topic.batches[3:] == [1] * 130


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 10_000])
async def test_notifications_are_valid_by_their_schema(text: str, topic: Topic) -> None:
    schema = json.loads((ROOT / "policies/schemas/events/finding-change.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    fleet = Fleet()
    for state in (State.NON_COMPLIANT, State.EXEMPT):
        await fleet.judged("a", {"tpm": state}, message=text)
    await fleet.deleted("a")
    await fleet.publish()
    await run(fleet, topic)
    assert len(topic.taken) == 3
    for one in topic.taken:
        envelope: JsonObject = {
            "specversion": "1.0",
            "id": one.id,
            "source": one.source,
            "type": one.type,
            "subject": one.subject,
            "time": one.time.isoformat(),
            "data": one.data,
        }
        assert [error.message for error in Draft202012Validator(schema).iter_errors(envelope)] == []
        assert len(str(one.data["message"])) <= MAX_TEXT + 3


async def test_who_lost_the_checkpoint_stops(topic: Topic) -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    send = topic.send

    async def slow(notifications: Sequence[Notification]) -> None:
        topic.send = send  # type: ignore[method-assign]
        await run(fleet, topic)
        await send(notifications)

    topic.send = slow  # type: ignore[method-assign]
    assert (await run(fleet, topic)).overtaken is True
    assert fleet.documents.document(CHECKPOINT)["after"] == next(iter(fleet.feed.segments))


async def test_a_damaged_checkpoint_is_refused(topic: Topic) -> None:
    fleet = Fleet()
    await fleet.documents.put(CHECKPOINT, {"after": 1})
    with pytest.raises(BadInput, match="checkpoint"):
        await run(fleet, topic)
