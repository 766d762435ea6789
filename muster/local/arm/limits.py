"""Azure Resource Manager's limits.

Source: learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling (a token bucket for
each subscription and principal), and for Resource Graph
learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`bucket` reads at once, refilled by `refill` a second, for each subscription and principal; `graph` queries in
    any `window` seconds for each principal."""

    bucket: float = 250
    refill: float = 25
    graph: int = 15
    window: float = 5


UNLIMITED = Limits(bucket=math.inf, refill=math.inf, graph=2**62)


class Meter:
    """Counts requests against limits."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits, self._monotonic = limits, monotonic
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._windows: dict[str, tuple[float, int]] = {}

    def read(self, subscription: str, principal: str) -> tuple[float, int]:
        """Count a read: seconds to wait (0 where it is allowed) and how many reads are left."""
        if math.isinf(self._limits.bucket):
            return 0, 2**31
        now = self._monotonic()
        left, before = self._buckets.get((subscription, principal), (self._limits.bucket, now))
        left = min(self._limits.bucket, left + (now - before) * self._limits.refill)
        allowed = left >= 1
        self._buckets[subscription, principal] = (left - 1 if allowed else left, now)
        return (0, int(left - 1)) if allowed else (max((1 - left) / self._limits.refill, 0.01), 0)

    def graph(self, principal: str) -> tuple[float, int]:
        """Count a query of Resource Graph: seconds to wait, and how many are left in the window."""
        now = self._monotonic()
        began, count = self._windows.get(principal, (now, 0))
        if now - began >= self._limits.window:
            began, count = now, 0
        if count >= self._limits.graph:
            return began + self._limits.window - now, 0
        self._windows[principal] = (began, count + 1)
        return 0, self._limits.graph - count - 1
