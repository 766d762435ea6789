"""Effects that need different details."""

import pytest

from tests.language.lint.marked import check, definition

THEN = '{"effect": "[parameters(\'effect\')]", "details": {"type": "a/b/c", "operations": [{}]}}'


@pytest.mark.parametrize(
    "allowed",
    [
        '["Audit", "AuditIfNotExists", "Disabled"]',
        '["Modify", "DeployIfNotExists"]',
        '["append", "modify", "disabled"]',
    ],
)
def test_it_points_to_the_allowed_values(allowed: str) -> None:
    parameters = f'{{"effect": {{"type": "String", "allowedValues": ▸{allowed}}}}}'
    check("effects-not-interchangeable", definition(then=THEN, parameters=parameters))


@pytest.mark.parametrize(
    "allowed",
    [
        '["AuditIfNotExists", "DeployIfNotExists", "Disabled"]',
        '["Audit", "Deny", "Disabled", "Manual"]',
        '["Audit", "Modify", "Disabled"]',
    ],
)
def test_effects_that_can_stand_for_one_another_are_no_fault(allowed: str) -> None:
    parameters = f'{{"effect": {{"type": "String", "allowedValues": {allowed}}}}}'
    check("effects-not-interchangeable", definition(then=THEN, parameters=parameters))
