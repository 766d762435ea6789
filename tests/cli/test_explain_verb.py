"""`muster explain`: the whole rule as a tree, with what was found and what decided."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster.cli import main
from tests.golden_files import check_golden

GOLDEN = Path(__file__).parent / "golden"
VM = "Microsoft.Compute/virtualMachines"
DISKS = f"{VM}/storageProfile.dataDisks[*]"
EXTENSION = f"{VM}/extensions"
ID = "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/rg/providers/" + VM

DISK_RULE = {
    "if": {
        "allOf": [
            {"field": "type", "equals": VM},
            {
                "anyOf": [
                    {"field": "tags['tier']", "notIn": "[parameters('tiers')]"},
                    {
                        "count": {"field": DISKS, "where": {"field": f"{DISKS}.caching", "equals": "ReadWrite"}},
                        "greater": 0,
                    },
                    {"not": {"field": f"{VM}/userData", "equals": ""}},
                    {"value": "[substring(field('name'), 0, 9)]", "equals": "long-name"},
                ]
            },
        ]
    },
    "then": {"effect": "audit"},
}
AGENT_RULE = {
    "if": {"field": "type", "equals": VM},
    "then": {
        "effect": "auditIfNotExists",
        "details": {"type": EXTENSION, "existenceCondition": {"field": f"{EXTENSION}/type", "equals": "Agent"}},
    },
}


def machine(*caching: str, tier: str = "\u001b[2Jgold") -> dict[str, Any]:
    disks = [{"lun": at, "caching": one} for at, one in enumerate(caching)]
    return {
        "id": f"{ID}/vm",
        "name": "vm",
        "type": VM,
        "tags": {"tier": tier},
        "properties": {"storageProfile": {"dataDisks": disks}},
    }


def extension(name: str) -> dict[str, Any]:
    return {"id": f"{ID}/vm/extensions/{name}", "name": name, "type": EXTENSION, "properties": {"type": name}}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Definitions and machines in the current folder."""
    monkeypatch.chdir(tmp_path)
    tiers = {"type": "Array", "defaultValue": ["\u001b[2Jgold", "silver"]}
    write(
        "disks.json", {"name": "disks", "displayName": "Disks", "parameters": {"tiers": tiers}, "policyRule": DISK_RULE}
    )
    write("agent.json", {"name": "agent", "displayName": "Agent", "policyRule": AGENT_RULE})
    write("vm.json", machine("None", "ReadWrite"))
    write("plain.json", machine("None"))
    write("related/agent.json", extension("Agent"))
    write("related/other.json", extension("Other"))


def write(name: str, value: Any) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), "utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


def test_the_tree_of_a_rule_that_matches() -> None:
    result = run("disks.json", "vm.json", "--as-of", "2026-11-16")
    assert result.exit_code == 0
    check_golden(GOLDEN / "explain-matches.txt", result.output)


def test_the_tree_of_a_rule_of_which_something_is_not_known() -> None:
    write("name.json", {**machine("None"), "name": "a-long-name"})
    result = run("disks.json", "name.json")
    assert result.exit_code == 0
    check_golden(GOLDEN / "explain-unknown.txt", result.output)


def test_related_resources_each_have_a_tree() -> None:
    result = run("agent.json", "vm.json", "--related", "related")
    assert result.exit_code == 0
    check_golden(GOLDEN / "explain-related.txt", result.output)


def test_without_related_resources_it_is_not_known() -> None:
    result = run("agent.json", "vm.json")
    assert result.output.startswith("agent (auditIfNotExists) of vm: Unknown\n")


def test_parameters_change_the_outcome() -> None:
    write("values.json", {"tiers": ["bronze"]})
    result = run("disks.json", "plain.json", "--parameters", "values.json")
    assert result.output.startswith("disks (audit) of vm: NonCompliant\n")
    assert "is '\\x1b[2Jgold', which is none of ['bronze']" in result.output


def test_each_resource_of_a_file_is_explained() -> None:
    write("both.json", [machine("ReadWrite"), {**machine("None"), "name": "two"}])
    lines = [line for line in run("disks.json", "both.json").output.splitlines() if line.startswith("disks")]
    assert lines == ["disks (audit) of vm: NonCompliant", "disks (audit) of two: Unknown"]


def test_a_definition_is_found_by_its_name() -> None:
    write("policies/definitions/d.json", {"name": "by-name", "policyRule": AGENT_RULE})
    result = run("by-name", "vm.json", "--policies", "policies")
    assert result.exit_code == 0
    assert result.output.startswith("by-name (auditIfNotExists) of vm: Unknown\n")
    wrong = run("by-nam", "vm.json", "--policies", "policies")
    assert wrong.exit_code == 2
    assert "Did you mean 'by-name'?" in wrong.output


def test_an_alias_that_there_is_not_is_said() -> None:
    rule = {"if": {"field": f"{VM}/osTyp", "equals": "x"}, "then": {"effect": "audit"}}
    write("wrong.json", {"name": "wrong", "policyRule": rule})
    output = run("wrong.json", "vm.json").output
    assert output.startswith("wrong (audit) of vm: NotApplicable\n")
    assert f"Note: '{VM}/osTyp' is no alias of any resource type" in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("two.json", "vm.json"), "two.json has 2 definitions"),
        (("broken.json", "vm.json"), "error[missing-then]"),
        (("disks.json", "agent.json"), "This is not a resource"),
        (("disks.json", "vm.json", "--parameters", "plain.json"), "No definition has a parameter"),
        (("nowhere.json", "vm.json"), "There is neither a file 'nowhere.json'"),
    ],
)
def test_what_can_not_be_used_is_told(arguments: tuple[str, ...], said: str) -> None:
    write("two.json", [{"name": "a", "policyRule": AGENT_RULE}, {"name": "b", "policyRule": AGENT_RULE}])
    write("broken.json", {"policyRule": {"if": {}}})
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
