"""Selectors: which resources of its scope an assignment, an override or an exemption means.

Source: learn.microsoft.com/azure/governance/policy/concepts/assignment-structure, "Resource selectors".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from muster.language.outcome import Truth
from muster.policy.envelope import Item
from muster.policy.kleene import all_hold, any_holds, negated
from muster.policy.spelling import Path
from muster.values.diagnostic import Diagnostic
from muster.values.document import Document
from muster.values.json import Json

SUBSCRIPTION_LEVEL = "subscriptionlevelresources"


class SelectorKind(StrEnum):
    """What a selector looks at."""

    LOCATION = "resourceLocation"
    TYPE = "resourceType"
    WITHOUT_LOCATION = "resourceWithoutLocation"
    REFERENCE = "policyDefinitionReferenceId"
    ROLLOUT_PERCENTAGE = "resourceRolloutPercentage"
    USER = "userPrincipalId"
    GROUP = "groupPrincipalId"


UNTELLABLE = frozenset({SelectorKind.ROLLOUT_PERCENTAGE, SelectorKind.USER, SelectorKind.GROUP})
"""Kinds that Azure decides by who asks or by a draw of its own: nothing about a resource tells."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What selectors look at of a resource. `type` lower-cased; `location` normalised, empty where the resource has
    none, None where it could not be had."""

    id: str
    type: str
    location: str | None

    @classmethod
    def of(cls, document: Document) -> "Subject":
        """What selectors look at of a document."""
        resource = document.resource
        resource_id, resource_type, location = (resource.get(name) for name in ("id", "type", "location"))
        place: str | None = normalised(location) if isinstance(location, str) else ""
        if not place and "location" in document.unavailable:
            place = None
        return cls(
            resource_id.strip().rstrip("/").lower() if isinstance(resource_id, str) else "",
            resource_type.lower() if isinstance(resource_type, str) else "",
            place,
        )


@dataclass(frozen=True, slots=True)
class Selector:
    """One condition. `values` lower-cased (locations normalised); `excluded` for notIn."""

    kind: SelectorKind
    values: frozenset[str]
    excluded: bool

    def holds(self, subject: Subject, reference_id: str = "") -> Truth:
        """Whether it selects a resource, or a definition reference of the assigned initiative."""
        return negated(self._found(subject, reference_id)) if self.excluded else self._found(subject, reference_id)

    def _found(self, subject: Subject, reference_id: str) -> Truth:
        if self.kind in UNTELLABLE:
            return None
        if self.kind is SelectorKind.REFERENCE:
            return reference_id.lower() in self.values
        if self.kind is SelectorKind.TYPE:
            return subject.type in self.values
        if self.kind is SelectorKind.WITHOUT_LOCATION:
            if "/resourcegroups/" in subject.id or subject.location:
                return False
            return None if subject.location is None else SUBSCRIPTION_LEVEL in self.values
        return None if subject.location is None else subject.location in self.values


@dataclass(frozen=True, slots=True)
class ResourceSelector:
    """Selectors that must all hold."""

    name: str
    selectors: tuple[Selector, ...]

    def holds(self, subject: Subject) -> Truth:
        """Whether it selects a resource."""
        return all_hold(selector.holds(subject) for selector in self.selectors)


def selected(selectors: tuple[ResourceSelector, ...], subject: Subject) -> Truth:
    """Whether any of some resource selectors selects a resource; every resource is, where there are none."""
    return any_holds(selector.holds(subject) for selector in selectors) if selectors else True


def normalised(location: str) -> str:
    """A location as Azure compares it: `East US 2` is eastus2."""
    return location.replace(" ", "").lower()


def resource_selectors(item: Item) -> tuple[tuple[ResourceSelector, ...], list[Diagnostic]]:
    """The `resourceSelectors` of an assignment or an exemption, and what is wrong with them."""
    found: list[ResourceSelector] = []
    faults: list[Diagnostic] = []
    for at, entry in enumerate(item.objects("resourceSelectors")):
        path: Path = ("resourceSelectors", at)
        selectors, remarks = read_selectors(item, entry.get("selectors"), (*path, "selectors"))
        faults += remarks
        name = entry.get("name")
        found.append(ResourceSelector(name if isinstance(name, str) else "", selectors))
    return tuple(found), faults


def read_selectors(item: Item, value: Json, path: Path) -> tuple[tuple[Selector, ...], list[Diagnostic]]:
    """The selectors in a list, and what is wrong with them: in and notIn together or neither, a kind twice,
    kinds that exclude each other."""
    found: list[Selector] = []
    faults: list[Diagnostic] = []
    for at, entry in enumerate(value if isinstance(value, list) else []):
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or kind not in tuple(SelectorKind):
            continue
        inside, outside = entry.get("in"), entry.get("notIn")
        if (inside is None) == (outside is None):
            message = "A selector has either 'in' or 'notIn'" + (", not both." if inside is not None else ".")
            faults.append(item.fault("invalid-selector", message, (*path, at)))
            continue
        values = inside if outside is None else outside
        kind = SelectorKind(kind)
        texts = frozenset(_folded(kind, values if isinstance(values, list) else []))
        found.append(Selector(kind, texts, inside is None))
    faults += _together(item, found, path)
    return tuple(found), faults


def _folded(kind: SelectorKind, values: list[Json]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield normalised(value) if kind is SelectorKind.LOCATION else value.strip().lower()


def _together(item: Item, selectors: list[Selector], path: Path) -> list[Diagnostic]:
    kinds = [selector.kind for selector in selectors]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    faults = [
        item.fault("invalid-selector", f"'{kind}' stands twice among selectors that must all hold.", path)
        for kind in twice
    ]
    if not twice and {SelectorKind.LOCATION, SelectorKind.WITHOUT_LOCATION} <= set(kinds):
        message = "'resourceLocation' and 'resourceWithoutLocation' can't both hold."
        faults.append(item.fault("invalid-selector", message, path, "Put them into two resource selectors."))
    return faults
