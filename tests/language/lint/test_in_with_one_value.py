"""Lists of one value."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = ('{"field": "name", "in": ▸["web"]}', '{"field": "name", "notIn": ▸[1]}')
SILENT = (
    '{"field": "name", "in": ["a", "b"]}',
    '{"field": "name", "in": []}',
    '{"field": "name", "in": "[createArray(\'a\')]"}',
    '{"field": "name", "equals": "a"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_list(condition: str) -> None:
    check("in-with-one-value", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_other_lists_are_no_fault(condition: str) -> None:
    check("in-with-one-value", rule(condition))
