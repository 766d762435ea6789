"""Counts over fields and values, nested and bounded."""

from typing import Any

import pytest

from muster.language.limits import VALUE_COUNT_ITERATIONS
from muster.language.outcome import Truth
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import ask, compiled, frame_of

BODY: dict[str, Json] = {
    "name": "vm",
    "wanted": "b",
    "rules": [
        {"name": "a", "ports": ["22", "80"], "on": True},
        {"name": "b", "ports": [], "on": False},
        {"name": "B", "on": None},
        {"ports": ["22"]},
    ],
    "flat": [1, "1", 2, None],
    "grid": [[1, 2], [], [3]],
    "empty": [],
    "text": "no array",
    "nothing": None,
}


def count(field: str, where: Any = None, **comparison: Any) -> dict[str, Any]:
    over: dict[str, Json] = {"field": field} if where is None else {"field": field, "where": where}
    return {"count": over, **(comparison or {"equals": 1})}


def number(over: dict[str, Json]) -> int:
    """The number that a count gives for BODY."""
    rule = compiled({"count": over, "equals": 0})
    read = rule[0].condition.read
    assert read is not None
    least, most = read(frame_of(rule, BODY))
    assert least == most
    assert isinstance(least, int)
    return least


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"field": "rules[*]"}, 4),
        ({"field": "RULES[*]"}, 4),
        ({"field": "flat[*]"}, 4),
        ({"field": "empty[*]"}, 0),
        ({"field": "missing[*]"}, 0),
        ({"field": "nothing[*]"}, 0),
        ({"field": "text[*]"}, 0),
        ({"field": "rules[*].ports[*]"}, 3),
        ({"field": "rules[*].name"}, 4),
        ({"field": "[concat('ru', 'les[*]')]"}, 4),
        ({"field": "rules[*]", "where": {"field": "rules[*].name", "equals": "b"}}, 2),
        ({"field": "rules[*]", "where": {"field": "RULES[*].NAME", "equals": "b"}}, 2),
        ({"field": "rules[*]", "where": {"field": "rules[*].name", "exists": False}}, 1),
        ({"field": "rules[*]", "where": {"field": "rules[*].ports[*]", "equals": "22"}}, 3),
        ({"field": "rules[*]", "where": {"not": {"field": "rules[*].ports[*]", "notEquals": "22"}}}, 2),
        ({"field": "rules[*]", "where": {"field": "rules[*].name", "equals": "[field('wanted')]"}}, 2),
        ({"field": "rules[*]", "where": {"field": "name", "equals": "vm"}}, 4),
        ({"field": "rules[*]", "where": {"allOf": []}}, 4),
        ({"field": "rules[*]", "where": {"anyOf": []}}, 0),
        ({"field": "flat[*]", "where": {"field": "flat[*]", "equals": "1"}}, 2),
        ({"field": "flat[*]", "where": {"field": "flat[*]", "exists": False}}, 1),
        ({"value": []}, 0),
        ({"value": [1, None, {}]}, 3),
        ({"value": "[field('flat')]"}, 4),
        ({"value": "[field('rules[*].name')]"}, 3),
        ({"value": "[field('missing[*]')]"}, 0),
        ({"value": [1, 2, 3], "where": {"value": "[current()]", "greater": 1}}, 2),
        ({"value": ["a", "b"], "name": "n", "where": {"value": "[current('n')]", "equals": "[field('wanted')]"}}, 1),
        ({"value": ["[field('name')]", "x"], "where": {"value": "[current()]", "equals": "vm"}}, 1),
    ],
)
def test_what_counts_count(over: dict[str, Json], expected: int) -> None:
    assert number(over) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        # A count inside a count goes over the arrays of the member that the outer one is at.
        (count("rules[*].ports[*]", equals=2), 1),
        (count("rules[*].ports[*]", equals=0), 2),
        (count("rules[*].ports[*]", {"field": "rules[*].ports[*]", "equals": "22"}, greater=0), 2),
        # One over another array goes over all of it.
        (count("flat[*]", equals=4), 4),
        # One over values sees the member of the outer one.
        (
            {
                "count": {
                    "value": ["a", "b", "zz"],
                    "name": "n",
                    "where": {"value": "[current('rules[*].name')]", "equals": "[current('n')]"},
                },
                "equals": 1,
            },
            3,
        ),
    ],
)
def test_counts_inside_counts(where: dict[str, Json], expected: int) -> None:
    assert number({"field": "rules[*]", "where": where}) == expected


def test_three_levels() -> None:
    body: dict[str, Json] = {"a": [{"b": [{"c": [1, 2]}, {"c": [2]}]}, {"b": [{"c": []}]}, {"b": []}]}
    inner = count("a[*].b[*].c[*]", {"field": "a[*].b[*].c[*]", "equals": 2}, greaterOrEquals=1)
    middle = count("a[*].b[*]", inner, equals=2)
    assert ask(count("a[*]", middle, equals=1), body) is True
    assert ask(count("a[*]", middle, equals=2), body) is False


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"equals": 4}, True),
        ({"equals": "4"}, True),
        ({"equals": "[length(field('rules'))]"}, True),
        ({"notEquals": 4}, False),
        ({"in": [3, 4]}, True),
        ({"greater": 3.5}, True),
        ({"less": 4}, False),
        ({"lessOrEquals": 4}, True),
        ({"exists": True}, True),
        ({"like": "4*"}, True),
    ],
)
def test_what_a_count_is_compared_with(comparison: dict[str, Json], expected: bool) -> None:
    assert ask(count("rules[*]", **comparison), BODY) is expected


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"value": "[field('text')]"}, "a count goes over an array, not over 'no array'"),
        ({"value": 5}, "a count goes over an array, not over 5"),
        ({"value": "[field('missing')]"}, "a count goes over an array, not over ''"),
        ({"field": "[field('text')]"}, "a field whose name is known beforehand"),
        ({"field": "rules[*]", "where": {"field": "rules[*].name", "less": 5}}, "can't order"),
        ({"value": list(range(VALUE_COUNT_ITERATIONS + 1)), "where": {"allOf": []}}, "allows 100"),
    ],
)
def test_counts_that_fail(over: dict[str, Json], words: str) -> None:
    said = ask({"count": over, "equals": 0}, BODY)
    assert isinstance(said, str)
    assert words in said


def test_a_count_of_strings_with_a_number_fails() -> None:
    said = ask(count("rules[*]", greater="3"), BODY)
    assert isinstance(said, str)
    assert "different types" in said


PARTLY = Document(
    {"known": [{"x": 1}, {"x": 2}], "hidden": [{"x": 1}, {"x": 1}, {"y": 1}]},
    unavailable=frozenset({"hidden[*].x", "lost"}),
)
X_IS_1 = {"field": "hidden[*].x", "equals": 1}
Y_OR_X = {"anyOf": [{"field": "hidden[*].y", "equals": 1}, X_IS_1]}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # Of three members none to all may satisfy; with Y_OR_X one to three.
        (count("hidden[*]", X_IS_1, equals=1), None),
        (count("hidden[*]", X_IS_1, equals=4), False),
        (count("hidden[*]", X_IS_1, lessOrEquals=3), True),
        (count("hidden[*]", X_IS_1, greater=3), False),
        (count("hidden[*]", X_IS_1, greater=2), None),
        (count("hidden[*]", Y_OR_X, greaterOrEquals=1), True),
        (count("hidden[*]", Y_OR_X, equals=0), False),
        (count("hidden[*]", Y_OR_X, notEquals=0), True),
        (count("hidden[*]", Y_OR_X, equals=1), None),
        (count("hidden[*]", Y_OR_X, **{"in": [1, 2, 3]}), True),
        (count("hidden[*]", Y_OR_X, **{"in": [1, 3]}), None),
        (count("hidden[*]", Y_OR_X, notIn=[0, 4]), True),
        (count("hidden[*]", Y_OR_X, match="#"), True),
        (count("hidden[*]", Y_OR_X, like="1*"), None),
        # Nobody knows how many members an array has that could not be had.
        (count("lost[*]", equals=5), None),
        (count("lost[*]", greaterOrEquals=0), True),
        (count("lost[*]", greater=1_000_000_000), None),
        (count("lost[*]", less=0), False),
        (count("lost[*]", less=0.5), None),
        (count("lost[*]", equals="x"), False),
        (count("lost[*]", notEquals="x"), True),
        (count("lost[*]", exists=True), True),
        (count("lost[*]", match="#"), None),
        (count("lost[*]", like="*"), None),
        (count("lost[*]", notLike="7*"), None),
        (count("lost[*]", contains="7"), None),
        (count("lost[*]", notIn=["x", []]), True),
        (count("lost[*]", {"allOf": []}, greaterOrEquals=0), True),
        # What a count is compared with may be unknown, too.
        (count("known[*]", equals="[length(field('lost[*]'))]"), None),
        ({"count": {"value": "[field('lost')]"}, "equals": 0}, None),
    ],
)
def test_counts_by_their_bounds(condition: dict[str, Json], expected: Truth) -> None:
    assert ask(condition, PARTLY) is expected


def test_members_seen_after_a_failing_one_are_not_those_of_the_next_count() -> None:
    rule, compiler = compiled(count("rules[*]", {"field": "rules[*].name", "less": 5}))
    frame = frame_of((rule, compiler), BODY)
    assert "can't order" in rule.evaluate(frame).error
    assert frame.scopes == []
