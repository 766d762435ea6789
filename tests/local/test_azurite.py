"""Azurite runs as long as it is wanted, and no longer, however its parent ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from muster.adapters.blob_findings import BlobFindings
from muster.local.azurite import azurite
from muster.local.errors import AzuriteFailed, MissingProgram
from muster.local.node import AzuriteProgram, find_azurite, find_node
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT, unavailable

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

VM = ResourceId.parse(
    "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/g"
    "/providers/Microsoft.Compute/virtualMachines/vm"
)

PARENT = """
import asyncio, signal, sys
from pathlib import Path
from muster.local.azurite import azurite
from muster.local.node import find_azurite

async def main():
    async with azurite(find_azurite(Path(sys.argv[1])), Path(sys.argv[2])) as endpoints:
        print(endpoints.blob, flush=True)
        await asyncio.sleep(600)

# A shell gives what it starts in the background a SIGINT that is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(main())
"""


@pytest.fixture
def program() -> AzuriteProgram:
    try:
        return find_azurite(ROOT)
    except MissingProgram as missing:
        unavailable(str(missing))


def listens(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(address.hostname), int(address.port or 0))) == 0


async def test_what_was_stored_is_there_the_next_time(program: AzuriteProgram, tmp_path: Path) -> None:
    async with azurite(program, tmp_path / "new" / "folder") as first:
        store = BlobFindings.from_connection_string(first.connection_string)
        await store.put_latest(VM, {"n": 1}, {}, replaces=None)
        await store.close()
        assert listens(first.queue)
    assert not listens(first.blob)
    async with azurite(program, tmp_path / "new" / "folder") as second:
        store = BlobFindings.from_connection_string(second.connection_string)
        found = await store.latest(VM)
        await store.close()
    assert found is not None
    assert found.document == {"n": 1}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_its_parent(program: AzuriteProgram, tmp_path: Path, end: signal.Signals) -> None:
    assert program.script.is_file()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(ROOT), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent, ExitStack() as ending:
        ending.callback(parent.kill)
        assert parent.stdout is not None
        blob = parent.stdout.readline().strip()
        assert listens(blob)
        os.kill(parent.pid, end)
        parent.wait(20)
        deadline = time.monotonic() + 20
        while listens(blob) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not listens(blob)


async def test_what_it_printed_is_told_where_it_does_not_start(tmp_path: Path) -> None:
    script = tmp_path / "broken.js"
    script.write_text("console.log('no such luck'); process.exit(1)", "utf-8")
    try:
        node = find_node()
    except MissingProgram as missing:
        unavailable(str(missing))
    with pytest.raises(AzuriteFailed, match="no such luck"):
        async with azurite(AzuriteProgram(node, script), tmp_path):
            pass
