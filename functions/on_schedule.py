"""The timer trigger: goes on with the sweep, begins one where it is due, publishes its coverage.

Every five minutes one step; what takes longer than a function may is done in several, and what a crash interrupted is
taken up by the next.
"""

import logging
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from functions.wiring import Services

log = logging.getLogger(__name__)

blueprint = func.Blueprint()


@blueprint.function_name("on_schedule")
@blueprint.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
async def on_schedule(timer: func.TimerRequest) -> None:
    """Go one step. Raises TransientFault where Azure or storage did not answer; the next step comes in any case."""
    from functions.sweeping import sweep_tools
    from functions.wiring import services
    from muster.jobs.sweep import Step, advance

    given = await services()
    assert given.sweeps is not None
    step = await advance(given.sweeps(), sweep_tools(given))
    if step is not Step.IDLE:
        log.info("sweep: %s%s", step, " (late)" if timer.past_due else "")
    await _tell_health(given)


async def _tell_health(given: "Services") -> None:
    """Where telemetry is on. A queue that does not answer is no fault of the sweep's."""
    from muster.adapters.no_telemetry import NO_TELEMETRY
    from muster.jobs.health import tell_health
    from muster.values.errors import TransientFault

    if given.telemetry is NO_TELEMETRY or given.sweeps is None or given.depths is None:
        return
    try:
        await tell_health(
            given.sweeps().documents,
            await given.depths(),
            given.sources.catalogue.date,
            clock=given.clock,
            telemetry=given.telemetry,
        )
    except TransientFault as fault:
        log.warning("how muster is was not told: %s", fault)
