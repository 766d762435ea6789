"""Texts that look like expressions and are none."""

import pytest

from tests.language.lint.marked import check, definition

FIRES = (
    '{"field": "name", "equals": ▸"parameters(\'one\')"}',
    '{"field": "name", "equals": ▸"web-[parameters(\'one\')]"}',
    '{"field": "name", "in": ["a", ▸"[[parameters(\'one\')]"]}',
    '{"value": ▸"[field(\'name\')] ", "equals": "x"}',
)
SILENT = (
    '{"field": "name", "equals": "[parameters(\'one\')]"}',
    '{"field": "name", "equals": "[concat(\'web-\', parameters(\'one\'))]"}',
    '{"field": "name", "equals": "the parameters (old)"}',
    '{"field": "name", "equals": "[Preview]: a name"}',
    '{"field": "name", "equals": "string"}',
    '{"field": "name", "equals": "reparameters(\'one\')"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_text(condition: str) -> None:
    check("expression-as-text", definition(condition, parameters='{"one": {"type": "String"}}'))


@pytest.mark.parametrize("condition", SILENT)
def test_expressions_and_plain_texts_are_no_fault(condition: str) -> None:
    check("expression-as-text", definition(condition, parameters='{"one": {"type": "String"}}'))
