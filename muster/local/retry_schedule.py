"""When Event Grid sends an event again.

Source: learn.microsoft.com/azure/event-grid/delivery-and-retry. The waits there are best effort; Event Grid adds a
little chance to them, which is left out here so that a run can be repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_WAITS = (10.0, 30.0, 60.0, 300.0, 600.0, 1_800.0, 3_600.0, 10_800.0, 21_600.0)
_LAST_WAIT = 43_200.0

FINAL_STATUSES = frozenset({400, 401, 403, 413})
"""Not tried again (401: at a webhook, which is what the local front is)."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """Event Grid's default retry policy. `speed` divides all times: 100 makes the first wait 0.1 s of 10 s."""

    attempts: int = 30
    minutes_to_live: float = 1_440.0
    speed: float = 1.0

    def waits(self) -> Iterator[float]:
        """Seconds to wait before each attempt after the first, until attempts or time run out."""
        passed = 0.0
        for attempt in range(self.attempts - 1):
            wait = _WAITS[attempt] if attempt < len(_WAITS) else _LAST_WAIT
            passed += wait
            if passed > self.minutes_to_live * 60:
                return
            yield wait / self.speed
