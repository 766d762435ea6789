"""One call to Azure Resource Manager, as telemetry hears of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from muster.ports import Telemetry
from muster.values.measures import Attribute, Metric, Step

THROTTLED = 429


@contextmanager
def observed_call(telemetry: Telemetry, method: str) -> Iterator[Callable[[int], None]]:
    """A call as a span, counted by the status that the caller tells; one that had no answer, by what was raised."""
    with telemetry.span(Step.ARM, {Attribute.METHOD: method}) as span:

        def answered(status: int) -> None:
            span.tell(Attribute.STATUS, status)
            telemetry.count(Metric.ARM_CALLS, {Attribute.STATUS: status})
            if status == THROTTLED:
                telemetry.count(Metric.ARM_THROTTLED)

        try:
            yield answered
        except Exception as fault:
            telemetry.count(Metric.ARM_CALLS, {Attribute.ERROR: type(fault).__name__})
            raise
