"""Ids of one subscription."""

import pytest

from tests.language.lint.marked import check, definition

ID = "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10"
FIRES = (
    f'{{"field": "id", "like": "▸{ID}/*"}}',
    f'{{"field": "Microsoft.Compute/imageId", "in": ["x", "▸{ID}/resourceGroups/rg"]}}',
    f'{{"value": "[startsWith(field(\'id\'), \'▸{ID}\')]", "equals": true}}',
)
SILENT = (
    '{"field": "id", "like": "/subscriptions/00000000-0000-0000-0000-000000000000/*"}',
    '{"field": "id", "like": "[concat(subscription().id, \'/*\')]"}',
    '{"field": "id", "like": "/providers/x/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_id(condition: str) -> None:
    check("hard-coded-subscription", definition(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_ids_of_no_subscription_in_particular_are_no_fault(condition: str) -> None:
    check("hard-coded-subscription", definition(condition))


def test_defaults_and_details_are_looked_at_too() -> None:
    then = f'{{"effect": "auditIfNotExists", "details": {{"type": "a/b/c", "x": [{{"y": "▸{ID}"}}]}}}}'
    parameters = f'{{"workspace": {{"type": "String", "defaultValue": "▸{ID}/resourceGroups/rg"}}}}'
    check("hard-coded-subscription", definition(then=then, parameters=parameters))
