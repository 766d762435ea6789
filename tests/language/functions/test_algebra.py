"""Laws that hold for all values."""

import json
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muster.language.functions import FUNCTIONS
from muster.language.functions.comparison import order
from muster.language.functions.equality import deep_equals, identity
from muster.language.functions.hashing import murmur_hash
from muster.language.functions.letters import fold, lower, upper

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INTEGERS = st.integers(-(2**40), 2**40)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
ARRAYS = st.lists(st.one_of(VALUES, st.integers(0, 3)), max_size=6)
# Names that differ only in case are one name to union().
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES, max_size=4)


def call(name: str, *arguments: Any) -> Any:
    return FUNCTIONS[name.lower()].call(arguments)


@given(ARRAYS, ARRAYS)
def test_union_of_arrays_is_idempotent_and_holds_both(left: list[Any], right: list[Any]) -> None:
    both = call("union", left, right)
    assert call("union", both, both) == both
    assert call("union", both, left) == both
    assert all(call("contains", both, member) for member in [*left, *right])
    assert len({identity(member) for member in both}) == len(both)


@given(OBJECTS, OBJECTS, OBJECTS)
def test_union_of_objects_is_idempotent_and_associative(left: Any, middle: Any, right: Any) -> None:
    assert deep_equals(call("union", left, left), left)
    one, other = call("union", call("union", left, middle), right), call("union", left, middle, right)
    assert deep_equals(one, other)


@given(ARRAYS, ARRAYS)
def test_intersection_is_commutative_and_within_the_union(left: list[Any], right: list[Any]) -> None:
    common = call("intersection", left, right)
    assert {*map(identity, common)} == {*map(identity, call("intersection", right, left))}
    assert {*map(identity, common)} <= {*map(identity, call("union", left, right))}
    assert all(call("contains", left, member) and call("contains", right, member) for member in common)


@given(st.lists(st.text("ab-", max_size=5), min_size=1, max_size=6))
def test_split_undoes_join(parts: list[str]) -> None:
    assume(not any("," in part for part in parts))
    assert call("split", call("join", parts, ","), ",") == parts


@given(TEXT, st.text(min_size=1, max_size=3))
def test_join_undoes_split(text: str, delimiter: str) -> None:
    assert call("join", call("split", text, delimiter), delimiter) == text
    assert call("split", text, [delimiter]) == call("split", text, delimiter)


@given(TEXT)
def test_encodings_are_undone(text: str) -> None:
    assert call("base64ToString", call("base64", text)) == text
    assert call("uriComponentToString", call("uriComponent", text)) == text
    assert call("dataUriToString", call("dataUri", text)) == text


@given(VALUES)
def test_json_undoes_string(value: Any) -> None:
    written = call("string", [value])
    assert json.dumps(call("json", written)) == json.dumps([value])
    assert (
        written == json.dumps(json.loads(written), ensure_ascii=False, separators=(",", ":"))
        or "E" in written
        or ("\\u" in written)
    )


@given(VALUES, VALUES)
def test_equality_is_an_equivalence_that_identity_agrees_with(left: Any, right: Any) -> None:
    assert call("equals", left, left)
    assert call("equals", left, right) == call("equals", right, left)
    assert call("equals", left, right) == (identity(left) == identity(right))
    assert call("equals", left, right) == (not call("not", call("equals", left, right)))


@pytest.mark.parametrize("values", [TEXT, INTEGERS])
@given(data=st.data())
def test_order_is_total(values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    one, two, three = (data.draw(values) for _ in range(3))
    assert call("less", one, two) != call("greaterOrEquals", one, two)
    assert call("greater", one, two) == call("less", two, one)
    assert call("lessOrEquals", one, two) or call("lessOrEquals", two, one)
    first, second, third = sorted((one, two, three), key=cmp_to_key(order))
    assert order(first, third) <= 0
    assert order(first, second) <= 0
    assert order(second, third) <= 0


@given(INTEGERS, INTEGERS.filter(bool))
def test_division_and_remainder_belong_together(dividend: int, divisor: int) -> None:
    assert call("add", call("mul", call("div", dividend, divisor), divisor), call("mod", dividend, divisor)) == dividend
    assert call("sub", call("add", dividend, divisor), divisor) == dividend


@given(ARRAYS | TEXT, st.integers(-3, 25))
def test_take_and_skip_make_the_whole(value: Any, count: int) -> None:
    assert call("concat", call("take", value, count), call("skip", value, count)) == value
    assert call("length", call("take", value, count)) == max(min(count, len(value)), 0)


@given(TEXT, TEXT)
def test_positions_agree_with_contains(text: str, part: str) -> None:
    assert call("contains", text, part) == (call("indexOf", text, part) >= 0)
    assert call("indexOf", text, part) <= call("lastIndexOf", text, part)
    assert call("startsWith", text + part, text)
    assert call("endsWith", text + part, part.upper() if len(part.upper()) == len(part) and part.isascii() else part)


@given(st.text())
def test_case_never_changes_a_length(text: str) -> None:
    assert len(fold(text)) == len(lower(text)) == len(upper(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(TEXT, TEXT.filter(bool), TEXT)
def test_replace_leaves_nothing_to_replace(text: str, old: str, new: str) -> None:
    assume(fold(old) not in fold(new))
    parts = call("replace", text, old, "")
    assert len(parts) <= len(text)
    if not new:
        return
    assert call("replace", text, old, old) == call("replace", call("replace", text, old, old), old, old)


@given(st.integers(0, 400), st.integers(-400, 400), st.integers(-400, 400))
def test_days_add_up(start: int, first: int, second: int) -> None:
    day = call("addDays", "2024-02-28T23:59:59.9999999Z", start)
    assert call("addDays", call("addDays", day, first), second) == call("addDays", day, first + second)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_a_block_holds_what_parse_cidr_says(address: int, length: int, other: int) -> None:
    written = ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))
    target = ".".join(str(other >> shift & 255) for shift in (24, 16, 8, 0))
    block = f"{written}/{length}"
    parsed = call("parseCidr", block)
    assert call("ipRangeContains", block, f"{parsed['network']}-{parsed['broadcast']}")
    assert call("ipRangeContains", block, target) == (address >> (32 - length) == other >> (32 - length))


@given(st.binary(max_size=40))
def test_the_hash_has_64_bits(data: bytes) -> None:
    assert 0 <= murmur_hash(data) < 2**64
    assert murmur_hash(data) != murmur_hash(data + b"\0")


def test_the_hash_is_the_published_one() -> None:
    assert murmur_hash(b"hello-world") == 571013382255652050


@given(st.integers(-(2**63), 2**63 - 1))
def test_formats_of_integers_read_back(value: int) -> None:
    assert int(call("format", "{0}", value)) == value
    assert int(call("format", "{0:N0}", value).replace(",", "")) == value
    assert int(call("format", "{0:D25}", value)) == value
    assert int(call("format", "{0:X}", value), 16) == value % 2**64
    assert call("format", "{0:#,##0}", value) == call("format", "{0:N0}", value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_formats_of_floats_read_back(value: float) -> None:
    assert float(call("format", "{0}", value)) == value
    assert float(call("format", "{0:R}", value)) == value
    assert float(call("format", "{0:E16}", value)) == value
    assert float(call("format", "{0:G17}", value)) == value
    assert float(call("string", value)) == value
    assert call("format", "{0:F3}", value) == call("format", "{0:0.000}", value)
