"""Where the bars of a forecast's timeline are: a lane for each system and cause, the first to end at the top."""

from dataclasses import dataclass
from datetime import date

from muster.report.forecast import Cause, Fate, Forecast

WIDTH, LEFT, LANE, TOP, FOOT = 960, 300, 24, 40, 16
"""In pixels: of the drawing, of the lanes' names, of a lane, above and below the lanes."""
MAX_LANES = 60
"""More systems than that are counted in a sentence below the drawing."""
MAX_TICKS = 13
"""Most months with a name along the top."""


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Machines of one system whose last day is the same. The bar goes from the left edge to `x`."""

    y: int
    x: float
    system: str
    cause: Cause
    last_day: date
    machines: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing. `hidden` lanes did not fit."""

    width: int
    height: int
    left: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    hidden: int


def timeline(forecast: Forecast) -> Timeline:
    """The drawing of what falls."""
    groups: dict[tuple[date, str, Cause], int] = {}
    for line in forecast.of(Fate.FALLS):
        if line.last_day is not None:
            key = (line.last_day, line.system, line.cause)
            groups[key] = groups.get(key, 0) + 1
    shown = list(groups.items())[:MAX_LANES]
    lanes = tuple(
        Lane(TOP + index * LANE, _x(forecast, day), system, cause, day, count)
        for index, ((day, system, cause), count) in enumerate(shown)
    )
    height = TOP + LANE * len(lanes) + FOOT
    return Timeline(WIDTH, height, LEFT, tuple(_ticks(forecast)), lanes, len(groups) - len(shown))


def _x(forecast: Forecast, day: date) -> float:
    days = max((forecast.last - forecast.first).days, 1)
    return round(LEFT + (WIDTH - LEFT - 20) * (day - forecast.first).days / days, 1)


def _ticks(forecast: Forecast) -> list[Tick]:
    first, last = forecast.first, forecast.last
    months = (last.year - first.year) * 12 + last.month - first.month
    step = -(-(months + 1) // MAX_TICKS)
    found = []
    for index in range(0, months + 1, step):
        year, month = divmod(first.year * 12 + first.month - 1 + index, 12)
        day = date(year, month + 1, 1)
        if day >= first:
            found.append(Tick(_x(forecast, day), f"{day:%Y-%m}"))
    return found
