"""The plainest Blob Storage there is: knows conditional writes, checks no signature. So that a benchmark measures what
it is meant to, not the emulator.

Names are held in memory, contents in a temporary file: the findings of 200,000 resources and their records are 26 GB.
"""

import argparse
import asyncio
import os
import tempfile
from bisect import bisect_left
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Held:
    """A blob: where its bytes begin in the file, how many they are, and its etag."""

    start: int
    size: int
    etag: int


class BlobSink:
    """Blobs by path with a number for an etag; containers and queues are always there."""

    def __init__(self) -> None:
        self._blobs: dict[str, _Held] = {}
        self._sorted: dict[str, list[str]] = {}
        """The paths of a container in order, as of the last list that needed them."""
        self._writes = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0

    async def handle(self, request: web.Request) -> web.Response:
        """What Blob Storage answers to writing and reading one blob."""
        path = request.path
        held = self._blobs.get(path)
        if request.method == "PUT":
            body = await request.read()
            if "restype" in request.query:
                return web.Response(status=201)
            # Read again: while the body came, another writer may have been first.
            held = self._blobs.get(path)
            if request.headers.get("If-None-Match") == "*" and held is not None:
                return _refused(409, "BlobAlreadyExists")
            match = request.headers.get("If-Match")
            if match and (held is None or match.strip('"') != str(held.etag)):
                return _refused(412, "ConditionNotMet")
            return web.Response(status=201, headers=_headers(self._write(path, body)))
        if request.method == "POST":
            await request.read()
            return web.Response(status=201, text=_QUEUED, content_type="application/xml")
        if request.query.get("comp") == "list":
            return self._list(request)
        if held is None:
            return _refused(404, "BlobNotFound")
        if not held.size:
            return web.Response(status=200, headers=_headers(held.etag))
        data = os.pread(self._file.fileno(), held.size, held.start)
        span = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}", "x-ms-blob-type": "BlockBlob"}
        status = 206 if "x-ms-range" in request.headers or "Range" in request.headers else 200
        return web.Response(status=status, body=data, headers={**_headers(held.etag), **span})

    def _write(self, path: str, body: bytes) -> int:
        """Keep a blob; its etag. What it was before stays in the file, which goes with the process."""
        self._writes += 1
        os.pwrite(self._file.fileno(), body, self._end)
        if path not in self._blobs:
            self._sorted.pop(_container(path), None)
        self._blobs[path] = _Held(self._end, len(body), self._writes)
        self._end += len(body)
        return self._writes

    def _list(self, request: web.Request) -> web.Response:
        """A page of the names in a container, without metadata."""
        container = f"{request.path.rstrip('/')}/"
        start = container + request.query.get("prefix", "")
        if container not in self._sorted:
            self._sorted[container] = sorted(name for name in self._blobs if name.startswith(container))
        names = self._sorted[container]
        first = max(bisect_left(names, container + request.query.get("marker", "")), bisect_left(names, start))
        size = min(PAGE, int(request.query.get("maxresults", PAGE)))
        page = list(takewhile(lambda name: name.startswith(start), names[first : first + size + 1]))
        blobs = "".join(
            f"<Blob><Name>{escape(name.removeprefix(container))}</Name><Properties><Last-Modified>{_MOMENT}"
            f"</Last-Modified><BlobType>BlockBlob</BlobType><Etag>{self._blobs[name].etag}</Etag></Properties></Blob>"
            for name in page[:size]
        )
        following = escape(page[size].removeprefix(container)) if len(page) > size else ""
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="{escape(container)}">'
            f"<MaxResults>{size}</MaxResults><Blobs>{blobs}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
        )
        return web.Response(status=200, text=text, content_type="application/xml")


def _container(path: str) -> str:
    """The container of a blob's path, `/ACCOUNT/CONTAINER/`."""
    return "/".join(path.split("/", 3)[:3]) + "/"


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
