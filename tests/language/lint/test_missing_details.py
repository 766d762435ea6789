"""Effects without the details that they need."""

import pytest

from tests.language.lint.marked import check, definition

PARAMETERS = '{"effect": {"type": "String", "allowedValues": ["Disabled", "DeployIfNotExists"]}}'


@pytest.mark.parametrize(
    "then",
    [
        '▸{"effect": "auditIfNotExists"}',
        '▸{"effect": "AuditIfNotExists", "details": {"name": "x"}}',
        '▸{"effect": "modify", "details": {"roleDefinitionIds": ["x"]}}',
        '▸{"effect": "append", "details": []}',
        '▸{"effect": "denyAction"}',
        '▸{"effect": "[parameters(\'effect\')]"}',
    ],
)
def test_it_points_to_the_then(then: str) -> None:
    check("missing-details", definition(then=then, parameters=PARAMETERS))


@pytest.mark.parametrize(
    "then",
    [
        '{"effect": "audit"}',
        '{"effect": "auditIfNotExists", "details": {"Type": "a/b/c"}}',
        '{"effect": "modify", "details": {"operations": [{}]}}',
        '{"effect": "append", "details": [{"field": "tags.a", "value": "b"}]}',
        '{"effect": "[parameters(\'effect\')]", "details": {"type": "a/b/c"}}',
    ],
)
def test_details_that_are_there_are_no_fault(then: str) -> None:
    check("missing-details", definition(then=then, parameters=PARAMETERS))
