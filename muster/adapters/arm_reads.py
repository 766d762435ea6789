"""One resource or one list of Azure Resource Manager, as an answer."""

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from muster.adapters.arm_answer import answer_of
from muster.adapters.arm_client import ArmClient, Reply
from muster.adapters.arm_failure import GONE, NEVER_USED
from muster.adapters.arm_paths import next_target
from muster.adapters.arm_types import ArmType
from muster.values.answers import Absent, Answer, Forbidden, FoundMany, ListAnswer, NotRead
from muster.values.errors import BadInput

if TYPE_CHECKING:
    from muster.values.json import JsonObject

MAX_PAGES = 500


async def read_single(client: ArmClient, path: str, arm_type: ArmType) -> Answer:
    """The resource at a path. Raises TransientFault."""
    return single_answer(await client.get_encoded(f"{path}?{_query(arm_type)}"), arm_type)


async def read_list(client: ArmClient, path: str, arm_type: ArmType, *, only: str = "") -> ListAnswer:
    """The list at a path, to its end; `only` is its `$filter`, "" for none. Raises TransientFault."""
    filtered = f"&{urlencode({'$filter': only})}" if only else ""
    reply = await client.get_encoded(f"{path}?{_query(arm_type)}{filtered}")
    found: list[JsonObject] = []
    for _ in range(MAX_PAGES):
        refused = _list_refusal(reply, arm_type)
        if refused is not None:
            return refused
        # Lists of Marketplace versions come without the object around them.
        members = reply.body.get("value") if isinstance(reply.body, dict) else reply.body
        if not isinstance(members, list):
            return NotRead(f"the list at {path} is none")
        found += [member for member in members if isinstance(member, dict)]
        link = reply.body.get("nextLink") if isinstance(reply.body, dict) else None
        if not link:
            return FoundMany(tuple(found), reply.observed_at)
        try:
            target = next_target(link, client.cloud.url, path)
        except BadInput as fault:
            return NotRead(str(fault))
        reply = await client.get_encoded(target)
    return NotRead(f"the list at {path} has more than {MAX_PAGES} pages")


def single_answer(reply: Reply, arm_type: ArmType) -> Answer:
    """What Azure's reply to the read of one resource means."""
    if reply.ok and isinstance(reply.body, dict):
        return answer_of(reply.body, reply.observed_at)
    failure = reply.failure
    if reply.status == 403:
        return Forbidden(failure.permission(arm_type.action))
    if reply.status == 404 and failure.code.lower() in GONE:
        return Absent(reply.observed_at)
    return NotRead(f"Azure answered {reply.status} ({failure})")


def _list_refusal(reply: Reply, arm_type: ArmType) -> ListAnswer | None:
    if reply.ok:
        return None
    failure = reply.failure
    if reply.status == 403:
        return Forbidden(failure.permission(arm_type.action))
    code = failure.code.lower()
    if (reply.status == 404 and code in GONE) or code in NEVER_USED:
        return FoundMany((), reply.observed_at)
    return NotRead(f"Azure answered {reply.status} ({failure})")


@cache
def _query(arm_type: ArmType) -> str:
    query = {"api-version": arm_type.api_version}
    return urlencode({**query, "$expand": arm_type.expand} if arm_type.expand else query)
