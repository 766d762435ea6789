"""Counts whose where does not look at what is counted."""

import pytest

from tests.language.lint.marked import check, rule

DISKS = "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]"


def counted(where: str, what: str = f'"field": "{DISKS}"') -> str:
    """A count with a `where`."""
    return f'{{"count": {{{what},\n"where": {where}}}, "greater": 0}}'


FIRES = (
    counted('▸{"field": "Microsoft.Compute/virtualMachines/storageProfile.osDisk.caching", "equals": "None"}'),
    counted('▸{"allOf": [{"field": "name", "like": "a*"}, {"value": "[field(\'kind\')]", "equals": "x"}]}'),
    counted('▸{"field": "name", "equals": "a"}', '"value": ["a", "b"]'),
)
SILENT = (
    counted(f'{{"field": "{DISKS}.caching", "equals": "None"}}'),
    counted(f'{{"allOf": [{{"field": "name", "like": "a*"}}, {{"field": "{DISKS}.lun", "equals": 1}}]}}'),
    counted('{"value": "[current(\'' + DISKS + '.lun\')]", "equals": 1}'),
    counted('{"field": "name", "equals": "[current()]"}', '"value": ["a", "b"]'),
    counted('{"value": "[current(\'one\')]", "equals": "a"}', '"value": ["a", "b"], "name": "one"'),
    f'{{"count": {{"field": "{DISKS}"}}, "greater": 0}}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_where(condition: str) -> None:
    check("where-ignores-member", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_a_where_that_looks_at_the_member_is_no_fault(condition: str) -> None:
    check("where-ignores-member", rule(condition))
