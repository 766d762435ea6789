"""The settled truth: who looks again when, what is judged once, and what closes."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from muster.jobs.close import is_closed
from muster.jobs.history import verify_history
from muster.jobs.keep import Change
from muster.jobs.settle import ABSENT_AGAIN, MAX_ATTEMPTS, Delays, Next, Settled, postpone, settle
from muster.values.answers import Absent, Answer, Forbidden, Found, NotRead, Unsettled
from muster.values.errors import TransientFault
from muster.values.json import JsonObject, as_object
from muster.values.request import Cause, EvaluationRequest
from tests.jobs.stage import SOURCES, START, VM, Judge, Reader, machine
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@dataclass
class Play:
    """Looks at what Azure answers at a minute after START."""

    store: MemoryFindings = field(default_factory=MemoryFindings)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    judge: Judge = field(default_factory=Judge)
    asked: int = 0

    @property
    def delays(self) -> Delays:
        return Delays(self.queue, lambda: 0.5)

    async def look(self, answer: Answer, minute: float, request: EvaluationRequest | None = None) -> Settled:
        reader = Reader(answer)
        settled = await settle(
            request or written(),
            reader=reader,
            store=self.store,
            policies=self.judge,
            sources=SOURCES,
            clock=lambda: at(minute),
            delays=self.delays,
        )
        self.asked += len(reader.asked)
        return settled

    @property
    def latest(self) -> JsonObject:
        (finding,) = (text for text, _ in self.store.latest_texts.values())
        import json

        return as_object(json.loads(finding))

    async def sound(self) -> int:
        """How many records the history has, which is complete and as it was written."""
        report = await verify_history(VM, self.store)
        assert report.sound, report.faults
        assert not report.beside
        return len(report.chain)


def written(minute: float = 0, **parts: object) -> EvaluationRequest:
    values: dict[str, object] = {"resource_id": VM, "time": at(minute), "cause": Cause.WRITTEN, "event_id": "e-1"}
    return EvaluationRequest(**{**values, **parts})  # type: ignore[arg-type]


def found(minute: float, *, encrypted: bool = True) -> Found:
    return Found(machine(encrypted=encrypted), at(minute))


def creating(minute: float) -> Unsettled:
    return Unsettled("Creating", machine(), at(minute))


async def test_a_settled_resource_is_judged_at_once() -> None:
    play = Play()
    settled = await play.look(found(0), 0)
    assert settled.next is Next.NOTHING
    assert settled.outcome is not None
    assert settled.outcome.change is Change.RECORDED
    assert not play.queue.waiting


async def test_one_that_azure_is_not_done_with_is_looked_at_later_and_judged_once() -> None:
    play = Play()
    settled = await play.look(creating(0), 0)
    assert settled.next is Next.AGAIN
    assert not play.store.records
    again, delay = play.queue.take()
    assert (again.attempt, again.cause, delay) == (2, Cause.WRITTEN, timedelta(seconds=15))
    await play.look(found(1), 1, again)
    assert await play.sound() == 1
    assert as_object(play.latest["evaluation"])["eventId"] == "e-1"
    assert not play.queue.waiting


async def test_two_events_for_one_create_become_one_evaluation_of_the_settled_state() -> None:
    play = Play()
    for event in ("e-1", "e-2"):
        await play.look(creating(0), 0, written(event_id=event))
    requests = [request for request, _ in play.queue.waiting]
    play.queue.waiting.clear()
    assert len(requests) == 2
    for request in requests:
        await play.look(found(1), 1, request)
    assert await play.sound() == 1


async def test_waiting_for_azure_has_an_end() -> None:
    play = Play()
    request = written()
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        await play.look(creating(0), 0, request)
        request, delay = play.queue.take()
        waits.append(delay)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    await play.look(creating(0), 0, request)
    assert not play.queue.waiting
    assert play.latest["settled"] is False


async def test_what_rules_miss_may_still_come() -> None:
    play = Play(judge=Judge(delay=timedelta(minutes=10)))
    first = await play.look(found(0, encrypted=False), 0.1)
    assert first.next is Next.AGAIN
    again, delay = play.queue.take()
    assert again.not_before == at(10)
    assert again.cause is Cause.SETTLE
    assert delay == timedelta(minutes=9.9)
    later = await play.look(found(10, encrypted=True), 10, again)
    assert later.next is Next.NOTHING
    assert play.latest["state"] == "Compliant"
    assert await play.sound() == 2


async def test_later_looks_of_two_events_for_one_create_are_one() -> None:
    play = Play(judge=Judge(delay=timedelta(minutes=10)))
    await play.look(found(0), 0.05, written(0))
    await play.look(found(0.1), 0.1, written(0.1))
    requests = [request for request, _ in play.queue.waiting]
    play.queue.waiting.clear()
    assert [request.not_before for request in requests] == [at(10), at(10.25)]
    asked = play.asked
    await play.look(found(10.3), 10.3, requests[1])
    assert (await play.look(found(10.31), 10.31, requests[0])).next is Next.COALESCED
    assert play.asked == asked + 1
    assert await play.sound() == 1


async def test_a_write_that_is_looked_at_late_needs_no_later_look() -> None:
    play = Play(judge=Judge(delay=timedelta(minutes=10)))
    settled = await play.look(found(30), 30, written(0))
    assert settled.next is Next.NOTHING


async def test_a_404_right_after_a_write_is_looked_at_again_soon() -> None:
    play = Play()
    assert (await play.look(Absent(at(1)), 1)).next is Next.AGAIN
    again, delay = play.queue.take()
    assert delay == timedelta(seconds=30)
    await play.look(found(2), 2, again)
    assert await play.sound() == 1


async def test_a_delete_event_closes() -> None:
    play = Play()
    await play.look(found(0, encrypted=False), 0)
    await play.look(Absent(at(5)), 5, written(5, cause=Cause.DELETED, event_id="e-9"))
    latest = play.latest
    assert latest["closed"] == {"at": "2026-11-23T06:05:00Z", "why": "deleted"}
    assert (latest["state"], latest["results"]) == ("NotApplicable", [])
    assert as_object(latest["evaluation"])["cause"] == "deleted"
    assert as_object(latest["resource"])["name"] == "Web01"
    assert await play.sound() == 2


async def test_the_same_deletion_again_changes_nothing() -> None:
    play = Play()
    await play.look(found(0), 0)
    for minute in (5.0, 6.0):
        await play.look(Absent(at(minute)), minute, written(5, cause=Cause.DELETED))
    assert await play.sound() == 2


@pytest.mark.parametrize("answer", [Forbidden("Microsoft.Compute/virtualMachines/read"), NotRead("not recorded")])
async def test_a_delete_event_closes_where_the_role_went_with_the_resource(answer: Answer) -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(answer, 5, written(5, cause=Cause.DELETED))
    assert is_closed(play.latest)


@pytest.mark.parametrize("answer", [Forbidden("Microsoft.Compute/virtualMachines/read"), NotRead("not recorded")])
async def test_a_late_delete_event_does_not_close_what_was_seen_since(answer: Answer) -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(found(8), 8, written(8))
    await play.look(answer, 9, written(5, cause=Cause.DELETED))
    assert not is_closed(play.latest)


async def test_a_resource_that_is_there_after_its_deletion_was_made_anew() -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(found(5), 5, written(5, cause=Cause.DELETED))
    assert not is_closed(play.latest)
    again, _ = play.queue.take()
    await play.look(Absent(at(6.5)), 6.5, again)
    assert is_closed(play.latest)


async def test_a_deleted_resource_that_comes_back_continues_its_history() -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(Absent(at(5)), 5, written(5, cause=Cause.DELETED))
    await play.look(found(20), 20, written(20))
    assert not is_closed(play.latest)
    assert await play.sound() == 3


async def test_a_404_closes_only_when_it_repeats() -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(Absent(at(30)), 30, written(30, cause=Cause.SWEEP))
    assert not is_closed(play.latest)
    again, delay = play.queue.take()
    assert again.absent_at == at(30)
    assert delay > ABSENT_AGAIN
    await play.look(Absent(at(31.5)), 31.5, again)
    assert as_object(play.latest["closed"])["why"] == "absent"
    assert not play.queue.waiting
    assert await play.sound() == 2


async def test_a_404_between_two_answers_closes_nothing() -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(Absent(at(30)), 30, written(30, cause=Cause.SWEEP))
    again, _ = play.queue.take()
    await play.look(found(31.5), 31.5, again)
    assert not is_closed(play.latest)
    assert not play.queue.waiting


async def test_a_404_of_what_was_never_seen_leaves_nothing() -> None:
    play = Play()
    settled = await play.look(Absent(at(30)), 30, written(0))
    assert settled.next is Next.NOTHING
    assert not play.queue.waiting
    assert not play.store.calls


async def test_a_deletion_while_settling() -> None:
    play = Play()
    await play.look(found(0), 0)
    await play.look(creating(5), 5, written(5))
    again, _ = play.queue.take()
    await play.look(Absent(at(6)), 6, written(6, cause=Cause.DELETED))
    await play.look(Absent(at(20)), 20, again)
    assert is_closed(play.latest)
    assert not play.queue.waiting
    assert await play.sound() == 2


async def test_a_crash_between_the_closing_record_and_latest_is_repaired() -> None:
    play = Play()
    await play.look(found(0), 0)

    async def crash(name: str) -> None:
        if name == "put_latest":
            raise TransientFault("the host was killed")

    play.store.interrupt = crash
    deleted = written(5, cause=Cause.DELETED)
    with pytest.raises(TransientFault):
        await play.look(Absent(at(5)), 5, deleted)
    play.store.interrupt = None
    await play.look(Absent(at(6)), 6, deleted)
    assert is_closed(play.latest)
    assert await play.sound() == 2


async def test_delays_grow_and_spread_and_heed_retry_after() -> None:
    queue = MemoryQueue()
    for chance, attempt, after, expected in (
        (0.0, 1, None, 11.25),
        (1.0, 1, None, 18.75),
        (0.5, 3, None, 60.0),
        (0.5, 11, None, 3600.0),
        (0.5, 1, 240.0, 240.0),
    ):
        fault = TransientFault("throttled", retry_after=after)
        assert await postpone(replace(written(), attempt=attempt), fault, Delays(queue, lambda chance=chance: chance))  # type: ignore[misc]
        again, delay = queue.take()
        assert (again.attempt, delay.total_seconds()) == (attempt + 1, expected)


async def test_attempts_are_spent_some_day() -> None:
    queue = MemoryQueue()
    assert not await postpone(replace(written(), attempt=MAX_ATTEMPTS), TransientFault("x"), Delays(queue, lambda: 0))
    assert not queue.waiting


async def test_a_failed_write_counts() -> None:
    play = Play()
    await play.look(found(0, encrypted=False), 0, written(cause=Cause.WRITE_FAILED))
    assert play.latest["state"] == "NonCompliant"
