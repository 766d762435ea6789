"""Values that a field of muster's own never has."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "Muster.Lifecycle/phase", "equals": ▸"eol"}',
    '{"field": "muster.lifecycle/phase", "notIn": ["ended", ▸"endet"]}',
    '{"field": "Muster.Image/immutable", "equals": ▸"yes"}',
)
SILENT = (
    '{"field": "Muster.Image/deprecation.state", "equals": "active"}',
    '{"field": "Muster.Lifecycle/phase", "in": ["Ended", "extended"]}',
    '{"field": "Muster.Lifecycle/phase", "like": "end*"}',
    '{"field": "Muster.Image/immutable", "equals": true}',
    '{"field": "Muster.Image/immutable", "equals": "True"}',
    '{"field": "Muster.Image/product", "equals": "anything"}',
    '{"field": "Muster.Lifecycle/phase", "equals": ""}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_value(condition: str) -> None:
    check("muster-field-value", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_values_that_there_are_are_no_fault(condition: str) -> None:
    check("muster-field-value", rule(condition))
