"""The JSON Schemas of policy files, ready for use: validators, and the members they know at each place.

A compiled validator says whether there is anything to say; jsonschema, which is imported only then, says what. A
function app starts with hundreds of files that are well, and pays for the compiled one alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from muster.policy.kinds import Kind
from muster.values.json import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_BASE = "json-schema:///"
"""Where the compiled validator looks for files that refer to each other by name."""

_Schema = Any
"""A schema is JSON; its parts are picked apart too often to narrow each one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a schema knows of a value by itself, with `$ref` and `allOf` followed.

    `members` by name, `folded` their names by the names lower-cased; `others` is the schema of members that have no
    name of their own, None where there is none; `closed` where no others are known; `choices` the values of an enum;
    `refuses_null` where null is none of its types.
    """

    members: Mapping[str, "SchemaPart"]
    folded: Mapping[str, str]
    others: "SchemaPart | None"
    items: "SchemaPart | None"
    closed: bool
    choices: tuple[str, ...]
    refuses_null: bool


@dataclass(frozen=True, slots=True)
class SchemaPart:
    """A schema within the file that it stands in (references are relative to it)."""

    schema: _Schema
    file: str


class PolicySchemas:
    """The schemas of the four kinds. `schemas` has them by the kind's name: `{"definition": {...}, ...}`."""

    def __init__(self, schemas: Mapping[str, JsonObject]) -> None:
        self._files = {f"{kind}.schema.json": schemas[kind] for kind in Kind}
        self._compiled: dict[tuple[Kind, bool], jsonschema_rs.Draft202012Validator] = {}
        self._validators: dict[tuple[Kind, bool], Validator] = {}
        self._shapes: dict[int, Shape] = {}

    def accepts(self, kind: Kind, value: Json, *, exported: bool) -> bool:
        """Whether the schema has nothing at all against one item, unknown members included. See validator()."""
        key = kind, exported
        if key not in self._compiled:
            resources = [(f"{_BASE}{name}", file) for name, file in self._files.items()]
            schema = {"$ref": f"{_BASE}{reference(kind, exported)}"}
            registry = jsonschema_rs.Registry(resources)
            self._compiled[key] = jsonschema_rs.Draft202012Validator(schema, registry=registry)
        return self._compiled[key].is_valid(value)

    def validator(self, kind: Kind, *, exported: bool) -> "Validator":
        """Checks one item and says what is wrong: `exported` in the REST API's shape (`properties`), else with all
        members at the top."""
        key = kind, exported
        if key not in self._validators:
            self._validators[key] = _explaining({"$ref": reference(kind, exported)}, self._files)
        return self._validators[key]

    def part(self, kind: Kind, *, exported: bool) -> SchemaPart:
        """The schema of one item."""
        return self._follow(reference(kind, exported), "")

    def shape(self, part: SchemaPart) -> Shape:
        """What a schema knows of a value by itself."""
        key = id(part.schema)
        if key not in self._shapes:
            self._shapes[key] = self._read(part)
        return self._shapes[key]

    def _follow(self, target: str, file: str) -> SchemaPart:
        name, _, pointer = target.partition("#")
        schema: _Schema = self._files[name or file]
        for segment in pointer.split("/")[1:]:
            schema = schema[segment]
        return SchemaPart(schema, name or file)

    def _read(self, part: SchemaPart) -> Shape:
        schema, file = part.schema, part.file
        if not isinstance(schema, dict):
            return Shape({}, {}, None, None, closed=False, choices=(), refuses_null=False)
        members: dict[str, SchemaPart] = {}
        others = items = None
        choices = tuple(value for value in schema.get("enum", ()) if isinstance(value, str))
        refuses_null = "null" not in schema.get("type", "null") or None not in schema.get("enum", (None,))
        bases = [SchemaPart(base, file) for base in schema.get("allOf", ())]
        if "$ref" in schema:
            bases.append(self._follow(schema["$ref"], file))
        for base in map(self.shape, bases):
            members |= base.members
            others, items, choices = base.others or others, base.items or items, choices or base.choices
            refuses_null = refuses_null or base.refuses_null
        members |= {name: SchemaPart(member, file) for name, member in schema.get("properties", {}).items()}
        if "additionalProperties" in schema:
            others = SchemaPart(schema["additionalProperties"], file)
        if "items" in schema:
            items = SchemaPart(schema["items"], file)
        folded = {name.lower(): name for name in members}
        closed = schema.get("unevaluatedProperties") is False
        return Shape(members, folded, others, items, closed, choices, refuses_null)


def _explaining(schema: JsonObject, files: Mapping[str, JsonObject]) -> "Validator":
    """A validator that tells all faults but unknown members: muster finds those where it mends the spelling, in a
    third of the time."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 # costs 70 ms and most policy sets have no fault
    from jsonschema.validators import extend  # noqa: PLC0415
    from referencing import Registry, Resource  # noqa: PLC0415

    empty: Registry[Any] = Registry()
    registry = empty.with_resources((name, Resource.from_contents(file)) for name, file in files.items())
    checker = extend(Draft202012Validator, {"unevaluatedProperties": lambda *_: ()})  # type: ignore[no-untyped-call]
    validator: Validator = checker(schema, registry=registry)
    return validator


def reference(kind: Kind, exported: bool) -> str:
    """Where the schema of an item is."""
    return f"{kind}.schema.json#/$defs/{'exported' if exported else 'flat'}"
