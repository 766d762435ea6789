"""The programs of benchmarks/cold_start.py still do what they time."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.cold_start import APP, EVENT
from muster.adapters.blob_findings import BlobFindings
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

EVENT_FILE = ROOT / "samples" / "events" / "09-rhel-8-lvm.json"
RESOURCE_FILE = ROOT / "samples" / "resources" / "rhel-8-lvm.json"


def seconds(*arguments: str, **settings: str) -> float:
    ran = subprocess.run(
        [sys.executable, "-c", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    wall, _processor = map(float, ran.stdout.split())
    return wall


def test_importing_the_app_is_timed() -> None:
    assert 0 < seconds(APP) < 30


async def test_the_first_event_ends_in_a_finding(storage: str) -> None:
    settings = {"MUSTER_STORAGE": storage, "MUSTER_RECORDED_RESOURCES": str(RESOURCE_FILE.parent)}
    assert 0 < seconds(EVENT, str(EVENT_FILE), **settings) < 30
    store = BlobFindings.from_connection_string(storage)
    found = await store.latest(ResourceId.parse(json.loads(RESOURCE_FILE.read_text("utf-8"))["id"]))
    await store.close()
    assert found is not None
