"""The plainest Blob Storage there is: keeps blobs in memory, knows conditional writes, checks no signature. So that a
benchmark measures what it is meant to, not the emulator."""

import argparse
import asyncio
from bisect import bisect_left
from html import escape
from itertools import takewhile

from aiohttp import web

ADDRESS = "127.0.0.1"
PAGE = 5000

_MOMENT = "Mon, 23 Nov 2026 06:00:00 GMT"
_QUEUED = f"""<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage><MessageId>1</MessageId>
<InsertionTime>{_MOMENT}</InsertionTime><ExpirationTime>{_MOMENT}</ExpirationTime><PopReceipt>1</PopReceipt>
<TimeNextVisible>{_MOMENT}</TimeNextVisible></QueueMessage></QueueMessagesList>"""
"""What adding a message to a queue is answered."""


class BlobSink:
    """Blobs by path with a number for an etag; containers and queues are always there."""

    def __init__(self) -> None:
        self._blobs: dict[str, tuple[bytes, int]] = {}
        self._writes = 0
        self._sorted: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        """What Blob Storage answers to writing and reading one blob."""
        path = request.path
        held = self._blobs.get(path)
        if request.method == "PUT":
            body = await request.read()
            if "restype" in request.query:
                return web.Response(status=201)
            if request.headers.get("If-None-Match") == "*" and held is not None:
                return _refused(409, "BlobAlreadyExists")
            match = request.headers.get("If-Match")
            if match and (held is None or match.strip('"') != str(held[1])):
                return _refused(412, "ConditionNotMet")
            self._writes += 1
            if path not in self._blobs:
                self._sorted = []
            self._blobs[path] = (body, self._writes)
            return web.Response(status=201, headers=_headers(self._writes))
        if request.method == "POST":
            await request.read()
            return web.Response(status=201, text=_QUEUED, content_type="application/xml")
        if request.query.get("comp") == "list":
            return self._list(request)
        if held is None:
            return _refused(404, "BlobNotFound")
        data, etag = held
        if not data:
            return web.Response(status=200, headers=_headers(etag))
        span = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}", "x-ms-blob-type": "BlockBlob"}
        status = 206 if "x-ms-range" in request.headers or "Range" in request.headers else 200
        return web.Response(status=status, body=data, headers={**_headers(etag), **span})

    def _list(self, request: web.Request) -> web.Response:
        """A page of the names in a container, without metadata."""
        container = f"{request.path.rstrip('/')}/"
        start = container + request.query.get("prefix", "")
        if not self._sorted:
            self._sorted = sorted(self._blobs)
        first = bisect_left(self._sorted, container + request.query.get("marker", "") or start)
        first = max(first, bisect_left(self._sorted, start))
        page = list(takewhile(lambda name: name.startswith(start), self._sorted[first : first + PAGE + 1]))
        blobs = "".join(
            f"<Blob><Name>{escape(name.removeprefix(container))}</Name><Properties><Last-Modified>{_MOMENT}"
            f"</Last-Modified><BlobType>BlockBlob</BlobType><Etag>{self._blobs[name][1]}</Etag></Properties></Blob>"
            for name in page[:PAGE]
        )
        following = escape(page[PAGE].removeprefix(container)) if len(page) > PAGE else ""
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="{escape(container)}">'
            f"<Blobs>{blobs}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
        )
        return web.Response(status=200, text=text, content_type="application/xml")


def _headers(etag: int) -> dict[str, str]:
    return {"ETag": f'"{etag}"', "Last-Modified": _MOMENT, "x-ms-version": "2025-11-05"}


def _refused(status: int, code: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml", headers={"x-ms-error-code": code})


async def serve(port: int) -> None:
    """Serve until killed; prints the URL."""
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_route("*", "/{path:.*}", BlobSink().handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, ADDRESS, port).start()
    print(f"http://{ADDRESS}:{runner.addresses[-1][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args().port))
