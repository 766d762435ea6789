"""Where the shapes of drawings are, in the units of their view boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from muster.values.listing import Lifetime

_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `kind` is its class, `label` what it stands for."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str
    count: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on an axis."""

    x: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The lifecycle of a release, 1,000 units wide; `marks` are the image's day, where it is known, and the ends of
    support, a line of text each. `now` is the day that is looked at."""

    bars: tuple[Bar, ...]
    years: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    now: Mark
    told: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Months beside each other, 1,000 units wide and 220 high."""

    bars: tuple[Bar, ...]
    months: tuple[Mark, ...]
    years: tuple[Mark, ...]
    most: int


def parts(counts: Mapping[str, int], *, width: float = 1000.0, gap: float = 3.0) -> tuple[Bar, ...]:
    """Counts as one bar of parts; what is there is seen, however few it is."""
    there = {name: count for name, count in counts.items() if count}
    total = sum(there.values())
    if not total:
        return ()
    room = width - gap * (len(there) - 1)
    widths = {name: max(room * count / total, 4.0) for name, count in there.items()}
    scale = room / sum(widths.values())
    found, x = [], 0.0
    for name, count in there.items():
        wide = widths[name] * scale
        found.append(Bar(round(x, 1), 0, round(wide, 1), 14, name, name, count))
        x += wide + gap
    return tuple(found)


def time_line(lifetime: Lifetime, published: date | None, day: date) -> TimeLine | None:
    """The lifecycle of a release around a day; None where no date is known."""
    end = lifetime.support_end
    if end is None:
        return None
    last = max(end, lifetime.extended_end or end)
    first = min(published or end - timedelta(days=3 * 365), day - timedelta(days=200), end - timedelta(days=400))
    until = max(last, day) + timedelta(days=240)
    span = (until - first).days

    def x(moment: date) -> float:
        return round(min(max(1000 * (moment - first).days / span, 0), 1000), 1)

    begin = first if published is None or published > end else max(published, first)
    bars = [Bar(x(begin), 46, max(x(end) - x(begin), 2), 18, "supported", "Supported")]
    if lifetime.extended_end and lifetime.extended_end > end:
        name = lifetime.programme or "Extended support"
        bars.append(Bar(x(end), 46, max(x(lifetime.extended_end) - x(end), 2), 18, "extended", name))
    bars.append(Bar(x(last), 46, max(1000 - x(last), 0), 18, "ended", "Ended"))
    step = max(round(span / _YEAR / 9), 1)
    years = tuple(
        Mark(x(date(year, 1, 1)), str(year)) for year in range(first.year + 1, until.year + 1) if year % step == 0
    )
    ends = [end] if last == end else [end, last]
    named = [(moment, moment.isoformat()) for moment in ends]
    told = f"Support of {lifetime.system} until {end}"
    if last != end:
        told += f", {lifetime.programme or 'extended support'} until {last}"
    if published is not None and published <= until:
        named.insert(0, (published, f"Image of {published}"))
        told += f", the image is of {published}"
    marks = tuple(Mark(x(moment), label, _anchor(x(moment))) for moment, label in named)
    return TimeLine(tuple(bars), years, marks, Mark(x(day), day.isoformat(), _anchor(x(day))), told)


def month_columns(months: Sequence[tuple[str, int, str]]) -> Columns:
    """Months (`2027-01`, how many machines, an address) as columns from a base line at 170."""
    most = max((count for _, count, _ in months), default=0)
    step = 1000 / max(len(months), 1)
    bars, names, years = [], [], []
    for place, (month, count, href) in enumerate(months):
        x = place * step
        if count:
            high = max(130 * count / most, 4)
            bars.append(
                Bar(
                    round(x + step * 0.16, 1),
                    round(170 - high, 1),
                    round(step * 0.68, 1),
                    round(high, 1),
                    "falls",
                    month,
                    count,
                    href,
                )
            )
        names.append(Mark(round(x + step / 2, 1), "JFMAMJJASOND"[int(month[5:]) - 1]))
        if month.endswith("-01") or not place:
            years.append(Mark(round(x + 2, 1), month[:4], "start"))
    return Columns(tuple(bars), tuple(names), tuple(years), most)


def _anchor(x: float) -> str:
    return "start" if x < 90 else "end" if x > 910 else "middle"
