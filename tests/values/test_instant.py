"""Azure's dates in, ISO 8601 out."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.values.instant import format_instant, parse_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-07-19T18:38:04.6117357Z", datetime(2018, 7, 19, 18, 38, 4, 611735, UTC)),
        ("2018-07-19T18:38:04.6Z", datetime(2018, 7, 19, 18, 38, 4, 600000, UTC)),
        ("2018-07-19T18:38:04Z", datetime(2018, 7, 19, 18, 38, 4, tzinfo=UTC)),
        ("2018-07-19T20:38:04+02:00", datetime(2018, 7, 19, 18, 38, 4, tzinfo=UTC)),
        ("2018-07-19T20:38:04.123456789+0200", datetime(2018, 7, 19, 18, 38, 4, 123456, UTC)),
        ("2018-07-19t18:38:04z", datetime(2018, 7, 19, 18, 38, 4, tzinfo=UTC)),
        ("2018-07-19 18:38:04", datetime(2018, 7, 19, 18, 38, 4, tzinfo=UTC)),
    ],
)
def test_read(text: str, expected: datetime) -> None:
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2018-07-19",
        "2018-W29-4T00:00:00Z",
        "2018-13-19T18:38:04Z",
        "2018-07-19T25:38:04Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2018-07-19T18:38:04+99:99",
        "2018-07-19T18:38:04.1234567890Z",
        "٢٠١٨-07-19T18:38:04Z",
        "2018-07-19T18:38:04Z\n",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the caller's to give
        parse_instant(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_written_and_read_again(moment: datetime) -> None:
    assert parse_instant(format_instant(moment)) == moment


@given(st.text())
def test_no_text_raises_anything_but_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        parse_instant(text)
