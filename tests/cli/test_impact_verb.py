"""`muster impact`: whole outputs, exit codes, and agreement with what `muster check` says by each set."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster.cli import main
from tests.cli.test_check import ENCRYPTION, FAILING, definition, machine, put
from tests.golden_files import check_golden

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
HOSTILE = 'vm|</summary><img src=x>`[a](https://evil.example)@team\n| x |\u202e\x1b[31m"'

AGENT = definition(
    "agent", {"field": "Microsoft.Compute/virtualMachines/osProfile.allowExtensionOperations", "equals": False}
)
SIZE = definition("size", {"field": "Microsoft.Compute/virtualMachines/hardwareProfile.vmSize", "exists": False}, "low")
RUNNING = definition("running", {"field": "Microsoft.Compute/virtualMachines/instanceView.osName", "exists": False})
ENDED = definition("ended", {"field": "Muster.Lifecycle/phase", "equals": "ended"}, "critical")


def assigned(name: str) -> dict[str, Any]:
    return {"name": f"all-{name}", "properties": {"displayName": "All", "policyDefinitionId": name}}


def policies(folder: Path, *definitions: dict[str, Any]) -> None:
    for one in definitions:
        put(folder / f"definitions/{one['name']}.json", one)
        put(folder / f"assignments/{one['name']}.json", assigned(one["name"]))


def image(publisher: str, offer: str, sku: str) -> dict[str, Any]:
    reference = {"publisher": publisher, "offer": offer, "sku": sku, "version": "latest"}
    return {"storageProfile": {"imageReference": reference, "osDisk": {"osType": "Linux"}}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two policy sets and machines, in the current folder."""
    harder = json.loads(json.dumps(SIZE))
    harder["properties"]["metadata"]["severity"] = "high"
    policies(tmp_path / "current", ENCRYPTION, AGENT, SIZE)
    policies(tmp_path / "new", AGENT, harder, ENDED, definition("boot", {"field": "tags['owner']", "exists": False}))
    agent = definition("agent", {"field": "tags['owner']", "equals": "nobody"})
    put(tmp_path / "new/definitions/agent.json", agent)
    no_agent = machine("no-agent", tags={"owner": "a"})
    no_agent["properties"]["osProfile"] = {"allowExtensionOperations": False}
    put(tmp_path / "vms/no-agent.json", no_agent)
    put(tmp_path / "vms/plain.json", machine("plain", encrypted=False, tags={"owner": "b"}))
    old = machine("old", tags={"owner": "nobody"})
    old["properties"] |= image("OpenLogic", "CentOS", "7_9")
    put(tmp_path / "vms/old.json", old)
    put(tmp_path / "vms/hostile.json", {**machine("hostile"), "name": HOSTILE})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def impact(*arguments: str) -> Result:
    given = ["impact", "--current", "current", "--against", "vms", "--as-of", "2026-11-28", *arguments]
    return CliRunner().invoke(main, given)


@pytest.mark.parametrize(("form", "file"), [("table", "txt"), ("markdown", "md"), ("json", "json"), ("jsonl", "jsonl")])
def test_output(form: str, file: str, folder: Path) -> None:
    found = impact("--policies", "new", "--format", form)
    assert found.exit_code == 10, found.output
    check_golden(GOLDEN / f"impact.{file}", found.stdout)


def test_hostile_names_mean_nothing(folder: Path) -> None:
    written = impact("--policies", "new", "--format", "markdown").stdout
    assert "<img" not in written
    assert "](" not in written
    assert written.count("<details>") == written.count("</details>")
    assert "\x1b" not in impact("--policies", "new", "--format", "table").stdout


def test_agrees_with_check(folder: Path) -> None:
    """States before and after are those that `muster check` gives by either set."""
    whole = json.loads(impact("--policies", "new", "--format", "json").stdout)
    for side, name in (("before", "current"), ("after", "new")):
        arguments = ["check", "--policies", name, "--as-of", "2026-11-28", "--format", "json", "vms"]
        findings = json.loads(CliRunner().invoke(main, arguments).stdout)
        states: dict[str, int] = {}
        for finding in findings:
            states[finding["state"]] = states.get(finding["state"], 0) + 1
        assert {state: pair[side] for state, pair in whole["states"].items() if pair[side]} == states


def test_nothing_changes(folder: Path) -> None:
    found = impact("--policies", "current")
    assert found.exit_code == 0
    assert found.stdout.endswith("4 resources looked at, 0 change.\n")


def test_better_is_no_failure(folder: Path) -> None:
    policies(folder / "fewer", AGENT)
    assert impact("--policies", "fewer").exit_code == 0


def test_newly_unknown(folder: Path) -> None:
    policies(folder / "wider", ENCRYPTION, AGENT, SIZE, RUNNING)
    found = impact("--policies", "wider", "--format", "json")
    assert found.exit_code == 11, found.output
    whole = json.loads(found.stdout)
    assert whole["newly"] == {"Unknown": 4}
    assert [tuple(one.values()) for one in whole["needs"]] == [
        ("Machines should have running", "Microsoft.Compute/virtualMachines/instanceView.osName", 4)
    ]


def test_newly_error(folder: Path) -> None:
    policies(folder / "failing", ENCRYPTION, AGENT, SIZE, FAILING)
    assert impact("--policies", "failing").exit_code == 1


def test_definition_beside_the_current_ones(folder: Path) -> None:
    found = impact("--definition", "new/definitions/ended.json", "--format", "json")
    whole = json.loads(found.stdout)
    assert found.exit_code == 10
    named = [one for one in whole["resources"] if one["name"] == "old"]
    assert [(one["image"], one["lastDay"], one["successor"]) for one in named] == [
        ("OpenLogic:CentOS:7_9:latest", "2024-06-30", "resf:rockylinux-x86_64:9-base:latest")
    ]
    assert named[0]["imageIsNewlyNonCompliant"] is True
    assert whole["proposed"]["definitions"] == ["new/definitions/ended.json"]


def test_guardrail_names_what_it_would_stop(folder: Path) -> None:
    made = CliRunner().invoke(main, ["policies", "guardrail", "--as-of", "2026-11-28", "--to", "guardrail.json"])
    assert made.exit_code == 0, made.output
    found = impact("--definition", "guardrail.json", "--format", "markdown")
    assert found.exit_code == 10
    assert "Images that would be stopped (1)" in found.stdout
    assert "<code>resf&#58;rockylinux-x86&#95;64&#58;9-base&#58;latest</code>" in found.stdout


def test_renamed_assignment_is_the_same_definition(folder: Path) -> None:
    policies(folder / "renamed", ENCRYPTION, AGENT, SIZE)
    renamed = assigned("size") | {"name": "renamed"}
    put(folder / "renamed/assignments/size.json", renamed)
    found = impact("--policies", "renamed", "--format", "json")
    assert (found.exit_code, json.loads(found.stdout)["changed"]) == (0, 0)


def test_other_lifecycle_data_counts(folder: Path) -> None:
    """A proposed folder with a catalogue of its own: what is no longer known there is Unknown."""
    policies(folder / "a", ENDED)
    policies(folder / "b", ENDED)
    put(
        folder / "b/lifecycle/releases/none.json",
        json.loads((ROOT / "policies/lifecycle/releases/kali-linux.json").read_text()),
    )
    arguments = ["impact", "--current", "a", "--policies", "b", "--against", "vms", "--as-of", "2026-11-28"]
    found = CliRunner().invoke(main, [*arguments, "--format", "json"])
    assert json.loads(found.stdout)["states"]["NonCompliant"] == {"before": 1, "after": 0}
    assert found.exit_code == 11, found.output


def test_shows_as_many_as_wanted(folder: Path) -> None:
    whole = json.loads(impact("--policies", "new", "--show", "1", "--format", "json").stdout)
    assert (len(whole["resources"]), whole["omitted"]) == (1, whole["changed"] - 1)
    lines = impact("--policies", "new", "--show", "0", "--format", "jsonl").stdout.splitlines()
    assert len({json.loads(line)["resource"] for line in lines}) == whole["changed"]


def test_standard_input(folder: Path) -> None:
    text = json.dumps([machine("piped", encrypted=False)])
    arguments = ["impact", "--current", "current", "--policies", "new", "--against", "-", "--format", "json"]
    assert json.loads(CliRunner().invoke(main, arguments, input=text).stdout)["lookedAt"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name what is proposed"),
        (("--policies", "new", "--definition", "new/definitions/ended.json"), "Name what is proposed"),
        (("--policies", "new", "--against", "store"), "either store or files"),
        (("--policies", "new", "--against", "nowhere"), "there is no file or folder nowhere"),
        (("--policies", "nowhere"), "nowhere"),
    ],
)
def test_calls_that_cant_be_carried_out(arguments: tuple[str, ...], told: str, folder: Path) -> None:
    found = impact(*arguments)
    assert (found.exit_code, told in found.output) == (2, True), found.output


@pytest.mark.parametrize("broken", ["{", "[]", '{"name": "x", "properties": {"policyRule": 1}}'])
def test_broken_policies(broken: str, folder: Path) -> None:
    (folder / "new/definitions/agent.json").write_text(broken, "utf-8")
    found = impact("--policies", "new")
    assert found.exit_code == 2
    assert "agent" in found.output


def test_no_resource(folder: Path) -> None:
    (folder / "vms").rename(folder / "elsewhere")
    (folder / "vms").mkdir()
    assert impact("--policies", "new").exit_code == 2
