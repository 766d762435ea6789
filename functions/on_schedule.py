"""The timer trigger: goes on with the sweep, begins one where it is due, publishes its coverage.

Every five minutes one step; what takes longer than a function may is done in several, and what a crash interrupted is
taken up by the next.
"""

import logging

import azure.functions as func

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
