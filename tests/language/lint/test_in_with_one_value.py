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


@pytest.mark.parametrize(("operator", "exact"), [("in", "equals"), ("notIn", "notEquals")])
def test_it_names_the_operator_that_says_the_same(operator: str, exact: str) -> None:
    (hint,) = check("in-with-one-value", rule(f'{{"field": "name", "{operator}": ▸["web"]}}'))
    assert hint.startswith(f"Write {exact},")
