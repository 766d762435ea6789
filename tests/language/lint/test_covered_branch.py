"""Alternatives that those before them cover."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    """{"anyOf": [
        {"field": "kind", "exists": true},
        ▸{"allOf": [{"field": "kind", "equals": "linux"}, {"field": "name", "like": "a*"}]}
    ]}""",
    """{"anyOf": [
        {"field": "name", "in": ["a", "b"]}, {"field": "name", "equals": "c"}, ▸{"field": "name", "in": ["B"]}
    ]}""",
)
SILENT = (
    '{"anyOf": [{"field": "name", "in": ["a", "b"]}, {"field": "name", "in": ["b", "c"]}]}',
    '{"anyOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "a"}]}',
    '{"allOf": [{"field": "name", "in": ["a", "b"]}, {"field": "name", "equals": "a"}]}',
    """{"anyOf": [
        {"allOf": [{"field": "kind", "equals": "linux"}, {"field": "name", "like": "a*"}]},
        {"allOf": [{"field": "kind", "equals": "linux"}, {"field": "name", "like": "b*"}]}
    ]}""",
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_alternative_that_adds_nothing(condition: str) -> None:
    check("covered-branch", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_adds_something_is_no_fault(condition: str) -> None:
    check("covered-branch", rule(condition))
