"""Where an assignment or an exemption applies.

A scope is everything that is watched, a management group, a subscription, a resource group or a resource; it
contains what is below it. Whether a management group contains a resource can only be told where the ancestry of the
resource's subscription was read; where it was not, the answer is unknown, and so is the result.
Source: learn.microsoft.com/azure/governance/policy/concepts/scope.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from muster.language.outcome import Truth

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NAME = r"[^/\x00-\x1f<>%&?\\]{1,260}"
_MANAGEMENT_GROUP = re.compile(r"/providers/microsoft\.management/managementgroups/([-\w.()]{1,90})", re.ASCII)
_SUBSCRIPTION = re.compile(rf"/subscriptions/{_GUID}", re.ASCII)
_GROUP = re.compile(rf"/subscriptions/{_GUID}/resourcegroups/{_NAME}", re.ASCII)
_RESOURCE = re.compile(
    rf"/subscriptions/{_GUID}(?:/resourcegroups/{_NAME})?(?:/providers/[a-z0-9.]{{1,100}}(?:/[a-z0-9]{{1,80}}/{_NAME})+)+",
    re.ASCII,
)


class ScopeKind(StrEnum):
    """What a scope is, the widest first."""

    EVERYTHING = "everything"
    MANAGEMENT_GROUP = "management group"
    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resource group"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Scope:
    """`id` lower-cased, empty for everything."""

    kind: ScopeKind
    id: str

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Read a scope's id in any case. Raises ValueError with a sentence on anything else."""
        lowered = text.strip().rstrip("/").lower()
        if len(lowered) <= 2048:
            for kind, pattern in _PATTERNS:
                if pattern.fullmatch(lowered):
                    return cls(kind, lowered)
        raise ValueError("not the id of a management group, subscription, resource group or resource")

    def contains(self, resource_id: str, management_groups: Sequence[str]) -> Truth:
        """Whether a resource is in it. `resource_id` lower-cased, empty where the resource has none;
        `management_groups` are the names or ids of those above its subscription, empty where they were not read."""
        if self.kind is ScopeKind.EVERYTHING:
            return True
        if not resource_id:
            return None
        if self.kind is ScopeKind.MANAGEMENT_GROUP:
            name = _last(self.id)
            return any(_last(group.lower()) == name for group in management_groups) if management_groups else None
        return self._covers(resource_id)

    def within(self, other: "Scope") -> Truth:
        """Whether all of it is in another scope; unknown where only the ancestry of management groups could tell."""
        if other.kind is ScopeKind.EVERYTHING or self == other:
            return True
        if self.kind is ScopeKind.EVERYTHING:
            return False
        if other.kind is ScopeKind.MANAGEMENT_GROUP:
            return None
        return self.kind is not ScopeKind.MANAGEMENT_GROUP and other._covers(self.id)

    def _covers(self, resource_id: str) -> bool:
        return resource_id.startswith(self.id) and resource_id[len(self.id) :][:1] in ("", "/")


EVERYTHING = Scope(ScopeKind.EVERYTHING, "")

_PATTERNS = (
    (ScopeKind.MANAGEMENT_GROUP, _MANAGEMENT_GROUP),
    (ScopeKind.SUBSCRIPTION, _SUBSCRIPTION),
    (ScopeKind.RESOURCE_GROUP, _GROUP),
    (ScopeKind.RESOURCE, _RESOURCE),
)


def _last(path: str) -> str:
    return path.rpartition("/")[2]
