"""Telemetry over OpenTelemetry's SDK.

Providers of its own, so that it meets nothing that the worker or a library may have set up for the process. Nothing is
instrumented behind muster's back: what is told is what muster says, with the names of muster/values/measures.py.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import muster
from muster.ports import Attributes, Span
from muster.values.measures import UNITS, Attribute, Metric, Step

COUNTERS = (Metric.EVENTS, Metric.EVALUATIONS, Metric.ARM_CALLS, Metric.ARM_THROTTLED, Metric.CACHE)
HISTOGRAMS = (Metric.LATENCY,)
GAUGES = (Metric.QUEUE_DEPTH, Metric.CATALOGUE_AGE, Metric.SWEEP_AGE, Metric.COVERAGE)

KINDS = {Step.EVENT: SpanKind.CONSUMER, Step.ARM: SpanKind.CLIENT}
"""Application Insights takes consumers for requests and all else for dependencies."""

LATENCY_BOUNDS = (0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600)
"""In seconds: from an event's time to its finding."""

MOST_CHARACTERS = 1024
"""Of one attribute: ids and names are written by strangers."""


class _Told:
    """A step as OpenTelemetry's span."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, name: Attribute, value: str | int | float | bool) -> None:
        """See Span.tell."""
        self._span.set_attribute(name, _bounded(value))


class OpenTelemetry:
    """Telemetry through a processor of spans and a reader of metrics."""

    def __init__(self, processor: SpanProcessor, reader: MetricReader) -> None:
        resource = Resource({"service.name": "muster", "service.version": muster.__version__})
        self._tracers = TracerProvider(sampler=ALWAYS_ON, resource=resource)
        self._tracers.add_span_processor(processor)
        bounds = View(instrument_name=Metric.LATENCY, aggregation=ExplicitBucketHistogramAggregation(LATENCY_BOUNDS))
        self._meters = MeterProvider([reader], resource=resource, views=[bounds])
        self._tracer = self._tracers.get_tracer("muster", muster.__version__)
        meter = self._meters.get_meter("muster", muster.__version__)
        self._counters = {metric: meter.create_counter(metric, UNITS[metric]) for metric in COUNTERS}
        self._histograms = {metric: meter.create_histogram(metric, UNITS[metric]) for metric in HISTOGRAMS}
        self._gauges = {metric: meter.create_gauge(metric, UNITS[metric]) for metric in GAUGES}

    @contextmanager
    def span(self, step: Step, attributes: Attributes | None = None, *, parent: str = "") -> Iterator[Span]:
        """See Telemetry.span."""
        span = self._tracer.start_span(
            step, _parent(parent), KINDS.get(step, SpanKind.INTERNAL), _plain(attributes), record_exception=False
        )
        with ExitStack() as ending:
            ending.callback(span.end)
            ending.callback(contexts.detach, contexts.attach(trace.set_span_in_context(span)))
            ending.push(partial(_failed, span))
            yield _Told(span)

    def count(self, metric: Metric, attributes: Attributes | None = None) -> None:
        """See Telemetry.count."""
        self._counters[metric].add(1, _plain(attributes))

    def record(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """See Telemetry.record."""
        self._histograms[metric].record(value, _plain(attributes))

    def gauge(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """See Telemetry.gauge."""
        self._gauges[metric].set(value, _plain(attributes))

    async def close(self) -> None:
        """Send what was not sent yet, and stop."""
        await asyncio.to_thread(self._tracers.shutdown)
        await asyncio.to_thread(self._meters.shutdown)


def _failed(span: trace.Span, kind: type[BaseException] | None, *_: object) -> None:
    """Tells what ended a step, by its kind alone: a message may quote what came."""
    if kind is not None:
        span.set_attribute(Attribute.ERROR, kind.__name__)
        span.set_status(Status(StatusCode.ERROR))


def _parent(traceparent: str) -> contexts.Context | None:
    """The context that a traceparent names, None where it is none. What it says of sampling counts for nothing: it came
    with an event."""
    found = trace.get_current_span(TraceContextTextMapPropagator().extract({"traceparent": traceparent}))
    if not traceparent or not found.get_span_context().is_valid:
        return None
    return trace.set_span_in_context(found)


def _plain(attributes: Attributes | None) -> dict[str, str | int | float | bool]:
    return {str(name): _bounded(value) for name, value in (attributes or {}).items()}


def _bounded(value: str | int | float | bool) -> str | int | float | bool:
    return str(value)[:MOST_CHARACTERS] if isinstance(value, str) else value
