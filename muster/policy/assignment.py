"""Assignments.

Source: learn.microsoft.com/azure/governance/policy/concepts/assignment-structure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from muster.policy.envelope import Item
from muster.policy.overrides import Override, OverrideKind, read_overrides
from muster.policy.scopes import EVERYTHING, Scope
from muster.policy.selectors import ResourceSelector, resource_selectors
from muster.policy.versions import VersionPattern
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic
from muster.values.json import Json, JsonObject


@dataclass(frozen=True)
class Assignment:
    """A parsed assignment.

    `id` as Azure gave it, else made of scope and name, else the name. `target` is the id or name of the definition or
    initiative. `messages` by lower-cased definition reference id, "" for all. `enforced` is enforcementMode Default.
    """

    id: str
    name: str
    display_name: str
    target: str
    version: VersionPattern | None
    scope: Scope
    excluded: tuple[Scope, ...]
    selectors: tuple[ResourceSelector, ...]
    overrides: tuple[Override, ...]
    parameters: Mapping[str, Json]
    messages: Mapping[str, str]
    enforced: bool
    metadata: JsonObject
    item: Item

    @property
    def effect_overrides(self) -> tuple[Override, ...]:
        """The overrides of effects, in their order."""
        return tuple(one for one in self.overrides if one.kind is OverrideKind.EFFECT)

    @property
    def version_overrides(self) -> tuple[Override, ...]:
        """The overrides of versions, in their order."""
        return tuple(one for one in self.overrides if one.kind is OverrideKind.VERSION)


def parse_assignment(item: Item) -> tuple[Assignment, list[Diagnostic]]:
    """An assignment and what is wrong with it by itself."""
    scope, faults = scope_of(item, default=EVERYTHING)
    excluded = []
    for at, text in enumerate(item.texts("notScopes")):
        try:
            excluded.append(Scope.parse(text))
        except ValueError as error:
            faults.append(item.fault("invalid-scope", f"'{shown(text)}' is {error}.", ("notScopes", at)))
    selectors, remarks = resource_selectors(item)
    faults += remarks
    overrides, remarks = read_overrides(item)
    faults += remarks
    messages: dict[str, str] = {}
    for at, entry in enumerate(item.objects("nonComplianceMessages")):
        reference, message = entry.get("policyDefinitionReferenceId"), entry.get("message")
        key = reference.lower() if isinstance(reference, str) else ""
        if key in messages:
            whose = f"the definition reference '{shown(key)}'" if key else "all definitions"
            text = f"A second message for {whose}."
            faults.append(item.fault("duplicate-message", text, ("nonComplianceMessages", at), "Keep one of them."))
        elif isinstance(message, str):
            messages[key] = message
    metadata = item.members.get("metadata")
    assignment = Assignment(
        id=scoped_id(item, scope),
        name=item.name,
        display_name=item.text("displayName") or item.name,
        target=item.text("policyDefinitionId"),
        version=VersionPattern.parse(item.text("definitionVersion")),
        scope=scope or EVERYTHING,
        excluded=tuple(excluded),
        selectors=selectors,
        overrides=overrides,
        parameters=item.values(),
        messages=messages,
        enforced=item.text("enforcementMode") in ("", "Default"),
        metadata=metadata if isinstance(metadata, dict) else {},
        item=item,
    )
    return assignment, faults


def scope_of(item: Item, *, default: Scope | None) -> tuple[Scope | None, list[Diagnostic]]:
    """The scope of an assignment or exemption: what `scope` says, else what its id stands below, else the default.
    None where it can't be told, with the fault."""
    written = item.text("scope")
    found: dict[str, Scope] = {}
    candidates = {"scope": written} if written else {}
    if item.id is not None:
        candidates["id"] = item.id.scope
    for where, text in candidates.items():
        try:
            found[where] = Scope.parse(text)
        except ValueError as error:
            fault = item.fault("invalid-scope", f"'{shown(text)}' is {error}.", ("scope",))
            return None, [fault if where == "scope" else replace(fault, pointer=item.whole_place(("id",)))]
    if len(found) == 2 and found["scope"] != found["id"]:
        message = f"The scope is '{shown(written)}', but the id says '{shown(found['id'].id)}'."
        return found["id"], [item.fault("scope-mismatch", message, ("scope",), "Take 'scope' or 'id' out.")]
    return next(iter(found.values()), default), []


def scoped_id(item: Item, scope: Scope | None) -> str:
    """An id as Azure gave it, else as Azure would make it of scope and name, else the name."""
    if item.id:
        return str(item.id)
    if scope is None or scope == EVERYTHING:
        return item.name
    return f"{scope.id}/providers/Microsoft.Authorization/{item.kind.resource_type}/{item.name}"
