"""What two policy sets have in common: definitions that are assigned alike, and so conclude alike."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from muster.policy.assigned import AssignedDefinition, AssignedPolicy, Edition
from muster.policy.files import PolicyFiles
from muster.values.json import canonical


@dataclass(frozen=True, slots=True)
class Parts:
    """Two policy sets taken apart: what both have, and what only the one or the other has."""

    shared: PolicyFiles
    only_first: PolicyFiles
    only_second: PolicyFiles


def taken_apart(first: PolicyFiles, second: PolicyFiles) -> Parts:
    """Two policy sets by what is the same in both: the text of the definition, its parameters, and everything of the
    assignment, its exemptions and the initiative that a result shows."""
    common = _keys(first) & _keys(second)
    return Parts(
        _only(first, common, inside=True), _only(first, common, inside=False), _only(second, common, inside=False)
    )


def _keys(files: PolicyFiles) -> frozenset[tuple[str, ...]]:
    return frozenset(
        _key(policy, edition, assigned)
        for policy in files.policies
        for edition in policy.editions
        for assigned in edition.definitions
    )


def _only(files: PolicyFiles, keys: frozenset[tuple[str, ...]], *, inside: bool) -> PolicyFiles:
    policies = tuple(
        replace(policy, editions=tuple(_editions(policy, keys, inside=inside))) for policy in files.policies
    )
    return replace(files, policies=tuple(one for one in policies if any(part.definitions for part in one.editions)))


def _editions(policy: AssignedPolicy, keys: frozenset[tuple[str, ...]], *, inside: bool) -> Iterable[Edition]:
    for edition in policy.editions:
        kept = tuple(one for one in edition.definitions if (_key(policy, edition, one) in keys) is inside)
        yield replace(edition, definitions=kept)


def _key(policy: AssignedPolicy, edition: Edition, assigned: AssignedDefinition) -> tuple[str, ...]:
    definition, initiative = assigned.definition, assigned.initiative
    return (
        canonical(policy.assignment.item.content),
        repr(edition.override),
        *(canonical(exemption.item.content) for exemption in policy.exemptions),
        assigned.reference_id,
        definition.source.text,
        definition.pointer,
        canonical(dict(assigned.parameters)),
        "" if initiative is None else initiative.id,
        *assigned.groups,
    )
