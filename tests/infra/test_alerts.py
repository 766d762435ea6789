"""Alerts: every query is asked, and what it looks for is what muster writes."""

import re

import pytest

from muster.adapters.blob_dead_letters import DEAD_LETTERS
from muster.adapters.blob_findings import HISTORY
from muster.adapters.storage_queue import POISON
from muster.values.measures import UNITS, Metric
from tests.conftest import ROOT
from tests.infra.bicep import edited, sources
from tests.infra.bicep_deployment import Deployment, installed, watched

RULES = "Microsoft.Insights/scheduledQueryRules"
LATENESS = {"PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "P1D": 1440}
METRICS = {
    "stale-catalogue": "muster.catalogue.age",
    "sweep-overdue": "muster.sweep.age",
    "coverage-incomplete": "muster.coverage",
    "latency": "muster.latency",
}


def queries(deployment: Deployment) -> dict[str, str]:
    """Name of an alert, without the installation's -> its query."""
    return {
        one.name.removeprefix("muster-prod-"): one.properties["criteria"]["allOf"][0]["query"]
        for one in deployment.everything()
        if one.type == RULES
    }


def test_each_query_is_asked_under_its_name() -> None:
    files = {
        name.removeprefix("alerts/").removesuffix(".kql"): text for name, text in sources().items() if ".kql" in name
    }
    assert queries(installed()) == files
    assert len(files) == 7


@pytest.mark.parametrize(("alert", "metric"), METRICS.items())
def test_figures_are_asked_for_by_their_name(alert: str, metric: str) -> None:
    asked = re.findall(r'Name == "([\w.]+)"', queries(installed())[alert])
    assert asked == [metric]


@pytest.mark.parametrize(("alert", "metric"), METRICS.items())
def test_bounds_are_in_the_units_that_the_code_tells_figures_in(alert: str, metric: str) -> None:
    words = {"s": "seconds", "h": "hours", "d": "days", "1": "share"}[UNITS[Metric(metric)]]
    assert words in queries(installed())[alert].splitlines()[0]


def test_what_is_kept_is_told_by_the_words_that_the_code_logs() -> None:
    (words,) = re.findall(r'Message startswith "([^"]+)"', queries(installed())["events-not-processed"])
    for module in ("receiving.py", "on_sweep_batch.py"):
        logged = re.findall(r'log\.\w+\("([^"]+)"', (ROOT / "functions" / module).read_text("utf-8"))
        assert any(line.startswith(words) for line in logged), module


def test_the_functions_that_must_not_fail_are_those_that_there_are() -> None:
    (listed,) = re.findall(r"Name in \(([^)]+)\)", queries(installed())["events-not-processed"])
    there = set()
    for path in (ROOT / "functions").glob("*.py"):
        there.update(re.findall(r'@blueprint\.function_name\("(\w+)"\)', path.read_text("utf-8")))
    named = set(re.findall(r'"(\w+)"', listed))
    assert named <= there
    # What people see failing on the page is answered there.
    assert {name for name in there - named if name.startswith("on_")} == set()


def test_dead_letters_are_looked_for_where_they_lie() -> None:
    query = queries(installed())["dead-letters"]
    assert f'"/{DEAD_LETTERS}/"' in query
    assert f'"{POISON}/"' in query
    assert f'"/{HISTORY}/"' in queries(installed())["history-deletion"]


def test_the_logs_that_are_looked_into_are_written() -> None:
    logs = {
        one.on.split("/")[-2]: {log["category"] for log in one.properties["logs"] if log["enabled"]}
        for one in installed().everything()
        if one.type == "Microsoft.Insights/diagnosticSettings"
    }
    assert logs == {"blobServices": {"StorageWrite", "StorageDelete"}, "queueServices": {"StorageWrite"}}


def test_alerts_are_on_look_at_no_less_than_passed_since_they_last_looked_and_tell_somebody() -> None:
    made = list(installed(alertEmails="a@example.com, b@example.com").everything())
    (group,) = (one for one in made if one.type == "Microsoft.Insights/actionGroups")
    assert [one["emailAddress"] for one in group.properties["emailReceivers"]] == ["a@example.com", "b@example.com"]
    for one in made:
        if one.type == RULES:
            (condition,) = one.properties["criteria"]["allOf"]
            assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == (
                "Count",
                "GreaterThan",
                0,
            )
            assert one.properties["enabled"] is True
            assert LATENESS[one.properties["windowSize"]] >= LATENESS[one.properties["evaluationFrequency"]]
            assert one.properties["actions"]["actionGroups"] == [group.id]


def test_event_grid_s_own_dead_letters_are_an_alert_beside_the_topic() -> None:
    (alert,) = (one for one in installed().everything() if one.type == "Microsoft.Insights/metricAlerts")
    (topic,) = (one for one in installed().everything() if one.type == "Microsoft.EventGrid/systemTopics")
    assert alert.properties["scopes"] == [topic.id]
    (condition,) = alert.properties["criteria"]["allOf"]
    assert condition["metricName"] == "DeadLetteredCount"
    assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == ("Total", "GreaterThan", 0)
    assert alert.properties["actions"][0]["actionGroupId"].endswith("/actionGroups/muster-prod-alerts")
    assert not [one for one in watched().everything() if one.type == "Microsoft.Insights/metricAlerts"]


def test_a_query_that_asks_for_another_figure_is_noticed() -> None:
    given = edited("alerts/latency.kql", 'muster.latency"', 'muster.delay"')
    assert METRICS["latency"] not in queries(installed(given))["latency"].split("\n", 1)[1]
