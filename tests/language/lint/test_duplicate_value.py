"""Values that stand twice in one list."""

import pytest

from tests.language.lint.marked import check, definition, rule

FIRES = ('{"field": "name", "in": ["a", "b", ▸"A", ▸"a"]}', '{"field": "name", "notIn": [1, 2, ▸1]}')
SILENT = (
    '{"field": "name", "in": ["a", "b"]}',
    '{"field": "name", "in": [1, "1"]}',
    '{"field": "name", "equals": ["a", "a"]}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_second(condition: str) -> None:
    check("duplicate-value", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_values_that_differ_are_no_fault(condition: str) -> None:
    check("duplicate-value", rule(condition))


def test_allowed_values_are_told_apart_by_case() -> None:
    check(
        "duplicate-value",
        definition(parameters='{"effect": {"type": "String", "allowedValues": ["Audit", "audit", "Deny", ▸"Audit"]}}'),
    )
