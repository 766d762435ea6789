"""What every way in does alike with what comes: read it, look, and keep what can't be handled."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.wiring import Services
    from muster.facts.event import Ignored
    from muster.values.errors import BadInput
    from muster.values.json import Json
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
    from muster.facts.event import Ignored
    from muster.jobs.settle import postpone, settle
    from muster.jobs.watched import refuse_unwatched
    from muster.report.visible import visible
    from muster.values.errors import BadInput, TransientFault

    request: EvaluationRequest | None = None
    try:
        found = read(came)
        if isinstance(found, Ignored):
            log.info("ignored: %s", found.reason)
            return
        request = found
        refuse_unwatched(request.resource_id, services.subscriptions)
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
        change = settled.outcome.change if settled.outcome else settled.next
        log.info("%s: %s, then %s", request.resource_id, change, settled.next)
        return
    except BadInput as bad:
        log.warning("kept as unprocessed, %s: %s", bad.reason, visible(str(bad)))
        await keep_unprocessed(came, bad, services)
        return
    except TransientFault as passing:
        fault = passing
    except Exception as own:
        log.exception("kept as unprocessed, and left to come again: a fault of muster's own")
        await keep_unprocessed(came, BadInput(f"{type(own).__name__}: {own}", reason="internalError"), services)
        fault = TransientFault(f"{type(own).__name__}: {own}")
        fault.__cause__ = own
    if comes_again or request is None:
        raise fault
    if await postpone(request, fault, services.delays):
        log.warning("attempt %d at %s failed, another follows: %s", request.attempt, request.resource_id, fault)
        return
    log.error("kept as unprocessed, all attempts at %s failed, the last with: %s", request.resource_id, fault)
    await keep_unprocessed(came, BadInput(str(fault), reason="attemptsSpent"), services)


async def keep_unprocessed(came: str, fault: "BadInput", services: "Services") -> None:
    """Keep what came, without claims, with why it could not be handled."""
    from muster.language.source import Source, read_json
    from muster.report.unprocessed import unprocessed_record

    value, faults = read_json(Source("kept", came))
    kept: Json = came if faults else value
    name, record = unprocessed_record(kept, fault, services.clock())
    await services.store.put_unprocessed(name, record)
