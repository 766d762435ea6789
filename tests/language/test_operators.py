"""The 19 operators: a table of cases for each, and laws that hold for all values."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.operators import OPERATORS, OperandError, excerpt, instant, order, same, text_form
from muster.values.errors import TemplateError
from muster.values.json import Json

FOLDER = Path(__file__).parent / "cases" / "operators"
TABLES: dict[str, list[dict[str, Any]]] = {
    file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))
}
"""Operator -> rows. A row has an operand, and values for which the answer is true, false, or a failure of the rule; or
the operand itself is refused. A null value is a missing property."""

CASES = [
    pytest.param(name, row["operand"], value, answer, id=f"{name}-{row['note']}-{value!r}-{answer}")
    for name, rows in TABLES.items()
    for row in rows
    for answer in ("true", "false", "error")
    for value in row.get(answer, [])
]
REFUSED = [
    pytest.param(name, row["operand"], id=f"{name}-{row['operand']!r}")
    for name, rows in TABLES.items()
    for row in rows
    if row.get("refused")
]
KINDS = {type(None), bool, int, str, list, dict}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-20, 20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet="aAbB*.#?ß1 \n", max_size=5)
    | st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    | st.sampled_from(["true", "False", "", "5", "05", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5Z"])
)
JSON: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="aAb", max_size=2), inner, max_size=3),
    max_leaves=6,
)
MODEST = settings(max_examples=150, deadline=None)


def ask(name: str, operand: Json, value: Json) -> bool | str:
    """An operator's answer, or why it has none."""
    try:
        return OPERATORS[name.lower()].factory(operand)(value)
    except OperandError:
        return "refused"
    except TemplateError:
        return "error"


def test_each_operator_has_a_table() -> None:
    assert set(TABLES) == {operator.name for operator in OPERATORS.values()}
    assert len(TABLES) == 19


@pytest.mark.parametrize("name", TABLES)
def test_each_table_has_every_kind_of_value_on_both_sides(name: str) -> None:
    left = {
        type(value) for row in TABLES[name] for answer in ("true", "false", "error") for value in row.get(answer, [])
    }
    right = {type(row["operand"]) for row in TABLES[name]}
    assert left >= KINDS
    assert right >= KINDS


@pytest.mark.parametrize(("name", "operand", "value", "answer"), CASES)
def test_the_tables(name: str, operand: Json, value: Json, answer: str) -> None:
    assert ask(name, operand, value) == {"true": True, "false": False, "error": "error"}[answer]


@pytest.mark.parametrize(("name", "operand"), REFUSED)
def test_operands_that_are_refused(name: str, operand: Json) -> None:
    with pytest.raises(OperandError, match=f"^{name}|^{OPERATORS[name.lower()].opposite}"):
        OPERATORS[name.lower()].factory(operand)


@given(st.sampled_from([name for name in OPERATORS if OPERATORS[name].name.startswith("not")]), JSON, JSON)
@settings(max_examples=400, deadline=None)
def test_the_negation_of_an_operator_answers_the_opposite(name: str, operand: Json, value: Json) -> None:
    operator = OPERATORS[name]
    positive = OPERATORS[operator.opposite.lower()]
    assert positive.opposite == operator.name
    answer, opposite = ask(operator.name, operand, value), ask(positive.name, operand, value)
    assert opposite == (not answer if isinstance(answer, bool) else answer)


@given(st.sampled_from(list(OPERATORS)), JSON, JSON)
@settings(max_examples=600, deadline=None)
def test_an_operator_answers_or_fails_as_a_template_does(name: str, operand: Json, value: Json) -> None:
    assert ask(name, operand, value) in (True, False, "refused", "error")


@given(JSON, JSON)
@MODEST
def test_equality_is_an_equivalence_and_what_in_and_contains_ask(left: Json, right: Json) -> None:
    assert same(left, left)
    assert same(left, right) == same(right, left) == ask("equals", left, right) == ask("equals", right, left)
    assert ask("in", [left], right) == (right is not None and same(left, right))
    assert ask("contains", left, [right]) == same(left, right)


ORDERED = {
    "numbers": st.integers(-5, 5) | st.floats(-5, 5) | st.integers(),
    "texts": st.text(alphabet="abAB1. ß", max_size=4),
    "instants": st.builds(
        "2026-01-31T12:00:0{}{}Z".format, st.integers(0, 3), st.sampled_from(["", ".5", ".05", ".50"])
    ),
}


@pytest.mark.parametrize("kind", ORDERED)
@given(st.data())
@MODEST
def test_order_is_total_on_each_kind(kind: str, data: st.DataObject) -> None:
    # Not on texts of which some are points in time: these compare as such among themselves, and as texts with others.
    a, b, c = (data.draw(ORDERED[kind]) for _ in range(3))
    assert order(a, a, "less") == 0
    assert order(a, b, "less") == -order(b, a, "less")
    if order(a, b, "less") <= 0 and order(b, c, "less") <= 0:
        assert order(a, c, "less") <= 0
    assert [ask(name, b, a) for name in ("less", "lessOrEquals", "greater", "greaterOrEquals")] == [
        order(a, b, "") < 0,
        order(a, b, "") <= 0,
        order(a, b, "") > 0,
        order(a, b, "") >= 0,
    ]


@given(st.text(alphabet="aAb*?.\n", max_size=8), st.text(alphabet="aAbB?.\n", max_size=10))
@settings(max_examples=400, deadline=None)
def test_like_is_a_regular_expression_of_stars(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert ask("like", pattern, text) is (re.fullmatch(expression, text, re.DOTALL | re.IGNORECASE) is not None)


@given(st.text(alphabet="aA#?.1*", max_size=6), st.text(alphabet="aAé19_ *\n", max_size=6), st.booleans())
@settings(max_examples=300, deadline=None)
def test_match_is_a_regular_expression_of_marks(pattern: str, text: str, any_case: bool) -> None:
    marks = {"#": "[0-9]", "?": r"[^\W\d_]", ".": "."}
    expression = "".join(marks.get(character) or re.escape(character) for character in pattern)
    flags = re.DOTALL | (re.IGNORECASE if any_case else re.DOTALL)
    name = "matchInsensitively" if any_case else "match"
    assert ask(name, pattern, text) is (re.fullmatch(expression, text, flags) is not None)


@pytest.mark.parametrize(
    ("name", "operand", "value"),
    [
        ("like", "*a" * 50_000, "a" * 50_000),
        ("like", "*a" * 50_000 + "b", "a" * 100_000),
        ("like", "a*" * 50_000 + "b", "a" * 100_000),
        ("match", "?" * 100_000, "a" * 100_000),
        ("match", "." * 99_999 + "b", "a" * 100_000),
        ("matchInsensitively", "A" * 100_000, "a" * 100_000),
        ("contains", "a" * 50_000 + "b", "a" * 100_000),
        ("equals", "a" * 100_000, "A" * 100_000),
        ("in", [f"{number}" for number in range(100_000)], "100000"),
    ],
)
def test_long_patterns_take_time_in_proportion(name: str, operand: Json, value: Json) -> None:
    # What backtracks takes 2 ** 50,000 steps here, what is quadratic 10 ** 10: neither would come back.
    assert ask(name, operand, value) in (True, False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it's", '"it\'s"'),
        ("a\nb\x1b", "'a\\nb\\x1b'"),
        (None, "null"),
        (True, "true"),
        (5.0, "5.0"),
        ([1, 2], "an array of 2"),
        ({"a": 1}, "an object"),
        ("x" * 10_000, "'" + "x" * 76 + "..."),
    ],
)
def test_a_value_in_a_message_is_one_short_line(value: Json, shown: str) -> None:
    assert excerpt(value) == shown


def test_the_text_of_values_that_have_one() -> None:
    values: list[Json] = [None, True, False, 5, 5.0, "x", [], {}]
    assert [text_form(value) for value in values] == ["", "true", "false", "5", "5.0", "x", None, None]


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00+00:00", "2026-01-31 12:00:00Z"),
        *("2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00.Z"),
        *("2026-01-31T12:00:00.12345678Z", "٢026-01-31T12:00:00Z", "2026-01-31T12:00:00Z\n", "0000-01-01T00:00:00Z"),
    ],
)
def test_texts_that_are_no_points_in_time(text: str) -> None:
    assert instant(text) is None
