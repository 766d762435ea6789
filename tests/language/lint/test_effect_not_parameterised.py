"""Effects that an assignment can't choose."""

from tests.language.lint.marked import check, definition


def test_it_points_to_the_effect() -> None:
    check("effect-not-parameterised", definition(then='{"effect": ▸"Deny"}'))


def test_a_parameter_is_no_fault() -> None:
    check(
        "effect-not-parameterised",
        definition(then='{"effect": "[parameters(\'effect\')]"}', parameters='{"effect": {"type": "String"}}'),
    )
