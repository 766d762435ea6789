"""`muster lint`: a policies folder as a whole, files one by one, in three formats."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft4Validator

from muster.cli import main
from muster.language.lint import RULES
from tests.conftest import ROOT
from tests.golden_files import check_golden

GOLDEN = Path(__file__).parent / "golden"
SARIF = ROOT / "tests" / "report" / "schemas" / "sarif-2.1.0-rtm.5.json"

DEFINITION = """\
{
  "name": "disks",
  "properties": {
    "displayName": "Data disks should not cache writes",
    "description": "Finds machines with a data disk that caches writes, which get lost where the host fails.",
    "mode": "Indexed",
    "metadata": { "version": "1.0.0", "category": "Disk", "severity": "low" },
    "parameters": {
      "effect": {
        "type": "String",
        "metadata": { "displayName": "Effect", "description": "What follows" },
        "allowedValues": ["Audit", "Deny", "Disabled"],
        "defaultValue": "audit"
      },
      "caching": {
        "type": "String",
        "metadata": { "displayName": "Caching", "description": "What is found" },
        "defaultValue": "ReadWrite"
      }
    },
    "policyRule": {
      "if": {
        "allOf": [
          { "field": "type", "equals": "Microsoft.Compute/virtualMachine" },
          { "field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].cachin", "equals": "ReadWrite" },
          { "field": "Muster.Image/class", "like": "general" }
        ]
      },
      "then": { "effect": "[parameters('effect')]" }
    }
  }
}
"""
ASSIGNMENT = {"properties": {"policyDefinitionId": "discs", "parameters": {}}}
CASES = {"definition": "disk", "cases": [{"name": "a", "resource": {"type": "a/b"}, "expect": "Compliant"}]}


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policies folder with faults of every kind."""
    monkeypatch.chdir(tmp_path)
    write("policies/definitions/disks.json", DEFINITION)
    write("policies/definitions/broken.json", '{"policyRule": {"if": {"field": "type", "equal": "x"}, "then": {}}}')
    write("policies/assignments/all.json", ASSIGNMENT)
    write("policies/cases/disks.json", CASES)
    write("policies/lifecycle/releases/distro.json", {"product": "distro"})
    write("policies/lifecycle/images/distro.json", [])
    return Path("policies")


def write(name: str, value: Any) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), "utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["lint", *arguments])


def test_a_policies_folder_is_checked_as_a_whole(policies: Path) -> None:
    result = run("policies")
    assert result.exit_code == 1
    check_golden(GOLDEN / "lint.txt", result.output)


def test_json_says_the_same(policies: Path) -> None:
    result = run("policies", "--format", "json")
    assert result.exit_code == 1
    check_golden(GOLDEN / "lint.json", result.output)


def test_sarif_says_the_same_and_is_valid(policies: Path) -> None:
    result = run("policies", "--format", "sarif")
    assert result.exit_code == 1
    log = json.loads(result.output)
    assert [error.message for error in Draft4Validator(json.loads(SARIF.read_text("utf-8"))).iter_errors(log)] == []
    (only,) = log["runs"]
    only["tool"]["driver"]["rules"] = [rule["id"] for rule in only["tool"]["driver"]["rules"] if len(rule) == 1]
    only["tool"]["driver"]["version"] = "VERSION"
    for one in only["results"]:
        del one["ruleIndex"]
    check_golden(GOLDEN / "lint.sarif", json.dumps(log, indent=2))


def test_azure_policy_is_told_what_can_be_deployed(policies: Path) -> None:
    write("policies/definitions/plain.json", DEFINITION.replace("audit", "Audit").replace("disks", "plain"))
    text = Path("policies/definitions/plain.json").read_text("utf-8")
    for wrong, right in (
        ('virtualMachine"', 'virtualMachines"'),
        ('cachin"', 'caching"'),
        ("Muster.Image/class", "name"),
    ):
        text = text.replace(wrong, right)
    write("policies/definitions/plain.json", text)
    result = run("policies", "--target", "azure-policy", "--format", "json")
    assert json.loads(result.output)["deployable"] == {"broken": False, "disks": False, "plain": True}
    shown = run("policies", "--target", "azure-policy").output
    assert "disks.json:26:22: error[muster-field]" in shown
    assert "1 definition can be deployed to Azure Policy: plain." in shown
    assert "2 definitions can't: broken, disks." in shown
    assert "deployable" not in json.loads(run("policies", "--format", "json").output)


def test_files_are_checked_one_by_one_without_what_they_refer_to(policies: Path) -> None:
    result = run("policies/assignments/all.json")
    assert (result.exit_code, result.output) == (0, "1 file checked: nothing found.\n")
    result = run("policies/definitions", "policies/cases/disks.json")
    assert result.exit_code == 1
    assert "3 files checked." in result.output
    assert "unknown-definition" not in result.output
    assert {
        one["file"] for one in json.loads(run("policies/definitions", "--format", "json").output)["diagnostics"]
    } == {
        "policies/definitions/broken.json",
        "policies/definitions/disks.json",
    }


def test_what_is_no_policy_file_is_told_only_where_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}', "utf-8")
    named = run(str(tmp_path / "package.json"))
    assert named.exit_code == 1
    assert "error[not-a-policy-file]" in named.output
    found = run(str(tmp_path))
    assert found.exit_code == 2
    assert "There is no policy file to check." in found.output


def test_lifecycle_data_is_not_checked_alone(policies: Path) -> None:
    write("one.json", {"$schema": "x/releases.schema.json", "product": "x"})
    result = run("one.json")
    assert result.exit_code == 0
    assert "warning[not-checked-alone]" in result.output


@pytest.mark.parametrize(
    ("text", "rule"), [("", "invalid-json"), ('{"a": 1, "a": 2}', "duplicate-key"), ("[" * 200 + "]" * 200, "too-deep")]
)
def test_what_is_no_json_is_told(tmp_path: Path, text: str, rule: str) -> None:
    (tmp_path / "d.json").write_text(text, "utf-8")
    result = run(str(tmp_path / "d.json"))
    assert result.exit_code == 1
    assert f"error[{rule}]" in result.output


def test_strict_counts_warnings_and_ignored_rules_do_not_count(tmp_path: Path) -> None:
    rule = {"if": {"field": "name", "like": "web"}, "then": {"effect": "[parameters('effect')]"}}
    effect = {"type": "String", "allowedValues": ["Audit", "Disabled"]}
    definition = {"name": "d", "displayName": "d", "policyRule": rule, "parameters": {"effect": effect}}
    path = tmp_path / "d.json"
    path.write_text(json.dumps(definition), "utf-8")
    assert run(str(path)).exit_code == 0
    assert run(str(path), "--strict").exit_code == 1
    ignored = run(str(path), "--strict", "--ignore", "like-without-wildcard")
    assert ignored.exit_code == 0
    assert "like-without-wildcard" not in ignored.output
    assert "note[missing-description]" in ignored.output
    wrong = run(str(path), "--ignore", "like")
    assert wrong.exit_code == 2
    assert "there is no lint rule 'like'" in wrong.output


def test_the_policies_that_muster_ships_have_neither_errors_nor_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # How long ago the catalogue was looked at depends on the day of the test.
    result = run("--format", "json")
    told = [one for one in json.loads(result.output)["diagnostics"] if one["rule"] != "catalogue-stale"]
    assert [one for one in told if one["level"] != "note"] == []


def test_microsofts_definitions_have_no_errors(shared: Path) -> None:
    result = run(str(shared / "azure-policy" / "builtins"), "--format", "json")
    told = json.loads(result.output)["diagnostics"]
    assert [one for one in told if one["level"] == "error"] == []
    # What they do differently by habit is no warning.
    assert {one["rule"] for one in told if one["level"] == "warning"} <= {
        "like-without-wildcard",
        "request-context",
        "wildcard-without-like",
    }
    assert {one["rule"] for one in told if one["documentation"]} <= {rule.id for rule in RULES}
