"""Texts of strangers in Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.report.markdown import code, markdown, table

REFERENCE = re.compile(r"&#[0-9]+;")


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "<img src=x onerror=alert(1)>",
        "</details><script>",
        "[x](https://evil.example)",
        "![x](https://evil.example/a.png)",
        "https://evil.example",
        "www.evil.example",
        "`code` **bold** _it_ ~~gone~~ \\| # title",
        "@team #1",
        "line\nbreak\r\n| a | b |",
        "\u202eabc\x1b[31m",
        "&lt;b&gt;",
    ],
)
def test_nothing_is_obeyed(text: str) -> None:
    written = markdown(text)
    bare = REFERENCE.sub("", written)
    assert not re.search(r"[<>&|`*_~\[\]\\!#@:/.\n\r\x1b\u202e]", bare), written


def test_hyphens_make_no_list_and_no_rule() -> None:
    assert markdown("- a -- b-c") == "&#45; a &#45;&#45; b-c"


def test_what_is_addressed_is_broken() -> None:
    assert markdown("@a") == "&#64;&#8203;a"
    assert markdown("#1") == "&#35;&#8203;1"


def test_code() -> None:
    assert code("vm-1") == "<code>vm-1</code>"
    assert code("") == ""


def test_table() -> None:
    assert table(("A", "N"), [("a", "1")], right=frozenset({"N"})) == ["| A | N |", "|---|---:|", "| a | 1 |"]


@given(st.text(max_size=100))
def test_is_one_cell_whatever_it_is(text: str) -> None:
    written = markdown(text)
    assert "\n" not in written
    assert not set("|<>`\\*_[]") & set(written)
