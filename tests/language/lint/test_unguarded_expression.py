"""Parts of texts that may be too short."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"value": "[split(field(\'name\'), \'-\')▸[2]]", "equals": "prod"}',
    '{"value": "[▸substring(field(\'name\'), 0, 3)]", "equals": "abc"}',
    '{"value": "[toLower(split(field(\'tags.cost\'), \':\')▸[1])]", "equals": "abc"}',
    '{"field": "name", "equals": "[concat(▸substring(field(\'kind\'), 1, 2), \'x\')]"}',
)
SILENT = (
    '{"value": "[split(field(\'ID\'), \'/\')[8]]", "equals": "prod"}',
    '{"value": "[substring(concat(\'prod-\', \'web\'), 0, 4)]", "equals": "prod"}',
    '{"value": "[split(field(\'name\'), \'-\')[0]]", "equals": "prod"}',
    '{"value": "[split(field(\'id\'), \'/\')[8]]", "equals": "prod"}',
    '{"value": "[if(greater(length(field(\'name\')), 2), substring(field(\'name\'), 0, 3), \'\')]", "equals": "abc"}',
    '{"value": "[substring(field(\'name\'), 0, length(field(\'name\')))]", "equals": "abc"}',
    '{"value": "[last(split(field(\'name\'), \'-\'))]", "equals": "abc"}',
    '{"value": "[substring(utcNow(), 0, 10)]", "equals": "2026-11-30"}',
    """{"allOf": [
        {"field": "Name", "like": "*-prod-*"},
        {"value": "[split(field('name'), '-')[1]]", "equals": "prod"}
    ]}""",
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_part_that_can_fail(condition: str) -> None:
    check("unguarded-expression", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_what_is_guarded_or_always_long_enough_is_no_fault(condition: str) -> None:
    check("unguarded-expression", rule(condition))
