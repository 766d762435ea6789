"""The JSON Schemas of policy files, ready for use: validators, and the members they know at each place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry, Resource

from muster.policy.kinds import Kind
from muster.values.json import JsonObject

_Schema = Any
"""A schema is JSON; its parts are picked apart too often to narrow each one."""


_Checker: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"unevaluatedProperties": lambda *_: ()}
)
"""Unknown members are for editors; muster finds them where it mends the spelling, in a third of the time."""


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
        registry: Registry[Any] = Registry()
        registry = registry.with_resources((name, Resource.from_contents(file)) for name, file in self._files.items())
        self._validators: dict[tuple[Kind, bool], Validator] = {
            (kind, exported): _Checker({"$ref": reference(kind, exported)}, registry=registry)
            for kind in Kind
            for exported in (True, False)
        }
        self._shapes: dict[int, Shape] = {}

    def validator(self, kind: Kind, *, exported: bool) -> Validator:
        """Checks one item: `exported` in the REST API's shape (`properties`), else with all members at the top."""
        return self._validators[kind, exported]

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


def reference(kind: Kind, exported: bool) -> str:
    """Where the schema of an item is."""
    return f"{kind}.schema.json#/$defs/{'exported' if exported else 'flat'}"
