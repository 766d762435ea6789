"""Definitions that do not say what they are for."""

from tests.language.lint.marked import check, definition, rule


def test_it_points_to_where_it_should_be() -> None:
    check("missing-description", definition().replace('"properties": {', '"properties": ▸{'))


def test_a_description_is_no_fault() -> None:
    check("missing-description", definition(members='"description": "Finds disks that are not encrypted.",'))


def test_a_bare_rule_has_no_place_for_one() -> None:
    check("missing-description", rule('{"field": "name", "equals": "a"}'))
