"""Aliases that no resource type has."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": ▸"Microsoft.Compute/virtualMachines/storageProfile.osDisk.osTyp", "equals": "Linux"}',
    '{"field": ▸"properties.storageProfile.osDisk.osType", "equals": "Linux"}',
    '{"count": {"field": ▸"Microsoft.Compute/virtualMachines/dataDisks[*]"}, "greater": 0}',
    '{"value": "[toLower(field(▸\'Microsoft.Compute/imageReference\'))]", "equals": "x"}',
)
SILENT = (
    '{"field": "muster.images/product", "equals": "ubuntu"}',
    '{"field": "microsoft.compute/VIRTUALMACHINES/storageProfile.osDisk.osType", "equals": "Linux"}',
    '{"field": "Microsoft.Storage/storageAccounts/allowBlobPublicAccess", "equals": true}',
    '{"field": "tags[\'owner\']", "exists": true}',
    "{\"field\": \"[concat('tags[', 'owner', ']')]\", \"exists\": true}",
    '{"field": "Muster.Image/none", "exists": true}',
    '{"field": "identity.type", "exists": true}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_name(condition: str) -> None:
    check("unknown-alias", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_names_that_there_are_are_no_fault(condition: str) -> None:
    check("unknown-alias", rule(condition))
