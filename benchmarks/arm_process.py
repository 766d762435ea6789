"""The loopback Azure Resource Manager in a process of its own, with as many machines as asked for.

    python -m benchmarks.arm_process COUNT [--subscriptions 1] [--limits]

`--limits` throttles as Azure does.
"""

import argparse
import asyncio
import json
import uuid
from collections.abc import Mapping
from pathlib import Path

from muster.local.arm.estate import Estate
from muster.local.arm.limits import UNLIMITED, Limits
from muster.local.arm.server import ArmState, arm_server
from muster.values.json import Json, JsonObject, as_object
from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[1]
SAMPLE = "rocky-9.json"


def image() -> JsonObject:
    """The version of the image that all machines were made from."""
    return as_object(json.loads((ROOT / "samples" / "images" / SAMPLE).read_text("utf-8")))


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
    """`count` machines in as many subscriptions, each with a disk and an interface of its own; and their image.

    They share what is the same in all of them, as 100,000 would not fit into the memory of a small machine otherwise.
    """
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
    owners = [str(uuid.UUID(int=number + 1)) for number in range(subscriptions)]
    made = [_renamed(image(), {old.subscription: owner}) for owner in owners]
    for number in range(count):
        changes = {old.subscription: owners[number % subscriptions], name: f"vm{number:06}"}
        made += [_renamed(body, changes) for body in (template, *beside)]
    return [as_object(body) for body in made]


def _renamed(value: Json, changes: Mapping[str, str]) -> Json:
    """JSON with some text in it replaced; the value itself, not a copy, where nothing is."""
    if isinstance(value, str):
        for old, new in changes.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, dict):
        renamed = {name: _renamed(member, changes) for name, member in value.items()}
        return value if all(renamed[name] is member for name, member in value.items()) else renamed
    if isinstance(value, list):
        members = [_renamed(member, changes) for member in value]
        return value if all(new is old for new, old in zip(members, value, strict=True)) else members
    return value


async def serve(state: ArmState) -> None:
    """Serve until killed; prints the URL."""
    async with arm_server(state):
        print(state.url, flush=True)
        await asyncio.Event().wait()


def _sample() -> str:
    return (ROOT / "samples" / "resources" / SAMPLE).read_text("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--subscriptions", type=int, default=0, help="a fleet in so many, each machine complete")
    parser.add_argument("--limits", action="store_true")
    options = parser.parse_args()
    count, subscriptions = options.count, options.subscriptions
    machines = fleet(count, subscriptions) if subscriptions else [*bodies(count), image()]
    asyncio.run(serve(ArmState(Estate(machines), limits=Limits() if options.limits else UNLIMITED)))


if __name__ == "__main__":
    main()
