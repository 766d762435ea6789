"""Azure Resource Graph: one question about many resources.

Source: learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources and
learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data (1,000 rows a page, $skipToken).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_types import GRAPH_ACTION, GRAPH_VERSION
from muster.values.answers import Forbidden, FoundMany, ListAnswer, NotRead
from muster.values.json import JsonObject

PATH = "/providers/Microsoft.ResourceGraph/resources"
PAGE_ROWS = 1000
MAX_PAGES = 2000


@dataclass(frozen=True, slots=True)
class GraphPage:
    """One page. `skip_token` asks for the next, "" after the last; `total` counts the rows of all pages."""

    rows: tuple[JsonObject, ...]
    skip_token: str
    total: int
    observed_at: datetime


class ArmGraph:
    """Asks Resource Graph. Its answers lag behind Azure by seconds to minutes, so that a row that is missing proves
    nothing."""

    def __init__(self, client: ArmClient) -> None:
        self._client = client

    async def page(
        self,
        query: str,
        *,
        subscriptions: Sequence[str] = (),
        management_groups: Sequence[str] = (),
        skip_token: str = "",
    ) -> GraphPage | Forbidden | NotRead:
        """One page of the rows of a query in subscriptions or below management groups (one of both). A query that pages
        orders its rows by something unique. Raises TransientFault."""
        options: JsonObject = {"resultFormat": "objectArray", "$top": PAGE_ROWS}
        if skip_token:
            options["$skipToken"] = skip_token
        body: JsonObject = {"query": query, "options": options}
        if subscriptions:
            body["subscriptions"] = [*subscriptions]
        if management_groups:
            body["managementGroups"] = [*management_groups]
        reply = await self._client.post(PATH, {"api-version": GRAPH_VERSION}, body)
        if reply.status == 403:
            return Forbidden(reply.failure.permission(GRAPH_ACTION))
        if not reply.ok or not isinstance(reply.body, dict) or not isinstance(reply.body.get("data"), list):
            return NotRead(f"Resource Graph answered {reply.status}: {reply.failure}")
        data, token, total = (reply.body.get(name) for name in ("data", "$skipToken", "totalRecords"))
        assert isinstance(data, list)
        rows = tuple(row for row in data if isinstance(row, dict))
        following = token if isinstance(token, str) and rows else ""
        return GraphPage(rows, following, total if isinstance(total, int) else len(rows), reply.observed_at)

    async def rows(self, query: str, *, subscriptions: Sequence[str]) -> ListAnswer:
        """All rows of a query. Raises TransientFault."""
        found: list[JsonObject] = []
        token = ""
        for _ in range(MAX_PAGES):
            page = await self.page(query, subscriptions=subscriptions, skip_token=token)
            if not isinstance(page, GraphPage):
                return page
            found += page.rows
            if not page.skip_token:
                return FoundMany(tuple(found), page.observed_at)
            token = page.skip_token
        return NotRead(f"Resource Graph gave more than {MAX_PAGES * PAGE_ROWS:,} rows")
