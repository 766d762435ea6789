"""Initiatives (policy set definitions).

Source: learn.microsoft.com/azure/governance/policy/concepts/initiative-definition-structure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from muster.language.parameters import Parameter
from muster.policy.declarations import declared_parameters
from muster.policy.envelope import Item, parameter_values
from muster.policy.kinds import parse_policy_id
from muster.policy.spelling import Path
from muster.policy.suggestions import Suggestions
from muster.policy.versions import Version, VersionPattern
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic
from muster.values.json import Json


@dataclass(frozen=True)
class Reference:
    """One definition that an initiative includes. `definition` is its id or name as written, `parameters` the values
    passed to it, which may be expressions over the initiative's own; `path` its place below the initiative."""

    id: str
    definition: str
    version: VersionPattern | None
    parameters: Mapping[str, Json]
    groups: tuple[str, ...]
    path: Path


@dataclass(frozen=True)
class Initiative:
    """A parsed initiative. `parameters` by lower-cased name; `id` is its name where it was never in Azure."""

    id: str
    display_name: str
    version: str
    parameters: Mapping[str, Parameter]
    references: tuple[Reference, ...]
    item: Item


def parse_initiative(item: Item, suggestions: Suggestions) -> tuple[Initiative, list[Diagnostic]]:
    """An initiative and what is wrong with it by itself."""
    parameters, faults = declared_parameters(item)
    groups = [name for group in item.objects("policyDefinitionGroups") if isinstance(name := group.get("name"), str)]
    references: list[Reference] = []
    seen: dict[str, int] = {}
    entries = item.members.get("policyDefinitions")
    for at, entry in enumerate(entries if isinstance(entries, list) else []):
        target = entry.get("policyDefinitionId") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(target, str) or not target:
            continue
        path: Path = ("policyDefinitions", at)
        given = entry.get("policyDefinitionReferenceId")
        reference_id = given if isinstance(given, str) and given else _name_of(target)
        first = seen.setdefault(reference_id.lower(), at)
        if first != at:
            message = f"'{shown(reference_id)}' is included twice, first as entry {first + 1}."
            hint = "Give each entry a 'policyDefinitionReferenceId' of its own."
            faults.append(item.fault("duplicate-reference-id", message, path, hint))
        names = entry.get("groupNames")
        member_of = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
        for number, name in enumerate(member_of):
            if name.lower() not in {group.lower() for group in groups}:
                message = f"There is no group '{shown(name)}' in 'policyDefinitionGroups'."
                faults.append(
                    item.fault("unknown-group", message, (*path, "groupNames", number), suggestions.like(name, groups))
                )
        pattern = entry.get("definitionVersion")
        references.append(
            Reference(
                id=reference_id,
                definition=target,
                version=VersionPattern.parse(pattern) if isinstance(pattern, str) else None,
                parameters=parameter_values(entry.get("parameters")),
                groups=tuple(member_of),
                path=path,
            )
        )
    initiative = Initiative(
        id=str(item.id) if item.id else item.name,
        display_name=item.text("displayName") or item.name,
        version=version_text(item),
        parameters=parameters,
        references=tuple(references),
        item=item,
    )
    return initiative, faults


def version_text(item: Item) -> str:
    """The version of a definition or initiative: its own, that of its id, or its metadata's; empty without any."""
    if item.id and item.id.version:
        return item.id.version
    metadata = item.members.get("metadata")
    inner = metadata.get("version") if isinstance(metadata, dict) else None
    return item.text("version") or (inner if isinstance(inner, str) else "")


def version_of(item: Item) -> Version | None:
    """As version_text, read; None where it is no version."""
    return Version.parse(version_text(item))


def _name_of(reference: str) -> str:
    policy_id = parse_policy_id(reference)
    return policy_id.name if policy_id else reference.strip()
