"""NCRONTAB expressions, as timer triggers have them: second minute hour day month weekday.

Source: learn.microsoft.com/azure/azure-functions/functions-bindings-timer, NCRONTAB expressions. Read are numbers,
`*`, ranges, lists and steps; names of months and days are not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_LONGEST_DAYS = 366 * 8


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values that each field allows."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read an expression of six fields, or of five without seconds. Raises ValueError."""
        fields = text.split()
        fields = ["0", *fields] if len(fields) == 5 else fields
        if len(fields) != 6:
            raise ValueError(f"{text!r} does not have the six fields of a schedule")
        return cls(*(_values(field, *bounds) for field, bounds in zip(fields, _BOUNDS, strict=True)))

    def next(self, after: datetime) -> datetime:
        """The first time after another. Raises ValueError where there is none within eight years."""
        day = after.replace(hour=0, minute=0, second=0, microsecond=0)
        for number in range(_LONGEST_DAYS):
            candidate = day + timedelta(days=number)
            if not self._on(candidate):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    for second in sorted(self.seconds):
                        found = candidate.replace(hour=hour, minute=minute, second=second)
                        if found > after:
                            return found
        raise ValueError("a schedule that never comes")

    def _on(self, day: datetime) -> bool:
        weekday = (day.weekday() + 1) % 7
        return day.month in self.months and day.day in self.days and weekday in self.weekdays


def _values(field: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        spread, _, step_text = part.partition("/")
        step = int(step_text) if step_text else 1
        if spread == "*":
            first, last = least, most
        else:
            first_text, _, last_text = spread.partition("-")
            first = int(first_text)
            last = int(last_text) if last_text else (most if step_text else first)
        if step < 1 or not least <= first <= last <= most:
            raise ValueError(f"{field!r} is outside of {least} to {most}")
        found.update(range(first, last + 1, step))
    return frozenset(found)
