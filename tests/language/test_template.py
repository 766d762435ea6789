"""JSON values with expressions in their strings."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.expression import ExpressionFault
from muster.language.template import all_expressions, fill, parse_template
from muster.values.json import Json

VALUE: Json = {
    "plain": "x",
    "escaped": "[[x]",
    "a/b~c": ["[f()]", 1, {"deep": "[g('y')]"}],
    "[f()]": None,
    "open": "[not one",
}


def test_expressions_are_found_at_their_pointers() -> None:
    template = parse_template(VALUE, "/rule")
    assert list(template.expressions) == ["/a~1b~0c/0", "/a~1b~0c/2/deep"]
    assert not template.constant
    assert template.expression is None
    assert [pointer for pointer, _ in all_expressions(iter([template]))] == [
        "/rule/a~1b~0c/0",
        "/rule/a~1b~0c/2/deep",
    ]


def test_filling_replaces_expressions_and_undoes_escapes() -> None:
    assert fill(parse_template(VALUE, ""), lambda pointer: [pointer]) == {
        "plain": "x",
        "escaped": "[x]",
        "a/b~c": [["/a~1b~0c/0"], 1, {"deep": ["/a~1b~0c/2/deep"]}],
        "[f()]": None,
        "open": "[not one",
    }


def test_names_of_members_are_never_expressions() -> None:
    assert parse_template({"[f()]": 1}, "").constant


@pytest.mark.parametrize("value", ["[f()]", "[ f() ]"])
def test_a_value_that_is_an_expression_itself(value: str) -> None:
    template = parse_template(value, "/x")
    assert template.expression is not None
    assert fill(template, lambda _pointer: None) is None


def test_every_bad_expression_is_told_and_stays_text() -> None:
    told: list[tuple[str, int]] = []
    value: Json = ["[f(]", {"a": "[g()]", "b": "[)]"}]
    template = parse_template(value, "/r", lambda pointer, fault: told.append((pointer, fault.column)))
    assert told == [("/r/0", 3), ("/r/1/b", 1)]
    assert template.value == value
    assert list(template.expressions) == ["/1/a"]
    with pytest.raises(ExpressionFault):
        parse_template(value, "/r")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(blacklist_characters="[")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=10,
    )
)
@settings(max_examples=50, deadline=None)
def test_a_value_without_expressions_stands_for_itself(value: Json) -> None:
    template = parse_template(value, "")
    assert template.constant
    assert json.dumps(fill(template, lambda _pointer: "never")) == json.dumps(value)
