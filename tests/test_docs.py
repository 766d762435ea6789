"""docs/ is whole: what is made from the code is up to date, no link is dead, and what there is is named somewhere."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.conftest import ROOT
from tests.written_pages import written_pages

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def by_place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_what_is_made_from_the_code_is_up_to_date() -> None:
    stale = [
        by_place(path)
        for path, text in written_pages().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    assert stale == [], "scripts/write-reference.py writes them"


def test_there_is_a_page_for_each_default_policy_and_for_nothing_else() -> None:
    pages = {path.stem for path in (DOCS / "policies").glob("*.md")}
    assert pages == {path.stem for path in (ROOT / "policies" / "definitions").rglob("*.json")} | {"README"}
    assert pages == {path.stem for path in written_pages() if path.parent == DOCS / "policies"}


@pytest.mark.parametrize("page", PAGES, ids=by_place)
def test_no_link_is_dead(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One `two`, _three_\n\n## Four\n\n## Four\n", "utf-8")
    page = tmp_path / "page.md"
    links = ["other.md", "other.md#one-two-three", "other.md#four-1", "#here", "https://a.example/x.md", "../"]
    dead = ["gone.md", "other.md#five", "#there", "image.png", "/etc/passwd"]
    page.write_text(
        "# Here\n\n"
        + "\n".join(f"[x]({one})" for one in [*links, *dead[:3]])
        + f"\n![x]({dead[3]})\n\n[x]: {dead[4]}\n\n[x]",
        "utf-8",
    )
    assert list(dead_links(page)) == dead


def dead_links(page: Path) -> Iterator[str]:
    """The links and images of a page that lead to no file, or to no heading of one. Pages of the web are not asked."""
    for target in links(page):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        file = page if not parts.path else page.parent / unquote(parts.path)
        if parts.path.startswith("/") or not file.exists() or (parts.fragment and parts.fragment not in anchors(file)):
            yield target


def tokens(page: Path) -> Iterator[Token]:
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(page.read_text("utf-8")):
        yield token
        yield from token.children or ()


def links(page: Path) -> Iterator[str]:
    for token in tokens(page):
        for name in ("href", "src"):
            if value := token.attrGet(name):
                yield str(value)


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    found: set[str] = set()
    inside = False
    for token in tokens(page):
        if inside and token.type == "inline":
            plain = "".join(part.content for part in token.children or ())
            slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
            count = next(
                number for number in range(len(found) + 1) if (f"{slug}-{number}" if number else slug) not in found
            )
            found.add(f"{slug}-{count}" if count else slug)
        inside = token.type == "heading_open"
    return found
