"""The loopback Azure Resource Manager in a process of its own, with as many machines as asked for.

    python -m benchmarks.arm_process COUNT [--subscriptions 1] [--limits]

`--limits` throttles as Azure does.
"""

import argparse
import asyncio
import json
import uuid
from pathlib import Path

from muster.local.arm.estate import Estate
from muster.local.arm.limits import UNLIMITED, Limits
from muster.local.arm.server import ArmState, arm_server
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[1]


def bodies(count: int) -> list[JsonObject]:
    """`count` machines made from one of the samples."""
    text = _sample()
    made = []
    for number in range(count):
        body = json.loads(text)
        body["id"] = f"{body['id'].rpartition('/')[0]}/vm{number:06}"
        body["name"] = ResourceId.parse(body["id"]).name
        made.append(body)
    return made


def fleet(count: int, subscriptions: int) -> list[JsonObject]:
    """`count` machines in as many subscriptions, each with a disk and an interface of its own."""
    template = json.loads(_sample())
    old, name = ResourceId.parse(template["id"]), str(template["name"])
    disk = template["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    interface = template["properties"]["networkProfile"]["networkInterfaces"][0]["id"]
    beside: list[JsonObject] = [
        {
            "id": disk,
            "name": disk.rpartition("/")[2],
            "type": "Microsoft.Compute/disks",
            "location": template["location"],
            "properties": {"provisioningState": "Succeeded", "networkAccessPolicy": "DenyAll", "diskState": "Attached"},
        },
        {
            "id": interface,
            "name": interface.rpartition("/")[2],
            "type": "Microsoft.Network/networkInterfaces",
            "location": template["location"],
            "properties": {"provisioningState": "Succeeded", "ipConfigurations": [], "enableIPForwarding": False},
        },
    ]
    texts = [json.dumps(body) for body in (template, *beside)]
    made: list[JsonObject] = []
    for number in range(count):
        subscription = str(uuid.UUID(int=number % subscriptions + 1))
        for text in texts:
            made.append(json.loads(text.replace(old.subscription, subscription).replace(name, f"vm{number:06}")))
    return made


async def serve(state: ArmState) -> None:
    """Serve until killed; prints the URL."""
    async with arm_server(state):
        print(state.url, flush=True)
        await asyncio.Event().wait()


def _sample() -> str:
    return (ROOT / "samples" / "resources" / "rocky-9.json").read_text("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--subscriptions", type=int, default=0, help="a fleet in so many, each machine complete")
    parser.add_argument("--limits", action="store_true")
    options = parser.parse_args()
    machines = fleet(options.count, options.subscriptions) if options.subscriptions else bodies(options.count)
    asyncio.run(serve(ArmState(Estate(machines), limits=Limits() if options.limits else UNLIMITED)))


if __name__ == "__main__":
    main()
