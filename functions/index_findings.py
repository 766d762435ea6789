"""The timer that keeps the index of findings as the findings are; the page reads it."""

import logging
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from functions.index_wiring import IndexServices

log = logging.getLogger(__name__)

blueprint = func.Blueprint()

SCHEDULE = "*/15 * * * * *"
"""Every 15 seconds: with what a page waits until it looks again, an index is at most 30 seconds behind."""


@blueprint.function_name("index_findings")
@blueprint.timer_trigger(arg_name="timer", schedule=SCHEDULE)
async def index_findings(timer: func.TimerRequest) -> None:
    """Update the index. Raises TransientFault where storage does not answer; the next run goes on."""
    from functions.index_wiring import index_services

    log.debug("past due: %s", timer.past_due)
    await update(await index_services())


async def update(services: "IndexServices") -> None:
    """Bring the published index to what the findings are, unless another process is at it."""
    from muster.jobs.index import update_index
    from muster.values.errors import Conflict

    try:
        async with services.blobs.hold() as held:
            if held is None:
                return
            outcome = await update_index(
                held,
                services.blobs,
                services.store,
                services.unprocessed,
                services.clock,
                owner_tag=services.owner_tag,
            )
    except Conflict as lost:
        log.warning("the index was left to another process: %s", lost)
        return
    if outcome.read or outcome.removed:
        log.info("index: %d findings read, %d removed", outcome.read, outcome.removed)
