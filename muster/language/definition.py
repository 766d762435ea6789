"""Policy definitions: the file around a rule.

Accepted: Azure's export ({"properties": {...}, "id", "name"}), what `az policy definition show` prints (the
properties at the top), the same with only the properties, and a bare `policyRule`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from muster.language.frame import member
from muster.language.parameters import TYPES, Parameter, type_fault
from muster.language.parse import RuleParser, close_to, rule_object
from muster.language.source import Source, escape
from muster.language.syntax import Rule
from muster.language.vet import vet
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

_PARAMETER_KEYS = ("type", "defaultValue", "allowedValues", "metadata", "schema", "strongType", "assignPermissions")


@dataclass(frozen=True, slots=True)
class Definition:
    """A parsed policy definition. `parameters` by lower-cased name. `mode` as written, `all` where it says nothing
    else (null counts as indexed). `source` and `pointer` are the file and the place of the definition in it.
    `warnings` are remarks that do not keep it from being used."""

    id: str
    name: str
    display_name: str
    description: str
    mode: str
    policy_type: str
    version: str
    metadata: JsonObject
    parameters: Mapping[str, Parameter]
    rule: Rule
    source: Source
    pointer: str
    warnings: tuple[Diagnostic, ...] = ()


def parse_definition(source: Source, value: Json, pointer: str = "") -> tuple[Definition | None, list[Diagnostic]]:
    """Parse the definition at `pointer` of a file. None where it can't be used; then some diagnostic is an error."""
    definition, faults = read_definition(source, value, pointer)
    broken = any(fault.level is Level.ERROR for fault in faults)
    return (None if broken else definition), faults


def read_definition(source: Source, value: Json, pointer: str = "") -> tuple[Definition | None, list[Diagnostic]]:
    """As parse_definition, for whoever looks for faults rather than for something to use: None only where not even the
    rule could be parsed."""
    parser = RuleParser(source.name)
    if not isinstance(value, dict):
        parser.fault("not-an-object", "A policy definition is an object.", pointer, 'Write {"properties": {...}}.')
        return None, parser.faults
    properties, at = _properties(value, pointer)
    if properties is None:
        parser.fault("not-an-object", "'properties' is not an object.", at, 'Write "properties": {...}.')
        return None, parser.faults
    members = {key.lower(): (item, f"{at}/{escape(key)}") for key, item in properties.items()}
    if rule_object(properties):
        members = {"policyrule": (properties, at)}
    parameters = _parameters(parser, *members.get("parameters", ({}, f"{at}/parameters")))
    rule = None
    if "policyrule" in members:
        rule = parser.rule(*members["policyrule"])
    else:
        near = next((key for key in properties if close_to(key, ("policyRule",))), None)
        hint = f"Rename '{near}'." if near else 'Add "policyRule": {"if": {...}, "then": {...}}.'
        parser.fault(
            "missing-policyrule", "This definition has no 'policyRule', so there is nothing to judge.", at, hint
        )
    faults = parser.faults
    if rule is not None:
        faults = [*faults, *vet(rule, parameters, source.name)]
    if rule is None:
        return None, faults

    def text(owner: JsonObject, key: str) -> str:
        found = member(owner, key)
        return found if isinstance(found, str) else ""

    metadata = member(properties, "metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    mode = members.get("mode", ("All", at))[0]
    definition = Definition(
        id=text(value, "id") or text(properties, "id"),
        name=text(value, "name") or text(properties, "name"),
        display_name=text(properties, "displayName"),
        description=text(properties, "description"),
        mode=mode if isinstance(mode, str) else "Indexed",
        policy_type=text(properties, "policyType") or "Custom",
        version=text(properties, "version") or text(metadata, "version"),
        metadata=metadata,
        parameters=parameters,
        rule=rule,
        source=source,
        pointer=pointer,
        warnings=tuple(faults),
    )
    return definition, faults


def _properties(value: JsonObject, pointer: str) -> tuple[JsonObject | None, str]:
    key = next((key for key in value if key.lower() == "properties"), None)
    if key is None:
        return value, pointer
    inner = value[key]
    return (inner if isinstance(inner, dict) else None), f"{pointer}/{key}"


def _parameters(parser: RuleParser, value: Json, at: str) -> dict[str, Parameter]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        parser.fault("not-an-object", "'parameters' is not an object.", at, 'Write "parameters": {...}.')
        return {}
    found: dict[str, Parameter] = {}
    for name, item in value.items():
        if parser.full:
            break
        pointer = f"{at}/{escape(name)}"
        if name.lower() in found:
            parser.fault("duplicate-key", f"Parameter '{name[:60]}' is declared twice.", pointer, in_key=True)
        parameter = _parameter(parser, name, item, pointer)
        if parameter is not None:
            found[name.lower()] = parameter
    return found


def _parameter(parser: RuleParser, name: str, value: Json, at: str) -> Parameter | None:
    if not isinstance(value, dict):
        parser.fault("not-an-object", f"Parameter '{name[:60]}' is not an object.", at, 'Write {"type": "string"}.')
        return None
    members: dict[str, tuple[Json, str]] = {}
    for key, item in value.items():
        if parser.full:
            break
        canonical = next((known for known in _PARAMETER_KEYS if known.lower() == key.lower()), None)
        if canonical is None:
            hint = close_to(key, _PARAMETER_KEYS)
            parser.fault(
                "unknown-key", f"'{key[:60]}' means nothing in a parameter.", f"{at}/{escape(key)}", hint, in_key=True
            )
        else:
            members[canonical] = (item, f"{at}/{escape(key)}")
    kind, kind_at = members.get("type", (None, at))
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        hint = f"One of {', '.join(TYPES.values())}."
        parser.fault("invalid-type", f"Parameter '{name[:60]}' has no known type.", kind_at, hint)
        return None
    allowed, allowed_at = members.get("allowedValues", (None, at))
    if allowed is not None and not isinstance(allowed, list):
        parser.fault("not-an-array", "'allowedValues' is not an array.", allowed_at, 'Write "allowedValues": [...].')
        allowed = None
    schema, schema_at = members.get("schema", (None, at))
    if schema is not None and not isinstance(schema, dict):
        parser.fault("not-an-object", "A parameter's schema is an object.", schema_at)
        schema = None
    metadata = members.get("metadata", ({}, at))[0]
    parameter = Parameter(
        name=name,
        type=TYPES[kind.lower()],
        pointer=at,
        default=members.get("defaultValue", (None, at))[0],
        has_default="defaultValue" in members,
        allowed_values=tuple(allowed or ()),
        restricted=allowed is not None,
        schema=schema,
        metadata=metadata if isinstance(metadata, dict) else {},
    )
    if parameter.has_default:
        fault = type_fault(parameter.type, parameter.default)
        if fault:
            default_at = members["defaultValue"][1]
            parser.fault("wrong-type", f"The default of '{name[:60]}': {fault}.", default_at, "Change type or default.")
    return parameter
