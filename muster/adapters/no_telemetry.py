"""Telemetry that is switched off."""

from contextlib import AbstractContextManager, nullcontext

from muster.ports import Attributes, Span, Telemetry
from muster.values.measures import Attribute, Metric, Step


class _Silence:
    """A step that nobody hears of."""

    def tell(self, name: Attribute, value: str | int | float | bool) -> None:
        """See Span.tell."""


_SILENCE: AbstractContextManager[Span] = nullcontext(_Silence())


class NoTelemetry:
    """Telemetry that tells nobody."""

    def span(
        self,
        step: Step,  # noqa: ARG002
        attributes: Attributes | None = None,  # noqa: ARG002
        *,
        parent: str = "",  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """See Telemetry.span."""
        return _SILENCE

    def count(self, metric: Metric, attributes: Attributes | None = None) -> None:
        """See Telemetry.count."""

    def record(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """See Telemetry.record."""

    def gauge(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """See Telemetry.gauge."""


NO_TELEMETRY: Telemetry = NoTelemetry()
