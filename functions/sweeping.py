"""What the triggers of the sweep share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.wiring import Services
    from muster.jobs.sweep_batch import SweepTools


def sweep_tools(services: "Services") -> "SweepTools":
    """What a sweep judges with."""
    from muster.jobs.sweep_batch import SweepTools

    return SweepTools(
        reader=services.reader,
        store=services.store,
        policies=services.policies,
        sources=services.sources,
        clock=services.clock,
        delays=services.delays,
        subscriptions=services.subscriptions,
        slots=services.batch_slots,
    )
