"""The files of a policy set: read, checked, and put together.

A policy set is used whole or not at all: with any error in any file nothing is judged by the rest.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from muster.language.definition import Definition, parse_definition
from muster.policy.assigned import AssignedPolicy, Expansion
from muster.policy.assignment import Assignment, parse_assignment
from muster.policy.directory import Directory, Entry
from muster.policy.envelope import Item, read_file
from muster.policy.exemptions import Exemption, parse_exemption
from muster.policy.initiative import Initiative, parse_initiative, version_of, version_text
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.policy.suggestions import Suggestions
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BrokenPolicySet

T = TypeVar("T")

MAX_ERRORS = 1000
"""More than anybody reads; a policy set with more of them was not meant as one."""


@dataclass(frozen=True)
class PolicyFiles:
    """A policy set without faults. `policies` has each assignment with all that it refers to; `version` is a digest
    of all files' paths and texts; `warnings` is what was passed over."""

    definitions: tuple[Definition, ...]
    initiatives: tuple[Initiative, ...]
    policies: tuple[AssignedPolicy, ...]
    version: str
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class ReadPolicies:
    """What could be read of a policy set, sound or not. `files` are those that belong to it; `remarks` is what is
    wrong with files by themselves, and what was passed over; `references` what is wrong with how they refer to one
    another."""

    files: Mapping[str, str]
    definitions: Directory[Definition]
    initiatives: tuple[Initiative, ...]
    policies: tuple[AssignedPolicy, ...]
    remarks: tuple[Diagnostic, ...]
    references: tuple[Diagnostic, ...]


def load_policy_files(files: Mapping[str, str], schemas: PolicySchemas) -> PolicyFiles:
    """Read a policy set.

    `files` has texts by path below the folder of policies; read are `.json` files below definitions/, initiatives/,
    assignments/ and exemptions/. Raises BrokenPolicySet with the faults of all files.
    """
    return sound(read_policy_files(files, schemas))


def sound(read: ReadPolicies) -> PolicyFiles:
    """What was read, to be judged by. Raises BrokenPolicySet with the faults of all files."""
    warnings = settle([*read.remarks, *read.references])
    return PolicyFiles(
        definitions=tuple(_values(read.definitions)),
        initiatives=read.initiatives,
        policies=read.policies,
        version=digest(read.files),
        warnings=warnings,
    )


def kind_by_folder(path: str) -> Kind | None:
    """The kind of a `.json` file by the folder of its path below the folder of policies; None where it has none."""
    folder, _, rest = path.replace("\\", "/").removeprefix("./").partition("/")
    if not rest.lower().endswith(".json"):
        return None
    return next((kind for kind in Kind if kind.folder == folder), None)


def read_policy_files(
    files: Mapping[str, str], schemas: PolicySchemas, kind_of: Callable[[str], Kind | None] = kind_by_folder
) -> ReadPolicies:
    """As load_policy_files, for whoever looks for faults rather than for something to judge by. `kind_of` tells the
    kind of the file at a path, None for what is none of the policy set."""
    chosen = {path: text for path, text in files.items() if kind_of(path) is not None}
    items: dict[Kind, list[Item]] = {kind: [] for kind in Kind}
    remarks: list[Diagnostic] = []
    suggestions = Suggestions()
    for path in sorted(chosen):
        kind = kind_of(path)
        assert kind is not None
        found, faults = read_file(path, chosen[path], kind, schemas)
        items[kind] += found
        remarks += faults
    definitions = definition_directory(items[Kind.DEFINITION], remarks, suggestions)
    initiatives = _initiatives(items[Kind.INITIATIVE], remarks, suggestions)
    assignments = _assignments(items[Kind.ASSIGNMENT], remarks, suggestions)
    exemptions = _exemptions(items[Kind.EXEMPTION], remarks, suggestions)
    for directory in (definitions, initiatives, assignments, exemptions):
        remarks += directory.duplicates()
    expansion = Expansion(definitions, initiatives, suggestions)
    for initiative in _values(initiatives):
        expansion.check_initiative(initiative)
    expanded = [expansion.expand(assignment) for assignment in _values(assignments)]
    policies = {policy.assignment.id: policy for policy in expanded if policy is not None}
    exempting = _attach(_values(exemptions), assignments, policies, expansion)
    return ReadPolicies(
        files=chosen,
        definitions=definitions,
        initiatives=tuple(_values(initiatives)),
        policies=tuple(replace(policy, exemptions=tuple(exempting.get(key, ()))) for key, policy in policies.items()),
        remarks=tuple(remarks),
        references=tuple(expansion.faults),
    )


def digest(files: Mapping[str, str]) -> str:
    """What names exactly these files: 32 hexadecimal digits, whatever the order."""
    total = hashlib.sha256()
    for path in sorted(files):
        for part in (path, files[path]):
            data = part.encode("utf-8", "surrogatepass")
            total.update(b"%d:" % len(data) + data)
    return total.hexdigest()[:32]


def settle(remarks: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The warnings among some diagnostics, by file. Raises BrokenPolicySet with all errors where there is one, at most
    one a place and MAX_ERRORS altogether."""
    errors: dict[tuple[object, ...], Diagnostic] = {}
    warnings: dict[tuple[object, ...], Diagnostic] = {}
    for remark in remarks:
        place = (remark.file, remark.pointer, remark.offset, remark.column_in_value)
        kept = errors if remark.level is Level.ERROR else warnings
        kept.setdefault(place, remark)
    if errors:
        raise BrokenPolicySet(sorted(errors.values(), key=lambda fault: fault.file)[:MAX_ERRORS])
    return tuple(sorted(warnings.values(), key=lambda warning: warning.file))


def definition_directory(
    items: Iterable[Item], remarks: list[Diagnostic], suggestions: Suggestions
) -> Directory[Definition]:
    """Parsed definitions; what is wrong with them is added to `remarks`."""
    entries = []
    for item in items:
        definition, faults = parse_definition(item.source, item.content, item.pointer)
        remarks += (as_written(item, fault) for fault in faults)
        if definition is not None:
            definition = replace(
                definition, id=str(item.id) if item.id else "", name=item.name, version=version_text(item)
            )
        entries.append(Entry(item, definition, item.id.key if item.id else "", version_of(item)))
    return Directory(Kind.DEFINITION, entries, suggestions)


def as_written(item: Item, fault: Diagnostic) -> Diagnostic:
    """A fault of the parser, which saw Azure's spelling, at the place where the author wrote it."""
    if not item.spelling.written or not fault.pointer.startswith(item.pointer):
        return fault
    segments = fault.pointer[len(item.pointer) :].split("/")[1:]
    path = tuple(segment.replace("~1", "/").replace("~0", "~") for segment in segments)
    return replace(fault, pointer=item.whole_place(path))


def _initiatives(items: Iterable[Item], remarks: list[Diagnostic], suggestions: Suggestions) -> Directory[Initiative]:
    entries = []
    for item in items:
        initiative, faults = parse_initiative(item, suggestions)
        remarks += faults
        value = None if item.broken else initiative
        entries.append(Entry(item, value, item.id.key if item.id else "", version_of(item)))
    return Directory(Kind.INITIATIVE, entries, suggestions)


def _assignments(items: Iterable[Item], remarks: list[Diagnostic], suggestions: Suggestions) -> Directory[Assignment]:
    entries = []
    for item in items:
        assignment, faults = parse_assignment(item)
        remarks += faults
        own_id = "" if assignment.id == item.name else assignment.id.lower()
        entries.append(Entry(item, None if item.broken else assignment, own_id))
    return Directory(Kind.ASSIGNMENT, entries, suggestions)


def _exemptions(items: Iterable[Item], remarks: list[Diagnostic], suggestions: Suggestions) -> Directory[Exemption]:
    entries = []
    for item in items:
        exemption, faults = parse_exemption(item)
        remarks += faults
        entries.append(Entry(item, None if item.broken else exemption, exemption.id.lower()))
    return Directory(Kind.EXEMPTION, entries, suggestions)


def _attach(
    exemptions: Iterable[Exemption],
    assignments: Directory[Assignment],
    policies: Mapping[str, AssignedPolicy],
    expansion: Expansion,
) -> dict[str, list[Exemption]]:
    """Exemptions by the id of their assignment. Noted in `expansion`: assignments that there are not, definition
    references that they do not have, and scopes outside of theirs."""
    attached: dict[str, list[Exemption]] = {}
    for exemption in exemptions:
        item = exemption.item
        found = assignments.find(exemption.assignment)
        if found.fault:
            expansion.faults.append(item.fault(found.rule, found.fault, ("policyAssignmentId",), found.hint))
        assignment = found.entry.value if found.entry else None
        policy = policies.get(assignment.id) if assignment else None
        if assignment is None or policy is None:
            continue
        attached.setdefault(assignment.id, []).append(exemption)
        for at, reference_id in enumerate(item.texts("policyDefinitionReferenceIds")):
            expansion.check_reference_id(policy, reference_id, item, ("policyDefinitionReferenceIds", at))
        if exemption.checks_scope and exemption.scope.within(assignment.scope) is False:
            message = (
                f"It exempts what '{shown(assignment.name)}' does not cover: its scope is outside of the assignment's."
            )
            hint = 'Mend the scope, or add "assignmentScopeValidation": "DoNotValidate".'
            expansion.faults.append(item.fault("outside-scope", message, ("policyAssignmentId",), hint))
    return attached


def _values(directory: Directory[T]) -> list[T]:
    return [entry.value for entry in directory.entries if entry.value is not None]
