"""What falls out of support when: the values of a forecast, and how they are counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a machine's support in the time that was asked for."""

    FALLS = "falls"
    """Its last day of support is in that time."""
    ENDED = "ended"
    """It was before."""
    LATER = "later"
    """It is after."""
    ROLLING = "rolling"
    """There is none by design; the age of the image counts."""
    UNKNOWN = "unknown"
    """It is not known. Nothing may be concluded from that."""


class Cause(StrEnum):
    """What ends."""

    RELEASE = "release"
    """The support of the operating system's release."""
    GALLERY = "galleryImage"
    """The life of the gallery image, as its owner set it."""
    DEPRECATION = "deprecation"
    """The Marketplace's offer of the image version."""


@dataclass(frozen=True, slots=True)
class Line:
    """One end of one machine. All texts may hold what strangers wrote: whoever prints them escapes them.

    `last_day` is the last on which there is support that the machine shows a right to. `programme` and `extended_end`:
    what there would be beyond the release's end of support; `entitled` whether the machine shows a right to that.
    `why` says in words what the dates don't.
    """

    fate: Fate
    cause: Cause
    resource: str
    name: str
    type: str
    subscription: str
    resource_group: str
    owner: str
    product: str
    cycle: str
    system: str
    last_day: date | None
    programme: str = ""
    extended_end: date | None = None
    entitled: bool | None = None
    successor: str = ""
    why: str = ""

    @property
    def month(self) -> str:
        """`2027-01`, the month of the last day; "" where it is not known."""
        return f"{self.last_day:%Y-%m}" if self.last_day else ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The lines of all machines, in the order of their last days, for the days `first` to `last`.

    `machines` counts them; `others` counts resources that are no machines and were left out.
    """

    first: date
    last: date
    lines: tuple[Line, ...]
    machines: int
    others: int = 0

    def of(self, fate: Fate) -> tuple[Line, ...]:
        """The lines of a fate."""
        return tuple(line for line in self.lines if line.fate is fate)

    @property
    def months(self) -> dict[str, tuple[Line, ...]]:
        """What falls, by month; months in which nothing falls are left out."""
        found: dict[str, list[Line]] = {}
        for line in self.of(Fate.FALLS):
            found.setdefault(line.month, []).append(line)
        return {month: tuple(lines) for month, lines in found.items()}

    def counts(self) -> dict[Fate, int]:
        """How many lines each fate has."""
        counted = Counter(line.fate for line in self.lines)
        return {fate: counted[fate] for fate in Fate}

    def by(self, key: Callable[[Line], str]) -> dict[str, dict[Fate, int]]:
        """The counts of each owner, subscription or whatever `key` gives; most that falls or has ended first."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(key(line), []).append(line)
        counted = {name: Counter(line.fate for line in lines) for name, lines in groups.items()}
        ordered = sorted(counted, key=lambda name: (-counted[name][Fate.FALLS] - counted[name][Fate.ENDED], name))
        return {name: {fate: counted[name][fate] for fate in Fate} for name in ordered}


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines by their last days, those without one at the end, then by name."""
    return tuple(sorted(lines, key=lambda line: (line.last_day or date.max, line.system, line.name, line.resource)))
