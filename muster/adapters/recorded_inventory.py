"""All virtual machines and scale sets of a folder of recorded bodies, in pages as Azure would give them."""

from collections.abc import Mapping

from muster.facts.event import WATCHED_TYPES
from muster.ports import Clock
from muster.values.answers import Forbidden, NotRead
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from muster.values.sweep import InventoryPage

PAGE = 1000


class RecordedInventory:
    """An InventoryReader (muster/ports.py) over recorded bodies."""

    def __init__(self, bodies: Mapping[ResourceId, JsonObject], clock: Clock, page: int = PAGE) -> None:
        watched = {known: body for known, body in bodies.items() if known.type in WATCHED_TYPES}
        self._bodies = [watched[known] for known in sorted(watched, key=str)]
        self._clock = clock
        self._page = page

    async def page(self, after: str) -> InventoryPage | Forbidden | NotRead:
        """See InventoryReader.page."""
        if after and not after.isdecimal():
            return NotRead("no page of this folder follows that")
        start = int(after or 0)
        end = start + self._page
        following = str(end) if end < len(self._bodies) else ""
        return InventoryPage(tuple(self._bodies[start:end]), following, len(self._bodies), self._clock())
