"""Conditions that hold for every resource."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"anyOf": [{"field": "name", "notEquals": "a"}, ▸{"field": "name", "notEquals": "b"}]}',
    '{"anyOf": [{"field": "kind", "exists": true}, ▸{"field": "kind", "exists": "false"}]}',
    '{"anyOf": [{"field": "name", "notEquals": "a"}, ▸{"field": "name", "notIn": ["b", "c"]}]}',
    '▸{"allOf": []}',
    '▸{"value": "x", "equals": "X"}',
    '▸{"value": null, "equals": ""}',
    '▸{"field": "name", "notIn": []}',
    '▸{"count": {"field": "tags[*]"}, "greaterOrEquals": 0}',
    '▸{"count": {"value": [1, 2]}, "notEquals": 0.5}',
    '{"allOf": [{"field": "name", "equals": "a"}, ▸{"value": 1, "equals": 1}]}',
    """{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]", "where": {"anyOf": [
        {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "notEquals": 0},
        ▸{"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "notEquals": 1}
    ]}}, "greater": 0}""",
)
SILENT = (
    '{"allOf": [{"field": "name", "notEquals": "a"}, {"field": "name", "notEquals": "b"}]}',
    '{"anyOf": [{"field": "name", "notEquals": "a"}, {"field": "name", "notEquals": "A"}]}',
    '{"anyOf": [{"field": "name", "notEquals": "a"}, {"field": "kind", "notEquals": "b"}]}',
    '{"anyOf": [{"field": "tags[*]", "notEquals": "a"}, {"field": "tags[*]", "notEquals": "b"}]}',
    '{"anyOf": [{"field": "name", "exists": true}, {"field": "name", "equals": "b"}]}',
    '{"value": "[field(\'name\')]", "equals": "x"}',
    '{"count": {"field": "tags[*]"}, "greater": 0}',
    '{"count": {"field": "tags[*]"}, "less": 100000}',
    '{"count": {"field": "tags[*]"}, "less": "1"}',
    '{"not": {"anyOf": []}}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_what_always_holds(condition: str) -> None:
    check("always-true", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_depends_on_the_resource_is_no_fault(condition: str) -> None:
    check("always-true", rule(condition))
