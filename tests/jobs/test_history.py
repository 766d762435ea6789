"""Evidence that is missing or altered shows."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from muster.jobs.history import HistoryReport, verify_history
from tests.jobs.stage import VM, Stage, machine


async def played() -> tuple[Stage, list[str]]:
    """A history of four records; their ids from the first to the latest."""
    stage = Stage()
    for minute in range(4):
        await stage.see(machine(encrypted=minute % 2 == 0), minute)
    report = await verify_history(VM, stage.store)
    assert report.sound
    return stage, list(reversed(report.chain))


def change(stage: Stage, evaluation_id: str, alter: Callable[[Any], None]) -> None:
    record = json.loads(stage.store.records[VM, evaluation_id])
    alter(record)
    stage.store.records[VM, evaluation_id] = json.dumps(record)


def faulty(report: HistoryReport) -> set[str]:
    return {fault.evaluation_id for fault in report.faults}


@pytest.mark.parametrize("at", range(4))
async def test_a_missing_record_shows(at: int) -> None:
    stage, ids = await played()
    del stage.store.records[VM, ids[at]]
    report = await verify_history(VM, stage.store)
    assert faulty(report) == {ids[at]}
    assert "missing" in report.faults[0].text
    assert report.chain == tuple(reversed(ids[at:]))
    assert set(report.beside) == set(ids[:at])


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    "alter",
    [
        lambda record: record["results"][0].update(state="Compliant" * (record["state"] != "Compliant") or "Unknown"),
        lambda record: record["results"][0].update(message="nothing to see here"),
        lambda record: record["results"].clear(),
        lambda record: record["evaluated"]["resource"].update(location="elsewhere"),
        lambda record: record["image"].update(product="ubuntu"),
        lambda record: record["evaluation"].update(observedAt="2020-01-01T00:00:00Z"),
        lambda record: record["evaluation"].update(caller="somebody else"),
        lambda record: record["evaluation"].update(predecessor=None),
        lambda record: record.pop("evaluated"),
        lambda record: record.clear(),
    ],
    ids=["state", "message", "results", "body", "facts", "time", "caller", "predecessor", "no body", "empty"],
)
async def test_an_altered_record_shows(at: int, alter: Callable[[Any], None]) -> None:
    stage, ids = await played()
    before = stage.store.records[VM, ids[at]]
    change(stage, ids[at], alter)
    if stage.store.records[VM, ids[at]] == before:
        assert at == 0
        return
    assert ids[at] in faulty(await verify_history(VM, stage.store))


async def test_a_chain_that_was_forged_whole_still_is_not_the_one_that_latest_names() -> None:
    stage, _ = await played()
    forged = Stage()
    await forged.see(machine(), 3)
    forged_id = next(iter(forged.ids))
    stage.store.records = {(VM, forged_id): forged.store.records[VM, forged_id]}
    report = await verify_history(VM, stage.store)
    assert not report.sound


async def test_a_latest_finding_that_was_altered_shows() -> None:
    stage, ids = await played()
    text, etag = stage.store.latest_texts[VM]
    stage.store.latest_texts[VM] = (text.replace('"state": "NonCompliant"', '"state": "Compliant"'), etag)
    report = await verify_history(VM, stage.store)
    assert faulty(report) == {ids[-1]}
    assert "latest" in report.faults[0].text


@pytest.mark.parametrize("text", ["{}", '{"evaluation": {"id": "x"}}'])
async def test_a_damaged_latest_finding_shows(text: str) -> None:
    stage, ids = await played()
    stage.store.latest_texts[VM] = (text, "1")
    report = await verify_history(VM, stage.store)
    assert [fault.evaluation_id for fault in report.faults] == [""]
    assert set(report.beside) == set(ids)


async def test_a_missing_latest_finding_shows() -> None:
    stage, ids = await played()
    stage.store.latest_texts.clear()
    report = await verify_history(VM, stage.store)
    assert "missing" in report.faults[0].text
    assert set(report.beside) == set(ids)


async def test_a_resource_that_was_never_checked_has_nothing_to_verify() -> None:
    report = await verify_history(VM, Stage().store)
    assert report.sound
    assert report.chain == report.beside == ()


async def test_a_record_that_names_itself_does_not_hang() -> None:
    stage, ids = await played()
    change(stage, ids[0], lambda record: record["evaluation"].update(predecessor=ids[0], predecessorRecord="x"))
    assert "the record follows itself" in {fault.text for fault in (await verify_history(VM, stage.store)).faults}
