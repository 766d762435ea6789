"""The app in Microsoft's Functions runtime for Python: indexed, and every trigger invoked."""

import json
import os
from pathlib import Path

import pytest
from azure.storage.blob.aio import BlobServiceClient

from muster.adapters.blob_findings import BlobFindings
from muster.adapters.storage_requests import API_VERSION
from muster.values.resource_id import ResourceId
from tests.conftest import unavailable
from tests.functions.runtime_stage import BINDINGS, INTERPRETER, Runtime, event, machine

pytestmark = [pytest.mark.runtime, pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


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
