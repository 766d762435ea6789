"""Reading recorded bodies in place of Azure."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.adapters.recorded_azure import RecordedAzure
from muster.values.answers import Found, FoundMany, NotRead, Unsettled
from muster.values.document import RelatedQuery
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
GROUP = "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/RG"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/VM"
SAMPLES = Path(__file__).parents[2] / "samples" / "resources"


def record(folder: Path, name: str, body: JsonObject) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(body), "utf-8")


def read(folder: Path) -> RecordedAzure:
    return RecordedAzure.from_folder(folder, lambda: NOW)


async def test_a_body_is_found_by_its_id_in_any_case(tmp_path: Path) -> None:
    body: JsonObject = {"id": MACHINE, "name": "VM", "properties": {"provisioningState": "Succeeded"}}
    record(tmp_path, "deep/vm.json", body)
    assert await read(tmp_path).get(ResourceId.parse(MACHINE.upper())) == Found(body, NOW)


async def test_a_byte_order_mark_is_no_part_of_a_body(tmp_path: Path) -> None:
    (tmp_path / "vm.json").write_text(json.dumps({"id": MACHINE}), "utf-8-sig")
    assert isinstance(await read(tmp_path).get(ResourceId.parse(MACHINE)), Found)


async def test_what_was_not_recorded_is_not_absent(tmp_path: Path) -> None:
    answer = await read(tmp_path).get(ResourceId.parse(MACHINE))
    assert isinstance(answer, NotRead)
    assert "virtualmachines/vm" in answer.why


@pytest.mark.parametrize(
    ("state", "settled"),
    [("Succeeded", True), ("failed", True), ("Canceled", True), ("Creating", False), ("updating", False), (None, True)],
)
async def test_a_resource_that_azure_still_works_on_is_unsettled(
    tmp_path: Path, state: str | None, settled: bool
) -> None:
    record(tmp_path, "vm.json", {"id": MACHINE, "properties": {"provisioningState": state}})
    answer = await read(tmp_path).get(ResourceId.parse(MACHINE))
    assert isinstance(answer, Found if settled else Unsettled)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not the JSON object"),
        ("{}", "id"),
        (json.dumps({"id": f"{MACHINE}/../x"}), "id"),
    ],
)
def test_a_file_that_is_no_body_is_named(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "bad.json").write_text(content, "utf-8")
    with pytest.raises(BadInput, match=rf"bad\.json.*{says}"):
        read(tmp_path)


@pytest.fixture
def recorded(tmp_path: Path) -> RecordedAzure:
    extension = {"type": "Microsoft.Compute/virtualMachines/extensions"}
    record(tmp_path, "1.json", {"id": f"{MACHINE}/extensions/agent", **extension})
    record(tmp_path, "2.json", {"id": f"{MACHINE}/extensions/backup", **extension})
    record(tmp_path, "3.json", {"id": f"{MACHINE}2/extensions/agent", **extension})
    assignment = f"{MACHINE}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/baseline"
    kind = "Microsoft.GuestConfiguration/guestConfigurationAssignments"
    record(tmp_path, "4.json", {"id": assignment, "type": kind})
    return read(tmp_path)


@pytest.mark.parametrize(
    ("kind", "scope", "name", "names"),
    [
        ("extensions", MACHINE, None, ["agent", "backup"]),
        ("extensions", MACHINE, "vm/agent", ["agent"]),
        ("extensions", MACHINE, "vm/*", ["agent", "backup"]),
        ("extensions", MACHINE, "vm2/agent", []),
        ("extensions", GROUP, None, ["agent", "backup", "agent"]),
        ("extensions", GROUP, "?/agent", ["agent", "agent"]),
        ("assignments", MACHINE, "baseline", ["baseline"]),
    ],
)
async def test_related_resources(
    recorded: RecordedAzure, kind: str, scope: str, name: str | None, names: list[str]
) -> None:
    types = {
        "extensions": "microsoft.compute/virtualmachines/extensions",
        "assignments": "microsoft.guestconfiguration/guestconfigurationassignments",
    }
    answer = await recorded.related(RelatedQuery(types[kind], scope.lower(), name))
    assert isinstance(answer, FoundMany)
    assert [str(body["id"]).rpartition("/")[2] for body in answer.bodies] == names
    assert answer.observed_at == NOW


async def test_a_type_that_was_not_recorded_is_not_read(recorded: RecordedAzure) -> None:
    query = RelatedQuery("microsoft.network/networkinterfaces", GROUP.lower())
    assert isinstance(await recorded.related(query), NotRead)


async def test_effective_rules_can_not_be_recorded(recorded: RecordedAzure) -> None:
    assert not recorded.reads_effective_rules
    answer = await recorded.effective_rules(
        ResourceId.parse(f"{GROUP}/providers/Microsoft.Network/networkInterfaces/n")
    )
    assert isinstance(answer, NotRead)


async def test_the_samples_are_recordings() -> None:
    reader = read(SAMPLES)
    machine = json.loads((SAMPLES / "rocky-9.json").read_text("utf-8"))
    assert isinstance(await reader.get(ResourceId.parse(machine["id"])), Found)


async def test_a_scale_set_that_was_recorded_without_instances_has_none() -> None:
    scale_set = ResourceId.parse(
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
        "/providers/Microsoft.Compute/virtualMachineScaleSets/web"
    )
    reader = RecordedAzure({scale_set: {"id": str(scale_set)}}, lambda: NOW)
    instances = "microsoft.compute/virtualmachinescalesets/virtualmachines"
    assert await reader.related(RelatedQuery(instances, str(scale_set))) == FoundMany((), NOW)
    assert isinstance(await reader.related(RelatedQuery(instances, f"{scale_set}two")), NotRead)
