"""The four kinds of policy files, and Azure's ids of what is in them."""

import re
from dataclasses import dataclass
from enum import StrEnum

_ID = re.compile(
    r"(?P<scope>(?:/.*)?)/providers/microsoft\.authorization/(?P<type>[a-z]+)/(?P<name>[^/]+)"
    r"(?:/versions/(?P<version>[^/]+))?",
    re.IGNORECASE | re.DOTALL,
)


class Kind(StrEnum):
    """What a policy file holds; the value names its schema."""

    DEFINITION = "definition"
    INITIATIVE = "initiative"
    ASSIGNMENT = "assignment"
    EXEMPTION = "exemption"

    @property
    def folder(self) -> str:
        """Where such files lie in the folder of policies."""
        return f"{self.value}s"

    @property
    def resource_type(self) -> str:
        """Azure's name of the type, without its namespace."""
        return _RESOURCE_TYPES[self]

    @property
    def key_member(self) -> str:
        """The member that only this kind has, of those that the kinds require."""
        return _KEY_MEMBERS[self]


_RESOURCE_TYPES = {
    Kind.DEFINITION: "policyDefinitions",
    Kind.INITIATIVE: "policySetDefinitions",
    Kind.ASSIGNMENT: "policyAssignments",
    Kind.EXEMPTION: "policyExemptions",
}
_KEY_MEMBERS = {
    Kind.DEFINITION: "policyRule",
    Kind.INITIATIVE: "policyDefinitions",
    Kind.ASSIGNMENT: "policyDefinitionId",
    Kind.EXEMPTION: "policyAssignmentId",
}


@dataclass(frozen=True, slots=True)
class PolicyId:
    """An id of Azure's for something of one of the kinds.

    `scope` is what stands before the provider ("" for built-ins); `version` is set where one version of a built-in
    is meant (`.../policyDefinitions/NAME/versions/1.2.0`).
    """

    scope: str
    kind: Kind
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.scope}/providers/Microsoft.Authorization/{self.kind.resource_type}/{self.name}"

    @property
    def key(self) -> str:
        """What two ids of the same thing have in common: the id lower-cased, without a version."""
        return str(self).lower()


def parse_policy_id(text: str) -> PolicyId | None:
    """Read an id in any case; None where it is none (a mere name, for instance). The scope is taken as it stands."""
    match = _ID.fullmatch(text.strip().rstrip("/"))
    if match is None:
        return None
    kinds = {kind.resource_type.lower(): kind for kind in Kind}
    kind = kinds.get(match["type"].lower())
    return None if kind is None else PolicyId(match["scope"], kind, match["name"], match["version"] or "")


def looks_like_id(text: str) -> bool:
    """Whether a reference is meant as an id of Azure's rather than as a name."""
    return "/" in text
