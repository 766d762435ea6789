"""Settings become adapters once, on first use, and nothing before."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions import wiring
from muster.adapters.arm_reader import ArmReader
from muster.adapters.blob_findings import BlobFindings
from muster.settings.app import UnusableSettings
from muster.values.answers import Found
from muster.values.errors import TransientFault
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT

AZURITE = "UseDevelopmentStorage=true"
VM = (
    "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
)


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_worker", wiring._Worker())
    monkeypatch.setenv("MUSTER_STORAGE", AZURITE)
    monkeypatch.setenv("MUSTER_SUBSCRIPTIONS", "*")
    monkeypatch.delenv("MUSTER_POLICIES", raising=False)
    monkeypatch.delenv("MUSTER_RECORDED_RESOURCES", raising=False)


async def test_first_events_that_come_together_share_one_set_of_services() -> None:
    made = await asyncio.gather(*(wiring.services() for _ in range(5)))
    assert len({id(services) for services in made}) == 1


def test_another_loop_gets_connections_of_its_own() -> None:
    first, second = asyncio.run(wiring.services()), asyncio.run(wiring.services())
    assert first is not second


def test_connections_are_closed_with_their_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    async def close(self: BlobFindings) -> None:
        closed.append(self)

    monkeypatch.setattr(BlobFindings, "close", close)
    services = asyncio.run(wiring.services())
    assert closed == [services.store]


async def test_recorded_resources_are_read_in_place_of_azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vm.json").write_text(json.dumps({"id": VM}), "utf-8")
    monkeypatch.setenv("MUSTER_RECORDED_RESOURCES", str(tmp_path))
    services = await wiring.services()
    assert isinstance(await services.reader.get(ResourceId.parse(VM)), Found)


async def test_without_them_azure_is_read() -> None:
    services = await wiring.services()
    assert isinstance(services.reader, ArmReader)


async def test_a_recording_that_is_none_names_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vm.json").write_text("{", "utf-8")
    monkeypatch.setenv("MUSTER_RECORDED_RESOURCES", str(tmp_path))
    with pytest.raises(UnusableSettings, match=r"MUSTER_RECORDED_RESOURCES: .*vm\.json"):
        await wiring.services()


async def test_a_broken_policy_set_makes_events_come_again_and_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "definitions" / "bad.json"
    broken.parent.mkdir()
    broken.write_text("{", "utf-8")
    monkeypatch.setenv("MUSTER_POLICIES", str(tmp_path))
    for _ in range(2):
        with pytest.raises(TransientFault, match=r"1 fault .* definitions/bad\.json: Not JSON"):
            await wiring.services()
    broken.unlink()
    assert (await wiring.services()).policies.version


def test_importing_the_app_loads_no_sdk_and_needs_no_setting() -> None:
    source = (
        "import sys, function_app\n"
        "heavy = ('azure.core', 'azure.identity', 'azure.storage', 'aiohttp', 'jsonschema', 'click', 'rich',"
        " 'muster.adapters', 'muster.policy', 'muster.jobs')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, env={}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr
