"""Conditions that hold for no resource."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"allOf": [{"field": "name", "equals": "a"}, ▸{"field": "name", "equals": "b"}]}',
    '{"allOf": [{"field": "name", "in": ["a", "b"]}, ▸{"field": "name", "in": ["c", "d"]}]}',
    """{"allOf": [
        {"field": "name", "in": ["a", "b"]},
        {"field": "name", "notEquals": "a"},
        ▸{"field": "name", "notEquals": "B"}
    ]}""",
    '{"allOf": [{"field": "kind", "exists": false}, ▸{"field": "kind", "like": "x*"}]}',
    '{"allOf": [{"field": "kind", "exists": false}, ▸{"field": "kind", "greater": 3}]}',
    '▸{"anyOf": []}',
    '▸{"field": "name", "in": []}',
    '▸{"value": "x", "equals": "y"}',
    '▸{"count": {"field": "tags[*]"}, "less": 0}',
    '{"not": {"anyOf": [{"field": "name", "exists": true}, {"field": "kind", "like": "x"}, ▸{"anyOf": []}]}}',
    """{"allOf": [
        {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
        ▸{"anyOf": [
            {"field": "type", "equals": "Microsoft.Compute/disks"},
            {"field": "type", "equals": "Microsoft.Compute/snapshots"}
        ]}
    ]}""",
)
SILENT = (
    '{"anyOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "b"}]}',
    '{"allOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "A"}]}',
    '{"allOf": [{"field": "location", "equals": "West Europe"}, {"field": "location", "equals": "westeurope"}]}',
    '{"allOf": [{"field": "name", "in": ["a", "b"]}, {"field": "name", "like": "a*"}]}',
    '{"allOf": [{"field": "tags[*]", "equals": "a"}, {"field": "tags[*]", "equals": "b"}]}',
    '{"allOf": [{"field": "kind", "equals": ""}, {"field": "kind", "exists": false}]}',
    """{"allOf": [
        {"field": "tags['t']", "equals": "2026-01-01T00:00:00Z"},
        {"field": "tags['t']", "equals": "2026-01-01T00:00:00.000Z"}
    ]}""",
    '{"allOf": [{"field": "name", "equals": "[concat(\'a\')]"}, {"field": "name", "equals": "b"}]}',
    '{"field": "tags[*]", "in": []}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_what_never_holds(condition: str) -> None:
    check("always-false", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_depends_on_the_resource_is_no_fault(condition: str) -> None:
    check("always-false", rule(condition))


def test_the_related_resource_is_of_the_type_that_is_looked_for() -> None:
    then = """{"effect": "auditIfNotExists", "details": {
        "type": "Microsoft.Compute/virtualMachines/extensions",
        "existenceCondition": ▸{"field": "type", "equals": "Microsoft.Compute/virtualMachines"}
    }}"""
    text = rule('{"field": "type", "equals": "Microsoft.Compute/virtualMachines"}', then)
    check("unreachable-branch", text)
    check("always-false", text.replace("▸", ""))
