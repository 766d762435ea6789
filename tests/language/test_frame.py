"""How rules read documents: names in any case, [*], what is missing, what could not be had."""

from typing import Any

import pytest

from muster.language.fields import parse_path
from muster.language.frame import UNKNOWN, UNKNOWN_MANY, UNKNOWN_PART, Read, Unavailable, full_name, member, walk
from muster.language.outcome import Truth
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import ask, compiled, value_of

BODY: dict[str, Json] = {
    "Name": "vm1",
    "type": "Microsoft.Compute/virtualMachines",
    "location": "West Europe",
    "tags": {"Env": "prod", "a.b": "dotted", "it's": "quoted", "": "empty", "list[*]": "starred"},
    "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {"/id/1": {}}},
    "properties": {
        "Profile": {"Size": "big", "nothing": None, "zero": 0, "no": False, "text": ""},
        "disks": [{"LUN": 0, "tags": ["x", "y"]}, {"lun": 1}, {"tags": []}, None],
        "rows": [{"cells": [{"v": 1}, {"v": 2}]}, {"cells": []}, {"other": 1}, {"cells": [{"w": 3}]}],
        "empty": [],
        "notalist": {"a": 1},
    },
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("properties.profile.size", "big"),
        ("PROPERTIES.PROFILE.SIZE", "big"),
        ("properties.profile.nothing", None),
        ("properties.profile.missing", None),
        ("properties.profile.size.deeper", None),
        ("properties.profile.zero", 0),
        ("properties.disks[1].lun", 1),
        ("properties.disks[9].lun", None),
        ("properties.profile[0]", None),
        ("properties.disks[*].lun", [0, 1, None, None]),
        ("properties.disks[*].tags", [["x", "y"], None, [], None]),
        ("properties.disks[*].tags[*]", ["x", "y"]),
        ("properties.rows[*].cells[*].v", [1, 2, None]),
        ("properties.rows[*].cells[*]", [{"v": 1}, {"v": 2}, {"w": 3}]),
        ("properties.empty[*]", []),
        ("properties.empty[*].x", []),
        ("properties.missing[*]", []),
        ("properties.missing[*].x", []),
        ("properties.missing.deeper[*].x", []),
        ("properties.notalist[*]", []),
        ("properties.notalist[*].a", []),
        ("properties.profile.size[*]", []),
    ],
)
def test_paths_into_a_document(path: str, expected: Read) -> None:
    assert walk(BODY, parse_path(path)) == expected
    assert Unavailable(frozenset({"elsewhere"})).walk(BODY, parse_path(path)) == expected


def test_the_same_spelling_wins_over_another() -> None:
    assert member({"A": 1, "a": 2}, "a") == 2
    assert member({"A": 1, "a": 2}, "A") == 1
    assert member({"B": 1}, "b") == 1
    assert member([1], "a") is None
    assert member("text", "a") is None


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("name", "vm1"),
        ("TYPE", "Microsoft.Compute/virtualMachines"),
        ("fullName", "vm1"),
        ("kind", ""),
        ("identity.type", "SystemAssigned, UserAssigned"),
        ("identity.userAssignedIdentities", {"/id/1": {}}),
        ("tags.ENV", "prod"),
        ("tags['env']", "prod"),
        ("tags[a.b]", "dotted"),
        ("tags.a.b", "dotted"),
        ("tags['it''s']", "quoted"),
        ("tags['']", "empty"),
        ("tags['list[*]']", "starred"),
        ("tags.none", ""),
        ("location", "West Europe"),
    ],
)
def test_fields_that_every_resource_has(field: str, expected: Json) -> None:
    quoted = field.replace("'", "''")
    assert value_of(f"[field('{quoted}')]", BODY) == expected
    assert value_of(f"[field(toLower('{quoted}'))]", BODY) == expected
    assert value_of(f"[field(if(equals(field('name'), 'vm1'), '{quoted}', 'x'))]", BODY) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "location", "equals": "westeurope"}, True),
        ({"field": "location", "equals": "WEST EUROPE"}, True),
        ({"field": "location", "in": ["north europe", "west europe"]}, True),
        ({"field": "location", "notIn": ["West  Europe"]}, False),
        ({"field": "location", "like": "west*"}, True),
        ({"field": "[concat('loc', 'ation')]", "equals": "west europe"}, True),
        ({"field": "[if(empty(field('kind')), 'location', 'x')]", "equals": "westeurope"}, True),
        ({"field": "tags['list[*]']", "equals": "starred"}, True),
        ({"field": "tags['list[*]']", "equals": "other"}, False),
        ({"field": "[if(empty(field('kind')), 'tags[''list[*]'']', 'x')]", "equals": "other"}, False),
        ({"value": "[field('location')]", "equals": "westeurope"}, False),
    ],
)
def test_locations_are_names_and_tags_may_have_any(condition: Json, expected: bool) -> None:
    # That field() gives a location as it is written, and `location` compares it normalised, is the documentation's
    # word on `field`; of the function it says that it returns the value.
    assert ask(condition, BODY) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # [*] in a condition: every member; an array that is empty, missing, null or no array has none.
        ({"field": "properties.disks[*].lun", "exists": True}, False),
        ({"field": "properties.disks[*].lun", "exists": False}, False),
        ({"field": "properties.rows[*].cells[*].v", "in": [1, 2]}, False),
        ({"field": "properties.disks[*].tags[*]", "in": ["x", "y"]}, True),
        ({"not": {"field": "properties.disks[*].tags[*]", "notEquals": "x"}}, True),
        ({"field": "properties.empty[*]", "equals": "never"}, True),
        ({"field": "properties.missing[*]", "exists": False}, True),
        ({"field": "properties.missing[*]", "exists": True}, True),
        ({"field": "properties.notalist[*].a", "equals": 7}, True),
        # Without [*] the array is one value.
        ({"field": "properties.empty", "exists": True}, True),
        ({"field": "properties.empty", "equals": ""}, False),
        ({"field": "properties.disks", "equals": ""}, False),
        ({"field": "properties.missing", "equals": ""}, True),
        ({"field": "properties.profile.nothing", "exists": False}, True),
        ({"field": "properties.profile.text", "exists": True}, True),
    ],
)
def test_conditions_on_arrays(condition: Json, expected: bool) -> None:
    # Where sources disagree on a missing array under [*] (another implementation says false), the documentation is
    # followed: such a collection is empty, and a condition on an empty collection holds.
    assert ask(condition, BODY) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[field('properties.disks[*].lun')]", [0, 1]),
        ("[field('properties.rows[*].cells[*].v')]", [1, 2]),
        ("[field('properties.missing[*].x')]", []),
        ("[field('properties.missing')]", ""),
        ("[field('properties.empty')]", []),
        ("[length(field('properties.disks[*]'))]", 3),
    ],
)
def test_field_in_an_expression_leaves_out_members_that_lack_it(expression: str, expected: Json) -> None:
    assert value_of(expression, BODY) == expected


LOST = frozenset(
    {
        "properties.profile.secret",
        "properties.view",
        "properties.rows[*].cells[*].v",
        "properties.far[*].x.y",
        "properties.gone[*]",
    }
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("properties.profile.size", "big"),
        ("properties.profile.secret", UNKNOWN),
        ("PROPERTIES.PROFILE.SECRET.deeper", UNKNOWN),
        ("properties.profile", UNKNOWN_PART),
        ("properties", UNKNOWN_PART),
        ("properties.profiles", None),
        ("properties.profile.secrets", None),
        ("properties.view", UNKNOWN),
        ("properties.view.statuses[*].code", [UNKNOWN_MANY]),
        ("properties.view[*]", [UNKNOWN_MANY]),
        ("properties.rows[*].cells[*].v", [UNKNOWN, UNKNOWN, UNKNOWN]),
        ("properties.rows[*].cells[*].w", [None, None, 3]),
        ("properties.rows[*].cells[*]", [UNKNOWN_PART, UNKNOWN_PART, UNKNOWN_PART]),
        ("properties.rows[*].cells", [UNKNOWN_PART, UNKNOWN_PART, UNKNOWN, UNKNOWN_PART]),
        ("properties.rows[*].other", [None, None, 1, None]),
        ("properties.rows[0].cells[0].v", UNKNOWN),
        ("properties.rows[0].cells", UNKNOWN_PART),
        ("properties.rows[0].cells[1].w", None),
        ("properties.gone[*].a", [UNKNOWN_MANY]),
        ("properties.far[*].x", []),
        ("properties.far[*].z", []),
        ("properties.disks[*].lun", [0, 1, None, None]),
    ],
)
def test_what_could_not_be_had(path: str, expected: Read) -> None:
    assert Unavailable(LOST).walk(BODY, parse_path(path)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "properties.profile.secret", "exists": False}, None),
        ({"field": "properties.rows[*].cells[*].v", "equals": 1}, None),
        ({"field": "properties.gone[*]", "equals": 1}, None),
        ({"count": {"field": "properties.gone[*]"}, "equals": 0}, None),
        ({"count": {"field": "properties.gone[*]"}, "greaterOrEquals": 0}, True),
        ({"count": {"field": "properties.rows[*].cells[*]"}, "equals": 3}, True),
        (
            {
                "count": {"field": "properties.far[*]", "where": {"field": "properties.far[*].x.y", "equals": 1}},
                "equals": 0,
            },
            True,
        ),
        ({"value": "[field('properties.rows[*].cells[*].v')]", "equals": 1}, None),
        ({"value": "[length(field('properties.rows[*].cells[*].w'))]", "equals": 1}, True),
        ({"field": "[concat('properties.profile.', toLower('SECRET'))]", "equals": 1}, None),
        ({"field": "[if(empty(field('kind')), 'properties.gone[*]', 'x')]", "equals": 1}, None),
        ({"field": "[if(empty(field('properties.view')), 'a', 'b')]", "equals": 1}, None),
        ({"field": "name", "equals": "[field('properties.view')]"}, None),
        ({"field": "properties.disks[*].lun", "equals": "[field('properties.view')]"}, None),
        ({"field": "properties.empty[*]", "equals": "[field('properties.view')]"}, True),
    ],
)
def test_conditions_on_what_could_not_be_had(condition: Json, expected: Truth) -> None:
    assert ask(condition, Document(BODY, unavailable=LOST)) is expected


@pytest.mark.parametrize(
    ("identity", "name", "expected"),
    [
        (None, "vm", "vm"),
        (5, "vm", "vm"),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm", "vm", "vm"),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/VirtualMachines/Vm/extensions/Ext",
            "Ext",
            "Vm/Ext",
        ),
        ("/x/PROVIDERS/A.B/c/d/providers/E.F/g/h/i/j", "j", "h/j"),
        ("/subscriptions/s", "vm", "vm"),
        (None, "parent/child", "parent/child"),
    ],
)
def test_full_names(identity: Json, name: str, expected: str) -> None:
    assert full_name({"id": identity, "name": name}, name) == expected
    assert value_of("[field('fullName')]", {"id": identity, "name": name}) == expected


@pytest.mark.parametrize("resource_type", ["T/X", 5, None, ["T/X"], {}])
def test_a_type_of_any_kind(resource_type: Any) -> None:
    expected = resource_type == "T/X"
    assert (ask({"field": "type", "equals": "t/x"}, {"Type": resource_type}) is True) is expected


def test_a_field_is_read_once_for_all_rules() -> None:
    body: dict[str, Json] = {"kind": "a", "other": "x"}
    rule, compiler = compiled({"allOf": [{"field": "kind", "equals": "a"}, {"field": "other", "exists": True}]})
    frame = compiler.frame(Document(resource=body))
    assert rule.evaluate(frame).matched is True
    body["kind"] = "b"
    assert rule.evaluate(frame).matched is True
    assert rule.evaluate(compiler.frame(Document(resource=body))).matched is False
