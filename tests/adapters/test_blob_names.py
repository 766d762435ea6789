"""Where blobs lie: no id leaves its folder, no two ids share one, no name is longer than Azure takes."""

from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.blob_names import (
    MAX_NAME,
    evaluation_id_of,
    history_name,
    history_prefix,
    latest_name,
)
from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId

SUBSCRIPTION = "3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10"
EVALUATION = "e" * 64

_segment = st.from_regex(r"\A[-\w.()@+~!$' ]{1,260}\Z")


@st.composite
def _ids(draw: st.DrawFn) -> ResourceId | None:
    pairs = draw(st.lists(st.tuples(st.sampled_from(["virtualMachines", "x"]), _segment), min_size=1, max_size=8))
    text = "/".join(f"{kind}/{name}" for kind, name in pairs)
    try:
        return ResourceId.parse(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/{text}")
    except InvalidResourceId:
        return None


def _machine(name: str) -> ResourceId:
    return ResourceId.parse(
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/{name}"
    )


def test_names_are_lower_cased_ids() -> None:
    vm = _machine("VM")
    folder = f"subscriptions/{SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm"
    assert latest_name(vm) == f"latest/{folder}.json"
    assert history_name(vm, "e1") == f"{folder}/e1.json"
    assert evaluation_id_of(history_name(vm, "e1")) == "e1"


@given(_ids())
def test_a_name_stays_in_its_folder_and_in_bounds(resource_id: ResourceId | None) -> None:
    if resource_id is None:
        return
    for name in (latest_name(resource_id), history_name(resource_id, EVALUATION)):
        segments = name.split("/")
        assert len(name) <= MAX_NAME
        assert "" not in segments
        assert not {".", ".."} & set(segments)
        assert not name.endswith((".", "/"))


@given(_ids(), _ids())
def test_two_ids_have_two_names(one: ResourceId | None, other: ResourceId | None) -> None:
    if one is None or other is None or one == other:
        return
    assert latest_name(one) != latest_name(other)
    assert history_prefix(one) != history_prefix(other)


def test_ids_that_differ_only_past_the_bound_have_two_names() -> None:
    deep = _machine("v" * 200)
    for _ in range(5):
        deep = deep.child("x", "n" * 250)
    one, other = deep.child("x", "a"), deep.child("x", "b")
    assert len(str(one)) > MAX_NAME
    assert latest_name(one) != latest_name(other)
    assert len(latest_name(one)) <= MAX_NAME
