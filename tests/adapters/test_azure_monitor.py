"""What arrives at Application Insights, by Microsoft's own exporters and over a real connection to this machine."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from muster.adapters.azure_monitor import NOT_ABOUT_MUSTER, azure_monitor
from muster.values.measures import Attribute, Metric, Step

KEY = "00000000-0000-0000-0000-000000000000"


class Ingestion(ThreadingHTTPServer):
    """A server that takes telemetry as Application Insights does."""

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


@pytest.fixture
def ingestion(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ingestion]:
    for name in NOT_ABOUT_MUSTER:
        monkeypatch.setenv(name, "true")
    with Ingestion() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_spans_and_measurements_arrive_and_nothing_else(ingestion: Ingestion) -> None:
    telemetry = azure_monitor(ingestion.connection)
    with telemetry.span(Step.EVENT, {Attribute.CORRELATION: "c0ffee"}) as event:
        event.tell(Attribute.OUTCOME, "recorded")
        with pytest.raises(KeyError), telemetry.span(Step.ARM):
            raise KeyError("not for anybody")
    telemetry.count(Metric.EVENTS, {Attribute.OUTCOME: "recorded"})
    telemetry.record(Metric.LATENCY, 12.5)
    telemetry.gauge(Metric.COVERAGE, 0.75)
    await telemetry.close()
    found = {item["data"]["baseType"] + " " + name_of(item): item["data"]["baseData"] for item in ingestion.taken}
    assert set(found) == {
        "RequestData muster.event",
        "RemoteDependencyData muster.arm",
        "MetricData muster.events",
        "MetricData muster.latency",
        "MetricData muster.coverage",
    }
    assert found["RequestData muster.event"]["properties"] == {
        "muster.correlation": "c0ffee",
        "muster.outcome": "recorded",
    }
    assert found["RemoteDependencyData muster.arm"]["success"] is False
    assert found["MetricData muster.latency"]["metrics"][0]["value"] == 12.5
    assert "not for anybody" not in json.dumps(ingestion.taken)
    assert {item["tags"]["ai.cloud.role"] for item in ingestion.taken} == {"muster"}


def name_of(item: dict[str, Any]) -> str:
    data = item["data"]["baseData"]
    return str(data["name"] if "name" in data else data["metrics"][0]["name"])
