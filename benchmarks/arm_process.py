"""The loopback Azure Resource Manager in a process of its own, with as many machines as asked for.

python -m benchmarks.arm_process COUNT
"""

import asyncio
import json
import sys
from pathlib import Path

from muster.local.arm.estate import Estate
from muster.local.arm.server import ArmState, arm_server
from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[1]


def bodies(count: int) -> list[dict[str, object]]:
    """`count` machines made from one of the samples."""
    text = (ROOT / "samples" / "resources" / "rocky-9.json").read_text("utf-8")
    made = []
    for number in range(count):
        body = json.loads(text)
        body["id"] = f"{body['id'].rpartition('/')[0]}/vm{number:06}"
        body["name"] = ResourceId.parse(body["id"]).name
        made.append(body)
    return made


async def serve(count: int) -> None:
    """Serve until killed; prints the URL."""
    async with arm_server(ArmState(Estate(bodies(count)))) as state:  # type: ignore[arg-type]
        print(state.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
