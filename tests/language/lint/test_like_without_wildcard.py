"""like with nothing to stand for any text."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "name", "like": ▸"web"}',
    '{"not": {"field": "name", "notLike": ▸""}}',
    '{"value": "[toLower(field(\'name\'))]", "Like": ▸"web"}',
)
SILENT = (
    '{"field": "name", "like": "web*"}',
    '{"field": "name", "notLike": "*"}',
    '{"field": "name", "like": "[concat(\'web\', \'*\')]"}',
    '{"field": "name", "equals": "web"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_text(condition: str) -> None:
    check("like-without-wildcard", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_a_wildcard_or_another_operator_is_no_fault(condition: str) -> None:
    check("like-without-wildcard", rule(condition))


@pytest.mark.parametrize(("operator", "exact"), [("like", "equals"), ("notLike", "notEquals")])
def test_it_names_the_operator_that_says_the_same(operator: str, exact: str) -> None:
    (hint,) = check("like-without-wildcard", rule(f'{{"field": "name", "{operator}": ▸"web"}}'))
    assert hint.startswith(f"Write {exact},")
