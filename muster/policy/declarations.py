"""Parameters that an initiative declares, and values that are given for parameters."""

from collections.abc import Mapping

from muster.language.parameters import TYPES, Parameter, value_fault
from muster.policy.envelope import Item
from muster.policy.spelling import Path
from muster.policy.suggestions import Suggestions
from muster.policy.wording import joined, shown
from muster.values.diagnostic import Diagnostic
from muster.values.json import Json


def declared_parameters(item: Item) -> tuple[dict[str, Parameter], list[Diagnostic]]:
    """An initiative's parameters by lower-cased name, and what is wrong with them beyond the schema."""
    found: dict[str, Parameter] = {}
    faults: list[Diagnostic] = []
    declared = item.members.get("parameters")
    for name, entry in declared.items() if isinstance(declared, dict) else ():
        path: Path = ("parameters", name)
        kind = entry.get("type") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(kind, str) or kind.lower() not in TYPES:
            continue
        if name.lower() in found:
            message = f"The parameter '{shown(name)}' is declared twice; names are the same in any case."
            faults.append(item.fault("duplicate-key", message, path, "Keep one of them.", in_key=True))
        allowed, schema, metadata = entry.get("allowedValues"), entry.get("schema"), entry.get("metadata")
        parameter = Parameter(
            name=name,
            type=TYPES[kind.lower()],
            pointer=item.place(path),
            default=entry.get("defaultValue"),
            has_default="defaultValue" in entry,
            allowed_values=tuple(allowed) if isinstance(allowed, list) else (),
            restricted=isinstance(allowed, list),
            schema=schema if isinstance(schema, dict) else None,
            metadata=metadata if isinstance(metadata, dict) else {},
        )
        found[name.lower()] = parameter
        wrong = value_fault(parameter, parameter.default) if parameter.has_default else ""
        if wrong:
            message = f"The default of '{shown(name)}': {wrong}."
            faults.append(item.fault("invalid-parameter", message, (*path, "defaultValue")))
    return found, faults


def bound_values(
    declared: Mapping[str, Parameter],
    given: Mapping[str, Json],
    item: Item,
    path: Path,
    target: str,
    suggestions: Suggestions,
) -> tuple[dict[str, Json], list[Diagnostic]]:
    """The complete values by lower-cased name, and what is wrong with those given at `path` of an item for `target`
    (as sentences name it): names that are not declared, wrong values, values that are missing."""
    values: dict[str, Json] = {}
    faults = unknown_names(declared, given, item, path, target, suggestions)
    by_name = {name.lower(): (name, value) for name, value in given.items()}
    missing = []
    for key, parameter in declared.items():
        if key in by_name:
            name, values[key] = by_name[key]
            wrong = value_fault(parameter, values[key])
            if wrong:
                message = f"'{shown(name)}' of {target}: {wrong}."
                faults.append(item.fault("invalid-parameter", message, (*path, name, "value")))
        elif parameter.has_default:
            values[key] = parameter.default
        else:
            missing.append(parameter.name)
    if missing:
        faults.append(missing_values(missing, item, path, target))
    return values, faults


def unknown_names(
    declared: Mapping[str, Parameter],
    given: Mapping[str, Json],
    item: Item,
    path: Path,
    target: str,
    suggestions: Suggestions,
) -> list[Diagnostic]:
    """A fault for each given name that is not declared."""
    names = [parameter.name for parameter in declared.values()]
    there_are = f"There is {joined(names[:12], 'and')}." if names else "It has none."
    faults = []
    for name in given:
        if name.lower() not in declared:
            message = f"There is no parameter '{shown(name)}' in {target}."
            hint = suggestions.like(name, names) or there_are
            faults.append(item.fault("unknown-parameter", message, (*path, name), hint, in_key=True))
    return faults


def missing_values(missing: list[str], item: Item, path: Path, target: str) -> Diagnostic:
    """The fault that parameters have neither a value nor a default; at the parameters, or, where there are none, at
    what they would stand in."""
    names = joined([f"'{shown(name)}'" for name in missing], "and")
    message = f"{names} of {target} {'has' if len(missing) == 1 else 'have'} no value and no default."
    value = f'"{shown(missing[0])}": {{"value": ...}}'
    if _is_there(item, path):
        return item.fault("missing-parameter", message, path, f"Add {value}.")
    return item.fault("missing-parameter", message, path[:-1], f'Add "parameters": {{{value}}}.')


def _is_there(item: Item, path: Path) -> bool:
    value: Json = item.members
    for segment in path:
        if isinstance(value, dict) and isinstance(segment, str):
            value = value.get(segment)
        elif isinstance(value, list) and isinstance(segment, int):
            value = value[segment]
        else:
            return False
    return value is not None
