"""The Event Grid trigger: a virtual machine or a scale set was written.

The parameter is a str, so the worker hands over the event's JSON as it came, in either schema. Annotated
func.EventGridEvent or func.CloudEvent, the worker's decoder would stand in front: it refuses an event whose time it
can't read before a line of ours runs, and Event Grid would send that event again for a day and then drop it. As text,
whatever is wrong with an event is kept with the reason.
"""

import logging
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from functions.wiring import Services
    from muster.values.errors import BadInput
    from muster.values.json import Json

log = logging.getLogger(__name__)

blueprint = func.Blueprint()


@blueprint.function_name("on_vm_written")
@blueprint.event_grid_trigger(arg_name="event")
async def on_vm_written(event: str) -> None:
    """Check the resource that an event names. Raises only what makes Event Grid deliver the event again."""
    from functions.wiring import services

    await receive(event, await services())


async def receive(event: str, services: "Services") -> None:
    """Check the resource that an event names, and keep what can't be handled.

    Bad input is kept and acknowledged, since it would fail for ever. Raises TransientFault, so that the event comes
    again: where Azure or storage did not answer, and after a fault of muster's own, which is kept as well. A finding
    newer than such a record says that a later delivery went through.
    """
    from muster.facts.event import Ignored, parse_event
    from muster.jobs.check import check
    from muster.language.source import Source, read_json
    from muster.report.visible import visible
    from muster.values.errors import BadInput, InvalidEvent, TransientFault

    came: Json = event
    try:
        value, faults = read_json(Source("event", event))
        if faults:
            raise InvalidEvent(faults[0].message, reason="invalidJson")
        came = value
        request = parse_event(came, with_caller=services.record_caller)
        if isinstance(request, Ignored):
            log.info("ignored: %s", request.reason)
            return
        outcome = await check(
            request,
            reader=services.reader,
            store=services.store,
            policies=services.policies,
            sources=services.sources,
            clock=services.clock,
        )
        log.info("%s: %s", outcome.resource_id, outcome.change)
    except TransientFault:
        raise
    except BadInput as fault:
        log.warning("kept as unprocessed, %s: %s", fault.reason, visible(str(fault)))
        await _keep(came, fault, services)
    except Exception as fault:
        log.exception("kept as unprocessed, and left to be delivered again: a fault of muster's own")
        await _keep(came, BadInput(f"{type(fault).__name__}: {fault}", reason="internalError"), services)
        raise TransientFault(f"{type(fault).__name__}: {fault}") from fault


async def _keep(came: "Json", fault: "BadInput", services: "Services") -> None:
    from muster.report.unprocessed import unprocessed_record

    name, record = unprocessed_record(came, fault, services.clock())
    await services.store.put_unprocessed(name, record)
