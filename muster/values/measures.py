"""What muster tells about its own work: the names of steps, metrics and attributes. Table: docs/telemetry.md."""

from enum import StrEnum


class Step(StrEnum):
    """A part of the work on one event, each a span."""

    EVENT = "muster.event"
    """All that is done for what came to a trigger."""
    PARSE = "muster.parse"
    SETTLE = "muster.settle"
    READ = "muster.read"
    """One question to Azure, answered by as many calls as it takes, or by what is kept."""
    ARM = "muster.arm"
    """One call to Azure Resource Manager."""
    JUDGE = "muster.judge"
    STORE = "muster.store"
    """One question to the store of findings, or one thing written to it."""


class Metric(StrEnum):
    """What is counted or measured."""

    EVENTS = "muster.events"
    EVALUATIONS = "muster.evaluations"
    LATENCY = "muster.latency"
    ARM_CALLS = "muster.arm.calls"
    ARM_THROTTLED = "muster.arm.throttled"
    CACHE = "muster.cache"
    QUEUE_DEPTH = "muster.queue.depth"
    CATALOGUE_AGE = "muster.catalogue.age"
    SWEEP_AGE = "muster.sweep.age"
    COVERAGE = "muster.coverage"


UNITS = {
    Metric.EVENTS: "{event}",
    Metric.EVALUATIONS: "{evaluation}",
    Metric.LATENCY: "s",
    Metric.ARM_CALLS: "{call}",
    Metric.ARM_THROTTLED: "{call}",
    Metric.CACHE: "{question}",
    Metric.QUEUE_DEPTH: "{message}",
    Metric.CATALOGUE_AGE: "d",
    Metric.SWEEP_AGE: "h",
    Metric.COVERAGE: "1",
}
"""The unit of each metric, in UCUM as OpenTelemetry writes them."""


class Attribute(StrEnum):
    """What a span or a measurement says beside its name."""

    OUTCOME = "muster.outcome"
    REASON = "muster.reason"
    STATE = "muster.state"
    RESOURCE = "muster.resource"
    CORRELATION = "muster.correlation"
    CAUSE = "muster.cause"
    ATTEMPT = "muster.attempt"
    LATENCY = "muster.latency"
    """As the metric of that name. A distribution that was added up on the way has no percentiles."""
    OPERATION = "muster.operation"
    ANSWER = "muster.answer"
    HIT = "muster.cache.hit"
    QUEUE = "muster.queue"
    METHOD = "http.request.method"
    STATUS = "http.response.status_code"
    ERROR = "error.type"


class Outcome(StrEnum):
    """What became of what came to a trigger."""

    IGNORED = "ignored"
    """None of muster's business."""
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    STALE = "stale"
    ABSENT = "absent"
    UNSETTLED = "unsettled"
    COALESCED = "coalesced"
    """Somebody had looked already."""
    AGAIN = "again"
    """Put off: the same resource will be looked at later."""
    UNPROCESSED = "unprocessed"
    """Kept as unprocessed: a dead letter."""
    FAILED = "failed"
    """Raised, so that whoever sent it sends it again."""
