"""Parameters that nothing refers to."""

import pytest

from tests.language.lint.marked import check, definition

ONE = '{"one": {"type": "String"}}'


def test_it_points_to_the_name() -> None:
    text = definition(
        '{"field": "name", "equals": "[parameters(\'One\')]"}',
        parameters='{"one": {"type": "String"}, ▸"two": {"type": "String"}}',
    )
    check("unused-parameter", text)


@pytest.mark.parametrize(
    ("condition", "then"),
    [
        ('{"field": "name", "in": ["[parameters(\'one\')]"]}', '{"effect": "audit"}'),
        ('{"field": "[concat(\'tags.\', parameters( \'one\'))]", "exists": true}', '{"effect": "audit"}'),
        ('{"field": "name", "equals": "[parameters(concat(\'on\', \'e\'))]"}', '{"effect": "audit"}'),
        (
            '{"field": "name", "equals": "a"}',
            """{"effect": "deployIfNotExists", "details": {"type": "a/b/c", "deployment": {"properties": {
                "parameters": {"inner": {"value": "[parameters('one')]"}}
            }}}}""",
        ),
    ],
)
def test_a_reference_anywhere_is_use(condition: str, then: str) -> None:
    check("unused-parameter", definition(condition, then=then, parameters=ONE))
