"""Each resource has a type and an api-version that Azure has: learn.microsoft.com/azure/templates/TYPE."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.bicep import Sources, edited, sources, templates

KNOWN = {
    "Microsoft.Authorization/policyAssignments": "2023-04-01",
    "Microsoft.Authorization/policyDefinitions": "2023-04-01",
    "Microsoft.Authorization/roleAssignments": "2022-04-01",
    "Microsoft.Authorization/roleDefinitions": "2022-04-01",
    "Microsoft.EventGrid/systemTopics": "2025-02-15",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": "2025-02-15",
    "Microsoft.EventGrid/topics": "2025-02-15",
    "Microsoft.Insights/actionGroups": "2023-01-01",
    "Microsoft.Insights/components": "2020-02-02",
    # Diagnostic settings have had no version but previews since 2016-09-01.
    "Microsoft.Insights/diagnosticSettings": "2021-05-01-preview",
    "Microsoft.Insights/metricAlerts": "2018-03-01",
    "Microsoft.Insights/scheduledQueryRules": "2023-12-01",
    "Microsoft.Insights/workbooks": "2023-06-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31",
    "Microsoft.OperationalInsights/workspaces": "2023-09-01",
    "Microsoft.Resources/deployments": "2024-03-01",
    "Microsoft.Resources/resourceGroups": "2024-03-01",
    "Microsoft.Storage/storageAccounts": "2023-05-01",
    "Microsoft.Storage/storageAccounts/blobServices": "2023-05-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers": "2023-05-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies": "2023-05-01",
    "Microsoft.Storage/storageAccounts/managementPolicies": "2023-05-01",
    "Microsoft.Storage/storageAccounts/queueServices": "2023-05-01",
    "Microsoft.Storage/storageAccounts/queueServices/queues": "2023-05-01",
    "Microsoft.Web/serverfarms": "2024-04-01",
    "Microsoft.Web/sites": "2024-04-01",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": "2024-04-01",
    "Microsoft.Web/sites/config": "2024-04-01",
}


def versions(given: Sources) -> set[tuple[str, str]]:
    """Type and version of each resource of Bicep files and of ARM templates."""
    found = {
        (str(resource["type"]), str(resource["api_version"]))
        for template in templates(given).values()
        for resource in template.part("resources").values()
    }
    for name, text in given.items():
        if name.endswith(".json"):
            found |= set(_arm(json.loads(text)))
    return found


def _arm(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if "apiVersion" in node:
            yield node["type"], node["apiVersion"]
        for value in node.values():
            yield from _arm(value)
    elif isinstance(node, list):
        for value in node:
            yield from _arm(value)


def test_types_and_versions_are_known_and_each_type_has_one() -> None:
    assert versions(sources()) == set(KNOWN.items())


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("modules/function-app.bicep", "Microsoft.Web/sites@2024-04-01", "Microsoft.Web/sites@2024-14-01"),
        ("modules/function-app.bicep", "Microsoft.Web/serverfarms@", "Microsoft.Web/serverFarm@"),
        ("management-group/onboard.json", '"apiVersion": "2025-02-15"', '"apiVersion": "2021-12-01"'),
    ],
)
def test_another_version_or_type_is_noticed(name: str, old: str, new: str) -> None:
    assert versions(edited(name, old, new)) - set(KNOWN.items())
