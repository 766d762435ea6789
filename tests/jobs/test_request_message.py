"""Requests travel through a queue whole, and what is no request is refused whatever it is."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.jobs.request_message import MAX_ATTEMPT, MAX_CHARACTERS, parse_request, request_message
from muster.values.errors import BadInput
from muster.values.request import Cause, EvaluationRequest
from tests.jobs.stage import START, VM

if TYPE_CHECKING:
    from muster.values.json import JsonObject

_moments = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.just(UTC),
)
_texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)

REQUESTS = st.builds(
    EvaluationRequest,
    resource_id=st.just(VM),
    time=_moments,
    cause=st.sampled_from(Cause),
    attempt=st.integers(1, MAX_ATTEMPT),
    event_id=_texts,
    correlation_id=_texts,
    caller=_texts,
    not_before=st.none() | _moments,
    absent_at=st.none() | _moments,
)


@given(REQUESTS)
def test_a_request_comes_back_as_it_was(request_: EvaluationRequest) -> None:
    assert parse_request(request_message(request_)) == request_


def test_a_body_stays_behind() -> None:
    request = EvaluationRequest(VM, START, Cause.WRITTEN, body={"id": str(VM)})
    assert parse_request(request_message(request)).body is None


def test_the_longest_message_fits_a_queue() -> None:
    text = "\U0001f600" * 1024
    longest = EvaluationRequest(VM, START, Cause.WRITTEN, MAX_ATTEMPT, text, text, text)
    assert len(request_message(longest)) <= MAX_CHARACTERS


def message(**changes: object) -> str:
    whole: JsonObject = json.loads(request_message(EvaluationRequest(VM, START, Cause.SETTLE, event_id="e")))
    merged = {**whole, **changes}
    return json.dumps({name: value for name, value in merged.items() if value is not ...})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "invalidJson"),
        ("{", "invalidJson"),
        ("[" * 20_000, "invalidJson"),
        ('{"version": 1, "version": 1}', "invalidJson"),
        ("null", "invalidMessage"),
        ("[]", "invalidMessage"),
        ("{}", "unknownVersion"),
        (message(version=2), "unknownVersion"),
        (message(version=True), "unknownVersion"),
        (message(resource=...), "invalidResourceId"),
        (message(resource="/subscriptions/../x"), "invalidResourceId"),
        (message(time=...), "invalidMessage"),
        (message(time="now"), "invalidMessage"),
        (message(time=1), "invalidMessage"),
        (message(notBefore=None), "invalidMessage"),
        (message(cause="else"), "invalidMessage"),
        (message(cause=[]), "invalidMessage"),
        (message(attempt=0), "invalidMessage"),
        (message(attempt=True), "invalidMessage"),
        (message(attempt=10**9), "invalidMessage"),
        (message(caller="a\nb"), "invalidMessage"),
        (message(caller="a" * 3000), "invalidMessage"),
        (message(more=1), "invalidMessage"),
        (" " * (MAX_CHARACTERS + 1), "invalidMessage"),
    ],
)
def test_what_is_no_request_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_request(text)
    assert caught.value.reason == reason


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(json.loads(message()))), _json)
def test_nothing_but_bad_input_is_raised(member: str, value: object) -> None:
    try:
        parse_request(message(**{member: value}))
    except BadInput:
        return
