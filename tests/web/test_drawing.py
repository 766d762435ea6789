"""Where shapes are: in order, within the drawing, and told in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.values.listing import Lifetime
from muster.web.drawing import time_line

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_time_line_stays_within_its_drawing(
    end: date, extended: date | None, published: date | None, day: date
) -> None:
    line = time_line(Lifetime("ubuntu", "Ubuntu", "22.04", "supported", end, extended), published, day)
    assert line is not None
    for bar in line.bars:
        assert 0 <= bar.x <= 1000
        assert bar.width >= 0
    for mark in (*line.marks, *line.years, line.now):
        assert 0 <= mark.x <= 1000
    assert [bar.label for bar in line.bars][-1] == "Ended"
    assert str(end) in line.told


def test_the_image_is_marked_where_its_day_is_known() -> None:
    lifetime = Lifetime("rhel", "RHEL", "8.6", "ended", date(2024, 5, 31), date(2026, 5, 31), "E4S")
    line = time_line(lifetime, date(2024, 2, 20), date(2026, 11, 28))
    assert line is not None
    assert [mark.label for mark in line.marks] == ["Image of 2024-02-20", "2024-05-31", "2026-05-31"]
    assert line.told == "Support of RHEL 8.6 until 2024-05-31, E4S until 2026-05-31, the image is of 2024-02-20"
    unknown = time_line(lifetime, None, date(2026, 11, 28))
    assert unknown is not None
    assert [mark.label for mark in unknown.marks] == ["2024-05-31", "2026-05-31"]


@pytest.mark.parametrize("extended", [None, date(2030, 1, 1)])
def test_without_an_end_there_is_nothing_to_draw(extended: date | None) -> None:
    assert time_line(Lifetime("acl", "ACL", "3.0", "rolling", None, extended), None, date(2026, 11, 28)) is None
