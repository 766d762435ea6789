"""A queue trigger: events that a subscription delivers to a Storage Queue.

The way that works without keys and behind a firewall. The message is the event, in either schema, as text; it is not
delivered again by anybody but the queue, so after a fault it waits among the evaluation requests for its next attempt.
"""

import azure.functions as func

blueprint = func.Blueprint()


@blueprint.function_name("on_event_queued")
@blueprint.queue_trigger(arg_name="message", queue_name="muster-events", connection="AzureWebJobsStorage")
async def on_event_queued(message: str) -> None:
    """Check the resource that an event names. Raises only where the message can neither be handled nor kept."""
    from functions.receiving import event_reading, handle
    from functions.wiring import services

    given = await services()
    await handle(message, event_reading(given), given, comes_again=False)
