"""Texts of expressions to trees, or to a fault with its column."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.expression import (
    Call,
    Expression,
    ExpressionFault,
    Member,
    Number,
    Text,
    calls,
    is_expression,
    parse_expression,
    unescape,
)

CASES = json.loads((Path(__file__).parent / "cases" / "expressions.json").read_text("utf-8"))


def shown(node: Expression) -> str:
    """A tree as text, with quotes left as they are."""
    if isinstance(node, Text):
        return f"'{node.value}'"
    if isinstance(node, Number):
        return repr(node.value)
    if isinstance(node, Call):
        assert node.key == node.name.lower()
        return f"{node.name}({', '.join(map(shown, node.arguments))})"
    return f"{shown(node.of)}.{node.name}" if isinstance(node, Member) else f"{shown(node.of)}[{shown(node.index)}]"


@pytest.mark.parametrize(("text", "expected"), CASES["trees"])
def test_texts_that_are_expressions(text: str, expected: str) -> None:
    assert is_expression(text)
    assert shown(parse_expression(text)) == expected


@pytest.mark.parametrize(("text", "column", "words"), CASES["faults"])
def test_texts_that_are_wrong_and_where(text: str, column: int, words: str) -> None:
    assert is_expression(text)
    with pytest.raises(ExpressionFault) as fault:
        parse_expression(text)
    assert fault.value.column == column
    assert words in str(fault.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("[", "["),
        ("]", "]"),
        ("[x", "[x"),
        ("x]", "x]"),
        ("[x] ", "[x] "),
        (" [x]", " [x]"),
        ("[[x]", "[x]"),
        ("[[[x]]", "[[x]]"),
        ("[[x", "[[x"),
        ("[[]", "[]"),
        ("[resourceGroup().name]-vm", "[resourceGroup().name]-vm"),
    ],
)
def test_texts_that_are_no_expressions(text: str, value: str) -> None:
    assert not is_expression(text)
    assert unescape(text) == value


def test_columns_count_from_the_bracket() -> None:
    tree = parse_expression("[if(equals(1, 2), a(), 'x').b[0]]")
    assert [(call.key, call.column) for call in calls(tree)] == [("if", 1), ("equals", 4), ("a", 18)]
    assert tree.column == 29


def test_hints_tell_the_usual_slips() -> None:
    def hint(text: str) -> str:
        with pytest.raises(ExpressionFault) as fault:
            parse_expression(text)
        return fault.value.hint

    assert hint("[if(True, 1, 2)]") == "Write true() or false()."
    assert hint("[equals(null, 1)]") == "Write null()."
    assert hint("[field(name)]") == "Write 'name' or name()."
    assert hint('[field("name")]') == "Write '...'."


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
TREES: st.SearchStrategy[Expression] = st.recursive(
    st.builds(Text, st.text(max_size=5), st.just(0))
    | st.builds(
        Number, st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False), st.just(0)
    ),
    lambda inner: (
        st.builds(
            lambda name, arguments: Call(name, name.lower(), tuple(arguments), 0), NAMES, st.lists(inner, max_size=3)
        )
        | st.builds(Member, st.builds(lambda name: Call(name, name.lower(), (), 0), NAMES), NAMES, st.just(0))
    ),
    max_leaves=12,
)


def written(node: Expression) -> str:
    if isinstance(node, Text):
        return "'" + node.value.replace("'", "''") + "'"
    if isinstance(node, Call):
        return f"{node.name} ( {', '.join(map(written, node.arguments))} )"
    return f"{written(node.of)}.{node.name}" if isinstance(node, Member) else shown(node)


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(tree: Expression) -> None:
    assert shown(parse_expression(f"[{written(tree)}]")) == shown(tree)


@given(st.text(alphabet=string.ascii_letters + string.digits + "'\"()[],.- \t\n\\/é", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_with_a_column_inside(text: str) -> None:
    whole = f"[{text}]"
    if not is_expression(whole):
        return
    faults = []
    try:
        parse_expression(whole)
    except ExpressionFault as fault:
        faults.append(fault)
    assert all(0 <= fault.column < len(whole) and "\n" not in str(fault) for fault in faults)
