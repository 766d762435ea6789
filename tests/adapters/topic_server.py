"""A topic on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class Server:
    """A topic that answers with `status` and keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []

    async def post(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        self.bodies.append(await request.json())
        return web.Response(status=self.status)


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[str]:
    """The URL that events are posted to, until the block is left."""
    application = web.Application()
    application.router.add_post("/api/events", server.post)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/events"
    finally:
        await runner.cleanup()
