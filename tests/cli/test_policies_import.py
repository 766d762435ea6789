"""`muster policies import`: exports in, a report and a policies folder out."""

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from muster.adapters import json_files
from muster.cli import main
from muster.values.resource_id import ResourceId
from tests.golden_files import check_golden
from tests.memory_findings import MemoryFindings
from tests.policy import exports

if TYPE_CHECKING:
    from muster.values.json import JsonObject

GOLDEN = Path(__file__).parent / "golden"
FLEET = Path(__file__).parent / "fleet"

GOOD = exports.definition("good")
BAD = exports.definition("bad", policyRule={"if": {"field": "type", "equal": "x"}, "then": {"effect": "audit"}})
LISTED = exports.definition(
    "listed",
    displayName="Ubuntu machines should be looked after",
    policyRule=exports.rule(
        "audit",
        {"field": "Microsoft.Compute/imagePublisher", "equals": "Canonical"},
        {"field": "tags['looked-after']", "exists": False},
    ),
)
STORAGE = exports.definition(
    "storage",
    policyRule={
        "if": {"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
        "then": {"effect": "audit"},
    },
)
SET = exports.initiative("set", str(GOOD["id"]), str(BAD["id"]))
ASSIGNED = exports.assignment("assigned", str(SET["id"]))
OF_BAD = exports.assignment("of-bad", str(BAD["id"]))
EXEMPT = exports.exemption("exempt", str(ASSIGNED["id"]))


def texts(folder: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in Path(folder).rglob("*.json")}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["policies", "import", *map(str, arguments)])


@pytest.fixture
def tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Azure CLI prints of a tenant, and a row of something else."""
    monkeypatch.chdir(tmp_path)
    folder = Path("tenant")
    folder.mkdir()
    for name, values in {
        "definitions": [GOOD, BAD, LISTED, STORAGE],
        "set-definitions": [SET],
        "assignments": [ASSIGNED, OF_BAD],
        "exemptions": [EXEMPT],
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(list(map(exports.flat, values)), indent=1), "utf-8")
    (folder / "rows.json").write_text(
        json.dumps({"data": [exports.row(GOOD), {"type": "microsoft.policyinsights/policystates"}]}), "utf-8"
    )
    return folder


def test_a_tenant_s_export(tenant: Path) -> None:
    ran = run(tenant, "--to", "mine")
    assert ran.exit_code == 1
    check_golden(GOLDEN / "policies-import.txt", ran.output)


def test_what_was_written_is_sound_and_judges(tenant: Path) -> None:
    run(tenant, "--to", "mine")
    linted = CliRunner().invoke(main, ["lint", "mine"])
    assert linted.exit_code == 0, linted.output
    machine = {"id": f"{exports.GROUP}/providers/{exports.MACHINE}/vm", "name": "vm", "type": exports.MACHINE}
    Path("vm.json").write_text(json.dumps({**machine, "location": "north", "properties": {}}), "utf-8")
    checked = CliRunner().invoke(main, ["check", "--policies", "mine", "vm.json", "--format", "jsonl"])
    (line,) = [json.loads(line) for line in checked.output.splitlines() if line.startswith("{")]
    assert (line["assignment"], line["state"]) == (ASSIGNED["id"], "Exempt")
    names = sorted(path.relative_to("mine").as_posix() for path in Path("mine").rglob("*.json"))
    # Nothing refers to what is for storage accounts, so it is not kept.
    assert names == [
        "assignments/assigned.json",
        "definitions/good.json",
        "definitions/listed.json",
        "definitions/muster-left-out.json",
        "exemptions/exempt.json",
        "initiatives/set.json",
    ]


def test_what_something_refers_to_is_kept_whatever_it_is_for(tenant: Path) -> None:
    whole = exports.initiative("all", str(STORAGE["id"]))
    (tenant / "all.json").write_text(json.dumps(whole), "utf-8")
    run(tenant, "--to", "mine")
    assert "storage.json" in texts("mine")
    assert CliRunner().invoke(main, ["lint", "mine"]).exit_code == 0


def test_a_folder_that_was_written_is_read_again(tenant: Path) -> None:
    run(tenant, "--to", "mine")
    again = run("mine", "--to", "again", "--format", "json")
    assert again.exit_code == 0, again.output
    first, second = (
        {path.name: path.read_text("utf-8") for path in Path(one).rglob("*.json")} for one in ("mine", "again")
    )
    assert first == second


def test_json_says_it_all(tenant: Path) -> None:
    found: dict[str, Any] = json.loads(run(tenant, "--fleet", FLEET, "--format", "json").stdout)
    assert found["read"] | {"others": None} == {
        "files": 5,
        "definitions": 4,
        "initiatives": 1,
        "assignments": 2,
        "exemptions": 1,
        "repeated": 1,
        "others": None,
    }
    assert found["usable"] == {"definitions": 3, "initiatives": 1, "assignments": 1, "exemptions": 1}
    by_name = {one["name"]: one for one in found["definitions"]}
    assert by_name["good"]["for"] == ["virtual machines"]
    assert by_name["storage"]["never"] == "It is for Microsoft.Storage/storageAccounts."
    assert by_name["listed"]["looksFor"] == ["publisher Canonical"]
    assert sum(image["machines"] for image in by_name["listed"]["skips"]) > 0
    assert [(one["kind"], one["name"], one["partly"]) for one in found["leftOut"]] == [
        ("assignment", "of-bad", False),
        ("definition", "bad", False),
        ("initiative", "set", True),
    ]
    fault = found["leftOut"][1]["faults"][0]
    assert (fault["rule"], fault["file"]) == ("unknown-key", "tenant/definitions.json")
    assert fault["pointer"].startswith("/1/policyRule/if")


def test_csv_has_a_definition_a_row(tenant: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(tenant, "--format", "csv").output)))
    assert [row["name"] for row in rows] == ["good", "listed", "storage"]


def test_the_fleet_s_images_are_counted(tenant: Path) -> None:
    ran = run(tenant, "--fleet", FLEET)
    assert "machines in" in ran.output
    assert " on " in ran.output


def test_the_images_of_stored_findings_are_counted(tenant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    @asynccontextmanager
    async def stored_findings(storage: str | None, data: Path) -> AsyncIterator[MemoryFindings]:
        opened.append((storage, data))
        store = MemoryFindings()
        for number, sku in enumerate(("9_5", "9_5", "8_10")):
            resource_id = ResourceId.parse(f"{exports.GROUP}/providers/{exports.MACHINE}/vm-{number}")
            image: JsonObject = {"source": "marketplace", "publisher": "RedHat", "offer": "RHEL", "sku": sku}
            resource: JsonObject = {
                "id": str(resource_id),
                "name": resource_id.name,
                "type": exports.MACHINE,
                "tags": {},
            }
            finding: JsonObject = {"resource": resource, "image": {**image, "product": "rhel"}}
            await store.put_latest(resource_id, finding, {}, replaces=None)
        yield store

    monkeypatch.setattr("muster.cli.stored.stored_findings", stored_findings)
    found = json.loads(run(tenant, "--findings", "--storage", "here", "--data", "there", "--format", "json").stdout)
    assert opened == [("here", Path("there"))]
    assert found["machines"] == "of 3 machines with a finding"
    (skips,) = [one["skips"] for one in found["definitions"] if one["name"] == "listed"]
    assert skips == [{"image": "RedHat:RHEL:9_5", "machines": 2}, {"image": "RedHat:RHEL:8_10", "machines": 1}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fleet", "tenant", "--findings"], "one of them counts"),
        (["--force"], "--force is for --to"),
        (["--to", "tenant/rows.json"], "is a file"),
    ],
)
def test_a_call_that_can_t_be_carried_out(tenant: Path, arguments: list[str], says: str) -> None:
    ran = run(tenant, *arguments)
    assert ran.exit_code == 2
    assert says in ran.output


def test_files_that_are_there_are_kept_without_force(tenant: Path) -> None:
    run(tenant, "--to", "mine")
    (Path("mine") / "definitions" / "good.json").write_text("mine", "utf-8")
    refused = run(tenant, "--to", "mine")
    assert refused.exit_code == 2
    assert "--force" in refused.output
    assert (Path("mine") / "definitions" / "good.json").read_text("utf-8") == "mine"
    assert run(tenant, "--to", "mine", "--force").exit_code == 1
    assert (Path("mine") / "definitions" / "good.json").read_text("utf-8") != "mine"


def test_of_azure_s_repository_the_built_ins_are_read(tmp_path: Path) -> None:
    for folder, value in (("built-in-policies/policyDefinitions/Tags", GOOD), ("samples/x", exports.rule())):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "azurepolicy.rules.json").write_text(json.dumps(value), "utf-8")
    found = json.loads(run(tmp_path, "--format", "json").output)
    assert [one["name"] for one in found["definitions"]] == ["good"]


def test_files_of_enterprise_policy_as_code_are_read(tmp_path: Path) -> None:
    value = {"name": "x", "properties": {"displayName": "X", "policyRule": exports.rule()}}
    (tmp_path / "x.jsonc").write_text(json.dumps(value), "utf-8")
    tree = {"nodeName": "/root", "definitionEntry": {"policyName": "x"}, "assignment": {"name": "a"}}
    (tmp_path / "assignments.jsonc").write_text(json.dumps(tree), "utf-8")
    found = json.loads(run(tmp_path, "--format", "json").output)
    assert [one["name"] for one in found["definitions"]] == ["x"]
    assert found["read"]["others"] == {"without a type": 1}


def test_a_file_that_is_broken_is_told_at_its_place(tenant: Path) -> None:
    (tenant / "cut.json").write_text('{"value": [\n', "utf-8")
    (tenant / "twice.json").write_text(json.dumps([exports.definition("good", displayName="another")]), "utf-8")
    for form in ("table", "json", "csv"):
        ran = run(tenant, "--format", form)
        assert ran.exit_code == 1
        assert "tenant/cut.json:2:1: error[invalid-json]" in ran.stderr
        assert "tenant/twice.json:1:2: error[duplicate-name]" in ran.stderr
    assert [one["rule"] for one in json.loads(run(tenant, "--format", "json").stdout)["faults"]] == [
        "invalid-json",
        "duplicate-name",
    ]


def test_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": 1}', "utf-8")
    ran = run(tmp_path)
    assert ran.exit_code == 2
    assert "no policy" in ran.output


def test_what_strangers_wrote_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    evil = exports.definition("../../\x1b[2J", displayName="\x1b]0;title\x07[bold]=cmd()|'x'", mode="\x1b[31mX")
    del evil["id"]
    (tmp_path / "evil.json").write_text(json.dumps([evil, {"type": "a/\x1b[2J"}]), "utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000, "utf-8")
    (tmp_path / "half.json").write_text('{"name": "\\ud800", "policyRule": {}}', "utf-8")
    (tmp_path / "cut.json").write_text('{"value": [', "utf-8")
    (tmp_path / "latin.json").write_bytes(b'{"name": "\xe9"}')
    for form in ("table", "json", "csv"):
        ran = run(tmp_path, "--format", form, "--to", tmp_path / form)
        assert ran.exit_code == 1, ran.output
        assert "\x1b" not in ran.output
        assert "\x07" not in ran.output
    assert not (tmp_path.parent / "x.json").exists()
    assert all(path.is_relative_to(tmp_path) for path in tmp_path.rglob("*.json"))


def test_a_file_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "MAX_BYTES", 100)
    (tmp_path / "large.json").write_text(json.dumps([GOOD]), "utf-8")
    ran = run(tmp_path / "large.json")
    assert "larger than" in ran.output
    assert ran.exit_code == 2


def test_all_of_azure_s_definitions_are_understood(shared: Path) -> None:
    found = json.loads(run(shared / "azure-policy" / "builtins", "--format", "json").output)
    assert found["leftOut"] == []
    assert found["lint"]["error"] == 0
    assert found["usable"]["definitions"] == found["read"]["definitions"] == 237
    never = {one["displayName"]: one["never"] for one in found["definitions"] if one["never"]}
    assert len(never) == 6
    assert all(one["for"] or one["never"] for one in found["definitions"])
    assert sum(bool(one["skips"]) for one in found["definitions"]) > 100
