"""The drawing of a forecast: bars in the frame, in time's order, and never too many."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.report.forecast import Cause, Fate, Forecast, Line, in_order
from muster.report.forecast_timeline import LEFT, MAX_LANES, MAX_TICKS, WIDTH, timeline

FIRST = date(2026, 11, 23)


def line(day: date, system: str = "Distro 1") -> Line:
    return Line(Fate.FALLS, Cause.RELEASE, "id", "vm", "t", "s", "g", "o", "distro", "1", system, day)


def drawn(days: list[date], last: date) -> Forecast:
    return Forecast(FIRST, last, in_order(map(line, days)), len(days))


@given(st.integers(0, 5000), st.lists(st.floats(0, 1), max_size=100))
def test_every_bar_is_in_the_frame(length: int, places: list[float]) -> None:
    last = FIRST + timedelta(days=length)
    found = timeline(drawn([FIRST + timedelta(days=int(length * place)) for place in places], last))
    xs = [lane.x for lane in found.lanes]
    assert xs == sorted(xs)
    assert all(LEFT <= x <= WIDTH for x in [*xs, *(tick.x for tick in found.ticks)])
    assert len(found.lanes) <= MAX_LANES
    assert len(found.ticks) <= MAX_TICKS
    assert [lane.y for lane in found.lanes] == sorted({lane.y for lane in found.lanes})
    assert all(lane.y < found.height for lane in found.lanes)


def test_machines_of_one_system_and_day_share_a_lane() -> None:
    day = date(2027, 6, 1)
    lines = [line(day), line(day), line(day, "Other 2")]
    found = timeline(Forecast(FIRST, date(2027, 12, 31), in_order(lines), 3))
    assert [(lane.system, lane.machines) for lane in found.lanes] == [("Distro 1", 2), ("Other 2", 1)]


def test_what_does_not_fit_is_counted() -> None:
    days = [FIRST + timedelta(days=index) for index in range(MAX_LANES + 5)]
    assert timeline(drawn(days, date(2027, 12, 31))).hidden == 5
