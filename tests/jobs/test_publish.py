"""The feed: every change of state once, whatever crashes, whoever runs beside it."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.jobs import publish
from muster.jobs.publish import CHECKPOINT
from muster.values.errors import BadInput, TransientFault
from muster.values.json import JsonObject
from muster.values.states import Severity, State
from tests.jobs.fleet import Fleet, vm

OPEN = {State.NON_COMPLIANT, State.UNKNOWN, State.ERROR, State.EXEMPT}


def events(fleet: Fleet) -> list[dict[str, Any]]:
    """All lines of the feed, in its order."""
    return [json.loads(line) for name in sorted(fleet.feed.segments) for line in fleet.feed.segments[name].splitlines()]


def told(fleet: Fleet) -> list[tuple[str, str, str, str]]:
    """Machine, definition, what happened and the state after it."""
    return [
        (
            event["resources"][0]["name"],
            event["unmapped"]["definition"],
            event["unmapped"]["change"]["kind"],
            event["unmapped"]["state"],
        )
        for event in events(fleet)
    ]


async def test_what_opens_changes_and_closes_is_told_once() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT, "boot": State.COMPLIANT})
    await fleet.publish()
    await fleet.judged("a", {"tpm": State.UNKNOWN, "boot": State.COMPLIANT})
    await fleet.judged("a", {"tpm": State.COMPLIANT, "boot": State.NOT_APPLICABLE})
    await fleet.publish()
    assert told(fleet) == [
        ("a", "tpm", "opened", "NonCompliant"),
        ("a", "tpm", "changed", "Unknown"),
        ("a", "tpm", "closed", "Compliant"),
    ]
    assert [event["activity_id"] for event in events(fleet)] == [1, 2, 3]
    assert [event["status_id"] for event in events(fleet)] == [1, 2, 4]
    assert [event["unmapped"]["change"]["before"] for event in events(fleet)] == [None, "NonCompliant", "Unknown"]


async def test_segments_are_named_by_hour_and_number() -> None:
    fleet = Fleet()
    for state in (State.NON_COMPLIANT, State.COMPLIANT):
        await fleet.judged("a", {"tpm": state})
        await fleet.publish()
    assert list(fleet.feed.segments) == [
        "date=2026-11-23/hour=06/000000000001.ndjson",
        "date=2026-11-23/hour=06/000000000002.ndjson",
    ]


async def test_where_nothing_changed_nothing_is_written() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    before = dict(fleet.documents.texts)
    done = await fleet.publish()
    assert (done.segments, done.complete) == ([], True)
    assert fleet.documents.texts == before
    await fleet.judged("b", {"tpm": State.COMPLIANT})
    assert (await fleet.publish()).segments == []


async def test_what_is_gone_is_closed_and_says_why() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT, "boot": State.EXEMPT})
    await fleet.judged("b", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    await fleet.deleted("a")
    await fleet.judged("b", {"boot": State.COMPLIANT})
    await fleet.publish()
    assert [(line[0], line[2], event["message"]) for line, event in zip(told(fleet), events(fleet), strict=True)][
        3:
    ] == [
        ("a", "closed", "The resource was deleted."),
        ("a", "closed", "The resource was deleted."),
        ("b", "closed", "Nothing brings this definition to the resource any more."),
    ]


async def test_another_severity_is_a_change() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT}, Severity.LOW)
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT}, Severity.CRITICAL)
    await fleet.publish()
    assert [(line[2], event["severity"]) for line, event in zip(told(fleet), events(fleet), strict=True)] == [
        ("opened", "Low"),
        ("changed", "Critical"),
    ]


async def test_what_comes_to_light_late_is_in_the_next_segment() -> None:
    fleet = Fleet()
    await fleet.judged("late", {"tpm": State.NON_COMPLIANT})
    hidden = fleet.memory.latest_texts.pop(vm("late"))
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    fleet.memory.latest_texts[vm("late")] = hidden
    (name,) = (await fleet.publish()).segments
    assert json.loads(fleet.feed.segments[name])["resources"][0]["name"] == "late"


def _raise_at(count: int) -> Callable[[str], None]:
    """Raises at the count-th call, and never again."""
    calls = 0

    def interrupt(_: str) -> None:
        nonlocal calls
        calls += 1
        if calls == count:
            raise TransientFault("storage answered 503")

    return interrupt


@pytest.mark.parametrize("place", ["feed", "documents"])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
async def test_a_crash_anywhere_neither_loses_nor_repeats(
    place: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "MAX_LINES", 2)
    whole, crashed = Fleet(), Fleet()
    for fleet in (whole, crashed):
        for name in "abcd":
            await fleet.judged(name, {"tpm": State.NON_COMPLIANT})
            await fleet.judged(name, {"tpm": State.UNKNOWN})
    await whole.publish()
    (crashed.feed if place == "feed" else crashed.documents).interrupt = _raise_at(count)
    with pytest.raises(TransientFault):
        await crashed.publish()
    await crashed.judged("a", {"tpm": State.UNKNOWN, "boot": State.COMPLIANT})  # meanwhile, no change of state
    await crashed.publish()
    assert told(crashed) == told(whole)
    assert [event["metadata"]["uid"] for event in events(crashed)] == [e["metadata"]["uid"] for e in events(whole)]


async def test_two_at_once_write_every_line_once() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    inner: list[str] = []

    def interrupt(what: str) -> None:
        if what.startswith("before") and not inner:
            inner.append(what)
            raise TransientFault("this one is slow")

    fleet.feed.interrupt = interrupt
    with pytest.raises(TransientFault):
        await fleet.publish()
    await fleet.judged("b", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    assert [line[0] for line in told(fleet)] == ["a", "b"]
    (first, _) = sorted(fleet.feed.segments)
    assert await fleet.feed.create(first, "what the slow one would write") is False


async def test_who_lost_the_checkpoint_leaves_the_rest() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    write = fleet.documents.write

    async def beaten(name: str, document: JsonObject, *, replaces: str | None) -> str:
        fleet.documents.write = write  # type: ignore[method-assign]
        await fleet.publish()
        return await write(name, document, replaces=replaces)

    fleet.documents.write = beaten  # type: ignore[method-assign]
    done = await fleet.publish()
    assert (done.overtaken, done.segments) == (True, [])
    assert len(told(fleet)) == 1


async def test_a_hole_in_the_history_is_counted_and_holds_nothing_up() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    first = next(iter(fleet.memory.records))
    await fleet.judged("a", {"tpm": State.UNKNOWN})
    fleet.memory.records[first] = "{}"
    await fleet.judged("b", {"tpm": State.NON_COMPLIANT})
    done = await fleet.publish()
    assert (done.gaps, done.complete) == (1, True)
    assert [line[:3] for line in told(fleet)] == [("a", "tpm", "opened"), ("b", "tpm", "opened")]
    assert (await fleet.publish()).segments == []


async def test_without_its_checkpoint_the_feed_begins_anew_with_the_same_ids() -> None:
    fleet = Fleet()
    await fleet.judged("a", {"tpm": State.NON_COMPLIANT})
    await fleet.publish()
    del fleet.documents.texts[CHECKPOINT]
    await fleet.publish()
    first, second = events(fleet)
    assert first == second
    assert len(fleet.feed.segments) == 2


@pytest.mark.parametrize(
    "document",
    [{}, {"sequence": 1, "published": {"a": 1}, "plan": None}, {"sequence": "1", "published": {}, "plan": None}],
)
async def test_a_damaged_checkpoint_is_refused(document: JsonObject) -> None:
    fleet = Fleet()
    await fleet.documents.put(CHECKPOINT, document)
    with pytest.raises(BadInput, match="checkpoint"):
        await fleet.publish()


async def test_time_ends_a_run_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MAX_LINES", 1)
    monkeypatch.setattr(publish, "TIME_A_RUN", publish.TIME_A_RUN * -1)
    fleet = Fleet()
    for name in "abc":
        await fleet.judged(name, {"tpm": State.NON_COMPLIANT})
    assert [len((await fleet.publish()).segments) for _ in range(4)] == [1, 1, 1, 0]
    assert len(told(fleet)) == 3


async def test_what_changed_nothing_is_kept_too_before_time_ends_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MAX_MOVES", 2)
    monkeypatch.setattr(publish, "TIME_A_RUN", publish.TIME_A_RUN * -1)
    fleet = Fleet()
    for name in "abcde":
        await fleet.judged(name, {"tpm": State.COMPLIANT})
    assert [(await fleet.publish()).complete for _ in range(4)] == [False, False, True, True]
    assert len(fleet.documents.document(CHECKPOINT)["published"]) == 5  # type: ignore[arg-type]
    assert fleet.feed.segments == {}


STEP = st.one_of(
    st.tuples(st.sampled_from("ab"), st.dictionaries(st.sampled_from(["tpm", "boot"]), st.sampled_from(State))),
    st.sampled_from(["publish", "crash before", "crash after", "crash state"]),
)


@given(st.lists(STEP, max_size=14))
@settings(max_examples=60, deadline=None)
async def test_the_feed_folds_to_what_is_open_whatever_happens(steps: list[Any]) -> None:
    fleet = Fleet()
    for step in steps:
        if isinstance(step, tuple):
            await fleet.judged(*step)
            continue
        if step == "crash state":
            fleet.documents.interrupt = _raise_at(1)
        elif step != "publish":
            fleet.feed.interrupt = _raise_at(1 if step == "crash before" else 2)
        with contextlib.suppress(TransientFault):
            await fleet.publish()
        fleet.documents.interrupt = fleet.feed.interrupt = None
    await fleet.publish()
    ids = [event["metadata"]["uid"] for event in events(fleet)]
    assert len(set(ids)) == len(ids)
    folded: dict[tuple[str, str], str] = {}
    for name, definition, kind, state in told(fleet):
        assert ((name, definition) in folded) == (kind != "opened")
        folded[name, definition] = state
        if kind == "closed":
            del folded[name, definition]
    last = {step[0]: step[1] for step in steps if isinstance(step, tuple)}
    assert folded == {
        (name, definition): str(state)
        for name, states in last.items()
        for definition, state in states.items()
        if state in OPEN
    }
