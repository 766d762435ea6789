"""A server of this machine that takes telemetry as Application Insights does."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "00000000-0000-0000-0000-000000000000"


class Ingestion(ThreadingHTTPServer):
    """What was taken is in `taken`, as it came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[dict[str, Any]] = []

    @property
    def connection(self) -> str:
        return f"InstrumentationKey={KEY};IngestionEndpoint=http://127.0.0.1:{self.server_port}/"


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        items = json.loads(body)
        assert isinstance(self.server, Ingestion)
        self.server.taken += items
        answer = json.dumps({"itemsReceived": len(items), "itemsAccepted": len(items), "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the standard library's name
        pass


@contextmanager
def taking() -> Iterator[Ingestion]:
    """The server while it runs."""
    with Ingestion() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
