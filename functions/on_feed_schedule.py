"""A timer: writes what changed to the feed, and tells the topic, where there is one."""

import logging
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from functions.feed_wiring import FeedServices

log = logging.getLogger(__name__)

blueprint = func.Blueprint()


@blueprint.function_name("on_feed_schedule")
@blueprint.timer_trigger(arg_name="timer", schedule="30 */5 * * * *")
async def on_feed_schedule(timer: func.TimerRequest) -> None:
    """Publish and tell. Raises TransientFault where storage or the topic does not answer; the next run goes on where
    this one was."""
    from functions.feed_wiring import feed_services

    if timer.past_due:
        log.info("the feed is late")
    async with feed_services() as services:
        await publish_and_tell(services)


async def publish_and_tell(services: "FeedServices") -> None:
    """One run. A topic that is down holds up no segment of the feed."""
    import muster
    from muster.jobs.notify import notify
    from muster.jobs.publish import publish_feed

    published = await publish_feed(services.published, clock=services.clock, product_version=muster.__version__)
    if published.overtaken:
        log.warning("the feed was left to another process")
    if published.segments:
        log.info("feed: %d changes in %d segments", published.lines, len(published.segments))
    if published.gaps:
        log.warning("feed: %d resources have a hole in their history", published.gaps)
    if services.notified is None:
        return
    told = await notify(services.notified, clock=services.clock, threshold=services.threshold)
    if told.sent:
        log.info("topic: %d notifications sent", told.sent)
    if told.refused:
        log.warning("topic: %d notifications refused, kept as unprocessed", told.refused)
