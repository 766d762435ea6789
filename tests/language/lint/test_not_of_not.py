"""A not around a negation."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"not": ▸{"not": {"field": "name", "like": "a*"}}}',
    '{"not": ▸{"field": "name", "notEquals": "a"}}',
    '{"allOf": [{"not": ▸{"field": "name", "notIn": ["a", "b"]}}]}',
    """{"count": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]", "where": {"not":
        ▸{"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "notEquals": 0}
    }}, "greater": 0}""",
)
SILENT = (
    '{"not": {"field": "name", "equals": "a"}}',
    '{"field": "name", "notEquals": "a"}',
    '{"not": {"allOf": [{"field": "name", "notEquals": "a"}, {"field": "kind", "notEquals": "b"}]}}',
    '{"not": {"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].lun", "notEquals": 0}}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_what_is_negated_twice(condition: str) -> None:
    check("not-of-not", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_one_negation_and_the_idiom_for_at_least_one_member_are_no_fault(condition: str) -> None:
    check("not-of-not", rule(condition))
