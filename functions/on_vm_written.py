"""The Event Grid trigger: a virtual machine or a scale set was written or deleted.

The parameter is a str, so the worker hands over the event's JSON as it came, in either schema. Annotated
func.EventGridEvent or func.CloudEvent, the worker's decoder would stand in front: it refuses an event whose time it
can't read before a line of ours runs, and Event Grid would send that event again for a day and then drop it. As text,
whatever is wrong with an event is kept with the reason.
"""

from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from functions.wiring import Services

blueprint = func.Blueprint()


@blueprint.function_name("on_vm_written")
@blueprint.event_grid_trigger(arg_name="event")
async def on_vm_written(event: str) -> None:
    """Check the resource that an event names. Raises only what makes Event Grid deliver the event again."""
    from functions.wiring import services

    await receive(event, await services())


async def receive(event: str, services: "Services") -> None:
    """Check the resource that an event names, by these services."""
    from functions.receiving import event_reading, handle

    await handle(event, event_reading(services), services, comes_again=True)
