"""Items of exports in every shape, and where their faults are told."""

import json
from typing import Any

import pytest

from muster.adapters.policy_files import load_schemas
from muster.language.source import Source, read_json
from muster.policy.exported import Export, read_export
from muster.policy.kinds import Kind
from muster.values.diagnostic import Diagnostic, Level
from tests.policy import exports

SCHEMAS = load_schemas()
ITEMS = {
    Kind.DEFINITION: exports.definition(),
    Kind.INITIATIVE: exports.initiative("set", exports.definition_id("tagged")),
    Kind.ASSIGNMENT: exports.assignment("assigned", exports.definition_id("tagged")),
    Kind.EXEMPTION: exports.exemption("exempt", f"{exports.AT}/{exports.PROVIDER}/policyAssignments/assigned"),
}
SHAPES = {
    "REST": lambda one: one,
    "flat": exports.flat,
    "row": exports.row,
    "PowerShell": exports.powershell,
}


def read(value: Any, name: str = "export.json", *, trusted: bool = False) -> Export:
    source = Source(name, json.dumps(value))
    found, faults = read_json(source)
    assert faults == []
    return read_export(source, found, SCHEMAS, trusted=trusted)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_shape_comes_to_the_same(kind: Kind, shape: str) -> None:
    one = ITEMS[kind]
    (found,) = read([SHAPES[shape](one)]).items
    assert found.kind is kind
    assert found.content == {"id": one["id"], "name": one["name"], "properties": one["properties"]}
    assert found.pointer == "/0"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda ones: ones,
        lambda ones: {"value": ones, "nextLink": None},
        lambda ones: {"count": 4, "data": ones, "skip_token": None, "total_records": 4},
    ],
)
def test_kinds_may_be_mixed_in_a_list(wrap: Any) -> None:
    found = read(wrap([exports.row(one) for one in ITEMS.values()]))
    assert [item.kind for item in found.items] == list(Kind)
    assert found.others == {}
    assert found.faults == ()


@pytest.mark.parametrize("more", [{"nextLink": "https://management.azure.com/x"}, {"$skipToken": "x"}])
def test_a_page_of_a_list_is_told(more: Any) -> None:
    found = read({"value": [ITEMS[Kind.DEFINITION]], **more})
    assert len(found.items) == 1
    assert [fault.rule for fault in found.faults] == ["incomplete-list"]


def test_what_is_no_policy_is_counted_by_what_it_is() -> None:
    state = {
        "type": "Microsoft.PolicyInsights/policyStates",
        "policyDefinitionId": exports.definition_id("a"),
        "policyAssignmentId": "b",
    }
    found = read([state, 3, {"name": "x"}, ITEMS[Kind.DEFINITION]])
    assert found.others == {"Microsoft.PolicyInsights/policyStates": 1, "without a type": 2}
    assert len(found.items) == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("policies/no-public-ip_1234/policy.json", "no-public-ip_1234"),
        ("samples/require-tag/azurepolicy.json", "require-tag"),
        ("policies\\mine\\policy.json", "mine"),
        ("mine/tagged.json", "tagged"),
        ("policy.json", "policy"),
        ("../policy.json", "policy"),
    ],
)
def test_what_has_no_name_has_its_file_s(file: str, name: str) -> None:
    (found,) = read({"properties": {"policyRule": exports.rule()}}, file).items
    assert found.name == name


def test_in_a_list_a_name_is_needed() -> None:
    found = read([{"properties": {"policyRule": exports.rule()}}])
    assert [fault.rule for fault in found.faults] == ["no-name"]
    assert found.faults[0].pointer == "/0"


def test_a_version_of_a_built_in_is_that_version() -> None:
    one = exports.definition("abc", "", version="1.2.0")
    one |= {"id": f"{one['id']}/versions/1.2.0", "type": f"{one['type']}/versions", "name": "1.2.0"}
    (found,) = read([one]).items
    assert (found.kind, found.name) == (Kind.DEFINITION, "abc")
    assert found.id is not None
    assert found.id.version == "1.2.0"


def test_references_by_name_become_references() -> None:
    one = {"name": "set", "properties": {"policyDefinitions": [{"policyDefinitionName": "tagged"}]}}
    (found,) = read(one).items
    assert found.properties["policyDefinitions"] == [{"policyDefinitionId": "tagged"}]


@pytest.mark.parametrize(("trusted", "kept"), [(False, True), (True, False)])
def test_a_member_that_resembles_a_known_one_is_kept_to_be_told_unless_azure_wrote_it(
    trusted: bool, kept: bool
) -> None:
    one = exports.assignment("a", "tagged", notScope=["x"], somethingNew=1)
    (found,) = read(one, trusted=trusted).items
    assert ("notScope" in found.properties) is kept
    assert "somethingNew" not in found.properties


def test_what_is_null_is_not_there_but_a_mode() -> None:
    (found,) = read({**exports.flat(exports.definition()), "mode": None, "metadata": None}).items
    assert "metadata" not in found.properties
    assert found.properties["mode"] is None


def test_versions_are_no_part_of_a_definition() -> None:
    (found,) = read(exports.definition(version="1.0.0", versions=["1.0.0", "0.9.0"])).items
    assert "versions" not in found.properties
    assert found.key.endswith(":1.0.0")


@pytest.mark.parametrize(
    ("value", "normalised", "told"),
    [
        ([exports.definition()], "/properties/policyRule/if/allOf/0", "/0/properties/policyRule/if/allOf/0"),
        ([exports.flat(exports.definition())], "/properties/policyRule/if", "/0/policyRule/if"),
        ([exports.powershell(exports.definition())], "/properties/policyRule/if", "/0/Properties/PolicyRule/if"),
        ({"value": [exports.definition()]}, "/id", "/value/0/id"),
        (exports.rule(), "/properties/policyRule/then/effect", "/then/effect"),
        (exports.rule(), "/properties", ""),
        ([exports.flat(exports.definition())], "/properties/displayName~1x", "/0/displayName~1x"),
    ],
)
def test_a_fault_is_told_where_the_item_came_from(value: Any, normalised: str, told: str) -> None:
    (found,) = read(value, "x.json").items
    fault = Diagnostic("r", Level.ERROR, "m", "definitions/tagged.json", normalised)
    assert (found.told(fault).file, found.told(fault).pointer) == ("x.json", told)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"value": 3}, {"data": {"rows": []}}, [[[]]]])
def test_anything_can_be_read(value: Any) -> None:
    assert read(value).items == ()
