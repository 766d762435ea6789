"""Definitions without a version or a category."""

import pytest

from tests.language.lint.marked import check, definition, rule


@pytest.mark.parametrize(
    "members",
    [
        '▸"metadata": {"version": "1.0.0"},',
        '▸"metadata": {"category": "Disk"},',
        '"version": "1.0.0", ▸"metadata": {},',
    ],
)
def test_it_points_to_the_metadata(members: str) -> None:
    check("missing-metadata", definition(members=members))


@pytest.mark.parametrize(
    "members",
    [
        '"metadata": {"version": "1.0.0", "category": "Disk"},',
        '"version": "1.0.0", "metadata": {"category": "Disk"},',
    ],
)
def test_both_are_no_fault(members: str) -> None:
    check("missing-metadata", definition(members=members))


def test_a_bare_rule_has_no_place_for_them() -> None:
    check("missing-metadata", rule('{"field": "name", "equals": "a"}'))
