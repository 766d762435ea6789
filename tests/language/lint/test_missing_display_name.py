"""Definitions without a name for people."""

import pytest

from tests.language.lint.marked import check, definition, rule


@pytest.mark.parametrize("members", ["", '"displayName": ▸"  ",'])
def test_it_points_to_the_name_or_where_it_should_be(members: str) -> None:
    text = definition(members=members)
    check("missing-display-name", text if members else text.replace('"properties": {', '"properties": ▸{'))


def test_a_name_is_no_fault() -> None:
    check("missing-display-name", definition(members='"displayName": "Disks should be encrypted",'))


def test_a_bare_rule_has_no_place_for_one() -> None:
    check("missing-display-name", rule('{"field": "name", "equals": "a"}'))
