"""A queue trigger: a batch of a sweep wants to be judged."""

import logging

import azure.functions as func

log = logging.getLogger(__name__)

blueprint = func.Blueprint()


@blueprint.function_name("on_sweep_batch")
@blueprint.queue_trigger(arg_name="message", queue_name="muster-sweeps", connection="AzureWebJobsStorage")
async def on_sweep_batch(message: str) -> None:
    """Judge the resources of a batch. Raises TransientFault where storage did not answer: the queue brings it again."""
    from functions.receiving import keep_unprocessed
    from functions.sweeping import sweep_tools
    from functions.wiring import services
    from muster.jobs.batch_message import parse_batch
    from muster.jobs.sweep import judge_named
    from muster.report.visible import visible
    from muster.values.errors import BadInput

    given = await services()
    assert given.sweeps is not None
    try:
        batch = parse_batch(message)
        judged = await judge_named(batch, given.sweeps(), sweep_tools(given))
        log.info("sweep %s, batch %d: %s", batch.sweep, batch.number, "judged" if judged else "was judged already")
    except BadInput as fault:
        log.warning("kept as unprocessed, %s: %s", fault.reason, visible(str(fault)))
        await keep_unprocessed(message, fault, given)
