"""The 25 rules that the language's benchmark gives to everyone, and how each engine is told them.

A rule says where to look, what holds there, and whether it is a violation that it holds or that it does not. muster
gets them as Azure Policy definitions; every other engine gets the same rule in its own words.
"""

import json
from dataclasses import dataclass
from typing import Any

MACHINE = "Microsoft.Compute/virtualMachines"


@dataclass(frozen=True, slots=True)
class Rule:
    """`alias` for Azure Policy, `path` into the body for the others. Operators: equals, in, exists, like (with one
    `*`, at an end), less, lacks (some member of the array at `path` has no property `value`)."""

    alias: str
    path: str
    operator: str
    value: Any
    violated_if: bool


def _rule(path: str, operator: str, value: Any, violated_if: bool, alias: str = "") -> Rule:
    return Rule(alias or f"{MACHINE}/{path.removeprefix('properties.')}", path, operator, value, violated_if)


_LINUX = "properties.osProfile.linuxConfiguration"
_IMAGE = "properties.storageProfile.imageReference"
_DISK = "properties.storageProfile.osDisk"
_UEFI = "properties.securityProfile.uefiSettings"

RULES = (
    _rule("properties.securityProfile.securityType", "in", ["TrustedLaunch", "ConfidentialVM"], False),
    _rule(f"{_UEFI}.secureBootEnabled", "equals", True, False),
    _rule(f"{_UEFI}.vTpmEnabled", "equals", True, False),
    _rule("properties.securityProfile.encryptionAtHost", "equals", True, False),
    _rule(f"{_LINUX}.disablePasswordAuthentication", "equals", True, False),
    _rule(f"{_LINUX}.patchSettings.assessmentMode", "equals", "AutomaticByPlatform", False),
    _rule(f"{_LINUX}.patchSettings.patchMode", "equals", "AutomaticByPlatform", False),
    _rule("properties.diagnosticsProfile.bootDiagnostics.enabled", "equals", True, False),
    _rule(
        f"{_IMAGE}.publisher",
        "in",
        ["Canonical", "RedHat", "SUSE", "Debian"],
        False,
        "Microsoft.Compute/imagePublisher",
    ),
    _rule(f"{_IMAGE}.offer", "like", "UbuntuServer*", True, "Microsoft.Compute/imageOffer"),
    _rule(f"{_IMAGE}.sku", "in", ["14.04.5-LTS", "16.04-LTS", "18.04-LTS"], True, "Microsoft.Compute/imageSku"),
    _rule(f"{_IMAGE}.version", "equals", "latest", True, "Microsoft.Compute/imageVersion"),
    _rule(f"{_DISK}.vhd.uri", "exists", None, True, f"{MACHINE}/osDisk.Uri"),
    _rule(f"{_DISK}.managedDisk.storageAccountType", "equals", "Standard_LRS", True),
    _rule(f"{_DISK}.osType", "in", ["Linux", "Windows"], False),
    _rule(f"{_DISK}.diskSizeGB", "less", 64, True),
    _rule("properties.storageProfile.dataDisks", "lacks", "managedDisk", True),
    _rule("properties.hardwareProfile.vmSize", "like", "Basic_*", True, f"{MACHINE}/sku.name"),
    _rule("properties.osProfile.adminUsername", "in", ["admin", "root", "administrator"], True),
    _rule("properties.osProfile.allowExtensionOperations", "equals", False, True),
    _rule("properties.licenseType", "exists", None, True),
    _rule("identity.type", "exists", None, False, "identity.type"),
    _rule("location", "in", ["westeurope", "northeurope"], False, "location"),
    _rule("tags.owner", "exists", None, False, "tags.owner"),
    _rule("tags.costCenter", "like", "CC-*", False, "tags.costCenter"),
)


def azure_policy(rule: Rule) -> dict[str, Any]:
    """The rule as an Azure Policy definition."""
    if rule.operator == "lacks":
        member = {"field": f"{rule.alias}[*].{rule.value}", "exists": False}
        condition: dict[str, Any] = {"count": {"field": f"{rule.alias}[*]", "where": member}, "greater": 0}
    else:
        value = True if rule.operator == "exists" else rule.value
        condition = {"field": rule.alias, rule.operator: value}
    if not rule.violated_if:
        condition = {"not": condition}
    parts = [{"field": "type", "equals": MACHINE}, condition]
    return {"properties": {"mode": "Indexed", "policyRule": {"if": {"allOf": parts}, "then": {"effect": "audit"}}}}


def custodian(rule: Rule) -> dict[str, Any]:
    """The rule as a Cloud Custodian filter that matches violations."""
    if rule.operator == "lacks":
        return {"type": "value", "key": f"{rule.path}[?!{rule.value}] | [0]", "value": "present"}
    simple = {"type": "value", "key": rule.path}
    if rule.operator == "exists":
        return simple | {"value": "present" if rule.violated_if else "absent"}
    names = {"equals": ("eq", "ne"), "in": ("in", "not-in"), "less": ("less-than", "gte"), "like": ("glob", "glob")}
    holds, fails = names[rule.operator]
    found = simple | {"op": holds if rule.violated_if else fails, "value": rule.value}
    if rule.operator == "like" and not rule.violated_if:
        return {"not": [found]}
    return found


def json_schema(rule: Rule) -> dict[str, Any]:
    """The rule as a JSON Schema that violations are valid against."""
    head, _, tail = str(rule.value).partition("*")
    leaf: dict[str, Any] = {
        "equals": {"const": rule.value},
        "in": {"enum": rule.value},
        "exists": {"not": {"type": "null"}},
        "like": {"type": "string", "pattern": f"^{head}.*{tail}$"},
        "less": {"type": "number", "exclusiveMaximum": rule.value},
        "lacks": {"contains": {"not": {"required": [rule.value]}}},
    }[rule.operator]
    for name in reversed(rule.path.split(".")):
        leaf = {"type": "object", "properties": {name: leaf}, "required": [name]}
    return leaf if rule.violated_if else {"not": leaf}


def cel(rule: Rule) -> str:
    """The rule as a CEL expression that is true for violations."""
    names = rule.path.split(".")
    there = " && ".join(f"has(r.{'.'.join(names[:n])})" for n in range(1, len(names) + 1))
    value, head = f"r.{rule.path}", json.dumps(str(rule.value).rstrip("*"))
    test = {
        "equals": f"{value} == {json.dumps(rule.value)}",
        "in": f"{value} in {json.dumps(rule.value)}",
        "exists": "true",
        "like": f"{value}.startsWith({head})",
        "less": f"{value} < {rule.value}",
        "lacks": f"{value}.exists(d, !has(d.{rule.value}))",
    }[rule.operator]
    holds = f"({there} && {test})"
    return holds if rule.violated_if else f"!{holds}"


def rego(rules: tuple[Rule, ...]) -> str:
    """All rules as a Rego module: `data.vm.violations` has the numbers of those that are violated."""
    lines = ["package vm", "import rego.v1"]
    for number, rule in enumerate(rules):
        value = f"input.{rule.path}"
        test = {
            "equals": f"{value} == {json.dumps(rule.value)}",
            "in": f"{value} in {json.dumps(rule.value)}",
            "exists": f"{value} != null",
            "like": f"startswith({value}, {json.dumps(str(rule.value).rstrip('*'))})",
            "less": f"{value} < {rule.value}",
            "lacks": f"some d in {value}\n  not d.{rule.value}",
        }[rule.operator]
        lines.append(f"holds_{number} if {{\n  {test}\n}}")
        lines.append(f"violations contains {number} if {'' if rule.violated_if else 'not '}holds_{number}")
    return "\n".join(lines)
