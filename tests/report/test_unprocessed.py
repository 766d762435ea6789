"""What can't be handled is kept: bounded, without claims, once."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from muster.report.unprocessed import MAX_KEPT, MAX_MESSAGE, unprocessed_record
from muster.values.errors import InvalidEvent, InvalidResourceId
from muster.values.json import Json

NOW = datetime(2026, 11, 23, 6, 4, 6, tzinfo=UTC)


def test_a_record_says_what_came_and_why_it_was_not_handled() -> None:
    came: dict[str, Any] = {"id": "e-1", "data": {"claims": {"upn": "ann"}, "resourceUri": "x"}}
    name, record = unprocessed_record(came, InvalidResourceId("not an id"), NOW)
    folder, _, file = name.partition("/")
    assert folder == "invalidResourceId"
    assert len(file) == 32 + len(".json")
    assert record["reason"] == "invalidResourceId"
    assert record["message"] == "not an id"
    assert record["time"] == "2026-11-23T06:04:06Z"
    assert record["came"] == {"id": "e-1", "data": {"claims": "(redacted)", "resourceUri": "x"}}


def test_the_message_quotes_no_address_and_is_bounded() -> None:
    _, record = unprocessed_record("{", InvalidEvent("The name 'ann@example.org' stands twice." + "x" * 100_000), NOW)
    message = record["message"]
    assert isinstance(message, str)
    assert message.startswith("The name '(redacted)' stands twice.")
    assert len(message) <= MAX_MESSAGE


def test_the_same_event_again_is_the_same_record() -> None:
    first, _ = unprocessed_record({"id": 1, "b": 2}, InvalidEvent("x"), NOW)
    later, _ = unprocessed_record({"b": 2, "id": 1}, InvalidEvent("x"), datetime(2027, 1, 1, tzinfo=UTC))
    other, _ = unprocessed_record({"b": 2, "id": 3}, InvalidEvent("x"), NOW)
    assert first == later != other


def test_of_a_large_event_the_beginning_is_kept() -> None:
    _, record = unprocessed_record({"x": "y" * 3_000_000}, InvalidEvent("too large"), NOW)
    assert record["characters"] == 3_000_000 + len('{"x":""}')
    kept = record["came"]
    assert isinstance(kept, str)
    assert len(kept) == MAX_KEPT


def test_a_text_that_is_no_json_is_kept_up_to_its_claims() -> None:
    _, record = unprocessed_record('{"id": "1", "claims": {"upn": "ann', InvalidEvent("not JSON"), NOW)
    assert record["came"] == '{"id": "1", "(redacted)'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(JSON)
def test_every_json_value_can_be_kept(came: Json) -> None:
    _, record = unprocessed_record(came, InvalidEvent("x"), NOW)
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_a_deep_nest_can_be_kept() -> None:
    nest: Json = []
    for _ in range(100_000):
        nest = [nest]
    _, record = unprocessed_record(nest, InvalidEvent("too deep"), NOW)
    assert len(json.dumps(record)) < 1000
