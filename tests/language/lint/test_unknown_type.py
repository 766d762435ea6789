"""Resource types that are probably misspelt."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "type", "equals": ▸"Microsoft.Compute/virtualMachine"}',
    '{"field": "type", "in": ["Microsoft.Compute/disks", ▸"Microsoft.Compute/virtualMachinesScaleSets"]}',
    '{"field": "Type", "notEquals": ▸"virtualMachines"}',
    '{"field": "type", "equals": ▸"VM"}',
)
SILENT = (
    '{"field": "type", "equals": 3}',
    '{"field": "type", "equals": "microsoft.compute/virtualmachines"}',
    '{"field": "type", "equals": "Microsoft.Compute/virtualMachines/runCommands"}',
    '{"field": "type", "equals": "Microsoft.Compute/sshPublicKeys"}',
    '{"field": "type", "equals": "Contoso.Things/parts"}',
    '{"field": "type", "like": "Microsoft.Compute*"}',
    '{"field": "type", "equals": "[concat(\'a\')]"}',
    '{"field": "kind", "equals": "virtualMachines"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_type(condition: str) -> None:
    check("unknown-type", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_types_that_there_are_or_may_be_are_no_fault(condition: str) -> None:
    check("unknown-type", rule(condition))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("virtualmachines", "Microsoft.Compute/virtualMachines"),
        ("Microsoft.Compute/virtualMachine", "Microsoft.Compute/virtualMachines"),
        ("microsoft.compute/disk", "Microsoft.Compute/disks"),
    ],
)
def test_it_tells_what_was_meant(written: str, meant: str) -> None:
    condition = f'{{"field": "type", "equals": ▸"{written}"}}'
    assert check("unknown-type", rule(condition)) == [f"Did you mean {meant}?"]
