"""Parameters of definitions and initiatives: their declarations and the values that an assignment gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.language.functions.equality import identity
from muster.language.operators import excerpt, instant
from muster.language.parameter_schema import schema_fault
from muster.values.json import Json, JsonObject

TYPES = {name.lower(): name for name in ("string", "array", "object", "boolean", "integer", "float", "dateTime")}
"""Lower-cased name -> name of the parameter types."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter. `type` in TYPES' spelling; `default` counts where `has_default`; an empty
    `allowed_values` with `restricted` allows nothing."""

    name: str
    type: str
    pointer: str
    default: Json = None
    has_default: bool = False
    allowed_values: tuple[Json, ...] = ()
    restricted: bool = False
    schema: JsonObject | None = None
    metadata: JsonObject = field(default_factory=dict)


def type_fault(type_name: str, value: Json) -> str:
    """Why a value is not of a parameter type; empty where it is."""
    fits = {
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, int | float) and not isinstance(value, bool),
        "dateTime": isinstance(value, str) and instant(value) is not None,
    }[type_name]
    if fits:
        return ""
    wanted = "a dateTime (yyyy-MM-ddTHH:mm:ss.fffffffZ)" if type_name == "dateTime" else f"of type {type_name}"
    return f"{excerpt(value)} is not {wanted}"


def value_fault(parameter: Parameter, value: Json) -> str:
    """Why a parameter can't have a value; empty where it can. Allowed values are compared with their case."""
    fault = type_fault(parameter.type, value)
    if fault:
        return fault
    if parameter.restricted:
        chosen = value if isinstance(value, list) and parameter.type == "array" else [value]
        allowed_keys = frozenset(map(identity, parameter.allowed_values))
        for item in chosen:
            if identity(item) not in allowed_keys and identity(value) not in allowed_keys:
                allowed = ", ".join(excerpt(option) for option in parameter.allowed_values[:8])
                return f"{excerpt(item)} is not among the allowed values ({allowed})"
    if parameter.schema is not None:
        return schema_fault(parameter.schema, value)
    return ""


def bind_parameters(declared: Mapping[str, Parameter], given: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """All parameters' values by lower-cased name, defaults filled in, and what is wrong as sentences.

    `declared` is keyed by lower-cased name; `given` by name in any case.
    """
    values: dict[str, Json] = {}
    faults: list[str] = []
    lowered = {name.lower(): (name, value) for name, value in given.items()}
    for key, (name, _) in lowered.items():
        if key not in declared:
            known = ", ".join(parameter.name for parameter in declared.values()) or "none"
            faults.append(f"there is no parameter '{name[:60]}' (declared: {known[:200]})")
    for key, parameter in declared.items():
        if key in lowered:
            value = lowered[key][1]
            fault = value_fault(parameter, value)
            if fault:
                faults.append(f"parameter '{parameter.name}': {fault}")
            values[key] = value
        elif parameter.has_default:
            values[key] = parameter.default
        else:
            faults.append(f"parameter '{parameter.name}' has no value and no default")
    return values, faults
