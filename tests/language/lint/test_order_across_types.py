"""Orderings of a number against a text."""

import pytest

from tests.language.lint.marked import check, definition

PARAMETERS = '{"number": {"type": "Integer"}, "text": {"type": "String"}, "any": {"type": "Object"}}'
FIRES = (
    '{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]"}, "greater": ▸"0"}',
    '{"value": "[length(field(\'name\'))]", "lessOrEquals": ▸"15"}',
    '{"field": "Muster.Lifecycle/daysToEndOfSupport", "less": ▸"90"}',
    '{"field": "Muster.Lifecycle/endOfSupportDate", "less": ▸20261130}',
    '{"field": "Microsoft.Compute/virtualMachines/storageProfile.osDisk.diskSizeGB", "less": ▸"64"}',
    '{"field": "Muster.Lifecycle/daysToEndOfSupport", "less": ▸"[parameters(\'text\')]"}',
    '{"value": "[concat(\'a\', field(\'name\'))]", "less": ▸"[parameters(\'number\')]"}',
)
SILENT = (
    '{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]"}, "greater": 0}',
    '{"field": "Muster.Lifecycle/daysToEndOfSupport", "less": "[parameters(\'number\')]"}',
    '{"field": "Muster.Lifecycle/daysToEndOfSupport", "equals": "90"}',
    '{"field": "Microsoft.Compute/virtualMachines/storageProfile.osDisk.diskSizeGB", "less": 64}',
    '{"field": "Muster.Lifecycle/endOfSupportDate", "less": "2026-11-30"}',
    '{"field": "name", "less": "m"}',
    '{"field": "name", "less": "[parameters(\'any\')]"}',
    '{"value": "[requestContext().apiVersion]", "greaterOrEquals": "2020-01-01"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_operand(condition: str) -> None:
    check("order-across-types", definition(condition, parameters=PARAMETERS))


@pytest.mark.parametrize("condition", SILENT)
def test_types_that_go_together_are_no_fault(condition: str) -> None:
    check("order-across-types", definition(condition, parameters=PARAMETERS))
