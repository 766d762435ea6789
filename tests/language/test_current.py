"""current(): the member that a count is at."""

from typing import Any

import pytest

from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import ask

BODY: dict[str, Json] = {
    "top": "t",
    "rules": [{"name": "a", "ports": [{"n": 1}, {"n": 2}]}, {"name": "b", "ports": [{"n": 3}]}, {"name": None}],
}


def at_least_one(where: Any, over: Any = None) -> dict[str, Any]:
    return {"count": {**(over or {"field": "rules[*]"}), "where": where}, "greater": 0}


@pytest.mark.parametrize(
    ("expression", "operand"),
    [
        ("[current().name]", "a"),
        ("[current('rules[*]').name]", "b"),
        ("[current('RULES[*]').NAME]", "b"),
        ("[current('rules[*].name')]", "a"),
        ("[current('Rules[*].Name')]", "a"),
        ("[string(current('rules[*].ports'))]", '[[{"n":3}]'),
        ("[length(current('rules[*].ports[*]'))]", 2),
        ("[string(current('rules[*].ports[*].n'))]", "[[1,2]"),
        ("[string(field('rules[*].ports[*].n'))]", "[[1,2]"),
        ("[string(field('rules[*].name'))]", '[["a"]'),
        ("[first(field('rules[*].name'))]", "b"),
        ("[field('top')]", "t"),
    ],
)
def test_the_member_of_a_count_over_a_field(expression: str, operand: Json) -> None:
    named: dict[str, Json] = {"top": "t", "rules": BODY["rules"][:2]}  # type: ignore[index]
    assert ask(at_least_one({"value": expression, "equals": operand}), named) is True


def test_a_property_that_a_member_lacks_is_null() -> None:
    assert ask(at_least_one({"value": "[current('rules[*].name')]", "exists": False}), BODY) is True
    assert ask(at_least_one({"value": "[length(field('rules[*].name'))]", "equals": 0}), BODY) is True


VALUES: dict[str, Json] = {"value": ["a", {"x": 1}, [5]], "name": "item"}


@pytest.mark.parametrize(
    ("expression", "operand"),
    [
        ("[string(current())]", "a"),
        ("[string(current('item'))]", "[[5]"),
        ("[string(current('ITEM'))]", "a"),
        ("[tryGet(createObject('k', current('item')), 'k')]", "a"),
    ],
)
def test_the_member_of_a_count_over_values(expression: str, operand: Json) -> None:
    assert ask(at_least_one({"value": expression, "equals": operand}, VALUES), BODY) is True


@pytest.mark.parametrize("name", [None, "default"])
def test_a_count_over_values_is_called_default_unless_it_says_otherwise(name: str | None) -> None:
    over: dict[str, Json] = {"value": [1]} if name is None else {"value": [1], "name": name}
    assert ask(at_least_one({"value": "[current('default')]", "equals": 1}, over), BODY) is True


def test_without_a_name_the_innermost_count_is_meant() -> None:
    inner = at_least_one({"value": "[current()]", "equals": 7}, {"value": [7], "name": "inner"})
    assert ask(at_least_one(inner, {"value": [1], "name": "outer"}), BODY) is True
    outer = at_least_one({"value": "[current('outer')]", "equals": 1}, {"value": [7], "name": "inner"})
    assert ask(at_least_one(outer, {"value": [1], "name": "outer"}), BODY) is True


def test_the_nearest_of_two_counts_of_the_same_name_is_meant() -> None:
    inner = at_least_one({"value": "[current('n')]", "equals": 7}, {"value": [7], "name": "n"})
    assert ask(at_least_one(inner, {"value": [1], "name": "N"}), BODY) is True


def test_an_outer_member_is_seen_from_a_count_inside() -> None:
    ports = {"field": "rules[*].ports[*]"}
    inner = {
        "allOf": [{"value": "[current('rules[*].name')]", "equals": "b"}, {"field": "rules[*].ports[*].n", "equals": 3}]
    }
    assert ask(at_least_one(at_least_one(inner, ports)), BODY) is True
    inner = {
        "allOf": [{"value": "[current('rules[*].name')]", "equals": "a"}, {"field": "rules[*].ports[*].n", "equals": 3}]
    }
    assert ask(at_least_one(at_least_one(inner, ports)), BODY) is False


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("[current('nosuch')]", "names no count around it"),
        ("[current('top')]", "names no count around it"),
        ("[current('rulesx[*]')]", "names no count around it"),
        ("[current('rules')]", "names no count around it"),
        ("[current(field('top'))]", "wants a name in quotes"),
        ("[current(5)]", "wants a name in quotes"),
    ],
)
def test_names_that_are_of_no_count(expression: str, words: str) -> None:
    said = ask(at_least_one({"value": expression, "equals": 1}), BODY)
    assert isinstance(said, str)
    assert words in said


@pytest.mark.parametrize("expression", ["[current()]", "[current('rules[*]')]"])
def test_outside_of_a_count_there_is_none(expression: str) -> None:
    assert isinstance(ask({"value": expression, "equals": 1}, BODY), str)
    assert isinstance(ask({"count": {"field": "rules[*]"}, "equals": expression}, BODY), str)


def test_a_member_of_which_a_part_could_not_be_had() -> None:
    document = Document(BODY, unavailable=frozenset({"rules[*].ports[*].n"}))
    for expression, expected in {
        "[current('rules[*].name')]": True,
        "[current().name]": None,
        "[string(current('rules[*].ports'))]": None,
        "[string(field('rules[*].ports[*].n'))]": None,
    }.items():
        condition = at_least_one({"value": expression, "in": ["a", "[[1,2]", '[[{"n":3}]']})
        assert ask(condition, document) is expected, expression
