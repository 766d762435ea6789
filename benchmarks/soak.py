"""The soak: many events, shuffled and doubled, while Azure and storage fail and the host is killed.

    python benchmarks/soak.py [--events 5000] [--kills 3] [--store]

Each machine is written several times; what its latest finding must say in the end is what the loopback Azure has then.
Counted are findings that are lost (the latest says something else), doubled (two records in a row say the same, or a
bad event has two records), and gone backwards (a record seen before the one it follows). `--store` writes the result
beside this script.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import socket
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

from azure.core.exceptions import ResourceNotFoundError

from benchmarks.storage_proxy import StorageProxy
from muster.adapters.azurite_account import connection_string
from muster.adapters.blob_findings import BlobFindings
from muster.adapters.storage_queue import EVALUATIONS, POISON, StorageQueues
from muster.jobs.chain import content_digest
from muster.jobs.history import verify_history
from muster.local.arm.estate import Estate
from muster.local.arm.fault_plan import Fault, FaultPlan
from muster.local.arm.server import ArmState, arm_server
from muster.local.azurite import azurite
from muster.local.event_grid_trigger import PATH
from muster.local.node import find_azurite
from muster.local.retry_schedule import RetrySchedule
from muster.local.sender import Schema, Sender
from muster.values.instant import parse_instant
from muster.values.json import JsonObject, as_object
from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
ARM_FAULTS = {
    Fault.THROTTLED: 0.02,
    Fault.BROKEN: 0.02,
    Fault.UNAVAILABLE: 0.02,
    Fault.RESET: 0.02,
    Fault.STALL: 0.02,
}
STORAGE_FAULTS = 0.05
DUPLICATES = 0.1
BAD = 0.01
WRITES = 4
"""How often each machine is written."""

DRAIN_SECONDS = 300
MAX_MEMORY_MB = 120


@dataclass(frozen=True)
class Setting:
    """`events` are sent besides their duplicates; `speed` compresses every waiting time."""

    events: int = 5_000
    kills: int = 3
    speed: float = 60.0
    at_once: int = 16
    seed: int = 20261123


@dataclass
class Outcome:
    """What the soak came to."""

    machines: int = 0
    delivered: int = 0
    undelivered: int = 0
    kills: int = 0
    seconds: float = 0.0
    records: int = 0
    beside: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    bad_events: int = 0
    unprocessed: int = 0
    poisoned: int = 0
    storage_calls: int = 0
    storage_failed: int = 0
    memory_mb: list[float] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing lost, doubled, gone backwards or unexplained."""
        wrong = (self.lost, self.doubled, self.backwards, self.unsound)
        return not any(wrong) and self.unprocessed == self.bad_events and not (self.poisoned or self.undelivered)


class Machines:
    """Machines that are written over and over; Azure (`estate`) always has what was written last."""

    def __init__(self, count: int, estate: Estate, plan: FaultPlan) -> None:
        template = json.loads((ROOT / "samples" / "resources" / "rocky-9.json").read_text("utf-8"))
        old = ResourceId.parse(template["id"])
        self._estate, self._plan = estate, plan
        subscription = str(uuid.UUID(int=count + 1))
        text = json.dumps(template).replace(old.subscription, subscription)
        self._bodies = []
        for number in range(count):
            body = json.loads(text)
            body["name"] = f"vm{number:05}"
            body["id"] = f"{template['id'].rpartition('/')[0].replace(old.subscription, subscription)}/vm{number:05}"
            self._bodies.append(body)

    def write(self, number: int, round_: int, draw: random.Random) -> str:
        """Write a machine; the id of what was written."""
        body = json.loads(json.dumps(self._bodies[number]))
        body["tags"] = {**body.get("tags", {}), "round": str(round_ if draw.random() < 0.7 else round_ % 2)}
        body["properties"].setdefault("securityProfile", {})["encryptionAtHost"] = draw.random() < 0.5
        self._estate.put(body)
        path = str(ResourceId.parse(body["id"]))
        if draw.random() < 0.2:
            self._plan.settling[path] = 1
        if round_ == 0 and draw.random() < 0.1:
            self._plan.late[path] = 1
        return str(body["id"])


def event(identifier: str) -> JsonObject:
    return {
        "id": str(uuid.uuid4()),
        "topic": "/",
        "subject": identifier,
        "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "eventTime": datetime.now(UTC).isoformat(),
        "dataVersion": "2",
        "data": {"resourceUri": identifier, "operationName": "Microsoft.Compute/virtualMachines/write"},
    }


class Host:
    """The host in a process of its own, to be killed."""

    def __init__(self, port: int, setting: Setting, environment: dict[str, str], log: Path) -> None:
        self.port = port
        self.key = secrets.token_urlsafe(12)
        self._arguments = (str(port), str(setting.speed), self.key)
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.soak_host",
                *self._arguments,
                cwd=ROOT,
                env=self._environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            assert await self._process.stdout.readline(), self._log.read_text("utf-8", "replace")[-2_000:]

    async def kill(self) -> None:
        """As the system does it: no chance to put anything away."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def memory_mb(self) -> float:
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)


async def soak(setting: Setting, folder: Path) -> Outcome:
    """Run it. `folder` takes the emulator's data and the host's log."""
    outcome, draw = Outcome(), random.Random(setting.seed)
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(azurite(find_azurite(ROOT), folder / "azurite"))
        blob = StorageProxy(storage.blob, STORAGE_FAULTS, setting.seed)
        queue = StorageProxy(storage.queue, STORAGE_FAULTS, setting.seed + 1)
        faulty = connection_string(
            await stack.enter_async_context(blob.serving()), await stack.enter_async_context(queue.serving())
        )
        plan = FaultPlan(rates=ARM_FAULTS, seed=setting.seed, stall=2.0)
        estate = Estate()
        arm = await stack.enter_async_context(arm_server(ArmState(estate, plan)))
        host = await stack.enter_async_context(_host(setting, faulty, arm.url, folder))
        start = time.monotonic()
        await _deliver(setting, host, Machines(max(1, setting.events // WRITES), estate, plan), draw, outcome)
        queues = StorageQueues.from_connection_string(storage.connection_string)
        stack.push_async_callback(queues.close)
        outcome.poisoned = await _drain(queues)
        outcome.seconds = round(time.monotonic() - start, 1)
        outcome.memory_mb.append(host.memory_mb())
        store = BlobFindings.from_connection_string(storage.connection_string)
        stack.push_async_callback(store.close)
        await _judge(store, estate, outcome)
        outcome.storage_calls = blob.calls + queue.calls
        outcome.storage_failed = blob.failed + queue.failed
    return outcome


@asynccontextmanager
async def _host(setting: Setting, storage: str, arm_url: str, folder: Path) -> AsyncIterator[Host]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AzureWebJobsStorage": storage,
        "MUSTER_STORAGE": storage,
        "MUSTER_ARM_ENDPOINT": arm_url,
        "MUSTER_SUBSCRIPTIONS": "*",
    }
    host = Host(port, setting, environment, folder / "host.log")
    await host.start()
    try:
        yield host
    finally:
        await host.kill()


async def _deliver(setting: Setting, host: Host, machines: Machines, draw: random.Random, outcome: Outcome) -> None:
    """Write and tell, in a shuffled order; kill the host in the middle."""
    count = max(1, setting.events // WRITES)
    outcome.machines = count
    writes = [(number, round_) for round_ in range(WRITES) for number in range(count)]
    # Shuffled within a few rounds' distance: a machine's own writes stay in their order, their events do not.
    writes.sort(key=lambda write: write[1] * count + write[0] + draw.random() * count)
    bad = [json.dumps([{"broken": number}]).encode() for number in range(max(1, int(setting.events * BAD)))]
    outcome.bad_events = len(bad)
    kill_at = {len(writes) * (number + 1) // (setting.kills + 1) for number in range(setting.kills)}
    slots = asyncio.Semaphore(setting.at_once)
    url = f"http://127.0.0.1:{host.port}{PATH}?{urlencode({'functionName': 'on_vm_written', 'code': host.key})}"
    schedule = RetrySchedule(speed=setting.speed)
    async with Sender(url, lambda: datetime.now(UTC), schedule) as sender, asyncio.TaskGroup() as group:

        async def send(payload: bytes, hold: float) -> None:
            await asyncio.sleep(hold)
            async with slots:
                delivery = await sender.deliver(payload, Schema.EVENT_GRID)
            outcome.delivered += delivery.delivered
            outcome.undelivered += not delivery.delivered

        for index, (number, round_) in enumerate(writes):
            identifier = machines.write(number, round_, draw)
            payload = json.dumps([event(identifier)]).encode()
            for _ in range(2 if draw.random() < DUPLICATES else 1):
                group.create_task(send(payload, draw.random()))
            if bad and draw.random() < BAD * 2:
                group.create_task(send(bad.pop(), 0))
            if index in kill_at:
                outcome.memory_mb.append(host.memory_mb())
                await host.kill()
                await host.start()
                outcome.kills += 1
            while slots.locked():  # noqa: ASYNC110 a semaphore says only when asked that it is free
                await asyncio.sleep(0.005)
        for payload in bad * 2:
            group.create_task(send(payload, 0))


async def _drain(queues: StorageQueues) -> int:
    """Wait until nothing waits any more; how many messages are poisoned."""
    client = queues.client(EVALUATIONS)
    async with asyncio.timeout(DRAIN_SECONDS):
        while True:
            try:
                waiting = (await client.get_queue_properties()).approximate_message_count or 0
            except ResourceNotFoundError:
                waiting = 0
            if not waiting:
                break
            await asyncio.sleep(0.5)
    try:
        return (await queues.client(f"{EVALUATIONS}{POISON}").get_queue_properties()).approximate_message_count or 0
    except ResourceNotFoundError:
        return 0


async def _judge(store: BlobFindings, estate: Estate, outcome: Outcome) -> None:
    slots = asyncio.Semaphore(8)

    async def one(path: str, body: JsonObject) -> None:
        async with slots:
            await _judge_one(store, path, body, outcome)

    await asyncio.gather(*(one(str(body["name"]), body) for body in list(estate.rows())))
    outcome.unprocessed = (await store.sizes())["unprocessed"]


async def _judge_one(store: BlobFindings, path: str, body: JsonObject, outcome: Outcome) -> None:
    resource_id = ResourceId.parse(body["id"])
    stored = await store.latest(resource_id)
    if stored is None:
        outcome.lost.append(path)
        return
    report = await verify_history(resource_id, store)
    outcome.records += len(report.chain)
    outcome.beside += len(report.beside)
    outcome.unsound += [f"{path}: {fault.text}" for fault in report.faults]
    stored_records = [await store.history(resource_id, identifier) for identifier in report.chain]
    records = [record.document for record in stored_records if record]
    judged = as_object(as_object(records[0]["evaluated"])["resource"])
    if judged["tags"] != body["tags"] or stored.document["settled"] is not True:
        outcome.lost.append(path)
    contents = [content_digest(record) for record in records]
    outcome.doubled += [path for now, before in pairwise(contents) if now == before]
    times = [parse_instant(str(as_object(record["evaluation"])["observedAt"])) for record in records]
    outcome.backwards += [path for now, before in pairwise(times) if now < before]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=Setting.events)
    parser.add_argument("--kills", type=int, default=Setting.kills)
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    setting = Setting(events=options.events, kills=options.kills)
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(soak(setting, Path(folder)))
    text = json.dumps({"setting": asdict(setting), "good": outcome.good, "outcome": asdict(outcome)}, indent=2)
    print(text)
    if options.store:
        RESULT.write_text(text + "\n", "utf-8")
    return int(not outcome.good)


if __name__ == "__main__":
    sys.exit(main())
