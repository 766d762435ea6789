"""What the app tells of its work: one trace an event, measurements, and nothing of the person or of secrets."""

import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from functions.receiving import event_reading, handle
from functions.wiring import Services, observed
from muster.adapters.log_lines import LogLines, withhold_from_logs
from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.telemetry import OpenTelemetry
from muster.jobs.keep import Change
from muster.jobs.request_message import parse_request, request_message
from muster.jobs.settle import Delays, Next
from muster.values.answers import FoundMany, ListAnswer, NotRead
from muster.values.errors import TransientFault
from muster.values.instant import parse_instant
from muster.values.measures import Outcome
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from tests.conftest import ROOT
from tests.functions.test_on_vm_written import NOW, SAMPLES, BrokenReader, events, services
from tests.jobs.stage import VM, Reader
from tests.memory_queue import MemoryQueue

EVENT = events("13-rocky-9.json")[0]
RESOURCE = str(ResourceId.parse(json.loads(EVENT)["data"]["resourceUri"]))
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
CALLER = "mallory.private@example.com"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYWxsb3J5In0.c2lnbmF0dXJl"


class Told:
    """Telemetry that is kept in memory."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.telemetry = OpenTelemetry(SimpleSpanProcessor(self._spans), self._reader)

    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._spans.get_finished_spans()

    def clear(self) -> None:
        self._spans.clear()

    def measured(self) -> dict[tuple[str, tuple[tuple[str, Any], ...]], float]:
        """The sum or the value of each metric with each set of attributes."""
        data = self._reader.get_metrics_data()
        found: dict[tuple[str, tuple[tuple[str, Any], ...]], float] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points:
                        value = point.sum if hasattr(point, "sum") else point.value
                        found[metric.name, tuple(sorted((point.attributes or {}).items()))] = value
        return found


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    kept = Told()
    yield kept
    await kept.telemetry.close()


def stage(told: Told, **changed: Any) -> tuple[Services, MemoryQueue]:
    given, _ = services()
    queue = MemoryQueue()
    return observed(replace(given, telemetry=told.telemetry, delays=Delays(queue, lambda: 0.5), **changed)), queue


async def test_an_event_is_one_trace_from_trigger_to_blob(told: Told) -> None:
    given, _ = stage(told)
    await handle(EVENT, event_reading(given), given, comes_again=True)
    spans = {span.context.span_id: span for span in told.spans() if span.context}
    assert len({span.context.trace_id for span in told.spans() if span.context}) == 1
    (root,) = (span for span in told.spans() if span.parent is None)
    lines = set()
    for span in told.spans():
        line, at = [span.name], span
        while at.parent is not None:
            at = spans[at.parent.span_id]
            line.append(at.name)
        lines.add(" < ".join(line))
    assert lines == {
        "muster.event",
        "muster.parse < muster.event",
        "muster.settle < muster.event",
        "muster.read < muster.settle < muster.event",
        "muster.judge < muster.settle < muster.event",
        "muster.store < muster.settle < muster.event",
    }
    assert root.kind is SpanKind.CONSUMER
    assert root.attributes == {
        "muster.resource": RESOURCE,
        "muster.correlation": json.loads(EVENT)["data"]["correlationId"],
        "muster.cause": "written",
        "muster.attempt": 1,
        "muster.latency": (given.clock() - parse_instant(json.loads(EVENT)["time"])).total_seconds(),
        "muster.outcome": "recorded",
    }
    stored = [
        span.attributes["muster.operation"] for span in told.spans() if span.attributes and span.name.endswith("store")
    ]
    assert stored == ["read latest", "write history", "write latest"]


@pytest.mark.parametrize(("answer", "said"), [(FoundMany((), NOW), "FoundMany"), (None, "None")])
async def test_a_question_for_effective_rules_is_a_span_where_they_are_asked_for(
    told: Told, answer: ListAnswer | None, said: str
) -> None:
    interface = ResourceId.parse(f"{VM.scope}/providers/Microsoft.Network/networkInterfaces/nic")
    reader = Reader(NotRead("x"), effective={interface: answer}, reads_effective_rules=True)
    given, _ = stage(told, reader=reader)
    assert given.reader.reads_effective_rules
    assert await given.reader.effective_rules(interface) == answer
    (span,) = told.spans()
    assert span.attributes == {
        "muster.operation": "effective rules",
        "muster.resource": str(interface),
        "muster.answer": said,
    }


async def test_an_event_that_brings_nothing_new_reads_and_writes_once(told: Told) -> None:
    given, _ = services()
    later = RecordedAzure.from_folder(SAMPLES / "resources", lambda: NOW + timedelta(minutes=1))
    for reader in (given.reader, later):
        told.clear()
        looking = observed(replace(given, telemetry=told.telemetry, reader=reader))
        await handle(EVENT, event_reading(looking), looking, comes_again=True)
    stored = [dict(span.attributes or {}) for span in told.spans() if span.name == "muster.store"]
    assert [each["muster.operation"] for each in stored] == ["read latest", "write latest"]


async def test_a_trace_goes_on_with_the_one_that_the_event_belongs_to(told: Told) -> None:
    given, _ = stage(told)
    cloud = {"specversion": "1.0", "id": "1", "source": "/s", "type": "x", "time": "2026-11-23T00:00:00Z"}
    event = json.dumps({**cloud, "data": {"traceparent": "no"}, "traceparent": PARENT})
    await handle(event, event_reading(given), given, comes_again=True)
    (root,) = (span for span in told.spans() if span.name == "muster.event")
    assert root.context is not None
    assert root.parent is not None
    assert f"{root.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{root.parent.span_id:016x}" == PARENT.split("-")[2]


@pytest.mark.parametrize("parent", ['"x"', "7", "null", '"00-0-0-00"', '"' + "9" * 9999 + '"'])
async def test_a_trace_that_is_none_is_no_parent(told: Told, parent: str) -> None:
    given, _ = stage(told)
    await handle(f'{{"traceparent": {parent}}}', event_reading(given), given, comes_again=True)
    (root,) = (span for span in told.spans() if span.name == "muster.event")
    assert root.parent is None


async def test_evaluations_are_counted_by_state_and_events_by_outcome(told: Told) -> None:
    given, _ = stage(told)
    for _ in range(2):
        await handle(EVENT, event_reading(given), given, comes_again=True)
    await handle("{", event_reading(given), given, comes_again=True)
    measured = told.measured()
    assert measured["muster.evaluations", (("muster.state", "NonCompliant"),)] == 2
    assert measured["muster.events", (("muster.outcome", "recorded"),)] == 1
    assert measured["muster.events", (("muster.outcome", "confirmed"),)] == 1
    assert measured["muster.events", (("muster.outcome", "unprocessed"),)] == 1


async def test_latency_is_from_the_events_time_to_the_finding(told: Told) -> None:
    given, _ = stage(told)
    request = event_reading(given)(EVENT)
    assert isinstance(request, EvaluationRequest)
    await handle(EVENT, event_reading(given), given, comes_again=True)
    later = request_message(replace(request, cause=Cause.SETTLE))
    await handle(later, parse_request, given, comes_again=False)
    assert told.measured()["muster.latency", ()] == (given.clock() - request.time).total_seconds()
    assert sum("muster.latency" in (span.attributes or {}) for span in told.spans()) == 1


@pytest.mark.parametrize(
    ("fault", "comes_again", "outcome"),
    [
        (TransientFault("throttled"), False, "again"),
        (TransientFault("throttled"), True, "failed"),
        (KeyError("a bug"), True, "failed"),
    ],
)
async def test_a_fault_is_told(told: Told, fault: Exception, comes_again: bool, outcome: str) -> None:
    given, _ = stage(told, reader=BrokenReader(fault))
    if comes_again:
        with pytest.raises(TransientFault):
            await handle(EVENT, event_reading(given), given, comes_again=True)
    else:
        await handle(EVENT, event_reading(given), given, comes_again=False)
    assert told.measured()["muster.events", (("muster.outcome", outcome),)] == 1
    (read,) = (span for span in told.spans() if span.name == "muster.read")
    assert read.attributes is not None
    assert read.attributes["error.type"] == type(fault).__name__
    assert read.status.status_code is StatusCode.ERROR
    assert not read.events


def test_every_end_is_an_outcome() -> None:
    assert {*Change, Next.AGAIN, Next.COALESCED} <= {str(outcome) for outcome in Outcome}


@pytest.mark.parametrize("broken", [False, True], ids=["handled", "failed"])
async def test_nothing_of_the_person_or_of_secrets_is_told(told: Told, broken: bool) -> None:
    records: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))

    keeping = Keeping()
    keeping.addFilter(LogLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(keeping)
    root.setLevel(logging.DEBUG)
    planted = json.loads(EVENT)
    planted["data"]["claims"] = {"upn": CALLER, "puid": TOKEN}
    planted["data"]["httpRequest"] = {"clientIpAddress": "203.0.113.77"}
    planted["data"]["authorization"] = {"evidence": {"principalId": "evidence-of-mallory"}}
    given, _ = stage(told)
    if broken:
        fault = KeyError(f'{CALLER} Bearer {TOKEN} "adminPassword": "hunter 2"')
        given = observed(replace(given, telemetry=told.telemetry, reader=BrokenReader(fault)))
    try:
        for text in (json.dumps(planted), json.dumps(planted)[:-9]):
            try:
                await handle(text, event_reading(given), given, comes_again=True)
            except TransientFault:
                assert broken
    finally:
        root.removeHandler(keeping)
        root.setLevel(level)
    assert records
    everything = "\n".join([*records, *(span.to_json() for span in told.spans()), repr(told.measured())])
    for secret in (CALLER, "mallory", TOKEN, "hunter", "203.0.113.77"):
        assert secret not in everything
    assert RESOURCE in everything


async def test_a_log_line_carries_its_fields(caplog: pytest.LogCaptureFixture, told: Told) -> None:
    given, _ = stage(told)
    caplog.handler.addFilter(LogLines())
    with caplog.at_level(logging.INFO):
        await handle(EVENT, event_reading(given), given, comes_again=True)
    (line,) = (record.getMessage() for record in caplog.records if "muster.outcome" in record.getMessage())
    fields = json.loads(line[line.index("{") :])
    assert fields["muster.outcome"] == "recorded"
    assert fields["muster.resource"] == RESOURCE
    assert fields["muster.correlation"] == json.loads(EVENT)["data"]["correlationId"]


def test_every_handler_rewrites_lines_once() -> None:
    root, handler = logging.getLogger(), logging.NullHandler()
    root.addHandler(handler)
    try:
        withhold_from_logs()
        withhold_from_logs()
        assert [type(each) for each in handler.filters] == [LogLines]
    finally:
        root.removeHandler(handler)


OFF = """
import asyncio, sys
import function_app
function = next(each for each in function_app.app.get_functions() if each.get_function_name() == "on_vm_written")
asyncio.run(function.get_user_function()(sys.argv[1]))
print(sorted(name for name in sys.modules if name.partition(".")[0] == "opentelemetry" or "azure.monitor" in name))
"""


NOWHERE = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9"


@pytest.mark.parametrize("on", [False, True], ids=["off", "on"])
def test_what_is_off_is_not_imported(on: bool) -> None:
    ignored = {"specversion": "1.0", "id": "1", "source": "/", "type": "x", "time": "2026-11-23T00:00:00Z", "data": {}}
    setting = {"APPLICATIONINSIGHTS_CONNECTION_STRING": NOWHERE} if on else {}
    ran = subprocess.run(
        [sys.executable, "-c", OFF, json.dumps(ignored)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={
            "MUSTER_STORAGE": "UseDevelopmentStorage=true",
            "MUSTER_RECORDED_RESOURCES": str(ROOT / "samples" / "resources"),
            **setting,
        },
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    modules = ran.stdout.strip()
    assert ("opentelemetry.sdk.trace" in modules) is on
    assert on or modules == "[]"
