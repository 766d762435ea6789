"""`muster check`: whole outputs, exit codes, and agreement with what events produce."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_policies
from muster.adapters.recorded_azure import RecordedAzure
from muster.cli import main
from muster.facts.event import parse_event
from muster.jobs.check import check
from muster.values.errors import BadInput
from muster.values.request import EvaluationRequest
from tests.golden_files import check_golden
from tests.memory_findings import MemoryFindings

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
VM = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/"
)


def definition(name: str, condition: dict[str, Any], severity: str = "high") -> dict[str, Any]:
    return {
        "name": name,
        "properties": {
            "displayName": f"Machines should have {name}",
            "mode": "Indexed",
            "metadata": {"version": "1.0.0", "category": "Test", "severity": severity},
            "parameters": {"effect": {"type": "String", "defaultValue": "audit"}},
            "policyRule": {
                "if": {"allOf": [{"field": "type", "equals": "Microsoft.Compute/virtualMachines"}, condition]},
                "then": {"effect": "[parameters('effect')]"},
            },
        },
    }


ENCRYPTION = definition(
    "encryption", {"field": "Microsoft.Compute/virtualMachines/securityProfile.encryptionAtHost", "notEquals": True}
)
SUPPORT = definition("support", {"field": "Muster.Lifecycle/daysToEndOfSupport", "less": 1}, "critical")
FAILING = definition("failing", {"value": "[substring(field('name'), 0, 200)]", "equals": "x"})


def machine(name: str, encrypted: bool | None = True, **members: Any) -> dict[str, Any]:
    profile = {} if encrypted is None else {"securityProfile": {"encryptionAtHost": encrypted}}
    return {
        "id": VM + name,
        "name": name,
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "properties": {"provisioningState": "Succeeded", "storageProfile": {"osDisk": {"osType": "Linux"}}, **profile},
        **members,
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with policies, resources and definitions, which is the current one."""
    put(tmp_path / "policies/definitions/encryption.json", ENCRYPTION)
    put(
        tmp_path / "policies/assignments/all.json",
        {"name": "all", "properties": {"displayName": "All", "policyDefinitionId": "encryption"}},
    )
    put(tmp_path / "vms/good.json", machine("good"))
    put(tmp_path / "vms/bad.json", machine("bad", encrypted=False))
    put(tmp_path / "vms/nic.json", {"id": VM + "x/nics/nic", "type": "Microsoft.Network/networkInterfaces"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), "utf-8")
    return path


def run(*arguments: str, piped: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=piped, catch_exceptions=False)


def lines(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_table(folder: Path) -> None:
    result = run("vms", "--policies", "policies", "--as-of", "2026-11-23")
    assert result.exit_code == 10
    assert result.stderr == ""
    check_golden(GOLDEN / "check.txt", result.stdout)


def test_json_lines(folder: Path) -> None:
    result = run("vms/bad.json", "vms/good.json", "--policies", "policies", "--format", "jsonl")
    assert result.exit_code == 10
    assert [(line["resource"], line["state"]) for line in lines(result)] == [
        (f"{VM}bad", "NonCompliant"),
        (f"{VM}good", "Compliant"),
    ]
    assert lines(result)[0] | {"resource": "", "reasons": []} == {
        "resource": "",
        "assignment": "all",
        "definition": "encryption",
        "state": "NonCompliant",
        "effect": "audit",
        "severity": "high",
        "reasons": [],
    }


def test_json_is_a_list_of_finding_documents(folder: Path) -> None:
    result = run("vms", "--policies", "policies", "--format", "json", "--as-of", "2026-11-23")
    findings = json.loads(result.stdout)
    assert [finding["resource"]["name"] for finding in findings] == ["bad", "good", None]
    assert {finding["evaluation"]["observedAt"] for finding in findings} == {"2026-11-23T00:00:00Z"}


@pytest.mark.parametrize(
    ("rule", "body", "code"),
    [
        (ENCRYPTION, machine("vm"), 0),
        (ENCRYPTION, machine("vm", encrypted=False), 10),
        (SUPPORT, machine("vm"), 11),
        (FAILING, machine("vm"), 1),
        (ENCRYPTION, {"id": VM, "type": "Microsoft.Network/networkInterfaces", "location": "x"}, 0),
    ],
    ids=["compliant", "not compliant", "unknown", "error", "not applicable"],
)
def test_exit_codes(folder: Path, rule: dict[str, Any], body: dict[str, Any], code: int) -> None:
    put(folder / "rule.json", rule)
    put(folder / "vm.json", body)
    result = run("vm.json", "--definition", "rule.json", "--format", "jsonl")
    assert result.exit_code == code, result.output
    assert len(lines(result)) == 1


def test_an_error_outweighs_a_violation_and_that_an_unknown(folder: Path) -> None:
    for name, rule in (("e", ENCRYPTION), ("s", SUPPORT), ("f", FAILING)):
        put(folder / f"rules/{name}.json", rule)
    bad = "vms/bad.json"
    assert run(bad, "--definition", "rules").exit_code == 1
    assert run(bad, "--definition", "rules/e.json", "--definition", "rules/s.json").exit_code == 10


def test_definitions_are_judged_directly_with_defaults_or_given_parameters(folder: Path) -> None:
    put(folder / "rule.json", ENCRYPTION)
    put(folder / "values.json", {"effect": {"value": "deny"}})
    first = lines(run("vms/bad.json", "--definition", "rule.json", "--format", "jsonl"))
    second = lines(run("vms/bad.json", "--definition", "rule.json", "--parameters", "values.json", "--format", "jsonl"))
    assert (first[0]["effect"], second[0]["effect"]) == ("audit", "deny")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (json.dumps([machine("a"), machine("b")]), 2),
        (json.dumps({"value": [machine("a")], "nextLink": None}), 1),
        ("\ufeff" + json.dumps(machine("a")), 1),
    ],
    ids=["array", "list answer", "byte-order mark"],
)
def test_shapes_of_files(folder: Path, text: str, count: int) -> None:
    put(folder / "all.json", text)
    assert len(lines(run("all.json", "--policies", "policies", "--format", "jsonl"))) == count


def test_what_az_vm_list_prints_can_be_piped_in(folder: Path) -> None:
    flat = machine("flat", encrypted=False)
    flat |= {**flat.pop("properties"), "resourceGroup": "rg", "plan": None}
    result = run("-", "--policies", "policies", "--format", "jsonl", piped=json.dumps([flat]))
    assert [line["state"] for line in lines(result)] == ["NonCompliant"]


def test_a_body_without_an_id_is_named_by_its_place(folder: Path) -> None:
    body = machine("x")
    del body["id"]
    put(folder / "all.json", [machine("y"), body])
    found = lines(run("all.json", "--policies", "policies", "--format", "jsonl"))
    assert found[1]["resource"] == "all.json#/1"


def test_placeholders_in_an_id_are_no_trouble(folder: Path) -> None:
    put(folder / "vm.json", {**machine("x"), "id": "/subscriptions/{subscription-id}/resourceGroups/{g}"})
    assert run("vm.json", "--policies", "policies").exit_code == 0


@pytest.mark.parametrize(
    ("prepare", "arguments", "words"),
    [
        (lambda _: None, ["none.json"], "does not exist"),
        (lambda _: None, [], "Missing argument"),
        (lambda _: None, ["vms", "--policies", "none"], "does not exist"),
        (lambda _: None, ["vms", "--as-of", "tomorrow"], "--as-of"),
        (lambda _: None, ["vms", "--format", "xml"], "--format"),
        (lambda _: None, ["vms", "--parameters", "vms/good.json"], "--definition"),
        (lambda at: (at / "empty").mkdir(), ["empty", "--policies", "policies"], "no resource"),
        (lambda at: put(at / "f.json", '{"a": '), ["f.json", "--policies", "policies"], "f.json:1:7: error["),
        (lambda at: put(at / "f.json", [machine("a"), 7]), ["f.json", "--policies", "policies"], "not-a-resource"),
        (lambda at: put(at / "f.json", {"if": 1}), ["f.json", "--policies", "policies"], "not-a-resource"),
        (
            lambda at: put(at / "policies/definitions/x.json", {"name": "x", "properties": {"policyRule": {"if": {}}}}),
            ["vms", "--policies", "policies"],
            "policies/definitions/x.json:",
        ),
        (
            lambda at: put(at / "rule.json", {**ENCRYPTION, "properties": {"policyRule": {"iff": {}}}}),
            ["vms", "--definition", "rule.json"],
            "rule.json:",
        ),
    ],
)
def test_what_can_not_be_used_is_said_and_ends_with_two(
    folder: Path, prepare: Callable[[Path], object], arguments: list[str], words: str
) -> None:
    prepare(folder)
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_broken_policy_set_judges_nothing_and_all_faults_are_shown(folder: Path) -> None:
    for name in ("x", "y"):
        put(
            folder / f"policies/definitions/{name}.json",
            {"name": name, "properties": {"policyRule": {"if": {"field": "name", "equal": "a"}, "then": {}}}},
        )
    result = run("vms", "--policies", "policies")
    assert result.exit_code == 2
    assert {"policies/definitions/x.json", "policies/definitions/y.json"} <= {
        line.partition(":")[0] for line in result.stderr.splitlines()
    }
    assert "^" in result.stderr


def test_a_file_in_a_folder_that_is_no_resource_is_passed_over_with_a_remark(folder: Path) -> None:
    put(folder / "vms/notes.json", {"hello": 1})
    result = run("vms", "--policies", "policies", "--format", "jsonl")
    assert result.exit_code == 10
    assert "notes.json:1:1: warning[not-a-resource]" in result.stderr
    assert len(lines(result)) == 3


def test_files_and_events_come_to_the_same_findings() -> None:
    """Every sample deployment, through an event and as a file, by the policies that ship."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    policies = ROOT / "policies"
    result = run(str(ROOT / "samples/resources"), "--as-of", "2026-11-23", "--format", "json")
    filed = {finding["resource"]["id"].lower(): finding for finding in json.loads(result.stdout)}
    judge, sources = load_policies(policies).judge, load_fact_sources(policies)
    reader = RecordedAzure.from_folder(ROOT / "samples/resources", lambda: now)

    async def deliver() -> dict[str, Any]:
        store = MemoryFindings()
        for path in sorted((ROOT / "samples/events").glob("[0-9]*.json")):
            came = json.loads(path.read_text("utf-8"))
            try:
                request = parse_event(came[0] if isinstance(came, list) else came)
            except BadInput:
                continue
            if isinstance(request, EvaluationRequest):
                await check(request, reader=reader, store=store, policies=judge, sources=sources, clock=lambda: now)
        return {str(key): json.loads(text) for key, (text, _) in store.latest_texts.items()}

    stored = asyncio.run(deliver())
    assert len(stored) >= 16
    for identifier, finding in stored.items():
        for part in ("state", "counts", "results", "image", "lifecycle", "resource", "unavailable"):
            assert finding[part] == filed[identifier][part], (identifier, part)
