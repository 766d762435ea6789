"""A not around a condition on every member of an array."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"not": {"field": ▸"Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].caching", "equals": "None"}}',
    """{"not": {"anyOf": [
        {"field": "name", "equals": "a"},
        {"field": ▸"Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].vhd.uri", "exists": true}
    ]}}""",
)
SILENT = (
    '{"not": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].caching", "notEquals": "None"}}',
    '{"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].caching", "notEquals": "None"}',
    '{"not": {"not": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "equals": 1}}}',
    """{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]", "where": {"not":
        {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "equals": 0}
    }}, "greater": 0}""",
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_field(condition: str) -> None:
    check("negated-star", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_says_what_it_seems_to_say_is_no_fault(condition: str) -> None:
    check("negated-star", rule(condition))
