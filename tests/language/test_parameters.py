"""Parameters: types, allowed values, schemas, and the values that an assignment gives."""

import socket
from typing import Any

import pytest

from muster.language.parameter_schema import MOST_NODES, schema_fault
from muster.language.parameters import TYPES, Parameter, bind_parameters, type_fault, value_fault
from muster.values.json import Json

FITTING: dict[str, list[Json]] = {
    "string": ["", "x"],
    "array": [[], [1, "x"]],
    "object": [{}, {"a": 1}],
    "boolean": [True, False],
    "integer": [0, -5, 2**62],
    "float": [0.5, 1e300],
    "dateTime": ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.1234567Z"],
}


@pytest.mark.parametrize("name", sorted(TYPES.values()))
def test_types(name: str) -> None:
    also = {"float": ["integer"], "string": ["dateTime"]}.get(name, [])
    for other, values in FITTING.items():
        for value in values:
            assert (type_fault(name, value) == "") is (other == name or other in also), (name, value)
    assert type_fault(name, None).startswith("null is not ")


@pytest.mark.parametrize(
    "text", ["2026-01-31", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00+01:00", "2026-02-30T00:00:00Z", ""]
)
def test_texts_that_are_no_datetime(text: str) -> None:
    assert "dateTime" in type_fault("dateTime", text)


def declared(kind: str, **more: Any) -> Parameter:
    return Parameter(name="p", type=kind, pointer="", **more)


@pytest.mark.parametrize(
    ("kind", "allowed", "value", "fits"),
    [
        ("string", ("Audit", "Deny"), "Audit", True),
        # Azure compares allowed values with their case, unlike everything else in a rule.
        ("string", ("Audit", "Deny"), "audit", False),
        ("string", (), "x", False),
        ("integer", (1, 2), 2, True),
        ("integer", (1, 2), 3, False),
        ("float", (1, 0.5), 1.0, True),
        ("boolean", (True,), True, True),
        ("boolean", (True,), False, False),
        ("array", ("a", "b"), ["a", "b", "a"], True),
        ("array", ("a", "b"), [], True),
        ("array", ("a", "b"), ["a", "c"], False),
        ("array", (["a", "b"],), ["a", "b"], True),
        ("array", (["a", "b"],), ["b", "a"], False),
        ("array", (1, 0), [True], False),
        ("object", ({"a": [1]},), {"a": [1]}, True),
        ("object", ({"a": [1]},), {"a": [True]}, False),
        ("object", ({"a": 1, "b": 2},), {"b": 2, "a": 1}, True),
    ],
)
def test_allowed_values(kind: str, allowed: tuple[Json, ...], value: Json, fits: bool) -> None:
    fault = value_fault(declared(kind, allowed_values=allowed, restricted=True), value)
    assert (fault == "") is fits
    assert fits or "not among the allowed values" in fault


def test_a_message_about_allowed_values_is_short() -> None:
    allowed = tuple("x" * 1000 + str(number) for number in range(1000))
    assert len(value_fault(declared("string", allowed_values=allowed, restricted=True), "y")) < 1000


TREE = {"type": "object", "properties": {"next": {"$ref": "#"}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "x"}, ""),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, "not of type 'string'"),
        ({"required": ["a"]}, {}, "'a' is a required property"),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"b": 1}, "unexpected"),
        ({"properties": {"a": {"enum": ["x", 1]}}}, {"a": "X"}, "is not one of"),
        ({"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}, {"a": "x"}, "integer"),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, {"x": 1}, {"x": 1.0}]}, "same member twice"),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, True, "1", [1], {"x": 1}]}, ""),
        (TREE, {"next": {"next": {}}}, ""),
        (TREE, {"next": {"other": {}}}, "unexpected"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "dependency"),
    ],
)
def test_schemas(schema: dict[str, Json], value: dict[str, Json], fault: str) -> None:
    found = value_fault(declared("object", schema=schema), value)
    assert (found == "") is (fault == "")
    assert fault in found


CATASTROPHE = "^(a+)+$"
VICTIM = "a" * 60 + "b"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"properties": {"p": {"pattern": CATASTROPHE}}}, {"p": VICTIM}),
        ({"patternProperties": {CATASTROPHE: {}}}, {VICTIM: 1}),
        ({"patternProperties": {CATASTROPHE: {}}, "additionalProperties": False}, {VICTIM: 1}),
        ({"patternProperties": {CATASTROPHE: {}}, "unevaluatedProperties": False}, {VICTIM: 1}),
        ({"allOf": [{"patternProperties": {CATASTROPHE: {}}}], "unevaluatedProperties": False}, {VICTIM: 1}),
        ({"propertyNames": {"pattern": CATASTROPHE}}, {VICTIM: 1}),
        ({"properties": {"p": {"format": "regex"}}}, {"p": "("}),
    ],
)
def test_a_strangers_regular_expressions_are_not_applied(schema: dict[str, Json], value: dict[str, Json]) -> None:
    assert schema_fault(schema, value) == ""


def test_references_lead_nowhere_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a schema reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for place in (
        "https://example.com/s.json",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "#/nowhere",
        "other.json",
    ):
        assert schema_fault({"$ref": place}, {}) == "its schema can't be applied: it refers to what is not in it"
    assert schema_fault({"$id": "https://example.com/", "$ref": "s.json"}, {}).startswith("its schema can't be applied")


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": 5},
        {"properties": {"a": 5}},
        {"type": 5},
        {"type": "nope"},
        {"required": 5},
        {"properties": {"a": {"multipleOf": 0}}},
        {"properties": {"a": {"minimum": "x"}}},
        {"$ref": 5},
        {"$id": 5},
        {"oneOf": 5},
        {"enum": 5},
        {"dependentSchemas": {"a": 5}},
        {"if": {}, "then": 5},
        {"$ref": "#"},
        {"$recursiveRef": "#"},
        {"enum": list(range(MOST_NODES))},
    ],
)
def test_what_is_no_schema_is_told_and_raises_nothing(schema: dict[str, Json]) -> None:
    assert schema_fault(schema, {"a": 1}).startswith("its schema can't be applied: ")


def doubling(levels: int) -> dict[str, Json]:
    """A schema of which each level applies the next one twice."""
    named: dict[str, Json] = {
        f"n{level}": {"allOf": [{"$ref": f"#/$defs/n{level + 1}"}] * 2} for level in range(levels)
    }
    return {"$defs": {**named, f"n{levels}": {}}, "$ref": "#/$defs/n0"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (doubling(60), {"a": 1}),
        ({"properties": {"a": {"items": {"enum": list(range(9_000))}}}}, {"a": [0] * 5_000}),
        ({"properties": {"a": {"items": {"required": ["x"] * 5_000}}}}, {"a": [{"x": 1}] * 5_000}),
    ],
)
def test_work_without_end_is_ended(schema: dict[str, Json], value: dict[str, Json]) -> None:
    assert schema_fault(schema, value) == "its schema can't be applied: it takes too long"


def test_many_members_are_told_apart_in_one_go() -> None:
    members: list[Json] = [{"x": number} for number in range(50_000)]
    assert schema_fault({"properties": {"a": {"uniqueItems": True}}}, {"a": members}) == ""


def test_binding_fills_in_defaults_and_tells_every_fault() -> None:
    parameters = {
        "a": Parameter("A", "string", ""),
        "b": Parameter("B", "integer", "", default=5, has_default=True),
        "c": Parameter("C", "string", "", default=None, has_default=True),
        "d": Parameter("D", "string", ""),
    }
    values, faults = bind_parameters(parameters, {"A": 1, "other": 2})
    assert values == {"a": 1, "b": 5, "c": None}
    assert faults == [
        "there is no parameter 'other' (declared: A, B, C, D)",
        "parameter 'A': 1 is not of type string",
        "parameter 'D' has no value and no default",
    ]
    assert bind_parameters(parameters, {"a": "x", "D": "y", "B": 6}) == ({"a": "x", "b": 6, "c": None, "d": "y"}, [])
