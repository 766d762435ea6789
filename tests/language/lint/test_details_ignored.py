"""Details that no effect reads."""

import pytest

from tests.language.lint.marked import check, definition

PARAMETERS = """{
    "judging": {"type": "String", "allowedValues": ["Audit", "Deny", "Disabled"]},
    "looking": {"type": "String", "allowedValues": ["AuditIfNotExists", "Disabled"]},
    "any": {"type": "String"}
}"""


@pytest.mark.parametrize("effect", ["audit", "Deny", "[parameters('judging')]"])
def test_it_points_to_the_details(effect: str) -> None:
    then = f'{{"effect": "{effect}", ▸"details": {{"type": "a/b/c"}}}}'
    check("details-ignored", definition(then=then, parameters=PARAMETERS))


@pytest.mark.parametrize("effect", ["auditIfNotExists", "manual", "[parameters('looking')]", "[parameters('any')]"])
def test_details_that_an_effect_reads_are_no_fault(effect: str) -> None:
    then = f'{{"effect": "{effect}", "details": {{"type": "a/b/c"}}}}'
    check("details-ignored", definition(then=then, parameters=PARAMETERS))
