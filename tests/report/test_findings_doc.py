"""docs/findings.md names everything that a reader of findings meets."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.report.exit_code import ExitCode
from muster.report.finding_metadata import latest_metadata
from muster.report.redaction import SECRET_MEMBERS
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import InvalidEvent
from muster.values.request import Cause
from muster.values.states import ROLL_UP_ORDER, Severity, State
from tests.report.conftest import NOW

if TYPE_CHECKING:
    from tests.report.conftest import Findings

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "policies/schemas/finding.schema.json").read_text("utf-8"))
PARTS = [SCHEMA["$defs"][part] for part in ("resource", "counts", "result", "reason", "evaluation")]
MEMBERS = {name for part in [SCHEMA, *PARTS] for name in part["properties"]}


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docs/findings.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted({*MEMBERS, *State, *Severity, *Cause}))
def test_names(text: str, name: str) -> None:
    assert f"`{name}`" in text


def test_metadata(text: str, findings: "type[Findings]") -> None:
    image = dict.fromkeys(("product", "release", "cycle", "channel"), "x")
    lifecycle = dict.fromkeys(("endOfSupportDate", "extendedEndDate"), "2027-01-01")
    names = latest_metadata(findings.document(image={**image}, lifecycle={**lifecycle}))
    section = text.partition("## Blob metadata")[2]
    assert [name for name in names if f"`{name}`" not in section] == []


def test_the_unprocessed_record(text: str) -> None:
    _, record = unprocessed_record({}, InvalidEvent("x"), NOW)
    section = text.partition("## Unprocessed events")[2]
    assert [name for name in record if f"`{name}`" not in section] == []


def test_exit_codes(text: str) -> None:
    section = text.partition("## Exit codes")[2].partition("##")[0]
    assert [code for code in ExitCode if f"| {code.value} |" not in section] == []


def test_the_roll_up(text: str) -> None:
    assert " > ".join(ROLL_UP_ORDER) in text


def test_secrets(text: str) -> None:
    assert [name for name in SECRET_MEMBERS if name not in text.lower()] == []
