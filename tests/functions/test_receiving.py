"""What comes over a queue: handled, put off, or kept; never lost, and never raised unless storage is down."""

import json
from dataclasses import replace

import pytest

from functions.receiving import event_reading, handle
from functions.wiring import Services
from muster.jobs.request_message import parse_request, request_message
from muster.jobs.settle import MAX_ATTEMPTS, Delays
from muster.values.errors import TransientFault
from muster.values.request import Cause, EvaluationRequest
from tests.functions.test_on_vm_written import BrokenReader, events, services
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue

THROTTLED = BrokenReader(TransientFault("throttled", retry_after=77))
EVENT = events("13-rocky-9.json")[0]


def stage() -> tuple[Services, MemoryFindings, MemoryQueue]:
    given, store = services()
    queue = MemoryQueue()
    return replace(given, delays=Delays(queue, lambda: 0.5)), store, queue


def request_of(event: str, given: Services) -> EvaluationRequest:
    found = event_reading(given)(event)
    assert isinstance(found, EvaluationRequest)
    return found


async def test_an_event_in_a_queue_becomes_a_finding() -> None:
    given, store, queue = stage()
    await handle(EVENT, event_reading(given), given, comes_again=False)
    assert len(store.latest_texts) == 1
    assert not queue.waiting


async def test_a_request_becomes_a_finding_and_keeps_who_asked() -> None:
    given, store, _ = stage()
    request = replace(request_of(EVENT, given), caller="someone@example.com", cause=Cause.SETTLE)
    await handle(request_message(request), parse_request, given, comes_again=False)
    ((text, _),) = store.latest_texts.values()
    assert json.loads(text)["evaluation"]["caller"] == "someone@example.com"


async def test_a_throttled_event_waits_for_its_next_attempt() -> None:
    given, store, queue = stage()
    await handle(EVENT, event_reading(given), replace(given, reader=THROTTLED), comes_again=False)
    again, delay = queue.take()
    assert (again.attempt, delay.total_seconds()) == (2, 77)
    assert not store.unprocessed
    await handle(request_message(again), parse_request, given, comes_again=False)
    assert len(store.latest_texts) == 1


async def test_spent_attempts_are_kept_with_the_reason() -> None:
    given, store, queue = stage()
    last = replace(request_of(EVENT, given), attempt=MAX_ATTEMPTS)
    await handle(request_message(last), parse_request, replace(given, reader=THROTTLED), comes_again=False)
    ((name, text),) = store.unprocessed.items()
    assert name.startswith("attemptsSpent/")
    kept = json.loads(text)
    assert parse_request(json.dumps(kept["came"])) == last
    assert "throttled" in kept["message"]
    assert not queue.waiting


async def test_a_queue_that_is_down_leaves_the_message_to_the_host() -> None:
    given, _, queue = stage()
    queue.fault = TransientFault("the queue is down")
    with pytest.raises(TransientFault, match="queue is down"):
        await handle(EVENT, event_reading(given), replace(given, reader=THROTTLED), comes_again=False)


async def test_what_is_no_message_is_kept() -> None:
    given, store, queue = stage()
    for bad in ("", "{", "[]", '{"version": 1}', "[" * 9_999):
        await handle(bad, parse_request, given, comes_again=False)
    assert len(store.unprocessed) == 5
    assert not queue.waiting


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param('{"a": [1], "a": [2]}', id="a list twice"),
        pytest.param('{"a": [{"b": 1}], "a": [{"b": 1}]}', id="a list of objects twice"),
        pytest.param(r'{"\ud800": 1, "\ud800": 2}', id="a half surrogate as a name twice"),
    ],
)
async def test_what_is_almost_json_is_kept(bad: str) -> None:
    given, store, _ = stage()
    await handle(bad, event_reading(given), given, comes_again=False)
    ((name, text),) = store.unprocessed.items()
    assert name.startswith("invalidJson/")
    assert json.loads(text)["came"] == bad


async def test_a_fault_of_musters_own_is_kept_and_tried_again() -> None:
    given, store, queue = stage()
    broken = replace(given, reader=BrokenReader(KeyError("a bug")))
    await handle(EVENT, event_reading(given), broken, comes_again=False)
    assert [name.partition("/")[0] for name in store.unprocessed] == ["internalError"]
    assert len(queue.waiting) == 1


async def test_a_request_for_a_subscription_that_is_not_watched_is_refused() -> None:
    given, store, _ = stage()
    elsewhere = request_of(EVENT, given)
    unwatched = replace(given, subscriptions=frozenset({"00000000-0000-0000-0000-000000000000"}))
    await handle(request_message(elsewhere), parse_request, unwatched, comes_again=False)
    assert [name.partition("/")[0] for name in store.unprocessed] == ["unwatchedSubscription"]
