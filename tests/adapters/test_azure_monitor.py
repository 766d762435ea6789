"""What arrives at Application Insights, by Microsoft's own exporters and over a real connection to this machine."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from muster.adapters.azure_monitor import NOT_ABOUT_MUSTER, azure_monitor
from muster.values.measures import Attribute, Metric, Step
from tests.adapters.ingestion import Ingestion, taking


@pytest.fixture
def ingestion(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ingestion]:
    for name in NOT_ABOUT_MUSTER:
        monkeypatch.setenv(name, "true")
    with taking() as server:
        yield server


async def test_spans_and_measurements_arrive_and_nothing_else(ingestion: Ingestion) -> None:
    telemetry = azure_monitor(ingestion.connection)
    with telemetry.span(Step.EVENT, {Attribute.CORRELATION: "c0ffee"}) as event:
        event.tell(Attribute.OUTCOME, "recorded")
        with pytest.raises(KeyError), telemetry.span(Step.ARM):
            raise KeyError("not for anybody")
    telemetry.count(Metric.EVENTS, {Attribute.OUTCOME: "recorded"})
    telemetry.record(Metric.LATENCY, 12.5)
    telemetry.gauge(Metric.COVERAGE, 0.75)
    await telemetry.close()
    found = {item["data"]["baseType"] + " " + name_of(item): item["data"]["baseData"] for item in ingestion.taken}
    assert set(found) == {
        "RequestData muster.event",
        "RemoteDependencyData muster.arm",
        "MetricData muster.events",
        "MetricData muster.latency",
        "MetricData muster.coverage",
    }
    assert found["RequestData muster.event"]["properties"] == {
        "muster.correlation": "c0ffee",
        "muster.outcome": "recorded",
    }
    assert found["RemoteDependencyData muster.arm"]["success"] is False
    assert found["MetricData muster.latency"]["metrics"][0]["value"] == 12.5
    assert "not for anybody" not in json.dumps(ingestion.taken)
    assert {item["tags"]["ai.cloud.role"] for item in ingestion.taken} == {"muster"}


def name_of(item: dict[str, Any]) -> str:
    data = item["data"]["baseData"]
    return str(data["name"] if "name" in data else data["metrics"][0]["name"])
