"""Starts and stops Azurite, the storage emulator, on free loopback ports."""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from muster.adapters.azurite_account import connection_string
from muster.local.errors import AzuriteFailed
from muster.local.node import AzuriteProgram

START_SECONDS = 60
STOP_SECONDS = 5

_LISTENING = re.compile(r"Azurite (Blob|Queue|Table) service is successfully listening at (http://\S+)")
_SERVICES = frozenset({"Blob", "Queue", "Table"})

# Azurite writes its tables to disk when it is asked to end. The end of its standard input, which comes even when
# this process is killed outright, asks it to.
_END_WITH_PARENT = """
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
require(process.argv[1]);
"""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where Azurite listens: URLs without the account, `http://127.0.0.1:PORT`."""

    blob: str
    queue: str

    @property
    def connection_string(self) -> str:
        """For SDKs, `az storage` and Storage Explorer."""
        return connection_string(self.blob, self.queue)


@asynccontextmanager
async def azurite(program: AzuriteProgram, data: Path) -> AsyncIterator[Endpoints]:
    """Azurite with its data in `data`, which it makes, from the moment it answers until the block is left.

    Raises AzuriteFailed, with what it printed, where it does not start.
    """
    # A session of its own: Ctrl-C in the terminal reaches muster, which stops Azurite when it no longer needs it.
    process = await asyncio.create_subprocess_exec(
        str(program.node),
        "-e",
        _END_WITH_PARENT,
        "--",
        str(program.script),
        *("--blobPort", "0", "--queuePort", "0", "--tablePort", "0"),
        *("--location", str(data), "--silent", "--disableTelemetry", "--skipApiVersionCheck"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    drain: asyncio.Task[None] | None = None
    try:
        endpoints = await _wait_until_listening(process)
        drain = asyncio.create_task(_discard_output(process))
        yield endpoints
    finally:
        await _stop(process)
        if drain is not None:
            await drain


async def _wait_until_listening(process: asyncio.subprocess.Process) -> Endpoints:
    assert process.stdout is not None
    printed: list[str] = []
    found: dict[str, str] = {}
    try:
        async with asyncio.timeout(START_SECONDS):
            while found.keys() != _SERVICES:
                line = (await process.stdout.readline()).decode("utf-8", "replace")
                if not line:
                    raise AzuriteFailed("Azurite ended at once:\n" + "".join(printed[-20:]))
                printed.append(line)
                if match := _LISTENING.search(line):
                    found[match.group(1)] = match.group(2)
    except TimeoutError as error:
        message = f"Azurite did not answer within {START_SECONDS} s:\n" + "".join(printed[-20:])
        raise AzuriteFailed(message) from error
    return Endpoints(blob=found["Blob"], queue=found["Queue"])


async def _discard_output(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(65536):
        pass


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
