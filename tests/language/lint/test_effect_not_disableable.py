"""Effects that can't be turned off."""

import pytest

from tests.language.lint.marked import check, definition

THEN = '{"effect": "[parameters(\'effect\')]"}'


def test_it_points_to_the_allowed_values() -> None:
    parameters = '{"effect": {"type": "String", "allowedValues": ▸["Audit", "Deny"]}}'
    check("effect-not-disableable", definition(then=THEN, parameters=parameters))


@pytest.mark.parametrize(
    "parameters",
    [
        '{"effect": {"type": "String", "allowedValues": ["Audit", "disabled"]}}',
        '{"effect": {"type": "String"}}',
        '{"effect": {"type": "String"}, "other": {"type": "String", "allowedValues": ["Audit"]}}',
    ],
)
def test_effects_that_can_be_turned_off_are_no_fault(parameters: str) -> None:
    check("effect-not-disableable", definition(then=THEN, parameters=parameters))


def test_a_constant_effect_is_another_rules_to_tell() -> None:
    check("effect-not-disableable", definition())
