"""field() for a member that a count is at, which gives an array of one."""

import pytest

from tests.language.lint.marked import check, rule

LUN = "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun"


def counted(where: str) -> str:
    """A count of data disks."""
    return (
        '{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]",\n'
        f'"where": {where}}}, "greater": 0}}'
    )


FIRES = (
    counted(f'{{"value": "[▸field(\'{LUN}\')]", "equals": 1}}'),
    counted(f'{{"field": "{LUN}", "notEquals": "[▸field(\'{LUN}\')]"}}'),
)
SILENT = (
    counted(f'{{"value": "[current(\'{LUN}\')]", "equals": 1}}'),
    counted(f'{{"value": "[first(field(\'{LUN}\'))]", "equals": 1}}'),
    counted(f'{{"value": "[field(\'{LUN}\')]", "contains": 1}}'),
    counted(f'{{"field": "{LUN}", "equals": "[field(\'name\')]"}}'),
    f'{{"value": "[field(\'{LUN}\')]", "equals": []}}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_call(condition: str) -> None:
    check("field-function-on-member", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_calls_that_want_an_array_or_read_something_else_are_no_fault(condition: str) -> None:
    check("field-function-on-member", rule(condition))
