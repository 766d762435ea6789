"""Whole arrays compared with one value."""

import pytest

from tests.language.lint.marked import check, definition

FIRES = (
    '{"field": ▸"Microsoft.Compute/virtualMachines/zones", "equals": "1"}',
    '{"field": ▸"Microsoft.Compute/virtualMachines/storageProfile.dataDisks", "notEquals": "x"}',
    '{"field": ▸"Microsoft.Compute/virtualMachines/zones", "in": ["1", "2"]}',
    '{"field": ▸"Microsoft.Compute/virtualMachines/zones", "like": "1*"}',
)
SILENT = (
    '{"field": "Microsoft.Compute/virtualMachines/zones", "contains": "1"}',
    '{"field": "Microsoft.Compute/virtualMachines/zones", "exists": true}',
    '{"field": "Microsoft.Compute/virtualMachines/zones", "equals": ["1"]}',
    '{"field": "Microsoft.Compute/virtualMachines/zones", "equals": "[parameters(\'zones\')]"}',
    '{"field": "Microsoft.Compute/virtualMachines/zones[*]", "equals": "1"}',
    '{"field": "Microsoft.Compute/virtualMachines/licenseType", "equals": "x"}',
    '{"field": "Microsoft.Network/networkSecurityGroups/anything", "equals": "x"}',
    '{"field": "tags", "equals": "x"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_field(condition: str) -> None:
    check("array-compared-as-one", definition(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_can_look_into_an_array_and_what_is_none_are_no_fault(condition: str) -> None:
    check("array-compared-as-one", definition(condition, parameters='{"zones": {"type": "Array"}}'))
