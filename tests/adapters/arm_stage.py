"""A small estate, the loopback server that has it, and a reader that asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from muster.adapters.arm_client import ArmClient, Patience
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_credential import LoopbackCredential
from muster.adapters.arm_reader import ArmReader
from muster.local.arm.estate import Estate
from muster.local.arm.server import ArmState, arm_server
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
VM_ID = f"{COMPUTE}/virtualMachines/web01"
VM = ResourceId.parse(VM_ID)
SCALE_SET_ID = f"{COMPUTE}/virtualMachineScaleSets/pool"
GALLERY_ID = f"{COMPUTE}/galleries/golden/images/ubuntu"
AT = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope"
SKU_ID = f"{AT}/publishers/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus/server"

# Quick, so that a test of four attempts takes milliseconds.
IMPATIENT = Patience(attempts=4, seconds=1.0, first_wait=0.002, answer=5.0, operation=1.0, poll=0.002)


def body(resource_id: str, kind: str = "", **members: Any) -> JsonObject:
    """A resource's REST JSON."""
    found: JsonObject = {"id": resource_id, "name": resource_id.rpartition("/")[2], "location": "westeurope"}
    return {**found, "type": kind or "x", "properties": {"provisioningState": "Succeeded"}, **members}


def machine(resource_id: str = VM_ID, **properties: Any) -> JsonObject:
    view = {"osName": "ubuntu", "statuses": [{"code": "PowerState/running"}]}
    given = {"provisioningState": "Succeeded", "instanceView": view, **properties}
    return body(resource_id, "Microsoft.Compute/virtualMachines", properties=given)


def estate() -> Estate:
    """One machine and one of everything that is read for it."""
    return Estate(
        [
            machine(),
            *(body(f"{VM_ID}/extensions/{name}", "Microsoft.Compute/virtualMachines/extensions") for name in "ab"),
            body(SCALE_SET_ID, "Microsoft.Compute/virtualMachineScaleSets"),
            body(
                f"{SCALE_SET_ID}/virtualMachines/0",
                "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
                properties={"provisioningState": "Succeeded", "instanceView": {"osName": "x"}},
            ),
            body(GALLERY_ID, "Microsoft.Compute/galleries/images"),
            *(
                body(f"{GALLERY_ID}/versions/1.0.{patch}", "Microsoft.Compute/galleries/images/versions")
                for patch in range(3)
            ),
            *(body(f"{SKU_ID}/versions/24.04.20251{month}010") for month in ("001", "101", "201")),
            body(f"{AT}/communityGalleries/pub-1/images/i"),
            body(f"{AT}/communityGalleries/pub-1/images/i/versions/1.0.0"),
            body(f"{AT}/sharedGalleries/uniq/images/i"),
            body(f"{AT}/sharedGalleries/uniq/images/i/versions/1.0.0"),
        ],
        {SUBSCRIPTION: ("platform", "root")},
    )


@dataclass
class Arm:
    """A server and a reader of it. `now` is the reader's monotonic clock."""

    state: ArmState
    client: ArmClient
    reader: ArmReader
    clock: list[float]

    @property
    def asked(self) -> list[str]:
        """The paths of all requests so far."""
        return [seen.path for seen in self.state.seen]


@asynccontextmanager
async def arm(state: ArmState | None = None, patience: Patience = IMPATIENT, **given: Any) -> AsyncIterator[Arm]:
    """Server and reader, until the block is left. `given` are fields of ArmState, but for `effective_rules`, which is
    the reader's."""
    effective = given.pop("effective_rules", False)
    async with arm_server(state or ArmState(given.pop("estate", None) or estate(), **given)) as running:
        now = [0.0]
        client = ArmClient(find_cloud(running.url), LoopbackCredential(), lambda: datetime.now(UTC), patience)
        reader = ArmReader(client, lambda: now[0], effective_rules=effective)
        try:
            yield Arm(running, client, reader, now)
        finally:
            await reader.close()
