"""Text of strangers in Markdown: two renderers show it as it was written."""

import re
from collections.abc import Callable
from html import unescape
from typing import TypeVar

import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from muster.report.markdown_text import block, code, inline, web_link
from muster.report.visible import visible

EXTENSIONS = ["attr_list", "tables", "admonition", "toc", "pymdownx.superfences", "pymdownx.details"]
TEXTS = st.text(st.sampled_from("ab1 -+*_`~#!|:=<>&[](){}\\\n\t.$^@/'\"?%") | st.characters(), max_size=40)
HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://a.example/b.png)",
    "| a | b |",
    "`a` ``b``",
    "**a** _b_ ~~c~~",
    "# heading",
    "1. one",
    "- item",
    "+ item",
    "2) two",
    "_\x1b_ *|*",
    "--- x",
    "!!! note",
    "??? note",
    "> quote",
    "a {: .x onclick=y }",
    "a { #b }",
    "a\n\n    code",
    "[^1] [TOC] [[x]]",
    "&lt;b&gt; &amp;",
    "$$x$$",
    "http://a <http://b>",
    "\x1b[31m",
    "\ud800",
    "::: muster",
    "--8<-- 'x'",
)


def on_code_hosts(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def on_the_site(text: str) -> str:
    return markdown.markdown(text, extensions=EXTENSIONS)


RENDERERS = (on_code_hosts, on_the_site)


def shown(text: str) -> str:
    return visible(" ".join(text.split()))


def told(html: str, element: str) -> str:
    """What an element says that is the whole of a page and has nothing inside."""
    found = re.fullmatch(rf"\s*<{element}(?: id=\"[^\"]*\")?>([^<]*)</{element}>\s*", html)
    assert found is not None, html
    return unescape(found[1])


Test = TypeVar("Test", bound=Callable[..., None])


def examples(test: Test) -> Test:
    """The hostile texts, beside what hypothesis thinks of."""
    for text in HOSTILE:
        test = example(text=text)(test)
    return test


@examples
@given(text=TEXTS)
def test_a_paragraph_and_a_heading_say_what_was_written(text: str) -> None:
    for render in RENDERERS:
        if shown(text):
            assert told(render(inline(text)), "p") == shown(text)
            assert told(render(f"# {inline(text)}"), "h1") == shown(text)


def test_nothing_is_taken_for_mathematics() -> None:
    """Code hosts set what stands between dollars; neither renderer here does."""
    assert "$" not in inline("$x$ $$y$$")


@examples
@given(text=TEXTS)
def test_code_shows_what_was_written(text: str) -> None:
    for render in RENDERERS:
        if shown(text):
            html = re.sub(r"</?p>", "", render(code(text)))
            assert told(html, "code") == shown(text)
    assert code("") == code(" \n") == "*empty*"


@examples
@given(text=TEXTS)
def test_a_cell_stays_a_cell(text: str) -> None:
    for render in RENDERERS:
        html = render(f"| a | b | c |\n|---|---|---|\n| x | {inline(text)} | {code(text)} |\n")
        cells = re.findall(r"<td[^>]*>(.*?)</td>", html)
        assert len(cells) == 3
        assert unescape(cells[1]) == shown(text)
        if shown(text):
            assert unescape(re.sub(r"</?code>", "", cells[2])) == shown(text)


@pytest.mark.parametrize("text", ["az vm show", "a\nb", "```\nx\n```", "a `````` b", "\t- x", "<b>"])
@pytest.mark.parametrize("render", RENDERERS)
def test_a_block_is_code_as_it_is(text: str, render: object) -> None:
    assert callable(render)
    html = render(block(text, "sh"))
    inside = re.fullmatch(
        r"\s*(?:<div[^>]*>)?<pre[^>]*>(?:<span></span>)?<code[^>]*>(.*)</code></pre>(?:</div>)?\s*", html, re.DOTALL
    )
    assert inside is not None, html
    assert unescape(re.sub(r"<[^>]*>", "", inside[1])).rstrip("\n") == text.expandtabs(4)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (
            "https://learn.microsoft.com/azure/x_y",
            "[learn.microsoft.com/azure/x&#95;y](https://learn.microsoft.com/azure/x_y)",
        ),
        ("http://a.example/", "`http://a.example/`"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
        ("https://a.example/) [x](https://b.example", "`https://a.example/) [x]"),
        ("https://a.example/\nx", "`https://a.example/ x`"),
    ],
)
def test_only_plain_web_addresses_become_links(address: str, link: str) -> None:
    assert web_link(address).startswith(link)
