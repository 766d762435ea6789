"""Small policy sets and machines for the tests of the policy room."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.files import PolicyFiles, load_policy_files
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.values.document import Document
from muster.values.finding import Result, Verdict

ROOT = Path(__file__).parents[2]
SCHEMA_FILES = {
    kind.value: json.loads((ROOT / f"policies/schemas/{kind}.schema.json").read_text(encoding="utf-8")) for kind in Kind
}
SCHEMAS = PolicySchemas(SCHEMA_FILES)

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-one"
VM_ID = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-one"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

VM_TYPE = {"field": "type", "equals": "Microsoft.Compute/virtualMachines"}
HOST_ENCRYPTION = "Microsoft.Compute/virtualMachines/securityProfile.encryptionAtHost"


def load(files: dict[str, Any]) -> PolicyFiles:
    """A policy set from files given as JSON values, or as texts where they are strings."""
    texts = {path: value if isinstance(value, str) else json.dumps(value) for path, value in files.items()}
    return load_policy_files(texts, SCHEMAS)


def bound(files: dict[str, Any]) -> BoundPolicySet:
    """A policy set, ready to judge."""
    return bind(load(files), AzureAliases())


def judge(files: dict[str, Any], document: Document | None = None, as_of: datetime = NOW) -> Verdict:
    """What a policy set says of a machine."""
    return bound(files).evaluate(document or machine(), as_of)


def only(files: dict[str, Any], document: Document | None = None, as_of: datetime = NOW) -> Result:
    """The one result of a policy set that has one."""
    (result,) = judge(files, document, as_of).results
    return result


def machine(
    *, management_groups: tuple[str, ...] = (), unavailable: frozenset[str] = frozenset(), **body: Any
) -> Document:
    """A virtual machine without encryption at host."""
    resource = {
        "id": VM_ID,
        "name": "vm-one",
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "tags": {},
        "properties": {
            "storageProfile": {
                "imageReference": {"publisher": "kinvolk", "offer": "flatcar", "sku": "stable", "version": "latest"},
                "osDisk": {"osType": "Linux"},
            }
        },
    }
    return Document(resource | body, management_groups=management_groups, unavailable=unavailable, now=NOW)


def rule(effect: str = "audit", *conditions: Any, details: Any = None) -> dict[str, Any]:
    """A rule for virtual machines; without conditions it fires where encryption at host is off."""
    conditions = conditions or ({"field": HOST_ENCRYPTION, "notEquals": True},)
    then = {"effect": effect} if details is None else {"effect": effect, "details": details}
    return {"if": {"allOf": [VM_TYPE, *conditions]}, "then": then}


def definition(policy_rule: Any = None, **properties: Any) -> dict[str, Any]:
    """A definition file."""
    return {"properties": {"displayName": "Encrypt at host", "policyRule": policy_rule or rule(), **properties}}


def effect_definition(
    default: str = "Audit", allowed: tuple[str, ...] = ("Audit", "Deny", "Disabled")
) -> dict[str, Any]:
    """A definition file with a parameter for its effect."""
    parameters = {"effect": {"type": "String", "allowedValues": list(allowed), "defaultValue": default}}
    return definition(rule("[parameters('effect')]"), parameters=parameters)


def initiative(*references: Any, **properties: Any) -> dict[str, Any]:
    """An initiative file."""
    return {"properties": {"displayName": "Baseline", "policyDefinitions": list(references), **properties}}


def assignment(target: str = "encrypt", **properties: Any) -> dict[str, Any]:
    """An assignment file."""
    return {"properties": {"policyDefinitionId": target, **properties}}


def exemption(target: str = "all", **properties: Any) -> dict[str, Any]:
    """An exemption file for the machine."""
    given = {"policyAssignmentId": target, "exemptionCategory": "Waiver", "scope": VM_ID, **properties}
    return {"properties": {name: value for name, value in given.items() if value is not None}}


def single(policy_definition: Any = None, **properties: Any) -> dict[str, Any]:
    """A policy set of one definition, assigned everywhere."""
    return {
        "definitions/encrypt.json": policy_definition or definition(),
        "assignments/all.json": assignment(**properties),
    }


def pair(**properties: Any) -> dict[str, Any]:
    """A policy set of two definitions in an initiative, assigned everywhere."""
    return {
        "definitions/encrypt.json": effect_definition(),
        "definitions/tagged.json": definition(
            rule("audit", {"field": "tags['owner']", "exists": "false"}), displayName="Tag the owner"
        ),
        "initiatives/base.json": initiative(
            {"policyDefinitionId": "encrypt", "policyDefinitionReferenceId": "hostEncryption"},
            {"policyDefinitionId": "tagged"},
        ),
        "assignments/all.json": assignment("base", **properties),
    }
