"""Positions in JSON texts, and what read_json refuses."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.source import MAX_DEPTH, MAX_VALUES, MOST_FAULTS, Source, escape, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def faults(text: str) -> list[tuple[str, int, int]]:
    """The faults of a text: rule, line, column."""
    source = Source("file.json", text)
    return [(fault.rule, *source.place(fault)) for fault in read_json(source)[1]]


def assert_all_located(source: Source, value: Json, pointer: str = "") -> int:
    """Every pointer into a value leads to the text of what it names; the number of pointers."""
    found, _ = json.JSONDecoder().raw_decode(source.text, source.offset(pointer))
    assert found == value, pointer
    members: list[tuple[str, Json]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = [(str(index), item) for index, item in enumerate(value)]
    total = 1
    for name, item in members:
        below = f"{pointer}/{escape(name)}"
        if isinstance(value, dict):
            assert json.JSONDecoder().raw_decode(source.text, source.offset(below, in_key=True))[0] == name
        total += assert_all_located(source, item, below)
    return total


def test_every_pointer_into_every_builtin_leads_to_its_value(shared: Path) -> None:
    total = 0
    for file in sorted((shared / "azure-policy" / "builtins").rglob("*.json")):
        source = Source(file.name, file.read_text("utf-8"))
        value, found = read_json(source)
        assert found == []
        total += assert_all_located(source, value)
    assert total > 40_000


@given(JSON, st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_pointer_leads_to_its_value(value: Json, indent: int | None, ascii_only: bool) -> None:
    source = Source("", json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert_all_located(source, value)


def test_a_pointer_that_leads_nowhere_leads_to_what_is_nearest() -> None:
    source = Source("", '{"a": {"b": [1, 2]}}')
    assert source.position(source.offset("/a/b/7/c")) == (1, 13)
    assert source.position(source.offset("/x")) == (1, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_editor_ends_them(end: str) -> None:
    source = Source("", end.join(["{", '  "a": 1,', '  "b": [', "    true", "  ]", "}"]))
    assert source.position(source.offset("/b/0")) == (4, 5)
    assert source.position(source.offset("/b", in_key=True)) == (3, 3)
    assert source.line(3) == '  "b": ['
    assert source.line(6) == "}"


@pytest.mark.parametrize(
    ("text", "column_in_value", "character"),
    [
        ('{"a": "[foo(1)]"}', 1, "f"),
        (r'{"a": "\"\\[x"}', 3, "x"),
        (r'{"a": "\u00e9\u00e9x"}', 2, "x"),
        (r'{"a": "\ud83d\ude00x"}', 1, "x"),
        (r'{"a": "\ud83dx"}', 1, "x"),
        ('{"a": "\U0001f600x"}', 1, "x"),
        ('{"a": "abc"}', 99, '"'),
    ],
)
def test_a_column_in_a_string_counts_what_it_stands_for(text: str, column_in_value: int, character: str) -> None:
    source = Source("", text)
    line, column = source.place(Diagnostic("", Level.ERROR, "", pointer="/a", column_in_value=column_in_value))
    assert source.line(line)[column - 1] == character


def test_a_column_in_what_is_no_string_is_the_value_itself() -> None:
    place = Source("", '{"a": [1]}').place(Diagnostic("", Level.ERROR, "", pointer="/a", column_in_value=3))
    assert place == (1, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("invalid-json", 1, 1)]),
        ("\ufeff", [("invalid-json", 1, 1)]),
        ('{"a": 1,}', [("invalid-json", 1, 9)]),
        ("[1,\n 2\n 3]", [("invalid-json", 3, 2)]),
        ("{'a': 1}", [("invalid-json", 1, 2)]),
        ('{"a": 1} {', [("invalid-json", 1, 10)]),
        ('{"a":\n  // why\n  1}', [("invalid-json", 2, 3)]),
        ('"\x01"', [("invalid-json", 1, 2)]),
        ('"tab\there"', [("invalid-json", 1, 5)]),
        ('{"NaN": "NaN", "b": NaN}', [("invalid-json", 1, 21)]),
        ("[1, -Infinity]", [("invalid-json", 1, 5)]),
        ("[1, 1e999]", [("invalid-json", 1, 5)]),
        ("[1" + "0" * 50 + "]", [("invalid-json", 1, 2)]),
        ('{"a": 1, "b": {"a": 2}, "a": 3}', [("duplicate-key", 1, 25)]),
        ('{"a": 1,\n "\\u0061": 2}', [("duplicate-key", 2, 2)]),
        ('[{"x": {"y": 1, "y": 2}}, {"x": 1, "x": 1}]', [("duplicate-key", 1, 17), ("duplicate-key", 1, 36)]),
        ('{"a": [1], "a": [2]}', [("duplicate-key", 1, 12)]),
        ('{"a": [{}], "a": [{}]}', [("duplicate-key", 1, 13)]),
        ('{"a": {"x": 1}, "a": {"x": 2}}', [("duplicate-key", 1, 17)]),
        ('{"": 1, "": {"": 1, "": 2}}', [("duplicate-key", 1, 9), ("duplicate-key", 1, 21)]),
        (r'["\uD800", "\uDbFf\uDC00"]', [("invalid-json", 1, 2)]),
        (r'["\ud800", "\ud83d\ude00", "\udc00\ud800"]', [("invalid-json", 1, 2), ("invalid-json", 1, 28)]),
        (r'{"\ud800": 1}', [("invalid-json", 1, 2)]),
    ],
)
def test_what_is_refused(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert faults(text) == expected


@given(JSON)
def test_of_a_name_that_stands_twice_its_own_fault_is_told_alone(value: Json) -> None:
    written = json.dumps(value)
    assert [rule for rule, _, _ in faults(f'{{"a": {written}, "a": {written}}}')] == ["duplicate-key"]


@pytest.mark.parametrize("text", ['\ufeff{"a": 1}', "1", "null", ' "x" ', "[1.5, -0, 1e3]", '{"": {"": 1}}'])
def test_what_is_read(text: str) -> None:
    value, found = read_json(Source("", text))
    assert found == []
    assert value == json.loads(text.lstrip("\ufeff"))


def test_names_that_differ_in_case_are_two_names_of_json() -> None:
    assert faults('{"a": 1, "A": 2}') == []


def test_hints_tell_the_usual_slips() -> None:
    def hint(text: str) -> str:
        return read_json(Source("", text))[1][0].hint

    assert "comma" in hint("[1,]")
    assert "comments" in hint('{"a": 1, // x\n"b": 2}')
    assert "double quotes" in hint("{'a': 1}")
    assert "empty" in hint("  \n")
    assert "finite" in hint("[NaN]")


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 900, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_the_depth_is_bounded(depth: int, opening: str, closing: str) -> None:
    text = f"{opening * depth}1{closing * depth}"
    expected = [] if depth <= MAX_DEPTH else [("too-deep", 1, 1 + len(opening) * MAX_DEPTH)]
    assert faults(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[" + "0," * 5_000_000 + "0]",
        "[" * 10_000_000,
        '{"a":{' * 1_000_000,
        "[" + "{}," * 3_000_000 + "{}]",
        " " * (16 * 1024 * 1024 + 1),
    ],
    ids=["zeros", "brackets", "objects in objects", "empty objects", "too many characters"],
)
def test_a_text_of_ten_megabytes_costs_no_gigabytes(text: str) -> None:
    tracemalloc.start()
    try:
        value, found = read_json(Source("", text))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert value is None
    assert [fault.rule for fault in found] == ["too-large"]
    assert most < 1_000_000


def test_one_string_of_ten_megabytes_is_read_and_located() -> None:
    text = '{"a": "' + "\\\\x" * 3_000_000 + '", "b": 1}'
    source = Source("", text)
    value, found = read_json(source)
    assert found == []
    assert isinstance(value, dict)
    assert source.text[source.offset("/b")] == "1"


def test_the_number_of_values_is_a_bound_of_its_own() -> None:
    assert faults("[" + "0," * (MAX_VALUES - 1) + "0]") == []
    assert faults("[" + "0," * MAX_VALUES + "0]") == [("too-large", 1, 1)]


def test_no_more_faults_are_told_than_a_person_reads() -> None:
    assert len(faults("{" + ",".join(['"a": 1'] * 5_000) + "}")) == MOST_FAULTS
    assert len(faults("[" + ",".join([r'"\ud800"'] * 5_000) + "]")) == MOST_FAULTS
