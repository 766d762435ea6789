"""What every way in does alike with what comes: read it, look, and keep what can't be handled."""

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.wiring import Services
    from muster.facts.event import Ignored
    from muster.ports import Span
    from muster.values.errors import BadInput
    from muster.values.json import Json
    from muster.values.measures import Attribute, Outcome
    from muster.values.request import EvaluationRequest

log = logging.getLogger(__name__)

Reading = Callable[[str], "EvaluationRequest | Ignored"]
"""From what came to a request. Raises BadInput."""


def event_reading(services: "Services") -> Reading:
    """Reads the text of an event."""
    from muster.facts.event import parse_event
    from muster.language.source import Source, read_json
    from muster.values.errors import InvalidEvent

    def read(text: str) -> "EvaluationRequest | Ignored":
        value, faults = read_json(Source("event", text))
        if faults:
            raise InvalidEvent(faults[0].message, reason="invalidJson")
        return parse_event(value, with_caller=services.record_caller)

    return read


async def handle(came: str, read: Reading, services: "Services", *, comes_again: bool) -> None:
    """Look at the resource that `came` names.

    Bad input is kept and acknowledged, since it would fail for ever. After a fault that may pass, TransientFault is
    raised where what came is delivered again at growing intervals by whoever sent it (`comes_again`); else it waits in
    the queue for its next attempt, and is kept when all are spent. A fault of muster's own is kept as well: a finding
    newer than such a record says that a later attempt went through.
    """
    from muster.values.measures import Attribute, Metric, Outcome, Step

    outcome = Outcome.FAILED
    with services.telemetry.span(Step.EVENT, parent=_traceparent(came)) as span:
        try:
            outcome = await _handle(came, read, services, span, comes_again=comes_again)
        finally:
            span.tell(Attribute.OUTCOME, outcome)
            services.telemetry.count(Metric.EVENTS, {Attribute.OUTCOME: outcome})


async def _handle(came: str, read: Reading, services: "Services", span: "Span", *, comes_again: bool) -> "Outcome":
    from muster.facts.event import Ignored
    from muster.jobs.settle import postpone
    from muster.jobs.watched import refuse_unwatched
    from muster.report.visible import visible
    from muster.values.errors import BadInput, TransientFault
    from muster.values.measures import Attribute, Outcome, Step

    request: EvaluationRequest | None = None
    try:
        with services.telemetry.span(Step.PARSE):
            found = read(came)
        if isinstance(found, Ignored):
            log.info("ignored: %s", found.reason)
            return Outcome.IGNORED
        request = found
        for name, value in _told_of(request).items():
            span.tell(name, value)
        refuse_unwatched(request.resource_id, services.subscriptions)
        return await _settled(request, services, span)
    except BadInput as bad:
        log.warning("kept as unprocessed, %s: %s", bad.reason, visible(str(bad)))
        span.tell(Attribute.REASON, bad.reason)
        await keep_unprocessed(came, bad, services)
        return Outcome.UNPROCESSED
    except TransientFault as passing:
        fault = passing
    except Exception as own:
        log.exception("kept as unprocessed, and left to come again: a fault of muster's own")
        span.tell(Attribute.REASON, "internalError")
        await keep_unprocessed(came, BadInput(f"{type(own).__name__}: {own}", reason="internalError"), services)
        fault = TransientFault(f"{type(own).__name__}: {own}")
        fault.__cause__ = own
    if comes_again or request is None:
        raise fault
    if await postpone(request, fault, services.delays):
        log.warning("attempt %d at %s failed, another follows: %s", request.attempt, request.resource_id, fault)
        return Outcome.AGAIN
    log.error("kept as unprocessed, all attempts at %s failed, the last with: %s", request.resource_id, fault)
    span.tell(Attribute.REASON, "attemptsSpent")
    await keep_unprocessed(came, BadInput(str(fault), reason="attemptsSpent"), services)
    return Outcome.UNPROCESSED


async def _settled(request: "EvaluationRequest", services: "Services", span: "Span") -> "Outcome":
    from muster.adapters.log_lines import FIELDS
    from muster.jobs.settle import settle
    from muster.report.visible import visible
    from muster.values.measures import Attribute, Metric, Outcome, Step
    from muster.values.request import Cause

    with services.telemetry.span(Step.SETTLE):
        settled = await settle(
            request,
            reader=services.reader,
            store=services.store,
            policies=services.policies,
            sources=services.sources,
            clock=services.clock,
            delays=services.delays,
        )
    if settled.hindrance:
        log.warning("%s", visible(settled.hindrance))
    outcome = Outcome(settled.outcome.change if settled.outcome else settled.next)
    if outcome in (Outcome.RECORDED, Outcome.CONFIRMED) and request.cause in (Cause.WRITTEN, Cause.WRITE_FAILED):
        latency = (services.clock() - request.time).total_seconds()
        span.tell(Attribute.LATENCY, latency)
        services.telemetry.record(Metric.LATENCY, latency)
    fields = {**_told_of(request), Attribute.OUTCOME: outcome}
    log.info("%s: %s, then %s", request.resource_id, outcome, settled.next, extra={FIELDS: fields})
    return outcome


def _told_of(request: "EvaluationRequest") -> "dict[Attribute, str | int]":
    """What telemetry and log lines say of a request: which resource, and not who."""
    from muster.values.measures import Attribute

    return {
        Attribute.RESOURCE: str(request.resource_id),
        Attribute.CORRELATION: request.correlation_id,
        Attribute.CAUSE: request.cause,
        Attribute.ATTEMPT: request.attempt,
    }


def _traceparent(came: str) -> str:
    """The trace that a CloudEvent belongs to, by its extension for distributed tracing; "" where there is none."""
    if '"traceparent"' not in came:
        return ""
    try:
        event = json.loads(came)
    except (ValueError, RecursionError):
        return ""
    found = event.get("traceparent") if isinstance(event, dict) else None
    return found if isinstance(found, str) else ""


async def keep_unprocessed(came: str, fault: "BadInput", services: "Services") -> None:
    """Keep what came, without claims, with why it could not be handled."""
    from muster.language.source import Source, read_json
    from muster.report.unprocessed import unprocessed_record

    value, faults = read_json(Source("kept", came))
    kept: Json = came if faults else value
    name, record = unprocessed_record(kept, fault, services.clock())
    await services.store.put_unprocessed(name, record)
