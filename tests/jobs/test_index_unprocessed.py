"""What the index takes of what could not be processed: enough to see why, nothing of who was behind it."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from muster.jobs import index_unprocessed
from muster.jobs.index_unprocessed import MORE, unprocessed_row, update_unprocessed
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject
from muster.values.listing import UnprocessedRow

ONE, TWO = "3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10", "b81d6f0e-25c9-4e3b-8a47-0d9c6e1f7b32"
VM = f"/subscriptions/{ONE}/resourcegroups/rg-shop/providers/microsoft.compute/virtualmachines/vm-1"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def row(came: Json, message: str = "not what it should be", reason: str = "invalidEvent") -> UnprocessedRow:
    name, record = unprocessed_record(came, BadInput(message, reason=reason), NOW)
    return unprocessed_row(name, "2026-11-23T08:00:00Z", record)


@pytest.mark.parametrize(
    ("came", "subscription", "resource"),
    [
        ({"data": {"resourceUri": VM.upper().replace("/SUBSCRIPTIONS", "/subscriptions")}}, ONE, VM),
        ({"data": {"resourceInfo": {"id": VM}}, "topic": f"/subscriptions/{ONE}"}, ONE, VM),
        ([{"subject": VM, "source": f"/subscriptions/{ONE}"}], ONE, VM),
        ({"version": 1, "resource": VM}, ONE, VM),
        ({"subject": f"/subscriptions/{ONE}/resourceGroups/rg/providers/x", "topic": "t"}, ONE, ""),
        ({"topic": f"/subscriptions/{ONE.upper()}"}, ONE, ""),
        ({"data": {"resourceUri": VM}, "topic": f"/subscriptions/{TWO}"}, "", ""),
        ([{"subject": VM}, {"subject": VM}], "", ""),
        ({"data": "/subscriptions", "subject": 7, "resource": None}, "", ""),
        ({"subject": f"x/subscriptions/{ONE}/"}, "", ""),
        ("no JSON at all", "", ""),
        (None, "", ""),
    ],
)
def test_what_it_is_about_is_told_where_it_names_one_subscription(came: Json, subscription: str, resource: str) -> None:
    found = row(came)
    assert (found.subscription, found.resource) == (subscription, resource)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("eventTime is missing", "eventTime is missing"),
        ("caller ada.lovelace@example.org from 203.0.113.7 failed", "caller (redacted) from (redacted) failed"),
        ("'ada@x' is no id", "'(redacted)' is no id"),
        ('{"claims": {"name": "Ada"}}', '{"(redacted)'),
        ("x" * 5000, "x" * 300),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_a_message_says_nothing_of_people(message: str, shown: str) -> None:
    assert row({}, message).message == shown


def test_a_fault_of_musters_own_is_told_by_its_name_alone() -> None:
    assert row({}, "KeyError: 'Ada Lovelace'", "internalError").message == "KeyError"


@pytest.mark.parametrize("record", [None, {}, {"message": 7, "came": [[]]}])
def test_a_record_that_is_none_is_listed_all_the_same(record: JsonObject | None) -> None:
    found = unprocessed_row("invalidEvent/x.json", "2026-11-23T08:00:00Z", record)
    assert (found.reason, found.subscription, found.resource) == ("invalidEvent", "", "")


class Records:
    """Records in memory; counts how often one is opened."""

    def __init__(self, count: int) -> None:
        self.there: dict[str, JsonObject] = {}
        for number in range(count):
            name, record = unprocessed_record({"number": number}, BadInput("no", reason="invalidEvent"), NOW)
            self.there[name] = record
        self.opened: list[str] = []

    async def names(self) -> AsyncIterator[tuple[str, str]]:
        for number, name in enumerate(list(self.there)):
            yield name, f"2026-11-23T08:00:{number:02}Z"

    async def read(self, names: Sequence[str]) -> Mapping[str, JsonObject | None]:
        self.opened += names
        return {name: self.there[name] for name in names if name in self.there}


class Index:
    """An UnprocessedIndex in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[UnprocessedRow, bool]] = {}
        self.notes: dict[str, str] = {}

    def unprocessed(self) -> dict[str, bool]:
        return {name: opened for name, (_, opened) in self.rows.items()}

    def put_unprocessed(self, rows: Iterable[UnprocessedRow], *, opened: bool) -> None:
        self.rows |= {row.name: (row, opened) for row in rows}

    def remove_unprocessed(self, names: Iterable[str]) -> None:
        for name in names:
            del self.rows[name]

    def note(self, name: str, value: str) -> None:
        self.notes[name] = value

    def noted(self, name: str) -> str:
        return self.notes.get(name, "")


async def test_a_record_is_opened_once_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_unprocessed, "MAX_OPENED", 3)
    index, records = Index(), Records(7)
    newest_first = list(reversed(records.there))
    assert await update_unprocessed(index, records)
    assert (len(index.rows), records.opened) == (7, newest_first[:3])
    assert await update_unprocessed(index, records)
    assert await update_unprocessed(index, records)
    assert records.opened == newest_first
    assert not await update_unprocessed(index, records)
    assert [one.message for one, _ in index.rows.values()] == ["no"] * 7


async def test_what_is_gone_is_forgotten() -> None:
    index, records = Index(), Records(3)
    await update_unprocessed(index, records)
    gone = next(iter(records.there))
    del records.there[gone]
    assert await update_unprocessed(index, records)
    assert gone not in index.rows
    assert len(index.rows) == 2


async def test_a_flood_is_counted_up_to_a_bound_which_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_unprocessed, "MAX_LISTED", 5)
    index, records = Index(), Records(6)
    assert await update_unprocessed(index, records)
    assert (len(index.rows), index.notes[MORE]) == (5, "true")
    assert not await update_unprocessed(index, records)
    records.there.popitem()
    assert await update_unprocessed(index, records)
    assert index.notes[MORE] == "false"
