"""What the loopback server has, and what is listed where."""

from pathlib import Path

import pytest

from muster.local.arm.estate import Estate
from muster.local.errors import UnusableApp
from muster.local.samples import sample_bodies
from tests.adapters.arm_stage import COMPUTE, GROUP, SUBSCRIPTION, VM_ID, body, machine
from tests.conftest import ROOT

EXTENSION = f"{VM_ID}/extensions/a"
LOCK = f"{VM_ID}/providers/Microsoft.Authorization/locks/l"


@pytest.fixture
def small() -> Estate:
    return Estate([machine(), body(EXTENSION), body(LOCK)])


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        (f"{COMPUTE}/virtualMachines", [VM_ID]),
        (f"{COMPUTE.upper()}/VIRTUALMACHINES", [VM_ID]),
        (f"{COMPUTE}/disks", []),
        (f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines", [VM_ID]),
        (f"{VM_ID}/extensions", [EXTENSION]),
        (f"{VM_ID}/runCommands", []),
        (f"{VM_ID}-two/extensions", None),
        (f"{VM_ID}/providers/Microsoft.Authorization/locks", [LOCK]),
        (f"{VM_ID}/providers/Microsoft.Security/assessments", []),
        (f"{VM_ID}-two/providers/Microsoft.Security/assessments", None),
        (f"{GROUP}-two/providers/Microsoft.Compute/disks", None),
    ],
)
def test_lists(small: Estate, path: str, ids: list[str] | None) -> None:
    found = small.many(path)
    assert (None if found is None else [one["id"] for one in found]) == ids


def test_a_subscription_lists_the_policies_that_its_management_groups_hand_down() -> None:
    own, provider = f"/subscriptions/{SUBSCRIPTION}", "providers/Microsoft.Authorization/policyAssignments"
    above, beside = (f"/providers/Microsoft.Management/managementGroups/{name}" for name in ("Root", "other"))
    ids = [f"{scope}/{provider}/a" for scope in (own, GROUP, above, beside)]
    estate = Estate(map(body, ids), {SUBSCRIPTION: ("near", "root")})
    found = estate.many(f"{own}/{provider}")
    assert found is not None
    assert [one["id"] for one in found] == ids[:3]
    assert [one.get("subscriptionId") for one in estate.many("/subscriptions") or ()] == [SUBSCRIPTION]


def test_a_body_is_at_its_id_in_any_case_until_it_is_removed(small: Estate) -> None:
    found = small.one(VM_ID.upper())
    assert found is not None
    assert found["id"] == VM_ID
    small.remove(VM_ID.upper())
    assert small.one(VM_ID) is None
    assert small.many(f"{COMPUTE}/virtualMachines") == []
    assert small.many(f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines") == []
    assert len(small) == 2


def test_a_newer_body_takes_the_place_of_the_older(small: Estate) -> None:
    small.put(machine(tags={}))
    [found] = small.many(f"{COMPUTE}/virtualMachines") or []
    assert "tags" in found["properties"]  # type: ignore[operator]


def test_groups_and_subscriptions_that_nobody_gave_are_made_up(small: Estate) -> None:
    group, subscription = small.one(GROUP), small.one(f"/subscriptions/{SUBSCRIPTION}")
    assert group is not None
    assert subscription is not None
    assert (group["location"], subscription["subscriptionId"]) == ("westeurope", SUBSCRIPTION)
    small.put(body(GROUP, tags={"a": "b"}))
    given = small.one(GROUP)
    assert given is not None
    assert given["tags"] == {"a": "b"}


def test_the_samples_can_all_be_served() -> None:
    folders = sample_bodies(ROOT / "samples")
    assert len(Estate.from_folders(folders)) == sum(len(list(folder.glob("*.json"))) for folder in folders)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 7}', '{"id": "x"}', "[" * 100_000])
def test_a_file_that_is_no_body_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(UnusableApp, match=r"bad\.json"):
        Estate.from_folders([tmp_path])


def test_rows_are_chosen_by_type_and_what_is_replaced_or_removed_is_none() -> None:
    estate = Estate([machine(), body(EXTENSION), body(LOCK)])

    def ids(of: str) -> list[object]:
        return [row["id"] for row in estate.rows(lambda kind: kind == of)]

    vm = str(machine()["type"]).lower()
    assert ids(vm) == [VM_ID]
    estate.put({**machine(), "type": "Other/types"})
    assert (ids(vm), ids("other/types")) == ([], [VM_ID])
    estate.remove(VM_ID)
    assert VM_ID not in [row["id"] for row in estate.rows()]
