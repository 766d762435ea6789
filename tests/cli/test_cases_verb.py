"""`muster test`: two ways, by file and line, as text and as JUnit, and again when a file changes."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from muster.adapters.changes import wait_for_change
from muster.cli import main
from tests.golden_files import check_golden

GOLDEN = Path(__file__).parent / "golden"
VM = "Microsoft.Compute/virtualMachines"
HOST = f"{VM}/securityProfile.encryptionAtHost"
EXTENSION = f"{VM}/extensions"
ID = "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/rg/providers/" + VM
EFFECT = {"effect": {"type": "String", "defaultValue": "Audit", "allowedValues": ["Audit", "Disabled"]}}


def machine(name: str, **properties: Any) -> dict[str, Any]:
    return {"id": f"{ID}/{name}", "name": name, "type": VM, "location": "westeurope", "properties": properties}


ENCRYPTED = machine("vm", securityProfile={"encryptionAtHost": True})
HOST_RULE = {
    "if": {"allOf": [{"field": "type", "equals": VM}, {"field": HOST, "notEquals": True}]},
    "then": {"effect": "[parameters('effect')]"},
}
AGENT_RULE = {
    "if": {"field": "type", "equals": VM},
    "then": {
        "effect": "auditIfNotExists",
        "details": {"type": EXTENSION, "existenceCondition": {"field": f"{EXTENSION}/type", "equals": "Agent"}},
    },
}
PHASE_RULE = {"if": {"field": "Muster.Lifecycle/phase", "equals": "ended"}, "then": {"effect": "audit"}}


def agent(name: str) -> dict[str, Any]:
    return {"id": f"{ID}/vm/extensions/{name}", "name": name, "type": EXTENSION, "properties": {"type": name}}


CASES: dict[str, list[dict[str, Any]]] = {
    "host": [
        {"name": "encrypted", "resource": ENCRYPTED, "expect": "Compliant"},
        {"name": "not", "resource": machine("vm"), "expect": "NonCompliant", "reason": "encryptionAtHost is missing"},
        {"name": "a disk", "resource": {"type": "Microsoft.Compute/disks"}, "expect": "NotApplicable"},
        {
            "name": "not read",
            "resource": machine("vm"),
            "unavailable": ["properties.securityProfile"],
            "expect": "Unknown",
        },
    ],
    "agent": [
        {"name": "there", "resource": machine("vm"), "related": [agent("Agent")], "expect": "Compliant"},
        {"name": "another", "resource": machine("vm"), "related": [agent("Other")], "expect": "NonCompliant"},
        {"name": "none", "resource": machine("vm"), "related": [], "expect": "NonCompliant"},
        {"name": "nobody knows", "resource": machine("vm"), "expect": "Unknown"},
        {"name": "recorded beside it", "resourceFile": "samples/vm.json", "expect": "Compliant"},
    ],
    "phase": [
        {"name": "ended", "resource": machine("vm"), "lifecycle": {"phase": "ended"}, "expect": "NonCompliant"},
        {"name": "not known", "resource": machine("vm"), "lifecycle": {"phase": None}, "expect": "Unknown"},
    ],
}
RULES = {"host": HOST_RULE, "agent": AGENT_RULE, "phase": PHASE_RULE}


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policies folder whose cases all pass."""
    monkeypatch.chdir(tmp_path)
    for name, rule in RULES.items():
        properties = {"displayName": name, "policyRule": rule, "parameters": EFFECT if name == "host" else {}}
        write(tmp_path / "policies" / "definitions" / f"{name}.json", {"name": name, "properties": properties})
        cases = {"definition": name, "asOf": "2026-11-16", "cases": CASES[name]}
        write(tmp_path / "policies" / "cases" / f"{name}.json", cases)
    write(tmp_path / "samples" / "vm.json", machine("sample"))
    beside = agent("Agent")
    write(tmp_path / "samples" / "agent.json", {**beside, "id": f"{ID}/sample/extensions/Agent"})
    return Path("policies")


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), "utf-8")


def change(path: Path, **members: Any) -> None:
    """Change the first case of a file."""
    content = json.loads(path.read_text("utf-8"))
    content["cases"][0] |= members
    write(path, content)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", "policies", *arguments])


def test_all_pass(policies: Path) -> None:
    result = run()
    assert (result.exit_code, result.output) == (0, "11 cases of 3 definitions: all passed.\n")


def test_what_fails_is_shown_at_its_line(policies: Path) -> None:
    change(policies / "cases" / "host.json", expect="NonCompliant")
    change(policies / "cases" / "agent.json", parameters={"effekt": "audit"})
    change(policies / "cases" / "phase.json", reason="beginning")
    result = run("--coverage")
    assert result.exit_code == 1
    check_golden(GOLDEN / "test-failures.txt", result.output)


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"expect": "Unknown"}, "wrong-state"),
        ({"reason": "because"}, "wrong-reason"),
        ({"parameters": {"effect": "Disabled"}}, "no-verdict"),
        ({"parameters": {"effect": "Deny"}}, "unusable-case"),
        ({"parameters": {"other": 1}}, "unusable-case"),
        ({"resource": None}, "wrong-type"),
        ({"expects": "Compliant"}, "unknown-member"),
    ],
)
def test_a_case_that_can_not_pass_fails(policies: Path, members: dict[str, Any], rule: str) -> None:
    change(policies / "cases" / "host.json", **members)
    result = run()
    assert result.exit_code == 1
    assert f"error[{rule}]" in result.output


def test_a_definition_without_cases_fails(policies: Path) -> None:
    (policies / "cases" / "host.json").unlink()
    result = run()
    assert result.exit_code == 1
    assert f"{policies / 'definitions' / 'host.json'}:1:1: error[no-cases]" in result.output
    assert "Add cases/host.json with cases." in result.output
    assert result.output.endswith("7 cases of 2 definitions: all passed; 1 fault in files.\n")


def test_cases_without_a_definition_fail(policies: Path) -> None:
    (policies / "definitions" / "host.json").unlink()
    result = run()
    assert result.exit_code == 1
    assert "host.json:2:17: error[unknown-definition]" in result.output


def test_a_broken_definition_fails_and_its_cases_are_not_run(policies: Path) -> None:
    write(policies / "definitions" / "host.json", {"name": "host", "properties": {"policyRule": {"if": {}}}})
    result = run()
    assert result.exit_code == 1
    assert "error[missing-then]" in result.output
    assert "7 cases of 2 definitions" in result.output
    assert "no-cases" not in result.output


def test_a_resource_that_is_not_there_fails(policies: Path) -> None:
    Path("samples/vm.json").unlink()
    result = run()
    assert result.exit_code == 1
    assert "there is no such file" in result.output


def test_a_definition_that_judges_what_is_inside_of_resources_needs_no_cases(policies: Path) -> None:
    properties = {"mode": "Microsoft.Kubernetes.Data", "policyRule": {**HOST_RULE, "then": {"effect": "audit"}}}
    write(policies / "definitions" / "inside.json", {"name": "inside", "properties": properties})
    assert run().exit_code == 0


def test_junit_has_every_case(policies: Path) -> None:
    change(policies / "cases" / "phase.json", expect="Compliant")
    result = run("--format", "junit")
    assert result.exit_code == 1
    root = ElementTree.fromstring(result.output)
    assert (root.get("tests"), root.get("failures"), len(root)) == ("11", "1", 3)
    assert [suite.get("name") for suite in root] == [f"policies/cases/{name}.json" for name in sorted(RULES)]


def test_cases_without_a_day_are_judged_on_the_day_that_is_given(policies: Path) -> None:
    rule = {"if": {"value": "[utcNow()]", "less": "2026-06-01"}, "then": {"effect": "audit"}}
    write(policies / "definitions" / "day.json", {"name": "day", "properties": {"policyRule": rule}})
    case = {"name": "early", "resource": machine("vm"), "expect": "NonCompliant"}
    write(policies / "cases" / "day.json", {"definition": "day", "cases": [case]})
    assert run("--as-of", "2026-05-31").exit_code == 0
    assert run("--as-of", "2026-06-01").exit_code == 1


def test_watching_runs_again_after_each_change(policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = policies / "cases" / "host.json"
    changes = [lambda: change(broken, expect="Unknown"), lambda: change(broken, expect="Compliant")]

    def wait(folders: Any, before: Any) -> Any:
        if not changes:
            raise KeyboardInterrupt
        changes.pop(0)()
        return wait_for_change(folders, before, lambda _: pytest.fail("the change was not seen"))

    monkeypatch.setattr("muster.cli.test.wait_for_change", wait)
    result = run("--watch")
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if "cases of" in line or "changed" in line]
    assert lines == [
        "11 cases of 3 definitions: all passed.",
        "host.json changed.",
        "11 cases of 3 definitions: 10 passed, 1 failed.",
        "host.json changed.",
        "11 cases of 3 definitions: all passed.",
    ]


def test_lifecycle_data_that_can_not_be_used_fails_at_its_line(policies: Path) -> None:
    write(policies / "lifecycle" / "releases" / "distro.json", {"product": "distro"})
    result = run()
    assert result.exit_code == 1
    assert "policies/lifecycle/releases/distro.json:1:1: error[catalogue-shape]" in result.output
    assert result.output.endswith("0 cases of 0 definitions: none; 2 faults in files.\n")


def test_a_folder_with_neither_definitions_nor_cases_can_not_be_tested(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["test", str(tmp_path)])
    assert result.exit_code == 2
    assert "has neither definitions nor cases" in result.output
