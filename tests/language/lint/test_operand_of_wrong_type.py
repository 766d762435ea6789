"""Parameters and lists of a type that the operator can't compare with."""

import pytest

from tests.language.lint.marked import check, definition

PARAMETERS = '{"one": {"type": "String"}, "several": {"type": "Array"}, "truth": {"type": "Boolean"}}'
FIRES = (
    '{"field": "name", "in": ▸"[parameters(\'one\')]"}',
    '{"field": "name", "notIn": ▸"[parameters(\'truth\')]"}',
    '{"field": "name", "equals": ▸"[parameters(\'several\')]"}',
    '{"field": "name", "notLike": ▸"[parameters(\'SEVERAL\')]"}',
    '{"field": "name", "notEquals": ▸["a", "b"]}',
    '{"count": {"value": [1]}, "greater": ▸"[parameters(\'several\')]"}',
)
SILENT = (
    '{"field": "name", "in": "[parameters(\'several\')]"}',
    '{"field": "name", "equals": "[parameters(\'one\')]"}',
    '{"field": "name", "in": ["a"]}',
    '{"field": "tags", "contains": "[parameters(\'several\')]"}',
    '{"field": "name", "in": "[split(parameters(\'one\'), \',\')]"}',
    '{"field": "name", "exists": "[parameters(\'truth\')]"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_operand(condition: str) -> None:
    check("operand-of-wrong-type", definition(condition, parameters=PARAMETERS))


@pytest.mark.parametrize("condition", SILENT)
def test_what_the_operator_can_take_is_no_fault(condition: str) -> None:
    check("operand-of-wrong-type", definition(condition, parameters=PARAMETERS))
