"""Fixtures of the adapters' tests."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_credential import LoopbackCredential
from muster.adapters.arm_reader import ArmReader
from tests.adapters.arm_stage import IMPATIENT


@pytest.fixture
async def aiohttp_answer() -> AsyncIterator[Callable[[int, bytes], Awaitable[ArmReader]]]:
    """Makes a reader of a server that gives the same answer to everything."""
    runners: list[web.AppRunner] = []
    readers: list[ArmReader] = []

    async def make(status: int, body: bytes) -> ArmReader:
        async def answer(_request: web.Request) -> web.Response:
            return web.Response(status=status, body=body)

        application = web.Application()
        application.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(application)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        cloud = find_cloud(f"http://127.0.0.1:{runner.addresses[-1][1]}")
        reader = ArmReader(ArmClient(cloud, LoopbackCredential(), lambda: datetime.now(UTC), IMPATIENT), lambda: 0.0)
        readers.append(reader)
        return reader

    yield make
    for reader in readers:
        await reader.close()
    for runner in runners:
        await runner.cleanup()
