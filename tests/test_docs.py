"""docs/ is whole: what is made from the code is up to date, no link is dead, and what there is is named somewhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from muster.cli import main
from muster.cli.command_reference import commands
from muster.facts.field_table import FIELDS
from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS
from muster.language.operators import OPERATORS
from muster.language.outcome import EFFECTS
from muster.language.parameters import TYPES
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


def leaves(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, str]]:
    """Every command that is no group, or does something of its own, and what it is called."""
    for command, inner in commands(group, context):
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield command, inner.command_path
        if isinstance(command, click.Group):
            yield from leaves(command, inner)


COMMANDS = list(leaves(main, click.Context(main, info_name="muster")))


def settings() -> Iterator[str]:
    """The settings that the app or a command reads: texts in their code that are nothing but such a name."""
    files = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "muster").rglob("*.py")]
    for node in (node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch("MUSTER_[A-Z_]+", node.value)
        ):
            yield node.value


SIGNATURES = [*(one.parameters for one in FUNCTIONS.values()), *(one.parameters for one in CONTEXTUAL.values())]
THERE_IS = {
    "operators": ("reference/language.md", [one.name for one in OPERATORS.values()]),
    "functions": ("reference/language.md", SIGNATURES),
    "functions left out": ("reference/language.md", list(EXCLUDED)),
    "effects": ("reference/language.md", list(EFFECTS.values())),
    "parameter types": ("reference/language.md", list(TYPES.values())),
    "fields": ("reference/fields.md", [field.name for field in FIELDS]),
    "settings": ("reference/settings.md", sorted(set(settings()))),
}


@pytest.mark.parametrize("what", THERE_IS)
def test_what_there_is_is_documented(what: str) -> None:
    page, names = THERE_IS[what]
    text = (DOCS / page).read_text("utf-8")
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("command", "name"), COMMANDS, ids=[name for _, name in COMMANDS])
def test_a_command_is_documented_with_its_options_and_exit_codes(command: click.Command, name: str) -> None:
    page = (DOCS / "reference" / "cli.md").read_text("utf-8")
    section = re.search(rf"^##+ {re.escape(name)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section is not None
    options = [name for one in command.params if isinstance(one, click.Option) for name in one.opts]
    assert [option for option in options if f"`{option}`" not in section[1]] == []
    codes = re.search(r"^Exit code: (.*)$", section[1], re.MULTILINE)
    assert codes is not None, "its help says which exit codes it has"
    assert re.search(r"\b0\b.*\b2\b", codes[1])


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
