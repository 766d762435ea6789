"""One call to Azure Resource Manager, as telemetry hears of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

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

        def failed(kind: type[BaseException] | None, *_: object) -> None:
            if kind is not None and issubclass(kind, Exception):
                telemetry.count(Metric.ARM_CALLS, {Attribute.ERROR: kind.__name__})

        with ExitStack() as ending:
            ending.push(failed)
            yield answered
