"""Rules that read aliases of a type without asking for the type."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    """{"allOf": [
        {"field": ▸"Microsoft.Compute/virtualMachines/licenseType", "notEquals": "x"},
        {"field": "Microsoft.Compute/virtualMachines/zones", "exists": true}
    ]}""",
    '{"value": "[length(field(▸\'Microsoft.Compute/virtualMachines/zones\'))]", "equals": 0}',
)
SILENT = (
    """{"allOf": [
        {"field": "Type", "equals": "Microsoft.Compute/virtualMachines"},
        {"field": "Microsoft.Compute/virtualMachines/licenseType", "notEquals": "x"}
    ]}""",
    """{"allOf": [
        {"value": "[field('type')]", "in": "[createArray('Microsoft.Compute/virtualMachines')]"},
        {"field": "Microsoft.Compute/virtualMachines/licenseType", "notEquals": "x"}
    ]}""",
    '{"field": "tags.owner", "exists": false}',
    '{"field": "Muster.Lifecycle/phase", "equals": "ended"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_first_alias(condition: str) -> None:
    check("no-type-condition", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_rules_that_ask_for_the_type_or_are_about_all_are_no_fault(condition: str) -> None:
    check("no-type-condition", rule(condition))
