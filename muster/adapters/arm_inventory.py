"""All resources of some types, paged from Azure Resource Graph."""

from collections.abc import Sequence

from muster.adapters.arm_graph import ArmGraph, GraphPage
from muster.adapters.arm_lists import kusto_text
from muster.values.answers import Forbidden, NotRead
from muster.values.json import JsonObject
from muster.values.sweep import InventoryPage

_COLUMNS = (
    " | project id, name, type, location, tags, identity, zones, plan, sku, kind, extendedLocation, properties"
    " | order by id asc"
)
"""Ordered by what is unique, so that pages do not overlap."""


def inventory_query(types: Sequence[str]) -> str:
    """The question for all resources of some types."""
    return f"resources | where type in~ ({', '.join(map(kusto_text, types))}){_COLUMNS}"


class ArmInventory:
    """An InventoryReader (muster/ports.py). With neither subscriptions nor management groups: all that the identity may
    read."""

    def __init__(
        self, graph: ArmGraph, *, subscriptions: Sequence[str] = (), management_groups: Sequence[str] = ()
    ) -> None:
        self._graph = graph
        self._subscriptions = tuple(subscriptions)
        self._management_groups = () if subscriptions else tuple(management_groups)

    async def page(self, types: Sequence[str], after: str) -> InventoryPage | Forbidden | NotRead:
        """See InventoryReader.page."""
        found = await self._graph.page(
            inventory_query(types),
            subscriptions=self._subscriptions,
            management_groups=self._management_groups,
            skip_token=after,
        )
        if not isinstance(found, GraphPage):
            return found
        return InventoryPage(tuple(map(_rest_body, found.rows)), found.skip_token, found.total, found.observed_at)


def _rest_body(row: JsonObject) -> JsonObject:
    """A row has every column; REST leaves out what a resource does not have."""
    return {name: value for name, value in row.items() if value is not None and value != ""}
