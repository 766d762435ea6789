"""What is told of muster itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from muster.adapters.no_telemetry import NoTelemetry
from muster.jobs.health import tell_health
from muster.jobs.sweep import LAST_COVERAGE
from muster.ports import Attributes
from muster.values.json import JsonObject
from muster.values.measures import Metric
from tests.memory_documents import MemoryDocuments

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FINISHED = "2026-11-28T06:00:00Z"


class Gauges(NoTelemetry):
    def __init__(self) -> None:
        self.told: dict[tuple[Any, ...], float] = {}

    def gauge(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        self.told[(metric, *(attributes or {}).values())] = value


async def told(coverage: JsonObject | None, catalogue: date | None = None) -> dict[tuple[Any, ...], float]:
    documents, gauges = MemoryDocuments(), Gauges()
    if coverage is not None:
        await documents.put(LAST_COVERAGE, coverage)
    await tell_health(documents, {"muster-events": 3}, catalogue, clock=lambda: NOW, telemetry=gauges)
    return gauges.told


async def test_what_is_known_is_told() -> None:
    assert await told({"finishedAt": FINISHED, "judged": 3, "inAzure": 4}, date(2026, 11, 1)) == {
        (Metric.QUEUE_DEPTH, "muster-events"): 3,
        (Metric.CATALOGUE_AGE,): 27,
        (Metric.SWEEP_AGE,): 6,
        (Metric.COVERAGE,): 0.75,
    }


@pytest.mark.parametrize(
    ("coverage", "share"),
    [
        ({"finishedAt": FINISHED, "judged": 0, "inAzure": 0}, 1.0),
        ({"finishedAt": FINISHED, "judged": 5, "inAzure": 4}, 1.0),
        ({"finishedAt": FINISHED, "judged": "5"}, None),
        ({"finishedAt": "yesterday", "judged": 1, "inAzure": 1}, None),
        ({}, None),
        (None, None),
    ],
)
async def test_what_is_not_known_is_not_told(coverage: JsonObject | None, share: float | None) -> None:
    assert (await told(coverage)).get((Metric.COVERAGE,)) == share
