"""The main job: what it writes, in which order, and what it never does whatever happens in between."""

import asyncio
import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.facts.image_reads import image_query
from muster.jobs.history import verify_history
from muster.jobs.keep import MAX_RACES, Change
from muster.values.answers import Absent, Forbidden, Found, FoundMany, NotRead, Unsettled
from muster.values.document import RelatedQuery
from muster.values.errors import BadInput, Conflict, TransientFault
from muster.values.image_query import ImageAnswer
from muster.values.json import JsonObject, as_object
from muster.values.request import Cause
from muster.values.resource_id import ResourceId
from tests.jobs.stage import START, VM, Judge, Reader, Stage, machine

SCHEMA = json.loads((Path(__file__).parents[2] / "policies/schemas/finding.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class Crash(Exception):
    """The process ends here."""


def latest(stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stage.store.latest_texts[VM][0])
    return found


def records(stage: Stage) -> list[dict[str, Any]]:
    return [json.loads(text) for text in stage.store.records.values()]


async def sound(stage: Stage, length: int, beside: int = 0) -> None:
    """Asserts that the chain is as long as that, unbroken and unaltered, and every document is as its schema says."""
    report = await verify_history(VM, stage.store)
    assert report.faults == ()
    assert (len(report.chain), len(report.beside)) == (length, beside)
    for document in [latest(stage), *records(stage)]:
        VALIDATOR.validate(document)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


async def test_a_first_check_writes_a_record_then_the_latest_finding() -> None:
    stage = Stage()
    outcome = await stage.see(machine(encrypted=False))
    assert outcome.change is Change.RECORDED
    assert stage.store.calls == ["put_history", "put_latest"]
    finding = latest(stage)
    assert finding == outcome.finding
    assert finding["state"] == "NonCompliant"
    assert finding["counts"]["bySeverity"] == {"critical": 0, "high": 1, "medium": 0, "low": 0, "info": 0}
    assert finding["resource"] == {
        "id": machine()["id"],
        "name": "Web01",
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "subscriptionId": VM.subscription,
        "resourceGroup": "rg-web",
        "tags": {"owner": "web"},
    }
    assert finding["evaluation"] | {"id": "", "record": ""} == {
        "id": "",
        "predecessor": None,
        "predecessorRecord": None,
        "record": "",
        "observedAt": "2026-11-23T06:00:00Z",
        "checkedAt": "2026-11-23T06:00:00Z",
        "policyVersion": "policies-1",
        "cause": "written",
        "eventId": "e-1",
        "correlationId": None,
        "caller": None,
        "requestedAt": "2026-11-23T06:00:00Z",
    }
    assert "evaluated" not in finding
    assert [record["evaluated"]["resource"] for record in records(stage)] == [machine(encrypted=False)]
    assert stage.store.metadata[VM]["state"] == "NonCompliant"
    assert stage.store.metadata[VM]["high"] == "1"
    await sound(stage, 1)


async def test_compliant_results_are_recorded_too() -> None:
    stage = Stage()
    await stage.see(machine())
    assert latest(stage)["state"] == "Compliant"
    assert [result["state"] for result in latest(stage)["results"]] == ["Compliant"]


async def test_the_same_check_twice_is_one_record_whatever_asked_for_it() -> None:
    stage = Stage()
    await stage.see(machine())
    before = latest(stage)
    sweep = stage.request(90, cause=Cause.SWEEP, event_id="", time=START + timedelta(minutes=90))
    outcome = await stage.see(machine(), 90, request=sweep)
    assert outcome.change is Change.CONFIRMED
    after = latest(stage)
    assert after["evaluation"].pop("checkedAt") == "2026-11-23T07:30:00Z"
    assert before["evaluation"].pop("checkedAt") == "2026-11-23T06:00:00Z"
    assert after == before
    assert len(records(stage)) == 1
    await sound(stage, 1)


async def test_a_duplicate_event_changes_nothing() -> None:
    stage = Stage()
    request = stage.request(body=machine())
    first = await stage.check(Reader(Absent(START)), request)
    calls = len(stage.store.calls)
    second = await stage.check(Reader(Absent(START)), request, 5)
    assert (first.change, second.change) == (Change.RECORDED, Change.CONFIRMED)
    assert first.finding == second.finding
    assert len(stage.store.calls) == calls


async def test_new_policies_that_say_the_same_move_their_version_only() -> None:
    stage = Stage()
    await stage.see(machine())
    before = latest(stage)
    later = stage.with_policies(version="policies-2", message="said in other words")
    assert (await later.see(machine(), 1)).change is Change.CONFIRMED
    after = latest(stage)
    assert after["evaluation"]["policyVersion"] == "policies-2"
    for finding in (before, after):
        del finding["evaluation"]["policyVersion"], finding["evaluation"]["checkedAt"]
    assert after == before


async def test_new_policies_that_say_something_else_are_a_new_record() -> None:
    stage = Stage()
    await stage.see(machine(encrypted=False))
    outcome = await stage.with_policies(version="policies-2", severity="low").see(machine(encrypted=False), 1)
    assert outcome.change is Change.RECORDED
    await sound(stage, 2)


async def test_a_change_and_a_change_back_are_three_records() -> None:
    stage = Stage()
    for minute, encrypted in enumerate((True, False, True)):
        assert (await stage.see(machine(encrypted=encrypted), minute)).change is Change.RECORDED
    assert len(stage.ids) == 3
    assert latest(stage)["state"] == "Compliant"
    await sound(stage, 3)


@pytest.mark.parametrize(
    "volatile",
    [
        {"etag": '"2"'},
        {"systemData": {"lastModifiedAt": "2026-11-23T06:30:00Z"}},
        {"id": str(VM)},
        {"instanceView": {"vmAgent": {"statuses": [{"time": "2026-11-23T06:30:00Z"}]}}},
    ],
    ids=["etag", "systemData", "case of the id", "an agent's heartbeat"],
)
async def test_what_changes_by_itself_is_no_change(volatile: dict[str, Any]) -> None:
    stage = Stage()
    body, later = machine(), machine()
    if view := volatile.pop("instanceView", None):
        properties = as_object(later["properties"])
        as_object(body["properties"])["instanceView"] = {"osName": "ubuntu"}
        properties["instanceView"] = {"osName": "ubuntu", **view}
    await stage.see(body)
    assert (await stage.see({**later, **volatile}, 1)).change is Change.CONFIRMED
    assert len(stage.ids) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"tags": {"owner": "db"}},
        {"location": "northeurope"},
    ],
)
async def test_every_other_change_is_a_record(change: JsonObject) -> None:
    stage = Stage()
    await stage.see(machine())
    assert (await stage.see({**machine(), **change}, 1)).change is Change.RECORDED
    await sound(stage, 2)


async def test_a_crash_between_history_and_latest_is_repaired_by_the_next_check() -> None:
    stage = Stage()
    await stage.see(machine())

    async def crash(name: str) -> None:
        if name == "put_latest":
            raise Crash

    stage.store.interrupt = crash
    with pytest.raises(Crash):
        await stage.see(machine(encrypted=False), 1)
    assert len(stage.ids) == 2
    assert latest(stage)["state"] == "Compliant"
    stage.store.interrupt = None
    again = await stage.see(machine(encrypted=False), 7)
    assert again.change is Change.RECORDED
    assert len(stage.ids) == 2
    assert latest(stage)["state"] == "NonCompliant"
    assert latest(stage)["evaluation"]["observedAt"] == "2026-11-23T06:01:00Z"
    assert latest(stage)["evaluation"]["checkedAt"] == "2026-11-23T06:07:00Z"
    await sound(stage, 2)


async def test_after_a_crash_and_another_change_the_record_left_behind_is_no_fault() -> None:
    stage = Stage()
    await stage.see(machine())

    async def crash(name: str) -> None:
        if name == "put_latest":
            raise Crash

    stage.store.interrupt = crash
    with pytest.raises(Crash):
        await stage.see(machine(encrypted=False), 1)
    stage.store.interrupt = None
    await stage.see(machine(tags={"owner": "db"}), 2)
    await sound(stage, 2, beside=1)


async def test_two_racing_writers_of_the_same_state_leave_one_record() -> None:
    stage = Stage()
    arrived: list[str] = []
    both = asyncio.Event()

    async def meet(name: str) -> None:
        arrived.append(name)
        if len(arrived) == 2:
            both.set()
        await both.wait()

    stage.store.interrupt = meet
    outcomes = await asyncio.gather(stage.see(machine()), stage.see(machine()))
    assert arrived[:2] == ["put_history", "put_history"]
    assert sorted(outcome.change for outcome in outcomes) == [Change.CONFIRMED, Change.RECORDED]
    await sound(stage, 1)


@pytest.mark.parametrize(
    ("other_minute", "change", "state", "length"),
    [(1, Change.RECORDED, "NonCompliant", 2), (9, Change.STALE, "Compliant", 1)],
    ids=["the other saw an older state", "the other saw a newer state"],
)
async def test_two_racing_writers_of_different_states(
    other_minute: int, change: Change, state: str, length: int
) -> None:
    stage = Stage()
    other = Stage(stage.store)

    async def let_the_other_in(name: str) -> None:
        if name == "put_latest":
            stage.store.interrupt = None
            await other.see(machine(), other_minute)

    stage.store.interrupt = let_the_other_in
    outcome = await stage.see(machine(encrypted=False), 5)
    assert outcome.change is change
    assert latest(stage)["state"] == state
    await sound(stage, length, beside=1)


async def test_a_writer_that_always_loses_leaves_it_to_a_redelivery() -> None:
    stage = Stage()

    async def lose(name: str) -> None:
        if name == "put_latest":
            stage.store.calls.append("lost")
            raise Conflict("another writer was first")

    stage.store.interrupt = lose
    with pytest.raises(TransientFault):
        await stage.see(machine())
    assert stage.store.calls.count("lost") == MAX_RACES


async def test_a_stale_read_after_a_newer_one_changes_nothing() -> None:
    stage = Stage()
    await stage.see(machine(), 5)
    before, calls = latest(stage), len(stage.store.calls)
    outcome = await stage.see(machine(encrypted=False), 4)
    assert outcome.change is Change.STALE
    assert latest(stage) == before == outcome.finding
    assert len(stage.store.calls) == calls


async def test_a_confirmation_guards_against_what_is_older_than_it() -> None:
    stage = Stage()
    await stage.see(machine(), 1)
    await stage.see(machine(), 9)
    assert (await stage.see(machine(encrypted=False), 5)).change is Change.STALE


async def test_what_was_seen_in_the_same_second_moves_forward() -> None:
    stage = Stage()
    await stage.see(machine(), 1)
    assert (await stage.see(machine(encrypted=False), 1)).change is Change.RECORDED


async def test_an_event_with_the_body_needs_no_read() -> None:
    stage = Stage()
    reader = Reader(Absent(START))
    outcome = await stage.check(reader, stage.request(body=machine()), 3)
    assert reader.asked == []
    finding = latest(stage)
    assert finding == outcome.finding
    assert finding["evaluation"]["observedAt"] == "2026-11-23T06:00:00Z"
    assert finding["unavailable"] == ["properties.instanceview", "properties.userdata"]


async def test_an_event_from_the_future_does_not_stop_the_clock() -> None:
    stage = Stage()
    await stage.check(Reader(Absent(START)), stage.request(1_000_000, body=machine()), 1)
    assert latest(stage)["evaluation"]["observedAt"] == "2026-11-23T06:01:01Z"
    assert (await stage.see(machine(encrypted=False), 2)).change is Change.RECORDED


@pytest.mark.parametrize("cause", [Cause.WRITTEN, Cause.WRITE_FAILED])
async def test_not_there_right_after_a_write_is_replication_lag(cause: Cause) -> None:
    stage = Stage()
    with pytest.raises(TransientFault) as caught:
        await stage.answer(Absent(START), 9, stage.request(cause=cause))
    assert caught.value.retry_after
    assert stage.store.calls == []


@pytest.mark.parametrize(("minute", "cause"), [(10, Cause.WRITTEN), (0, Cause.SWEEP), (0, Cause.MANUAL)])
async def test_not_there_for_good_writes_nothing(minute: int, cause: Cause) -> None:
    stage = Stage()
    outcome = await stage.answer(Absent(START), minute, stage.request(cause=cause))
    assert outcome.change is Change.ABSENT
    assert outcome.finding is None
    assert stage.store.calls == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Forbidden("Microsoft.Compute/virtualMachines/read"), "Microsoft.Compute/virtualMachines/read"),
        (NotRead("it is not among the recordings"), "not among the recordings"),
    ],
)
async def test_what_may_not_be_read_is_unknown_and_says_why(answer: Forbidden | NotRead, words: str) -> None:
    stage = Stage()
    await stage.answer(answer)
    finding = latest(stage)
    assert finding["state"] == "Unknown"
    assert [result["state"] for result in finding["results"]] == ["Unknown"]
    assert words in finding["results"][0]["reasons"][0]["text"]
    assert words in finding["results"][0]["message"]
    assert words in finding["warnings"][0]
    assert finding["image"]["product"] is None
    assert finding["lifecycle"]["phase"] is None
    assert "properties" in finding["unavailable"]
    await sound(stage, 1)


async def test_what_is_still_changing_is_judged_and_says_so() -> None:
    stage = Stage()
    body = machine(encrypted=False)
    as_object(body["properties"])["provisioningState"] = "Creating"
    outcome = await stage.answer(Unsettled("Creating", body, START))
    assert not outcome.settled
    assert latest(stage)["settled"] is False
    assert stage.store.metadata[VM]["settled"] == "false"
    outcome = await stage.see(machine(encrypted=False), 1)
    assert (outcome.settled, outcome.change) == (True, Change.RECORDED)
    assert latest(stage)["settled"] is True
    await sound(stage, 2)


QUERY = RelatedQuery("microsoft.compute/virtualmachines/extensions", str(VM))


async def test_related_resources_are_asked_for_and_recorded() -> None:
    stage = Stage(judge=Judge(queries=(QUERY, QUERY)))
    extension: JsonObject = {"id": f"{VM}/extensions/a", "properties": {"protectedSettings": {"key": "s3cret"}}}
    reader = Reader(Found(machine(), START), {QUERY: FoundMany((extension,), START)})
    await stage.check(reader, stage.request())
    assert latest(stage)["state"] == "Compliant"
    [record] = records(stage)
    assert record["evaluated"]["related"] == [
        {
            "type": QUERY.resource_type,
            "scope": QUERY.scope,
            "name": None,
            "found": [{"id": f"{VM}/extensions/a", "properties": {"protectedSettings": "(redacted)"}}],
        }
    ]
    await sound(stage, 1)


@pytest.mark.parametrize(
    ("answer", "words"), [(NotRead("no recording"), "no recording"), (Forbidden("a/b/read"), "a/b/read")]
)
async def test_related_resources_that_could_not_be_read_say_why(answer: Forbidden | NotRead, words: str) -> None:
    stage = Stage(judge=Judge(queries=(QUERY,)))
    await stage.check(Reader(Found(machine(), START), {QUERY: answer}), stage.request())
    assert latest(stage)["state"] == "Unknown"
    [record] = records(stage)
    assert words in record["evaluated"]["related"][0]["unread"]
    await sound(stage, 1)


async def test_a_related_read_that_fails_for_now_fails_the_check_after_all_have_ended() -> None:
    class Failing(Reader):
        ended = 0

        async def related(self, query: RelatedQuery) -> FoundMany:
            if query == QUERY:
                raise TransientFault("503")
            await asyncio.sleep(0)
            self.ended += 1
            return FoundMany((), START)

    others = tuple(RelatedQuery(f"a.b/c{number}", str(VM)) for number in range(3))
    stage = Stage(judge=Judge(queries=(QUERY, *others)))
    reader = Failing(Found(machine(), START))
    with pytest.raises(TransientFault):
        await stage.check(reader, stage.request())
    assert reader.ended == 3
    assert stage.store.calls == []


async def test_a_gallery_image_is_read_with_its_definition() -> None:
    gallery = (
        "/subscriptions/22222222-2222-3333-4444-555555555555/resourceGroups/rg-images"
        "/providers/Microsoft.Compute/galleries/golden/images/ubuntu"
    )
    body = machine()
    profile = as_object(as_object(body["properties"])["storageProfile"])
    profile["imageReference"] = {"id": f"{gallery}/versions/1.2.3"}
    query = image_query(body)
    assert query is not None
    told: JsonObject = {"properties": {"endOfLifeDate": "2027-03-01T00:00:00Z"}}
    answer = ImageAnswer(version=Found({"properties": {}}, START), definition=Found(told, START))
    reader = Reader(Found(body, START), images={query: answer})
    stage = Stage()
    await stage.check(reader, stage.request())
    assert reader.asked == [VM]
    assert latest(stage)["image"]["galleryEndOfLifeDate"] == "2027-03-01"
    assert latest(stage)["state"] == "Compliant"


async def test_secrets_and_long_values_do_not_reach_the_store() -> None:
    stage = Stage()
    body = machine()
    as_object(body["properties"])["userData"] = "s3cret"
    as_object(as_object(body["properties"])["securityProfile"])["encryptionAtHost"] = "x" * 10_000
    await stage.see(body)
    [result] = latest(stage)["results"]
    assert len(result["reasons"][0]["found"]) < 2100
    assert "s3cret" not in json.dumps(records(stage))
    await sound(stage, 1)


@pytest.mark.parametrize("document", [{}, {"evaluation": []}, {"evaluation": {"id": 7}}])
async def test_a_damaged_latest_finding_is_said_to_be_one(document: JsonObject) -> None:
    stage = Stage()
    await stage.see(machine())
    stage.store.latest_texts[VM] = (json.dumps(document), "1")
    with pytest.raises(BadInput) as caught:
        await stage.see(machine(), 1)
    assert caught.value.reason == "damagedFinding"


async def test_an_altered_record_is_not_taken_for_ours() -> None:
    stage = Stage()
    await stage.see(machine(encrypted=False))
    [(key, text)] = stage.store.records.items()
    record = json.loads(text)
    record["results"][0]["state"] = "Compliant"
    stage.store.records[key] = json.dumps(record)
    del stage.store.latest_texts[VM]
    await stage.see(machine(encrypted=False), 1)
    assert latest(stage)["results"][0]["state"] == "NonCompliant"
    assert not (await verify_history(VM, stage.store)).sound


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 20), st.sampled_from(["", "put_history", "put_latest"])))


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_is_seen_in_whatever_order_with_whatever_crashes(steps: list[tuple[bool, int, str]]) -> None:
    """The chain is sound after every step, `latest` never goes back, and in the end it says what was seen last."""

    async def play() -> None:
        stage = Stage()
        newest: tuple[int, set[str]] = (-1, set())
        reached = ""
        for encrypted, minute, crash_at in steps:

            async def crash(name: str, crash_at: str = crash_at) -> None:
                if name == crash_at:
                    raise Crash

            stage.store.interrupt = crash
            try:
                await stage.see(machine(encrypted=encrypted), minute)
            except Crash:
                pass
            else:
                state = "Compliant" if encrypted else "NonCompliant"
                newest = (minute, {state}) if minute >= newest[0] else newest
            if VM in stage.store.latest_texts:
                finding = latest(stage)
                assert finding["evaluation"]["checkedAt"] >= reached
                assert finding["state"] in newest[1]
                reached = finding["evaluation"]["checkedAt"]
                assert (await verify_history(VM, stage.store)).faults == ()

    asyncio.run(play())


async def test_resources_do_not_share_a_chain() -> None:
    stage = Stage()
    other = ResourceId.parse(str(VM).replace("web01", "web02"))
    await stage.see(machine())
    body = copy.deepcopy(machine())
    body["id"] = str(other)
    await stage.check(Reader(Found(body, START)), stage.request(resource_id=other))
    assert len({evaluation_id for _, evaluation_id in stage.store.records}) == 2
    assert set(stage.store.latest_texts) == {VM, other}
