"""Telemetry that goes to Application Insights.

Microsoft's exporters take 0.25 s to import, twice what the rest of telemetry adds to a first event. So they are made
when something is to be sent for the first time, in the thread that sends, after the event.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

from opentelemetry.sdk.metrics import Counter, Histogram
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricExportResult,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from muster.adapters.telemetry import OpenTelemetry

EVERY_MILLISECONDS = 60_000
"""How often metrics are sent."""

_DELTA: dict[type, AggregationTemporality] = {
    Counter: AggregationTemporality.DELTA,
    Histogram: AggregationTemporality.DELTA,
}
"""Application Insights adds up itself."""

NOT_ABOUT_MUSTER = (
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
)
"""What the exporters tell of themselves, and what they let others decide for them."""


def azure_monitor(connection_string: str) -> OpenTelemetry:
    """Telemetry to the Application Insights that a connection string names."""
    options: dict[str, Any] = {"connection_string": connection_string, "disable_offline_storage": True}

    def spans() -> SpanExporter:
        from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter  # noqa: PLC0415

        return AzureMonitorTraceExporter(**options)

    def metrics() -> MetricExporter:
        from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter  # noqa: PLC0415

        return AzureMonitorMetricExporter(**options)

    for name in NOT_ABOUT_MUSTER:
        os.environ.setdefault(name, "true")
    reader = PeriodicExportingMetricReader(LaterMetrics(metrics), export_interval_millis=EVERY_MILLISECONDS)
    return OpenTelemetry(BatchSpanProcessor(LaterSpans(spans)), reader)


class LaterSpans(SpanExporter):
    """An exporter of spans that is made when there are some."""

    def __init__(self, make: Callable[[], SpanExporter]) -> None:
        self._make = make
        self._made: SpanExporter | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See SpanExporter.export."""
        self._made = self._made or self._make()
        return self._made.export(spans)

    def shutdown(self) -> None:
        """See SpanExporter.shutdown."""
        if self._made is not None:
            self._made.shutdown()


class LaterMetrics(MetricExporter):
    """An exporter of metrics that is made when there are some."""

    def __init__(self, make: Callable[[], MetricExporter]) -> None:
        super().__init__(preferred_temporality=_DELTA)
        self._make = make
        self._made: MetricExporter | None = None

    def export(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any) -> MetricExportResult:
        """See MetricExporter.export."""
        self._made = self._made or self._make()
        return self._made.export(metrics_data, timeout_millis, **kwargs)

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        """See MetricExporter.force_flush."""
        return self._made is None or self._made.force_flush(timeout_millis)

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        """See MetricExporter.shutdown."""
        if self._made is not None:
            self._made.shutdown(timeout_millis, **kwargs)
