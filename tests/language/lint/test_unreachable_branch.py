"""Branches that the conditions around them rule out."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    """{"allOf": [
        {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
        {"anyOf": [
            {"field": "name", "like": "web*"},
            ▸{"allOf": [
                {"field": "type", "equals": "Microsoft.Compute/virtualMachineScaleSets"},
                {"field": "name", "like": "api*"}
            ]}
        ]}
    ]}""",
    """{"allOf": [
        {"anyOf": [{"field": "name", "like": "a*"}, ▸{"field": "kind", "equals": "x"}]},
        {"field": "kind", "exists": false}
    ]}""",
    """{"allOf": [
        {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
        {"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]", "where": {"anyOf": [
            {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "equals": 0},
            ▸{"field": "type", "notEquals": "Microsoft.Compute/virtualMachines"}
        ]}}, "greater": 0}
    ]}""",
    '{"allOf": [{"field": "name", "equals": "a"}, {"not": ▸{"field": "name", "equals": "b"}}]}',
)
SILENT = (
    """{"anyOf": [
        {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
        {"allOf": [{"field": "type", "equals": "Microsoft.Compute/disks"}, {"field": "name", "like": "api*"}]}
    ]}""",
    """{"allOf": [
        {"field": "type", "in": ["Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks"]},
        {"anyOf": [
            {"allOf": [{"field": "type", "equals": "Microsoft.Compute/disks"}, {"field": "name", "like": "a*"}]},
            {"field": "type", "equals": "microsoft.compute/virtualmachines"}
        ]}
    ]}""",
    '{"allOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "b"}]}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_branch(condition: str) -> None:
    check("unreachable-branch", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_can_be_reached_is_no_fault(condition: str) -> None:
    check("unreachable-branch", rule(condition))
