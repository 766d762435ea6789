"""Types that the mode Indexed leaves out."""

import pytest

from tests.language.lint.marked import check, definition

GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"


@pytest.mark.parametrize(
    ("mode", "condition"),
    [
        ('"mode": "Indexed",', f'{{"field": "type", "equals": ▸"{GROUPS}"}}'),
        ('"mode": "Indexed",', f'{{"field": "Type", "equals": ▸"{GROUPS}"}}'),
        ('"mode": "indexed",', f'{{"not": {{"field": "type", "notEquals": ▸"{GROUPS}"}}}}'),
        ('"mode": null,', '{"field": "type", "in": ["a/b/c", ▸"microsoft.network/virtualNetworks/subnets"]}'),
    ],
)
def test_it_points_to_the_type(mode: str, condition: str) -> None:
    check("mode-hides", definition(condition, members=mode))


@pytest.mark.parametrize(
    ("mode", "condition"),
    [
        ('"mode": "All",', f'{{"field": "type", "equals": "{GROUPS}"}}'),
        ("", f'{{"field": "type", "equals": "{GROUPS}"}}'),
        ('"mode": "Indexed",', '{"field": "type", "equals": "Microsoft.Compute/virtualMachines"}'),
        ('"mode": "Indexed",', f'{{"field": "name", "equals": "{GROUPS}"}}'),
    ],
)
def test_a_mode_that_sees_the_type_is_no_fault(mode: str, condition: str) -> None:
    check("mode-hides", definition(condition, members=mode))
