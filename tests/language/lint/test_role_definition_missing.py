"""Effects that change resources without the role that they need."""

import pytest

from tests.language.lint.marked import check, definition


@pytest.mark.parametrize(
    "then",
    [
        '{"effect": "deployIfNotExists", ▸"details": {"type": "a/b/c"}}',
        '{"effect": "Modify", ▸"details": {"operations": [{}], "roleDefinitionIds": []}}',
    ],
)
def test_it_points_to_the_details(then: str) -> None:
    check("role-definition-missing", definition(then=then))


@pytest.mark.parametrize(
    "then",
    [
        '{"effect": "deployIfNotExists", "details": {"type": "a/b/c", "roleDefinitionIds": ["/providers/x"]}}',
        '{"effect": "auditIfNotExists", "details": {"type": "a/b/c"}}',
        '{"effect": "modify"}',
    ],
)
def test_effects_with_a_role_or_without_need_of_one_are_no_fault(then: str) -> None:
    check("role-definition-missing", definition(then=then))
