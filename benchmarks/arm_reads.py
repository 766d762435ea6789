"""What one read of a virtual machine costs: muster's reader beside azure-mgmt-compute, in the same run.

    python benchmarks/arm_reads.py [--store]

CPU of the reading process alone (the loopback server that stands for Azure is another one), the median over rounds in
which all readers take turns. `aiohttp` with `json.loads` is the floor: what no client can go below. Needs
azure-mgmt-compute (benchmarks/requirements.txt). `--store` writes the result beside this script.
"""

import argparse
import asyncio
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_credential import LOOPBACK_TOKEN, LoopbackCredential
from muster.adapters.arm_reader import ArmReader
from muster.values.answers import Found
from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
SAMPLE = ROOT / "samples" / "resources" / "ubuntu-2404-hardened.json"
ROUNDS = 9
READS = 300
AT_ONCE = 8
API_VERSION = "2024-07-01"

SERVER = """
import asyncio, sys
from pathlib import Path
from muster.local.arm.estate import Estate
from muster.local.arm.server import ArmState, arm_server

async def serve():
    async with arm_server(ArmState(Estate.from_folders([Path(sys.argv[1])]))) as state:
        print(state.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""

Read = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def readers(url: str) -> AsyncIterator[dict[str, Read]]:
    """Every way of reading the sample, by name; each gives something of the machine."""
    from azure.mgmt.compute.aio import ComputeManagementClient

    resource_id = ResourceId.parse(json.loads(SAMPLE.read_text("utf-8"))["id"])
    path = f"{url}{resource_id}?api-version={API_VERSION}&$expand=instanceView"
    headers = {"Authorization": f"Bearer {LOOPBACK_TOKEN}"}
    muster = ArmReader(ArmClient(find_cloud(url), LoopbackCredential(), lambda: datetime.now(UTC)), time.monotonic)
    sdk = ComputeManagementClient(LoopbackCredential(), resource_id.subscription, base_url=url)

    async def by_muster() -> object:
        answer = await muster.get(resource_id)
        assert isinstance(answer, Found)
        return answer.body["name"]

    async def by_sdk() -> object:
        machine = await sdk.virtual_machines.get(
            resource_id.resource_group, resource_id.name, expand="instanceView", enforce_https=False
        )
        return machine.as_dict()["name"]

    async with aiohttp.ClientSession(headers=headers) as session:

        async def by_aiohttp() -> object:
            async with session.get(path) as response:
                return json.loads(await response.read())["name"]

        yield {"muster": by_muster, "azure-mgmt-compute": by_sdk, "aiohttp": by_aiohttp}
    await muster.close()
    await sdk.close()


async def cpu_ms(read: Read, at_once: int) -> float:
    """CPU of this process for one read, in milliseconds."""
    slots = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with slots:
            assert await read()

    began = time.process_time()
    await asyncio.gather(*(one() for _ in range(READS)))
    return (time.process_time() - began) / READS * 1000


async def measure(url: str) -> dict[str, dict[str, float]]:
    """The median CPU of a read, one after the other and several at once, by reader."""
    found: dict[str, dict[int, list[float]]] = {}
    async with readers(url) as all_readers:
        for round_number in range(ROUNDS + 1):
            for name, read in all_readers.items():
                for at_once in (1, AT_ONCE):
                    cost = await cpu_ms(read, at_once)
                    if round_number:
                        found.setdefault(name, {}).setdefault(at_once, []).append(cost)
    return {
        name: {f"cpuMsAt{at_once}": round(statistics.median(costs), 3) for at_once, costs in by_count.items()}
        for name, by_count in found.items()
    }


def main() -> int:
    """Measure and print; the exit code is 1 where muster costs more than azure-mgmt-compute."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", action="store_true")
    arguments = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(SAMPLE.parent)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert server.stdout is not None
        measured = asyncio.run(measure(server.stdout.readline().strip()))
    finally:
        server.kill()
        server.wait()
    ratio = round(measured["muster"]["cpuMsAt1"] / measured["azure-mgmt-compute"]["cpuMsAt1"], 2)
    result = {
        "reads": measured,
        "musterToSdk": ratio,
        "versions": {name: version(name) for name in ("azure-core", "azure-mgmt-compute", "aiohttp")},
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.store:
        RESULT.write_text(text + "\n", "utf-8")
    return 0 if ratio < 1 else 1


if __name__ == "__main__":
    sys.exit(main())
