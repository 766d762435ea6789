"""Long-running operations of Azure Resource Manager: asked for with POST, the result fetched from where Azure says.

Source: learn.microsoft.com/azure/azure-resource-manager/management/async-operations: 202 with Location and Retry-After
until the result is there, then 200 with it.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from muster.adapters.arm_paths import result_target
from muster.values.errors import TransientFault

if TYPE_CHECKING:
    from muster.adapters.arm_client import ArmClient, Reply

MOST_LOOKS = 10
"""Azure that has no result and asks to be asked at once is not asked for ever."""


async def run_to_end(client: "ArmClient", path: str, query: Mapping[str, str], subscription: str) -> "Reply":
    """Make an operation of a resource of Microsoft.Network in a (lower-cased) subscription, and wait for its result.

    Raises TransientFault where Azure takes too long, and BadInput where the result is said to be elsewhere.
    """
    reply = await client.post(path, query, None)
    target, waited, looks = "", 0.0, 0
    while reply.status == 202:
        if reply.location or not target:
            target = result_target(reply.location, client.cloud.url, subscription)
        wait = client.patience.poll if reply.retry_after is None else reply.retry_after
        if looks == MOST_LOOKS or waited + wait > client.patience.operation:
            raise TransientFault(f"{path[:300]}: Azure has no result after {waited:.0f} s", retry_after=wait)
        await asyncio.sleep(wait)
        waited, looks = waited + wait, looks + 1
        reply = await client.get_encoded(target)
    return reply
