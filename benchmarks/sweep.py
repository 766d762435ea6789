"""The sweep: every machine there is, from Resource Graph, with Azure's limits.

    python -m benchmarks.sweep [--store]

Two fleets: 100,000 machines in 40 subscriptions against a plain blob sink, and 5,000 in 4 against a fresh Azurite. Each
is swept twice: with nothing known, and with everything known and unchanged. The loopback Azure Resource Manager and the
storage are processes of their own; CPU is that of the sweeping process alone. Four batches at a time are taken from the
queue, as an app's instance does, as soon as they show themselves there; what Azure was too busy for is asked for again
until it is judged.

How far a sweep is, is told on stderr. `--store` writes the result beside this script, after each fleet, so that one
that fails takes nothing from the others. The whole takes an hour, and 30 GB for temporary files.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta
from heapq import heappop, heappush
from pathlib import Path

from benchmarks.cold_start import machine
from benchmarks.throughput import program, storage
from muster.jobs.settle import Delays, settle
from muster.jobs.sweep import LAST_COVERAGE, Step, SweepStores, advance, judge_named
from muster.jobs.sweep_batch import SweepTools
from muster.values.json import JsonObject
from muster.values.request import EvaluationRequest
from muster.values.sweep import BatchName

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
FLEETS = {"sink": (100_000, 40), "azurite": (5_000, 4)}
BATCHES_AT_ONCE = 4
TOLD_EVERY_SECONDS = 15
KEPT = ("complete", "baseline", "inAzure", "judged", "confirmed", "changed", "added", "underWay", "notListed")


class Queues:
    """The app's two queues in memory: batches, and requests with when they show themselves."""

    def __init__(self) -> None:
        self.batches: list[tuple[float, BatchName]] = []
        self.later: list[tuple[float, EvaluationRequest]] = []
        self.listed = False
        self.judged = 0

    async def put_batch(self, batch: BatchName, delay: timedelta) -> None:
        heappush(self.batches, (time.monotonic() + delay.total_seconds(), batch))

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        self.later.append((time.monotonic() + delay.total_seconds(), request))

    async def due(self) -> list[EvaluationRequest]:
        """The requests whose time has come; waits for the next where none has."""
        if self.later:
            await asyncio.sleep(max(0.0, min(at for at, _ in self.later) - time.monotonic()))
        now = time.monotonic()
        due = [request for at, request in self.later if at <= now]
        self.later = [pair for pair in self.later if pair[0] > now]
        return due


async def sweep() -> dict[str, object]:
    """One sweep from beginning to end, wired as the function app is. Machines and their disks count as resources."""
    from functions.sweeping import sweep_tools
    from functions.wiring import services

    given, queues = await services(), Queues()
    given = replace(given, delays=Delays(queues, lambda: 0.5))
    assert given.sweeps is not None
    stores = given.sweeps()
    stores, tools = SweepStores(stores.inventory, stores.documents, queues), sweep_tools(given)
    wall, cpu = time.perf_counter(), time.process_time()
    telling = asyncio.create_task(_tell(queues))
    judging = [asyncio.create_task(_judge(queues, stores, tools)) for _ in range(BATCHES_AT_ONCE)]
    step = await advance(stores, tools, now_due=True)
    while step is Step.LISTING:
        step = await advance(stores, tools)
    queues.listed = True
    await asyncio.gather(*judging)
    step = await advance(stores, tools)
    assert step is Step.PUBLISHED
    asked_again = len(queues.later)
    while queues.later:
        for request in await queues.due():
            await settle(
                request,
                reader=tools.reader,
                store=tools.store,
                policies=tools.policies,
                sources=tools.sources,
                clock=tools.clock,
                delays=tools.delays,
            )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    telling.cancel()
    found = await stores.documents.read(LAST_COVERAGE)
    assert found is not None
    return {
        "seconds": round(wall, 1),
        "cpuMsPerResource": round(cpu * 1000 / max(1, int(str(found.document["inAzure"]))), 2),
        "memoryMb": round(_memory_mb(), 1),
        "askedForAgain": asked_again,
        "coverage": {name: found.document[name] for name in KEPT} | {"notJudged": _count(found.document)},
    }


async def _judge(queues: Queues, stores: SweepStores, tools: SweepTools) -> None:
    """Judge what shows itself in the queue of batches until all are listed and judged."""
    while queues.batches or not queues.listed:
        if not queues.batches or queues.batches[0][0] > time.monotonic():
            await asyncio.sleep(0.1)
            continue
        await judge_named(heappop(queues.batches)[1], stores, tools)
        queues.judged += 1


async def _tell(queues: Queues) -> None:
    """How far the sweep is, every so often, on stderr."""
    while True:
        await asyncio.sleep(TOLD_EVERY_SECONDS)
        print(
            f"  {queues.judged:,} batches judged, {len(queues.batches):,} waiting,"
            f" {len(queues.later):,} resources asked for again,"
            f" {time.process_time():,.0f} s CPU, {_memory_mb():,.0f} MB",
            file=sys.stderr,
        )


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _count(coverage: JsonObject) -> object:
    not_judged = coverage["notJudged"]
    return not_judged["count"] if isinstance(not_judged, dict) else None


async def measure(kind: str, count: int, subscriptions: int) -> dict[str, object]:
    """Both sweeps of a fleet, each in a fresh process. Raises RuntimeError where one fails."""
    served = ("benchmarks.arm_process", str(count), "--subscriptions", str(subscriptions), "--limits")
    found: dict[str, object] = {"machines": count, "subscriptions": subscriptions}
    async with storage(kind) as account, program(*served) as arm_url:
        environment = os.environ | {
            "AzureWebJobsStorage": account,
            "MUSTER_STORAGE": account,
            "MUSTER_ARM_ENDPOINT": arm_url,
            "MUSTER_SUBSCRIPTIONS": "*",
        }
        for name in ("first", "again"):
            print(f"{kind}, {count:,} machines, {name}:", file=sys.stderr)
            command = [sys.executable, "-m", "benchmarks.sweep", "--only"]
            process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
            )
            answer, _ = await process.communicate()
            if process.returncode:
                raise RuntimeError(f"the sweep '{name}' of the fleet '{kind}' ended with {process.returncode}")
            print(f"  {answer.decode().strip()}", file=sys.stderr)
            found[name] = json.loads(answer)
    return found | {"machine": machine()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="store_true", help="sweep here, with the storage of the environment")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the fleets")
    parser.add_argument("--kind", choices=list(FLEETS), action="append", help="one of the fleets; both")
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(asyncio.run(sweep())))
        return 0
    figures: dict[str, object] = {}
    if options.store and options.kind and RESULT.exists():
        figures = json.loads(RESULT.read_text("utf-8"))["figures"]
    failed = False
    for kind in options.kind or list(FLEETS):
        count, subscriptions = FLEETS[kind]
        try:
            figures[kind] = asyncio.run(measure(kind, int(count * options.scale), subscriptions))
        except RuntimeError as error:
            print(error, file=sys.stderr)
            failed = True
        if options.store:
            RESULT.write_text(_text(figures) + "\n", "utf-8")
    print(_text(figures))
    return int(failed)


def _text(figures: dict[str, object]) -> str:
    return json.dumps({"figures": figures}, indent=2)


if __name__ == "__main__":
    sys.exit(main())
