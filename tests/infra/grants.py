"""Who may do what after a deployment, from the role assignments in it."""

import json
from dataclasses import dataclass

from tests.infra.bicep import Sources
from tests.infra.bicep_deployment import Deployment, Made

BUILT_IN = {
    "EventGrid Data Sender": "d5a91429-5739-47e2-a06b-3470a27159e7",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Queue Data Message Sender": "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
}
"""learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"

BLOB_ACTIONS = {
    "Storage Blob Data Contributor": {"read", "write", "delete", "add", "move"},
    "Storage Blob Data Owner": {"read", "write", "delete", "add", "move", "own"},
    "Storage Blob Data Reader": {"read"},
}
"""What they let do with blobs: learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage."""


@dataclass(frozen=True, order=True)
class Grant:
    """`who` is an identity by its name, `role` by its name; `where` the last parts of the id of what it is for."""

    who: str
    role: str
    where: str


def grants(deployment: Deployment) -> set[Grant]:
    """All role assignments of a deployment. Raises KeyError for a role that nobody knows."""
    made = list(deployment.everything())
    custom = {one.id: str(one.properties["roleName"]).partition(" (")[0] for one in made if _is_role(one)}
    known = {f"/providers/Microsoft.Authorization/roleDefinitions/{guid}": name for name, guid in BUILT_IN.items()}
    known |= custom
    return {
        Grant(
            who=_who(str(one.properties["principalId"])),
            role=known[str(one.properties["roleDefinitionId"])],
            where=_where(one.on),
        )
        for one in made
        if one.type == "Microsoft.Authorization/roleAssignments"
    }


def blob_actions(role: str, given: Sources) -> set[str]:
    """What a role lets do with blobs."""
    if role in BUILT_IN:
        return BLOB_ACTIONS.get(role, set())
    actions = json.loads(given[f"roles/{role.replace(' ', '-')}.json"])["DataActions"]
    assert all(action.startswith(f"{_BLOBS}/") for action in actions)
    return {action.removeprefix(f"{_BLOBS}/").removesuffix("/action") for action in actions}


def _is_role(one: Made) -> bool:
    return one.type == "Microsoft.Authorization/roleDefinitions"


def _who(principal: str) -> str:
    """`.../userAssignedIdentities/id-prod-checker.properties.principalId` -> `id-prod-checker`."""
    return principal.rpartition("/")[2].partition(".")[0]


def _where(scope: str) -> str:
    kind, _, name = scope.rpartition("/")
    if "/containers" in kind or "/queues" in kind:
        return f"{scope.split('/')[8].rstrip('0123456789')}/{name}"
    return name.rstrip("-0123456789") if "storageAccounts" in kind or "topics" in kind else name
