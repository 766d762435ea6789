"""Whatever JSON a function is given: a JSON value or a TemplateError, never anything else, and soon."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.language.functions import FUNCTIONS
from muster.language.functions.bounds import MAX_STRING
from muster.values.errors import TemplateError

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(), max_size=10),
    st.sampled_from(
        [
            "\ud800",
            "{0}",
            "{0:N2}",
            "{0:#,##0.00;(0)}",
            "{1,-9:X}",
            "10.0.0.0/8",
            "::1-::ff",
            "2024-01-15T12:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
            "https://example.com/a/",
            "data:text/plain;base64,SGVsbG8=",
            "//[",
            "%ff+%",
            "YWJj",
            "[1,[2]]",
            "1e308",
            "-9223372036854775808",
            "x" * 5000,
        ]
    ),
)
NUMBERS = st.one_of(
    st.integers(-5, 40),
    st.integers(),
    st.sampled_from([2**31, 2**63, -(2**63), 10**400]),
    st.floats(allow_nan=False, allow_infinity=False),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=12,
)


def is_json(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(isinstance(name, str) for name in value) and all(map(is_json, value.values()))
    if isinstance(value, float):
        return value - value == 0
    return value is None or isinstance(value, bool | int | str)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_json_gives_json_or_a_template_error(name: str, data: st.DataObject) -> None:
    function = FUNCTIONS[name]
    most = function.least + 3 if function.most is None else function.most
    arguments = data.draw(st.lists(VALUES, min_size=function.least, max_size=most))
    try:
        result = function.call(arguments)
    except TemplateError as error:
        message = str(error)
        assert message.startswith(f"{function.name}(")
        assert len(message) < 500
        json.dumps(message)
    else:
        assert is_json(result)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(max_examples=15)
@given(arguments=st.lists(VALUES, max_size=6))
def test_any_number_of_arguments(name: str, arguments: list[Any]) -> None:
    function = FUNCTIONS[name]
    fits = len(arguments) >= function.least and (function.most is None or len(arguments) <= function.most)
    if not fits:
        with pytest.raises(TemplateError, match="is called as"):
            function.call(arguments)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_an_integer_of_thousands_of_digits(name: str) -> None:
    function, huge = FUNCTIONS[name], 10**5000
    mixed: list[Any] = [[huge], {"a": huge}, huge]
    count = max(function.least, 1)
    for arguments in ([huge] * count, mixed[:count]):
        with suppress(TemplateError):
            function.call(arguments)


LONG = "a" * (MAX_STRING - 1) + "b"
MANY = [f"name{number}" for number in range(15_000)]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("replace", [LONG, "a" * 1000 + "c", "x"]),
        ("replace", [LONG, "a" * 60_000, "x"]),
        ("indexOf", [LONG, "a" * 60_000 + "c"]),
        ("contains", ["ä" + LONG, "a" * 60_000 + "c"]),
        ("split", [LONG, "a" * 1000 + "c"]),
        ("split", [LONG, ["a" * 50 + "c", "a" * 40 + "d"]]),
        ("trim", [" " * 60_000 + "a" + " " * 60_000]),
        ("format", ["{0" * 40_000]),
        ("format", ["{" * 131_071]),
        ("format", ["{0:" + "'" * 60_000 + "}", 5]),
        ("format", ["{0:" + "0" * 60_000 + "}", 5]),
        ("format", ["{0:" + "#," * 30_000 + "}", 5]),
        ("format", ["{0," + " " * 60_000 + "x}", 5]),
        ("less", [LONG, LONG + "a"]),
        ("union", [MANY, MANY[::-1]]),
        ("union", [dict.fromkeys(MANY, 1), dict.fromkeys(map(str.upper, MANY), 2)]),
        ("intersection", [MANY, MANY[::-1]]),
        ("shallowMerge", [[{name: 1} for name in MANY[:10_000]]]),
        ("items", [dict.fromkeys(MANY, 1)]),
        ("float", ["1" * 131_072]),
        ("int", ["0" * 131_071 + "1"]),
        ("bool", [" " * 131_072]),
        ("addDays", ["2" * 131_072, 1]),
        ("json", ['"' + "\\u0041" * 20_000 + '"']),
        ("base64ToString", ["A" * 131_072]),
        ("uri", ["https://example.com/" + "a/" * 20_000, "../" * 20_000]),
        ("dataUriToString", ["data:" + ";" * 100_000 + ",a"]),
        ("ipRangeContains", ["1" * 131_072, "-" * 131_072]),
        ("uniqueString", [LONG]),
        ("guid", [LONG]),
    ],
)
def test_long_arguments_take_no_long_time(name: str, arguments: list[Any]) -> None:
    started = time.process_time()
    with suppress(TemplateError):
        FUNCTIONS[name.lower()].call(arguments)
    assert time.process_time() - started < 2
