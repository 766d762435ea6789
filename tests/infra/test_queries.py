"""Queries and the workbook: what they ask for is what muster tells."""

import re
from pathlib import Path

import pytest

from muster.values.measures import Attribute, Metric, Outcome, Step
from scripts.write_workbook import PANELS, text
from tests.conftest import ROOT

QUERIES = sorted((ROOT / "infra" / "queries").glob("*.kql"))
NAMES = {*Metric, *Step, *Attribute}
TOLD_IN = {"customMetrics": {*Metric}, "requests": {*Step}, "dependencies": {*Step}}
DOCUMENT = ROOT / "docs" / "telemetry.md"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_name_in_a_query_is_told(path: Path) -> None:
    query = path.read_text("utf-8")
    attributes = set(re.findall(r'customDimensions\["([^"]+)"\]', query))
    assert attributes <= {*Attribute}
    asked = set(re.findall(r'"((?:muster|http|error)\.[^"]*)"', query))
    assert asked
    assert asked <= NAMES
    names = asked - attributes
    table = re.search(r"^(?:let .*= )?(customMetrics|requests)$", query, re.MULTILINE)
    assert table is not None
    assert names <= TOLD_IN[table[1]]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_outcome_in_a_query_is_one(path: Path) -> None:
    query = path.read_text("utf-8")
    for found in re.findall(r'outcome"\]\) == "(\w+)"', query):
        assert found in {*Outcome}


def test_every_metric_is_shown() -> None:
    together = "".join(path.read_text("utf-8") for path in QUERIES)
    assert [metric for metric in Metric if f'"{metric}"' not in together] == []


def test_the_workbook_is_made_of_the_queries() -> None:
    stored = (ROOT / "infra" / "workbook" / "muster.workbook.json").read_text("utf-8")
    assert stored == text()
    assert {path.stem for path in QUERIES} == {*PANELS, "trace"}


def test_everything_that_is_told_is_documented_and_nothing_else() -> None:
    documented = re.findall(r"^\| `([a-z._]+)`", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert sorted(set(documented)) == sorted({*Metric, *Step, *Attribute, *Outcome})
