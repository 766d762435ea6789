"""One small policy of each kind, in the shapes that tools export them in."""

from typing import Any

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
AT = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{AT}/resourceGroups/rg-web"
PROVIDER = "providers/Microsoft.Authorization"
MACHINE = "Microsoft.Compute/virtualMachines"

TYPES = {
    "definition": "policyDefinitions",
    "initiative": "policySetDefinitions",
    "assignment": "policyAssignments",
    "exemption": "policyExemptions",
}


def rule(effect: str = "audit", *conditions: Any) -> dict[str, Any]:
    return {"if": {"allOf": [{"field": "type", "equals": MACHINE}, *conditions]}, "then": {"effect": effect}}


def definition_id(name: str, scope: str = AT) -> str:
    return f"{scope}/{PROVIDER}/policyDefinitions/{name}"


def item(kind: str, name: str, at: str, **properties: Any) -> dict[str, Any]:
    """An item as the REST API answers it."""
    kind_type = TYPES[kind]
    return {
        "properties": properties,
        "id": f"{at}/{PROVIDER}/{kind_type}/{name}",
        "type": f"Microsoft.Authorization/{kind_type}",
        "name": name,
        "systemData": {"createdBy": "someone@example.com", "createdAt": "2026-01-01T00:00:00Z"},
    }


def definition(name: str = "tagged", scope: str = AT, **properties: Any) -> dict[str, Any]:
    given = {"displayName": f"The {name} one", "policyType": "Custom", "mode": "Indexed", "policyRule": rule()}
    return item("definition", name, scope, **{**given, **properties})


def initiative(name: str = "set", *targets: str, scope: str = AT, **properties: Any) -> dict[str, Any]:
    references = [
        {"policyDefinitionId": target, "policyDefinitionReferenceId": f"ref-{at}"} for at, target in enumerate(targets)
    ]
    given = {"displayName": name, "policyType": "Custom", "policyDefinitions": references}
    return item("initiative", name, scope, **{**given, **properties})


def assignment(name: str, target: str, scope: str = AT, **properties: Any) -> dict[str, Any]:
    given = {"displayName": name, "policyDefinitionId": target, "scope": scope, "enforcementMode": "Default"}
    return {
        **item("assignment", name, scope, **{**given, **properties}),
        "location": "westeurope",
        "identity": {"type": "None"},
    }


def exemption(name: str, target: str, scope: str = AT, **properties: Any) -> dict[str, Any]:
    given = {"policyAssignmentId": target, "exemptionCategory": "Waiver", "displayName": name}
    return item("exemption", name, scope, **{**given, **properties})


def flat(exported: dict[str, Any]) -> dict[str, Any]:
    """As Azure CLI prints it, nulls included."""
    kept = {name: value for name, value in exported.items() if name != "properties"}
    extra = {"resourceGroup": None} if "policyAssignments" in exported["type"] else {}
    return {"description": None, **exported["properties"], **kept, **extra}


def row(exported: dict[str, Any]) -> dict[str, Any]:
    """As a row of Resource Graph has it."""
    kept = {name: exported[name] for name in ("id", "name", "properties")}
    beside = dict.fromkeys(("kind", "location", "managedBy", "sku", "plan", "tags", "identity", "zones"), "")
    return {**kept, "type": exported["type"].lower(), "tenantId": SUBSCRIPTION, "subscriptionId": "", **beside}


def powershell(exported: dict[str, Any]) -> dict[str, Any]:
    """As Az PowerShell's objects become JSON."""
    properties = {name[0].upper() + name[1:]: value for name, value in exported["properties"].items()}
    return {
        "Name": exported["name"],
        "ResourceId": exported["id"],
        "ResourceName": exported["name"],
        "ResourceType": exported["type"],
        "SubscriptionId": SUBSCRIPTION,
        "Properties": properties,
    }
