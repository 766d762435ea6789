"""Definitions in every shape that Azure's tools print them in."""

import json
from typing import Any

import pytest

from muster.language.definition import Definition, parse_definition
from muster.language.source import MOST_FAULTS, Source, read_json
from muster.values.diagnostic import Diagnostic

RULE: dict[str, Any] = {"if": {"field": "type", "equals": "[parameters('kind')]"}, "then": {"effect": "audit"}}
PROPERTIES: dict[str, Any] = {
    "displayName": "Name shown",
    "description": "What it is for",
    "mode": "Indexed",
    "policyType": "BuiltIn",
    "metadata": {"category": "Compute", "version": "1.2.3"},
    "parameters": {"Kind": {"type": "String", "defaultValue": "x", "metadata": {"displayName": "K"}}},
    "policyRule": RULE,
}
ID = "/providers/Microsoft.Authorization/policyDefinitions/n1"
UPPER = {name[:1].upper() + name[1:]: value for name, value in PROPERTIES.items()}


def parsed(value: Any) -> tuple[Definition | None, list[Diagnostic], Source]:
    source = Source("d.json", json.dumps(value, indent=1))
    data, faults = read_json(source)
    assert faults == []
    definition, faults = parse_definition(source, data)
    return definition, faults, source


def faults_of(value: Any) -> list[tuple[str, str]]:
    """Rule and pointer of each fault; each one's place is asked for, too."""
    definition, faults, source = parsed(value)
    assert (definition is None) is bool(faults)
    assert all(source.place(fault) >= (1, 1) for fault in faults)
    return [(fault.rule, fault.pointer) for fault in faults]


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"properties": PROPERTIES, "id": ID, "name": "n1"}, "/properties/policyRule"),
        ({**PROPERTIES, "id": ID, "name": "n1", "type": "Microsoft.Authorization/policyDefinitions"}, "/policyRule"),
        ({"Properties": UPPER, "ID": ID, "Name": "n1", "systemData": {}}, "/Properties/PolicyRule"),
    ],
    ids=["an export", "az policy definition show", "any case"],
)
def test_the_shapes_of_a_whole_definition(value: Any, pointer: str) -> None:
    definition, faults, _ = parsed(value)
    assert faults == []
    assert definition is not None
    assert (definition.id, definition.name, definition.mode, definition.policy_type) == (ID, "n1", "Indexed", "BuiltIn")
    assert (definition.display_name, definition.description) == ("Name shown", "What it is for")
    assert definition.version == "1.2.3"
    assert definition.metadata["category"] == "Compute"
    assert definition.rule.pointer == pointer
    parameter = definition.parameters["kind"]
    assert (parameter.name, parameter.type, parameter.default, parameter.has_default) == ("Kind", "string", "x", True)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"properties": {"policyRule": {"if": {"allOf": []}, "then": {"effect": "deny"}}}}, "/properties/policyRule"),
        ({"policyRule": {"if": {"allOf": []}, "then": {"effect": "deny"}}}, "/policyRule"),
        ({"if": {"allOf": []}, "then": {"effect": "deny"}}, ""),
        ({"IF": {"allOf": []}, "Then": {"effect": "deny"}}, ""),
        ({"properties": {"if": {"allOf": []}, "then": {"effect": "deny"}}}, "/properties"),
    ],
    ids=["properties only", "a rule in its place", "a bare rule", "a bare rule in any case", "a rule for properties"],
)
def test_the_shapes_of_a_rule_alone(value: Any, pointer: str) -> None:
    definition, faults, _ = parsed(value)
    assert faults == []
    assert definition is not None
    assert definition.rule.pointer == pointer
    assert (definition.id, definition.name, definition.mode, definition.policy_type) == ("", "", "All", "Custom")
    assert (definition.parameters, definition.metadata, definition.version) == ({}, {}, "")


def test_a_definition_inside_of_a_file_is_pointed_into() -> None:
    source = Source("list.json", json.dumps([{}, {"policyRule": {"if": {"field": 1}, "then": {}}}]))
    definition, faults = parse_definition(source, json.loads(source.text)[1], "/1")
    assert definition is None
    assert [fault.pointer for fault in faults] == ["/1/policyRule/if", "/1/policyRule/if/field", "/1/policyRule/then"]
    assert {fault.file for fault in faults} == {"list.json"}


@pytest.mark.parametrize(("mode", "expected"), [("All", "All"), (None, "Indexed"), ("Microsoft.KeyVault.Data",) * 2])
def test_the_mode(mode: Any, expected: str) -> None:
    # A mode of null counts as Indexed: the documentation's word for definitions without one in Azure's own answer.
    definition, _, _ = parsed({"properties": {**PROPERTIES, "mode": mode}})
    assert definition is not None
    assert definition.mode == expected


def test_the_version_of_a_definition_wins_over_its_metadata() -> None:
    definition, _, _ = parsed({"properties": {**PROPERTIES, "version": "2.0.0"}})
    assert definition is not None
    assert definition.version == "2.0.0"


def parameter_faults(parameters: Any) -> list[tuple[str, str]]:
    rule = {"if": {"allOf": []}, "then": {"effect": "audit"}}
    return [
        (rule, pointer.removeprefix("/parameters"))
        for rule, pointer in faults_of({"parameters": parameters, "policyRule": rule})
    ]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (None, []),
        ({}, []),
        ([], [("not-an-object", "")]),
        ({"a": 5}, [("not-an-object", "/a")]),
        ({"a": {}}, [("invalid-type", "/a")]),
        ({"a": {"type": "text"}}, [("invalid-type", "/a/type")]),
        ({"a": {"type": ["string"]}}, [("invalid-type", "/a/type")]),
        ({"a": {"TYPE": "STRING", "DefaultValue": "x", "AllowedValues": ["x"]}}, []),
        ({"a": {"type": "string", "default": "x"}}, [("unknown-key", "/a/default")]),
        ({"a": {"type": "string", "defaultValue": 5}}, [("wrong-type", "/a/defaultValue")]),
        ({"a": {"type": "string", "defaultValue": None}}, [("wrong-type", "/a/defaultValue")]),
        ({"a": {"type": "string", "allowedValues": "x"}}, [("not-an-array", "/a/allowedValues")]),
        ({"a": {"type": "object", "schema": True}}, [("not-an-object", "/a/schema")]),
        ({"a": {"type": "string"}, "A": {"type": "string"}}, [("duplicate-key", "/A")]),
        ({"a/b": {"type": "x"}, "~": {"type": "x"}}, [("invalid-type", "/a~1b/type"), ("invalid-type", "/~0/type")]),
    ],
)
def test_faults_of_parameters(parameters: Any, expected: list[tuple[str, str]]) -> None:
    assert parameter_faults(parameters) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, [("not-an-object", "")]),
        ([], [("not-an-object", "")]),
        ({}, [("missing-policyrule", "")]),
        ({"properties": []}, [("not-an-object", "/properties")]),
        ({"properties": None}, [("not-an-object", "/properties")]),
        ({"properties": {"policyrules": {}}}, [("missing-policyrule", "/properties")]),
        ({"policyRule": None}, [("not-an-object", "/policyRule")]),
    ],
)
def test_what_is_no_definition(value: Any, expected: list[tuple[str, str]]) -> None:
    assert faults_of(value) == expected


def test_a_misspelt_policy_rule_is_named() -> None:
    _, faults, _ = parsed({"properties": {"policyRules": RULE}})
    assert faults[0].hint == "Rename 'policyRules'."


def test_faults_of_rule_and_parameters_come_together_with_those_that_vetting_finds() -> None:
    assert faults_of({"policyRule": {**RULE, "else": 1}, "parameters": {"a": {"type": "x"}}}) == [
        ("invalid-type", "/parameters/a/type"),
        ("unknown-key", "/policyRule/else"),
    ]
    assert faults_of({"policyRule": RULE}) == [("undefined-parameter", "/policyRule/if/equals")]


def test_the_number_of_faults_of_parameters_is_bounded() -> None:
    parameters = {f"p{number}": {"type": "x", "foo": 1} for number in range(5_000)}
    assert len(parameter_faults(parameters)) == MOST_FAULTS
    assert len(parameter_faults({"a": {f"key{number}": 1 for number in range(5_000)}})) == MOST_FAULTS
