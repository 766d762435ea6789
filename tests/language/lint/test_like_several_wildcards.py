"""like with more than one wildcard."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = ('{"field": "name", "like": ▸"*web*"}', '{"field": "name", "notLike": ▸"a*b*c*d"}')
SILENT = ('{"field": "name", "like": "*web"}', '{"field": "name", "contains": "**"}')


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_text(condition: str) -> None:
    check("like-several-wildcards", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_one_wildcard_is_no_fault(condition: str) -> None:
    check("like-several-wildcards", rule(condition))
