"""The same condition twice in one list."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    """{"anyOf": [
        {"field": "name", "equals": "a"}, {"field": "name", "equals": "b"}, ▸{"equals": "a", "Field": "NAME"}
    ]}""",
    '{"allOf": [{"not": {"field": "kind", "exists": true}}, ▸{"not": {"field": "kind", "exists": true}}]}',
    """{"not": {"anyOf": [
        {"value": "[field('name')]", "in": [1]}, {"allOf": []}, ▸{"value": "[field('name')]", "in": [1]}
    ]}}""",
    """{"allOf": [
        {"count": {"value": [1], "where": {"value": "[current()]", "equals": 1}}, "equals": 1},
        ▸{"count": {"value": [1], "where": {"value": "[current()]", "equals": 1}}, "equals": 1}
    ]}""",
)
SILENT = (
    '{"anyOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "b"}]}',
    '{"allOf": [{"field": "name", "like": "a*"}, {"anyOf": [{"field": "name", "like": "a*"}, {"allOf": []}]}]}',
    '{"allOf": [{"field": "name", "like": "a*"}, {"field": "name", "contains": "a*"}]}',
    '{"allOf": [{"value": "[field(\'name\')]", "like": "a*"}, {"field": "name", "like": "a*"}]}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_second(condition: str) -> None:
    check("duplicate-condition", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_conditions_that_differ_are_no_fault(condition: str) -> None:
    check("duplicate-condition", rule(condition))
