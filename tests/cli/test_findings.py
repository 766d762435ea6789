"""`muster findings` in its three formats, and `muster history verify` on a history that is not sound."""

import json

import pytest
from click.testing import CliRunner

from muster.cli import findings, history, main
from muster.jobs.history import HistoryFault, HistoryReport
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId
from muster.values.states import Severity, State
from tests.report.conftest import Findings

VM = (
    "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[JsonObject]:
    result = Findings.result(severity=Severity.HIGH, message="Encryption at host is off.")
    documents = [
        Findings.document("vm-a", (result, Findings.result(State.COMPLIANT))),
        Findings.document("vm-\x1b[31mb", (result,)),
    ]

    async def read(_storage: object, _data: object) -> list[JsonObject]:
        return documents

    monkeypatch.setattr(findings, "_read", read)
    return documents


def test_json_is_the_documents(stored: list[JsonObject]) -> None:
    assert json.loads(CliRunner().invoke(main, ["findings", "--format", "json"]).stdout) == stored


def test_json_lines_have_a_line_for_each_result(stored: list[JsonObject]) -> None:
    lines = CliRunner().invoke(main, ["findings", "--format", "jsonl"]).stdout.splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["NonCompliant", "Compliant", "NonCompliant"]
    assert len(stored) == 2


def test_the_table_has_a_row_for_each_resource_and_obeys_no_name(stored: list[JsonObject]) -> None:
    printed = CliRunner().invoke(main, ["findings"])
    assert printed.exit_code == 0
    assert printed.stdout.count("Encryption at host is off.") == len(stored)
    assert "\x1b" not in printed.stdout


@pytest.mark.parametrize("options", [(), ("--format", "json"), ("--state", "NonCompliant")])
def test_what_is_damaged_is_named_and_the_rest_goes_on(
    stored: list[JsonObject | BadInput], options: tuple[str, ...]
) -> None:
    before = CliRunner().invoke(main, ["findings", *options])
    stored.insert(1, BadInput("findings/latest/\x1bx.json is not JSON", reason="notAFinding"))
    ran = CliRunner().invoke(main, ["findings", *options])
    assert (ran.exit_code, ran.stdout) == (1, before.stdout)
    assert ran.stderr == "left out: findings/latest/\\u001bx.json is not JSON\n"


def test_an_empty_store_is_said(stored: list[JsonObject]) -> None:
    stored.clear()
    assert CliRunner().invoke(main, ["findings"]).stdout == "No findings are stored.\n"


def test_what_is_wrong_with_a_history_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = (HistoryFault("", "the latest finding is missing"), HistoryFault("e\x1b1", "the record was altered"))

    async def verify(resource_id: ResourceId, _storage: object, _data: object) -> HistoryReport:
        return HistoryReport(resource_id, ("e2", "e1"), ("e3",), faults)

    monkeypatch.setattr(history, "_verify", verify)
    ran = CliRunner().invoke(main, ["history", "verify", VM])
    assert ran.exit_code == 1
    assert ran.stdout.splitlines() == [
        f"{ResourceId.parse(VM)}: 2 records in the chain, 1 beside it, NOT sound",
        "  latest: the latest finding is missing",
        "  e\\u001b1: the record was altered",
    ]
