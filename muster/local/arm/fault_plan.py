"""What goes wrong at the loopback server, and when: by rates from a seed, or at chosen paths."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One way in which a request fails or drags."""

    THROTTLED = "429"
    BROKEN = "500"
    UNAVAILABLE = "503"
    RESET = "reset"
    """The connection is cut without an answer."""
    STALL = "stall"
    """No answer comes; the connection is cut after a while."""
    SLOW = "slow"
    """The right answer, late."""


@dataclass
class FaultPlan:
    """`rates`: the share of requests, 0 to 1, that meet each fault. All paths lower-cased.

    `next` has faults for the next requests, one each, before rates count. `forbidden`: paths, with all below them, that
    are answered 403. `late`: path -> how many reads are answered 404 before it is there. `settling`: path -> how many
    reads show it Updating. `deprecated`: Marketplace versions that are refused as ImageVersionDeprecated. `stall` and
    `slow` in seconds; `retry_after` is what a planned 429 asks for.
    """

    rates: Mapping[Fault, float] = field(default_factory=dict)
    seed: int = 1
    next: list[Fault] = field(default_factory=list)
    forbidden: set[str] = field(default_factory=set)
    late: dict[str, int] = field(default_factory=dict)
    settling: dict[str, int] = field(default_factory=dict)
    deprecated: set[str] = field(default_factory=set)
    stall: float = 60.0
    slow: float = 0.2
    retry_after: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 # the same faults in every run, not a secret

    def draw(self) -> Fault | None:
        """The fault of one request."""
        if self.next:
            return self.next.pop(0)
        if not self.rates:
            return None
        point = self._random.random()
        for fault, share in self.rates.items():
            point -= share
            if point < 0:
                return fault
        return None

    def is_forbidden(self, path: str) -> bool:
        """Whether a path, or one above it, is refused."""
        return any(above in self.forbidden for above in _above(path))

    def is_late(self, path: str) -> bool:
        """Whether a read still finds nothing there; counts it."""
        return _counted(self.late, path)

    def is_settling(self, path: str) -> bool:
        """Whether a read finds it Updating; counts it."""
        return _counted(self.settling, path)


def _counted(left: dict[str, int], path: str) -> bool:
    count = left.get(path, 0)
    if count:
        left[path] = count - 1
    return count > 0


def _above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
