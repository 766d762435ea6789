"""Throughput: what an event costs end to end, and how many go through a second.

    python -m benchmarks.throughput [--events 2000] [--store]      (needs benchmarks/requirements.txt)

An event comes in as text, the machine is read from the loopback Azure Resource Manager, and record and latest finding
go to storage: a fresh Azurite, and a plain blob sink. Each of them is a process of its own; CPU is that of the
handler's processes alone, which are fresh for every figure: one, and for muster also two, as an app has one on each of
two processors. Beside muster runs a plain handler (plain_handler.py), which
reads the machine, judges one thing and has the same write protocol. So muster is measured twice: judging that one thing
as well, which is what the ratio is of, and with the default assignment, whose 62 definitions make it read the machine's
disk, interface and extensions too, keep a finding of 70 KB and ask for a later look. The speed of a shared machine
varies by half, so all are measured in turns, three times, and the round with the least CPU counts. `--store` writes the
result beside this script.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.arm_process import bodies
from benchmarks.cold_start import machine
from muster.adapters.azurite_account import connection_string
from muster.local.azurite import azurite
from muster.local.node import find_azurite

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
EVENTS = 2_000
AT_ONCE = 16
WARM_UP = 50
ROUNDS = 3

ONE, ALL, PLAIN = "muster, one rule", "muster, default assignment", "plain"
ONE_RULE = "encryption-at-host"
MEASURED = ((ONE, 1), (ALL, 1), (PLAIN, 1), (ONE, 2), (ALL, 2))

MAX_CPU_MS = 6.0
MIN_RATE_AZURITE = 150.0
MIN_RATE_SINK = 400.0
MAX_RATIO_TO_PLAIN = 0.7


def events(count: int) -> list[str]:
    """A first write of each of so many machines."""
    now = datetime.now(UTC).isoformat()
    return [
        json.dumps(
            {
                "id": str(uuid.uuid4()),
                "topic": "/",
                "subject": body["id"],
                "eventType": "Microsoft.Resources.ResourceWriteSuccess",
                "eventTime": now,
                "dataVersion": "2",
                "data": {"resourceUri": body["id"], "operationName": "Microsoft.Compute/virtualMachines/write"},
            }
        )
        for body in bodies(count)
    ]


async def handle_all(handle: Callable[[str], Awaitable[None]], texts: list[str]) -> dict[str, float]:
    """Handle events, AT_ONCE together; the first are not measured. The rest begins when standard input says so."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(text: str) -> None:
        async with slots:
            await handle(text)

    await asyncio.gather(*map(one, texts[:WARM_UP]))
    rest = texts[WARM_UP:]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, rest))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"events": len(rest), "cpu": cpu, "wall": wall, "memory": memory}


@contextmanager
def one_rule() -> Iterator[Path]:
    """A folder of policies that assigns one definition, about what the plain handler looks at."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "policies" / "lifecycle", folder / "lifecycle")
        for kind in ("definitions", "assignments"):
            (folder / kind).mkdir()
        shutil.copy(ROOT / "policies" / "definitions" / "disks" / f"{ONE_RULE}.json", folder / "definitions")
        assignment = {"name": "one-rule", "properties": {"displayName": "One rule", "policyDefinitionId": ONE_RULE}}
        (folder / "assignments" / "one-rule.json").write_text(json.dumps(assignment), "utf-8")
        yield folder


async def measure_muster(texts: list[str]) -> dict[str, float]:
    """Muster, wired as the function app is."""
    from functions.on_vm_written import receive
    from functions.wiring import services

    given = await services()
    return await handle_all(lambda text: receive(text, given), texts)


async def measure_plain(texts: list[str]) -> dict[str, float]:
    """The plain handler."""
    from benchmarks.plain_handler import PlainHandler

    handler = PlainHandler(os.environ["MUSTER_STORAGE"], os.environ["MUSTER_ARM_ENDPOINT"])
    try:
        await handler.prepare()
        return await handle_all(handler.handle, texts)
    finally:
        await handler.close()


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[str]:
    """A process that prints its URL, until the block is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def storage(kind: str) -> AsyncIterator[str]:
    """A connection string of a fresh storage."""
    if kind == "azurite":
        with tempfile.TemporaryDirectory() as folder:
            async with azurite(find_azurite(ROOT), Path(folder)) as endpoints:
                yield endpoints.connection_string
        return
    async with program("benchmarks.blob_sink") as url:
        yield connection_string(url, url)


async def measure(handler: str, kind: str, count: int, workers: int) -> dict[str, float]:
    """One figure, in so many fresh processes that share the events."""
    async with storage(kind) as account, program("benchmarks.arm_process", str(count)) as arm_url:
        with one_rule() as policies:
            environment = os.environ | {
                "AzureWebJobsStorage": account,
                "MUSTER_STORAGE": account,
                "MUSTER_ARM_ENDPOINT": arm_url,
                "MUSTER_SUBSCRIPTIONS": "*",
                **({"MUSTER_POLICIES": str(policies)} if handler == ONE else {}),
            }
            only = "plain" if handler == PLAIN else "muster"
            command = (sys.executable, "-m", "benchmarks.throughput", "--only", only, "--events", str(count))
            parts = [await _begun([*command, "--part", f"{part}/{workers}"], environment) for part in range(workers)]
            found = await asyncio.gather(*map(_ended, parts))
            done = sum(one["events"] for one in found)
            return {
                "cpuMsPerEvent": round(sum(one["cpu"] for one in found) * 1_000 / done, 2),
                "eventsPerSecond": round(done / max(one["wall"] for one in found), 1),
                "memoryMb": round(max(one["memory"] for one in found), 1),
            }


async def _begun(command: list[str], environment: dict[str, str]) -> asyncio.subprocess.Process:
    """A handler's process that is ready."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdout is not None
    if await process.stdout.readline() != b"ready\n":
        _, errors = await process.communicate()
        raise RuntimeError(errors.decode()[-2_000:])
    return process


async def _ended(process: asyncio.subprocess.Process) -> dict[str, float]:
    """What a handler's process measured, told to go on now."""
    told, errors = await process.communicate(b"go\n")
    if process.returncode:
        raise RuntimeError(errors.decode()[-2_000:])
    found: dict[str, float] = json.loads(told)
    return found


async def measure_all(count: int) -> dict[str, dict[str, float]]:
    """Every handler on every storage, in turns; of each the round with the least CPU."""
    figures: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        for kind in ("sink", "azurite"):
            for handler, workers in MEASURED:
                name = f"{handler}{', two workers' if workers > 1 else ''} on {kind}"
                found = await measure(handler, kind, count, workers)
                print(f"{name}: {found}", file=sys.stderr)
                best = figures.setdefault(name, found)
                if found["cpuMsPerEvent"] < best["cpuMsPerEvent"]:
                    figures[name] = found
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--only", choices=["muster", "plain"], help="measure here, with the storage of the environment")
    parser.add_argument("--part", default="0/1", help="with --only: which part of the events")
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    if options.only:
        measured = measure_muster if options.only == "muster" else measure_plain
        part, parts = map(int, options.part.split("/"))
        print(json.dumps(asyncio.run(measured(events(options.events)[part::parts]))))
        return 0
    figures = asyncio.run(measure_all(options.events))
    plain = figures[f"{PLAIN} on sink"]["cpuMsPerEvent"]
    ratios = {handler: round(figures[f"{handler} on sink"]["cpuMsPerEvent"] / plain, 2) for handler in (ONE, ALL)}
    bounds = {"muster / plain CPU, one rule <= 0.7": ratios[ONE] <= MAX_RATIO_TO_PLAIN}
    for handler in (ONE, ALL):
        bounds[f"{handler} on sink: cpuMsPerEvent <= 6"] = figures[f"{handler} on sink"]["cpuMsPerEvent"] <= MAX_CPU_MS
        for name in (handler, f"{handler}, two workers"):
            sink, emulated = (figures[f"{name} on {kind}"]["eventsPerSecond"] for kind in ("sink", "azurite"))
            bounds |= {
                f"{name} on azurite: eventsPerSecond >= 150": emulated >= MIN_RATE_AZURITE,
                f"{name} on sink: eventsPerSecond >= 400": sink >= MIN_RATE_SINK,
            }
    result = {
        "figures": figures,
        "ratioToPlain": ratios,
        "bounds": bounds,
        "events": options.events,
        "rounds": ROUNDS,
        "machine": machine(),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if options.store:
        RESULT.write_text(text + "\n", "utf-8")
    return int(not all(bounds.values()))


if __name__ == "__main__":
    sys.exit(main())
