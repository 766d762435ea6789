"""Telemetry: what it costs a first event, and every event, off and on.

    python -m benchmarks.telemetry [--store]

A first event: fresh processes import function_app.py and handle a sample up to its finding in Azurite; on, telemetry
goes to a port of this machine where nobody listens. The time ends with the event, as an invocation does: what
the thread that sends takes comes after it. Importing Microsoft's exporters, which that thread does, is told apart.

An event: the processor's time of handling the same sample again and again with a store in memory, off and on, on with a
processor of spans that drops them; and what the calls of one event cost with telemetry that is off.
`--store` writes the result beside this script.
"""

import argparse
import asyncio
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanProcessor

from benchmarks.cold_start import ROOT, machine, time_programs
from functions.receiving import event_reading, handle
from functions.wiring import Services, observed
from muster.adapters.no_telemetry import NO_TELEMETRY
from muster.adapters.telemetry import OpenTelemetry
from muster.local.azurite import azurite
from muster.local.node import find_azurite
from muster.values.measures import Attribute, Metric, Step
from tests.functions.test_on_vm_written import events, services

RESULT = Path(__file__).with_suffix(".json")
NOWHERE = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/"
ROUNDS, EVENTS = 15, 200

_EVENT = """
import asyncio, sys, time
event = open(sys.argv[1]).read().strip()[1:-1]
wall, processor = time.perf_counter(), time.process_time()
import function_app
function = next(each for each in function_app.app.get_functions() if each.get_function_name() == "on_vm_written")

async def handle():
    await function.get_user_function()(event)
    print(time.perf_counter() - wall, time.process_time() - processor, flush=True)
    __import__("os")._exit(0)

asyncio.run(handle())
"""
_EXPORTERS = """
import time
wall, processor = time.perf_counter(), time.process_time()
import azure.monitor.opentelemetry.exporter
print(time.perf_counter() - wall, time.process_time() - processor)
"""


async def first_events() -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as data:
        async with azurite(find_azurite(ROOT), Path(data)) as storage:
            off = {
                **os.environ,
                "MUSTER_STORAGE": storage.connection_string,
                "MUSTER_RECORDED_RESOURCES": str(ROOT / "samples" / "resources"),
            }
            on = {**off, "APPLICATIONINSIGHTS_CONNECTION_STRING": NOWHERE}
            sample = str(ROOT / "samples" / "events" / "09-rhel-8-lvm.json")
            return {
                "firstEventOff": (await asyncio.to_thread(time_programs, {"x": (_EVENT, sample)}, off))["x"],
                "firstEventOn": (await asyncio.to_thread(time_programs, {"x": (_EVENT, sample)}, on))["x"],
                "importExporters": (await asyncio.to_thread(time_programs, {"x": (_EXPORTERS,)}, off))["x"],
            }


async def each_event() -> dict[str, float]:
    """Microseconds of the processor for an event; the two take turns."""
    given, _ = services()
    telemetry = OpenTelemetry(SpanProcessor(), InMemoryMetricReader())
    sides = {"off": given, "on": observed(replace(given, telemetry=telemetry))}
    (event,) = events("13-rocky-9.json")
    took: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            took[name].append(await _handled(event, side))
    await telemetry.close()
    return {name: round(statistics.median(found), 1) for name, found in took.items()}


async def _handled(event: str, given: Services) -> float:
    read = event_reading(given)
    began = time.process_time()
    for _ in range(EVENTS):
        await handle(event, read, given, comes_again=True)
    return (time.process_time() - began) / EVENTS * 1_000_000


def calls_of_one_event() -> float:
    """Microseconds for what receiving asks of telemetry that is off."""
    began = time.process_time()
    for _ in range(10_000):
        with NO_TELEMETRY.span(Step.EVENT, parent="") as span:
            with NO_TELEMETRY.span(Step.PARSE):
                pass
            for name in (Attribute.RESOURCE, Attribute.CORRELATION, Attribute.CAUSE, Attribute.ATTEMPT):
                span.tell(name, "x")
            with NO_TELEMETRY.span(Step.SETTLE):
                pass
            NO_TELEMETRY.record(Metric.LATENCY, 1.0)
            span.tell(Attribute.OUTCOME, "x")
            NO_TELEMETRY.count(Metric.EVENTS, {Attribute.OUTCOME: "x"})
    return round((time.process_time() - began) / 10_000 * 1_000_000, 2)


async def measure() -> dict[str, Any]:
    logging.getLogger().setLevel(logging.WARNING)
    return {
        "firstEvent": await first_events(),
        "microsecondsAnEvent": await each_event(),
        "microsecondsOfCallsWhenOff": calls_of_one_event(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    store = parser.parse_args().store
    on = machine()
    result = {**asyncio.run(measure()), "machine": on}
    text = json.dumps(result, indent=2)
    print(text)
    if store:
        RESULT.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
