"""What of some policies can be used, where nobody can mend the rest: a tenant's, and those that others wrote.

muster's own policy files are used whole or not at all. Here what can't be used is left out, with what depends on it:
an assignment goes with its definition, an exemption with its assignment. An initiative stays: in it a stand-in that
reports nothing takes the place of what can't be used, so that everything that names its references still holds.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from muster.policy.files import PolicyFiles, ReadPolicies, read_policy_files, sound
from muster.policy.kinds import Kind, parse_policy_id
from muster.policy.layout import item_text
from muster.policy.schemas import PolicySchemas
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

STAND_IN = "muster-left-out"
STAND_IN_PATH = f"{Kind.DEFINITION.folder}/{STAND_IN}.json"
_STAND_IN: JsonObject = {
    "name": STAND_IN,
    "properties": {
        "displayName": "Stands in an initiative for a definition that can't be used",
        "description": "Reports nothing. muster policies import says which definitions it stands for, and why.",
        "mode": "All",
        "metadata": {"version": "1.0.0", "category": "General", "severity": "info"},
        "policyRule": {"if": {"field": "type", "equals": "none"}, "then": {"effect": "disabled"}},
    },
}
_REFERENCE = re.compile(r"/properties/policyDefinitions/(\d{1,6})(?:/.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True)
class Usable:
    """`files` can be loaded, `policies` is what they are. `left_out` has for each file that can't be used why;
    `replaced` for each initiative what is wrong with the references that a stand-in has taken the place of. `first` is
    what was read of all files, before anything was left out."""

    files: Mapping[str, str]
    policies: PolicyFiles
    left_out: Mapping[str, tuple[Diagnostic, ...]]
    replaced: Mapping[str, tuple[Diagnostic, ...]]
    first: ReadPolicies


def usable(files: Mapping[str, str], schemas: PolicySchemas) -> Usable:
    """What can be used of files that have one item each, in the REST API's form."""
    kept = dict(files)
    left_out: dict[str, tuple[Diagnostic, ...]] = {}
    replaced: dict[str, tuple[Diagnostic, ...]] = {}
    first: ReadPolicies | None = None
    # Every turn leaves out a file or replaces a reference, so that there is a last one.
    for turn in count():
        read = read_policy_files(kept, schemas)
        first = first or read
        faults = _errors(read)
        if not faults:
            return Usable(kept, sound(read), left_out, replaced, first)
        for path, found in faults.items():
            # Nobody knows of the first turn's faults yet; a later one's follow from them.
            told = found if turn == 0 else tuple(map(_following, found))
            stood_in = _with_stand_ins(kept[path], found) if path.startswith(f"{Kind.INITIATIVE.folder}/") else None
            if stood_in is None:
                del kept[path]
                left_out[path] = told
            else:
                kept[path] = stood_in
                kept[STAND_IN_PATH] = item_text(_STAND_IN)
                replaced[path] = (*replaced.get(path, ()), *told)
    raise AssertionError("unreachable")


def _errors(read: ReadPolicies) -> dict[str, tuple[Diagnostic, ...]]:
    """The errors of each file, at most one a place."""
    found: dict[str, dict[object, Diagnostic]] = {}
    for remark in (*read.remarks, *read.references):
        if remark.level is Level.ERROR:
            found.setdefault(remark.file, {}).setdefault((remark.pointer, remark.column_in_value), remark)
    return {path: tuple(places.values()) for path, places in found.items()}


def _following(fault: Diagnostic) -> Diagnostic:
    message = f"What this refers to can't be used. {fault.message}"
    return replace(fault, rule="refers-to-left-out", message=message, hint="")


def _with_stand_ins(text: str, faults: tuple[Diagnostic, ...]) -> str | None:
    """An initiative with stand-ins for the references that have faults; None where something else is wrong."""
    content: Json = json.loads(text)
    properties = content.get("properties") if isinstance(content, dict) else None
    references = properties.get("policyDefinitions") if isinstance(properties, dict) else None
    if not isinstance(content, dict) or not isinstance(references, list):
        return None
    wrong = set()
    for fault in faults:
        place = _REFERENCE.fullmatch(fault.pointer)
        if place is None or int(place[1]) >= len(references):
            return None
        wrong.add(int(place[1]))
    for at in wrong:
        reference = references[at]
        target = reference.get("policyDefinitionId") if isinstance(reference, dict) else None
        if not isinstance(reference, dict) or not isinstance(target, str) or target == STAND_IN:
            return None
        policy_id = parse_policy_id(target)
        name = reference.get("policyDefinitionReferenceId") or (policy_id.name if policy_id else target.strip())
        references[at] = {"policyDefinitionId": STAND_IN, "policyDefinitionReferenceId": name}
    return item_text(content)
