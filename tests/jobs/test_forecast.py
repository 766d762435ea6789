"""The forecast of documents: whose support ends when, and what can't be said."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.catalogue import Catalogue, read_catalogue
from muster.jobs.forecast import forecast, stored_documents
from muster.report.forecast import Cause, Fate, Forecast, Line
from muster.values.document import Document
from muster.values.json import Json, JsonObject

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
MACHINE: JsonObject = {
    "id": "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/vm",
    "name": "vm",
    "type": "Microsoft.Compute/virtualMachines",
    "tags": {"OWNER": "someone"},
}


def machine(lifecycle: JsonObject, image: JsonObject | None = None, **members: Json) -> Document:
    facts: JsonObject = {"basis": "published", "entitled": False, **lifecycle}
    return Document({**MACHINE, **members}, {"product": "distro", "release": "1.2", **(image or {})}, facts)


def lines(*documents: Document) -> tuple[Line, ...]:
    return forecast(documents, FIRST, LAST, titles={"distro": "Distro"}).lines


EXTENDED: JsonObject = {
    "endOfSupportDate": "2025-06-30",
    "extendedProgramme": "ESM",
    "extendedEndDate": "2027-06-30",
}


@pytest.mark.parametrize(
    ("lifecycle", "fate", "last_day", "why"),
    [
        ({"endOfSupportDate": "2026-12-31"}, Fate.ENDED, "2026-12-31", ""),
        ({"endOfSupportDate": "2027-01-01"}, Fate.FALLS, "2027-01-01", ""),
        ({"endOfSupportDate": "2027-12-31"}, Fate.FALLS, "2027-12-31", ""),
        ({"endOfSupportDate": "2028-01-01"}, Fate.LATER, "2028-01-01", ""),
        ({**EXTENDED, "entitled": True}, Fate.FALLS, "2027-06-30", "under ESM"),
        (
            {**EXTENDED, "entitled": None},
            Fate.ENDED,
            "2025-06-30",
            "ESM until 2027-06-30, if the machine is entitled",
        ),
        ({**EXTENDED, "extendedEndDate": None, "entitled": True}, Fate.UNKNOWN, None, "ESM without a published end"),
        (
            {**EXTENDED, "extendedEndDate": None, "extendedProgramme": None, "entitled": None},
            Fate.ENDED,
            "2025-06-30",
            "extended support with an end that is not known, if the machine is entitled",
        ),
        ({"endOfSupportDate": None, "basis": "none"}, Fate.UNKNOWN, None, "no end is published"),
        (
            {"endOfSupportDate": None, "basis": "announced", "phase": "preview", "expectation": "two years"},
            Fate.UNKNOWN,
            None,
            "a preview; two years",
        ),
        (
            {"endOfSupportDate": None, "basis": "none", "phase": "ended"},
            Fate.ENDED,
            None,
            "support has ended; since when is not known",
        ),
        ({"basis": "rolling"}, Fate.ROLLING, None, "a rolling release: the age of the image counts"),
    ],
)
def test_the_end_of_a_release(lifecycle: JsonObject, fate: Fate, last_day: str | None, why: str) -> None:
    (line,) = lines(machine(lifecycle))
    assert (line.fate, line.last_day and line.last_day.isoformat(), line.why) == (fate, last_day, why)


def test_what_is_said_of_a_machine() -> None:
    (line,) = lines(machine({"endOfSupportDate": "2027-03-31", "successor": "a:b:c:latest"}))
    assert (line.name, line.system, line.owner, line.month) == ("vm", "Distro 1.2", "someone", "2027-03")
    assert (line.subscription, line.resource_group, line.successor) == ("S", "G", "a:b:c:latest")


def test_a_machine_that_nothing_is_known_of() -> None:
    (line,) = lines(Document({**MACHINE, "tags": None, "name": 5}, {"product": None}, {"basis": "none"}))
    assert (line.fate, line.system, line.owner, line.why) == (Fate.UNKNOWN, "unknown", "", "not known what it runs")


def test_ends_of_the_image_are_lines_of_their_own() -> None:
    image: JsonObject = {
        "galleryEndOfLifeDate": "2027-02-01",
        "deprecation": {"state": "ScheduledForDeprecation", "date": "2027-04-01", "alternative": "the-next"},
    }
    found = lines(machine({"endOfSupportDate": "2027-03-31"}, image))
    assert [(line.cause, line.last_day and line.last_day.month) for line in found] == [
        (Cause.GALLERY, 2),
        (Cause.RELEASE, 3),
        (Cause.DEPRECATION, 4),
    ]
    assert found[2].successor == "the-next"


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("microsoft.compute/virtualmachines", True),
        ("Microsoft.Compute/virtualMachineScaleSets", True),
        ("Microsoft.Compute/virtualMachineScaleSets/virtualMachines", True),
        ("Microsoft.Compute/galleries/images/versions", False),
        ("Microsoft.Network/networkInterfaces", False),
        (None, False),
    ],
)
def test_only_machines_count(kind: Json, counted: bool) -> None:
    found = forecast([machine({"endOfSupportDate": None}, type=kind)], FIRST, LAST, titles={})
    assert (found.machines, found.others, len(found.lines)) == (int(counted), int(not counted), int(counted))


def stored(lifecycle: JsonObject, **members: Json) -> JsonObject:
    return {"resource": MACHINE, "image": {"product": "distro", "cycle": "1"}, "lifecycle": lifecycle, **members}


def test_findings_are_forecast_with_the_dates_of_today() -> None:
    row: JsonObject = {"cycle": "1", "endOfSupport": "2027-03-31", "source": "s", "seen": "2026-01-01"}
    file: JsonObject = {"product": "distro", "title": "D", "refreshed": "2026-01-01", "releases": [row]}
    old: JsonObject = {"endOfSupportDate": "2026-03-31", "basis": "published", "entitled": True}
    catalogue, _ = read_catalogue({"f": file})
    (line,) = lines(*stored_documents([stored(old)], catalogue, FIRST))
    assert (line.fate, line.last_day, line.entitled) == (Fate.FALLS, date(2027, 3, 31), False)
    row |= {"extendedSupportEnd": "2029-03-31"}
    catalogue, _ = read_catalogue({"f": file})
    for said, day in ((True, date(2029, 3, 31)), (None, date(2027, 3, 31)), (False, date(2027, 3, 31))):
        (line,) = lines(*stored_documents([stored({"entitled": said})], catalogue, FIRST))
        assert line.last_day == day


@pytest.mark.parametrize("finding", [{}, {"resource": None}, stored({}, image=None), {**stored({}), "lifecycle": []}])
def test_what_is_no_finding_is_passed_over(finding: JsonObject) -> None:
    assert list(stored_documents([finding], Catalogue({}, {}, {}), FIRST)) == []


DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1))
ENDS = st.lists(st.none() | DAYS, max_size=12)


def of(ends: list[date | None], first: date, last: date) -> Forecast:
    documents = [
        machine({"endOfSupportDate": end.isoformat() if end else None}, tags={"owner": f"o{index % 3}"})
        for index, end in enumerate(ends)
    ]
    return forecast(documents, first, last, titles={})


@given(ENDS, DAYS, DAYS)
def test_no_machine_is_lost_and_each_counts_once(ends: list[date | None], one: date, other: date) -> None:
    found = of(ends, *sorted((one, other)))
    assert sum(found.counts().values()) == len(ends) == found.machines
    for groups in (found.by(lambda line: line.owner), found.by(lambda line: line.subscription)):
        assert sum(sum(counts.values()) for counts in groups.values()) == len(ends)
    assert sum(map(len, found.months.values())) == found.counts()[Fate.FALLS]
    assert list(found.months) == sorted(found.months)


@given(ENDS, DAYS, st.integers(0, 2000), st.integers(0, 2000))
def test_two_times_beside_each_other_are_one(ends: list[date | None], first: date, some: int, more: int) -> None:
    middle, last = first + timedelta(days=some), first + timedelta(days=some + more + 1)
    parts: Any = [of(ends, first, middle), of(ends, middle + timedelta(days=1), last)]
    falling = [len(part.of(Fate.FALLS)) for part in parts]
    assert sum(falling) == len(of(ends, first, last).of(Fate.FALLS))
