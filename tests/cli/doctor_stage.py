"""An installation in which nothing is wrong, with every part of it at hand so that a fault can be planted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from azure.storage.queue.aio import QueueServiceClient
from click.testing import CliRunner, Result

from benchmarks.storage_proxy import StorageProxy
from muster.adapters.azurite_account import ACCOUNT, connection_string
from muster.adapters.blob_documents import SWEEPS, BlobDocuments
from muster.adapters.blob_findings import BlobFindings
from muster.adapters.storage_queue import client_options
from muster.cli import main
from muster.jobs.sweep import LAST_COVERAGE
from muster.local.arm.server import ArmState, arm_server
from muster.local.azurite import Endpoints
from muster.values.instant import format_instant
from muster.values.json import JsonObject
from tests.adapters.arm_stage import GROUP, SUBSCRIPTION, VM, body, estate

TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/deployments"
OPERATIONS = [
    f"Microsoft.Compute/{kind}/{verb}"
    for kind in ("virtualMachines", "virtualMachineScaleSets")
    for verb in ("write", "delete")
]


def event_subscription(**changed: Any) -> JsonObject:
    """The REST JSON of one that delivers to the queue, as it must be but for `changed`."""
    properties: dict[str, Any] = {
        "provisioningState": "Succeeded",
        "deliveryWithResourceIdentity": {
            "identity": {"type": "SystemAssigned"},
            "destination": {"endpointType": "StorageQueue", "properties": {"queueName": "muster-events"}},
        },
        "filter": {
            "includedEventTypes": [
                "Microsoft.Resources.ResourceWriteSuccess",
                "Microsoft.Resources.ResourceWriteFailure",
                "Microsoft.Resources.ResourceDeleteSuccess",
            ],
            "advancedFilters": [
                {"operatorType": "StringIn", "key": "data.operationName", "values": [*OPERATIONS]},
            ],
        },
        "deadLetterWithResourceIdentity": {
            "deadLetterDestination": {
                "endpointType": "StorageBlob",
                "properties": {"blobContainerName": "deadletters"},
            }
        },
    }
    for name, value in changed.items():
        if value is None:
            del properties[name]
        else:
            properties[name] = value
    name = f"{TOPIC}/eventSubscriptions/muster"
    return body(name, "Microsoft.EventGrid/systemTopics/eventSubscriptions", properties=properties)


def coverage(ended: timedelta = timedelta(hours=3), **changed: Any) -> JsonObject:
    """What a sweep covered that ended so long ago."""
    finished = format_instant(datetime.now(UTC) - ended)
    return {
        "schemaVersion": "1.0",
        "startedAt": finished,
        "finishedAt": finished,
        "complete": True,
        "inAzure": 2,
        "judged": 2,
        "neverCame": {"count": 0, "resources": []},
        "hindrances": [],
        "latencySeconds": {"events": 5, "p50": 1.0, "p99": 2.0},
        **changed,
    }


class Refusing(StorageProxy):
    """A server in front of storage. `refused`: (method, container or queue) -> the code of a 403."""

    def __init__(self, target: str) -> None:
        super().__init__(target, 0.0, 1)
        self.refused: dict[tuple[str, str], str] = {}

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        name = request.path.removeprefix(f"/{ACCOUNT}/").partition("/")[0]
        code = self.refused.get((request.method, name))
        if code is not None:
            text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>No.</Message></Error>'
            headers = {"x-ms-error-code": code, "Content-Type": "application/xml"}
            return web.Response(status=403, headers=headers, text="" if request.method == "HEAD" else text)
        return await super()._pass(request)


@dataclass
class Stage:
    """The parts. `settings` are written to a file for each call."""

    arm: ArmState
    blobs: Refusing
    queues: Refusing
    storage: str
    settings: dict[str, str]
    folder: Path
    store: BlobFindings
    queue_service: QueueServiceClient
    environment: dict[str, str] = field(default_factory=dict)

    async def sweeps(self, document: JsonObject) -> None:
        await BlobDocuments(self.store.service, SWEEPS).put(LAST_COVERAGE, document)

    async def index(self, age: timedelta) -> None:
        state: JsonObject = {
            "etag": "x",
            "currentAt": format_instant(datetime.now(UTC) - age),
            "complete": True,
        }
        await BlobDocuments(self.store.service, "findings").put("index/state.json", state)

    async def finding(self, age: timedelta) -> None:
        at = format_instant(datetime.now(UTC) - age)
        evaluation: JsonObject = {"id": "e", "observedAt": at, "checkedAt": at}
        found = await self.store.latest(VM)
        replaces = found.etag if found else None
        await self.store.put_latest(VM, {"evaluation": evaluation}, {"checkedAt": at}, replaces=replaces)
        await self.store._marks.flush()

    async def message(self, queue: str) -> None:
        client = self.queue_service.get_queue_client(queue)
        await client.create_queue()
        await client.send_message("eA==")

    async def doctor(self, *options: str) -> Result:
        path = self.folder / "local.settings.json"
        path.write_text(json.dumps({"IsEncrypted": False, "Values": self.settings}), "utf-8")
        arguments = ["doctor", "--settings", str(path), *options]
        return await asyncio.to_thread(CliRunner(env=self.environment).invoke, main, arguments)

    async def found(self) -> list[dict[str, Any]]:
        """The answers that are not ok."""
        ran = await self.doctor("--format", "json")
        assert ran.exit_code in (0, 10, 11), ran.output
        checks: list[dict[str, Any]] = json.loads(ran.output)["checks"]
        return [one for one in checks if one["outcome"] != "ok"]


@asynccontextmanager
async def stage(storage: Endpoints, folder: Path) -> AsyncIterator[Stage]:
    """An installation that is as it must be; its storage is emptied afterwards."""
    async with AsyncExitStack() as stack:
        topic = {"topicType": "Microsoft.Resources.Subscriptions", "source": f"/subscriptions/{SUBSCRIPTION}"}
        had = estate()
        had.put(body(TOPIC, "Microsoft.EventGrid/systemTopics", properties=topic))
        had.put(event_subscription())
        state = await stack.enter_async_context(arm_server(ArmState(had)))
        blobs, queues = Refusing(storage.blob), Refusing(storage.queue)
        text = connection_string(
            await stack.enter_async_context(blobs.serving()), await stack.enter_async_context(queues.serving())
        )
        store = BlobFindings.from_connection_string(storage.connection_string)
        stack.push_async_callback(store.close)
        service = QueueServiceClient.from_connection_string(storage.connection_string, **client_options())
        stack.push_async_callback(service.close)
        settings = {
            "MUSTER_STORAGE": text,
            "MUSTER_ARM_ENDPOINT": state.url,
            "MUSTER_SUBSCRIPTIONS": SUBSCRIPTION,
        }
        made = Stage(state, blobs, queues, text, settings, folder, store, service)
        await made.sweeps(coverage())
        await made.index(timedelta(seconds=5))
        await made.finding(timedelta(hours=1))
        await service.create_queue("muster-events")
        try:
            yield made
        finally:
            async for container in store.service.list_containers():
                await store.service.delete_container(container.name)
            async for queue in service.list_queues():
                await service.delete_queue(queue.name)
