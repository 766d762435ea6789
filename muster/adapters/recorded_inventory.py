"""The resources of a folder of recorded bodies, in pages as Azure would give them."""

from collections.abc import Mapping, Sequence

from muster.ports import Clock
from muster.values.answers import Forbidden, NotRead
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from muster.values.sweep import InventoryPage

PAGE = 1000


class RecordedInventory:
    """An InventoryReader (muster/ports.py) over recorded bodies."""

    def __init__(self, bodies: Mapping[ResourceId, JsonObject], clock: Clock, page: int = PAGE) -> None:
        self._bodies = [(known.type, bodies[known]) for known in sorted(bodies, key=str)]
        self._clock = clock
        self._page = page

    async def page(self, types: Sequence[str], after: str) -> InventoryPage | Forbidden | NotRead:
        """See InventoryReader.page."""
        if after and not after.isdecimal():
            return NotRead("no page of this folder follows that")
        start = int(after or 0)
        end = start + self._page
        listed = [body for resource_type, body in self._bodies if resource_type in types]
        following = str(end) if end < len(listed) else ""
        return InventoryPage(tuple(listed[start:end]), following, len(listed), self._clock())
