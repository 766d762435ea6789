"""A server in front of a storage emulator that fails a share of the calls: half before they are done, half after."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from yarl import URL

ADDRESS = "127.0.0.1"
_HOP = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})


class StorageProxy:
    """Passes calls on to `target`; `rate` is the share that fails."""

    def __init__(self, target: str, rate: float, seed: int) -> None:
        self._target = target
        self._rate = rate
        self._random = random.Random(seed)
        self._session: aiohttp.ClientSession | None = None
        self.calls = 0
        self.failed = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The URL in place of the target's."""
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, ADDRESS, 0).start()
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(auto_decompress=False, connector=connector) as session:
            self._session = session
            try:
                yield f"http://{ADDRESS}:{runner.addresses[-1][1]}"
            finally:
                await runner.cleanup()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        assert self._session is not None
        self.calls += 1
        point = self._random.random()
        body = await request.read()
        if point < self._rate / 2:
            self.failed += 1
            return web.Response(status=503, headers={"x-ms-error-code": "ServerBusy"})
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        url = URL(self._target + request.raw_path, encoded=True)
        async with self._session.request(
            request.method,
            url,
            data=body,
            headers=headers,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as answer:
            data = await answer.read()
            if point < self._rate:
                self.failed += 1
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
            if request.method == "HEAD":
                kept["Content-Length"] = answer.headers.get("Content-Length", "0")
            return web.Response(status=answer.status, body=data, headers=kept)
