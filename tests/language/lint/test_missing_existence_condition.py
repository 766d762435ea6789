"""Look-ups that any resource satisfies."""

import pytest

from tests.language.lint.marked import check, definition

TYPE = '"type": "Microsoft.Compute/virtualMachines/extensions"'


def test_it_points_to_the_details() -> None:
    then = f'{{"effect": "AuditIfNotExists", ▸"details": {{{TYPE}}}}}'
    check("missing-existence-condition", definition(then=then))


@pytest.mark.parametrize(
    "then",
    [
        f'{{"effect": "auditIfNotExists", "details": {{{TYPE}, "existenceCondition": {{"allOf": []}}}}}}',
        f'{{"effect": "auditIfNotExists", "details": {{{TYPE}, "name": "agent"}}}}',
        f'{{"effect": "audit", "details": {{{TYPE}}}}}',
        '{"effect": "auditIfNotExists"}',
    ],
)
def test_look_ups_that_know_what_they_want_are_no_fault(then: str) -> None:
    check("missing-existence-condition", definition(then=then))
