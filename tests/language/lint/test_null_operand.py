"""Comparisons with null."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "kind", "equals": ▸null}',
    '{"allOf": [{"field": "tags[\'owner\']", "notEquals": ▸null}]}',
)
SILENT = (
    '{"field": "kind", "exists": false}',
    '{"field": "kind", "equals": ""}',
    '{"value": null, "equals": "a"}',
    '{"field": "kind", "equals": "[field(\'name\')]"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_null(condition: str) -> None:
    check("null-operand", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_other_operands_are_no_fault(condition: str) -> None:
    check("null-operand", rule(condition))
