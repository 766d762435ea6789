"""A forecast as rows of text for a terminal."""

from collections.abc import Iterable

from muster.report.forecast import Cause, Fate, Forecast, Line

COLUMNS = ("Last day", "Machine", "System", "Owner", "Subscription", "Then")
GROUP_COLUMNS = ("Owner", "Falls", "Ended", "Later", "Rolling", "Unknown")
UNKNOWN_COLUMNS = ("Machine", "System", "Owner", "Subscription", "Why")

_ENDS = {Cause.RELEASE: "", Cause.GALLERY: "gallery image ends", Cause.DEPRECATION: "image deprecated"}


def machine_rows(lines: Iterable[Line]) -> Iterable[tuple[str, ...]]:
    """Rows in COLUMNS."""
    for line in lines:
        last = line.last_day.isoformat() if line.last_day else ""
        yield last, line.name, line.system, line.owner or "-", line.subscription or "-", _then(line)


def unknown_rows(lines: Iterable[Line]) -> Iterable[tuple[str, ...]]:
    """Rows in UNKNOWN_COLUMNS."""
    for line in lines:
        yield line.name, line.system, line.owner or "-", line.subscription or "-", line.why


def group_rows(groups: dict[str, dict[Fate, int]]) -> Iterable[tuple[str, ...]]:
    """Rows in GROUP_COLUMNS."""
    for name, counts in groups.items():
        yield name or "-", *(str(counts[fate]) for fate in Fate)


def headline(forecast: Forecast) -> str:
    """`22 machines from 2026-11-23 to 2027-11-23: 3 fall out of support, 5 already have, ...`"""
    counts = forecast.counts()
    machines = f"{forecast.machines:,} machine{'s' * (forecast.machines != 1)}"
    told = (
        f"{counts[Fate.FALLS]:,} ends of support in that time, {counts[Fate.ENDED]:,} before, "
        f"{counts[Fate.LATER]:,} after; {counts[Fate.ROLLING]:,} rolling, {counts[Fate.UNKNOWN]:,} not known"
    )
    return f"{machines} from {forecast.first} to {forecast.last}: {told}."


def _then(line: Line) -> str:
    parts = [_ENDS[line.cause] or line.why, f"move to {line.successor}" if line.successor else ""]
    return "; ".join(part for part in parts if part)
