"""The app in Microsoft's Functions runtime for Python: indexed, and every trigger invoked."""

import json
import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob.aio import BlobServiceClient

from muster.adapters.blob_findings import BlobFindings
from muster.adapters.storage_requests import API_VERSION
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT, unavailable

pytestmark = [pytest.mark.runtime, pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

INTERPRETER = ROOT / ".runtime" / "bin" / "python"
DRIVER = Path(__file__).with_name("runtime_driver.py")
BINDINGS = Path(__file__).with_name("bindings.json")


@dataclass(frozen=True)
class Runtime:
    """The runtime with the app's settings. `recorded` is the folder that the app reads in place of Azure."""

    environment: dict[str, str]
    recorded: Path

    def run(self, *invocations: tuple[str, str]) -> dict[str, Any]:
        order = {
            "root": str(ROOT),
            "invocations": [{"function": function, "data": data} for function, data in invocations],
        }
        ran = subprocess.run(
            [str(INTERPRETER), str(DRIVER)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=120,
            env=self.environment,
            cwd=ROOT,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer


@pytest.fixture
def runtime(storage: str, tmp_path: Path) -> Runtime:
    if not INTERPRETER.is_file():
        unavailable("no Functions runtime in .runtime: `make test` installs it")
    environment = {
        "PATH": os.environ["PATH"],
        "MUSTER_STORAGE": storage,
        "MUSTER_RECORDED_RESOURCES": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return Runtime(environment, tmp_path)


def machine() -> JsonObject:
    body: JsonObject = json.loads((ROOT / "samples" / "resources" / "rocky-9.json").read_text("utf-8"))
    text = json.dumps(body)
    subscription = ResourceId.parse(body["id"]).subscription
    renamed: JsonObject = json.loads(text.replace(subscription, str(uuid.uuid4())))
    return renamed


def event(resource_id: object, *, cloud: bool) -> str:
    data = {
        "resourceUri": resource_id,
        "operationName": "Microsoft.Compute/virtualMachines/write",
        "status": "Succeeded",
        "correlationId": "c0ffee00-0000-0000-0000-000000000000",
    }
    kind, time = "Microsoft.Resources.ResourceWriteSuccess", "2026-11-16T09:22:05.4407981Z"
    if cloud:
        return json.dumps({"specversion": "1.0", "id": "e", "source": "/", "type": kind, "time": time, "data": data})
    return json.dumps(
        {"id": "e", "topic": "/", "subject": "", "eventType": kind, "eventTime": time, "dataVersion": "2", "data": data}
    )


def test_names_and_bindings_are_the_ones_that_are_deployed(runtime: Runtime) -> None:
    found = runtime.run()
    assert found["init"] == ""
    assert found["functions"] == json.loads(BINDINGS.read_text("utf-8"))


@pytest.mark.parametrize("cloud", [False, True], ids=["eventGrid", "cloudEvents"])
async def test_an_event_becomes_a_finding(runtime: Runtime, storage: str, cloud: bool) -> None:
    body = machine()
    (runtime.recorded / "vm.json").write_text(json.dumps(body), "utf-8")
    given = event(body["id"], cloud=cloud)
    assert runtime.run(("on_vm_written", given), ("on_vm_written", given))["invocations"] == ["", ""]
    store = BlobFindings.from_connection_string(storage)
    resource_id = ResourceId.parse(body["id"])
    found = await store.latest(resource_id)
    records = [record async for record in store.history_ids(resource_id)]
    await store.close()
    assert found is not None
    assert len(records) == 1


async def test_bad_input_is_kept_and_acknowledged(runtime: Runtime, storage: str) -> None:
    bad = ("", "{", "[]", "null", '"x"', "{}", '{"eventType": 1}', '{"specversion": "1.0", "time": "now"}', "[" * 9_999)
    before = await unprocessed(storage)
    answer = runtime.run(*(("on_vm_written", data) for data in bad))
    assert answer["invocations"] == [""] * len(bad)
    assert len(await unprocessed(storage) - before) == len(bad)


def test_storage_that_does_not_answer_fails_the_invocation(runtime: Runtime, unused_tcp_port: int) -> None:
    nobody = f"AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:{unused_tcp_port}/a;"
    down = Runtime(runtime.environment | {"MUSTER_STORAGE": nobody}, runtime.recorded)
    (status,) = down.run(("on_vm_written", "{}"))["invocations"]
    assert status.startswith("TransientFault: ")


async def unprocessed(storage: str) -> set[str]:
    async with BlobServiceClient.from_connection_string(storage, api_version=API_VERSION) as service:
        container = service.get_container_client("unprocessed")
        if not await container.exists():
            return set()
        return {name async for name in container.list_blob_names()}
