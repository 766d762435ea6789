"""How muster itself is: what telemetry tells every few minutes."""

from collections.abc import Mapping
from datetime import date

from muster.jobs.sweep import LAST_COVERAGE
from muster.ports import Clock, DocumentStore, Telemetry
from muster.values.errors import BadInput
from muster.values.instant import parse_instant
from muster.values.json import JsonObject
from muster.values.measures import Attribute, Metric


async def tell_health(
    documents: DocumentStore,
    depths: Mapping[str, int],
    catalogue_date: date | None,
    *,
    clock: Clock,
    telemetry: Telemetry,
) -> None:
    """Tell how many messages wait in each queue, how many days old the catalogue is, how many hours ago the last sweep
    ended and which share of what Azure has it judged. What is not known is not told.

    Raises TransientFault where the store did not answer.
    """
    for queue, depth in depths.items():
        telemetry.gauge(Metric.QUEUE_DEPTH, depth, {Attribute.QUEUE: queue})
    now = clock()
    if catalogue_date is not None:
        telemetry.gauge(Metric.CATALOGUE_AGE, (now.date() - catalogue_date).days)
    try:
        stored = await documents.read(LAST_COVERAGE)
        finished = None if stored is None else parse_instant(str(stored.document.get("finishedAt")))
    except (BadInput, ValueError):
        return
    if stored is None or finished is None:
        return
    telemetry.gauge(Metric.SWEEP_AGE, (now - finished).total_seconds() / 3600)
    share = _share(stored.document)
    if share is not None:
        telemetry.gauge(Metric.COVERAGE, share)


def _share(coverage: JsonObject) -> float | None:
    judged, total = coverage.get("judged"), coverage.get("inAzure")
    if not isinstance(judged, int) or not isinstance(total, int):
        return None
    return min(1.0, judged / total) if total else 1.0
