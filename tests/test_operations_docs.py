"""Every command of muster in the documentation exists, and every link between its pages leads somewhere."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from muster.cli import main
from tests.conftest import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BINDINGS = ROOT / "tests" / "functions" / "bindings.json"
"""Held to the app by tests/functions/test_runtime.py."""
OPERATIONS = sorted((ROOT / "docs" / "operations").glob("*.md"))

ROLES = {json.loads(path.read_text("utf-8"))["Name"] for path in (ROOT / "infra" / "roles").glob("muster-*.json")}
"""Names that are written like calls."""
_SPAN = re.compile(r"`([^`\n]+)`")
_LINE = re.compile(r"(?:\$ )?(?:\.venv/bin/)?(muster .*)")
_PLACEHOLDER = re.compile(r"COMMAND|\[.*")
"""What click writes of a group's verbs and options."""
_ENDS = frozenset({"|", ">", ">>", "2>", "&&", "||", ";", "#", "\\"})


def commands(text: str) -> Iterator[str]:
    """Calls of muster in a page: lines of code blocks, and spans of code."""
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if (fenced or line.startswith("    ")) and (match := _LINE.fullmatch(line.strip())):
            yield re.split(r"\s{2,}", match[1])[0]  # what it does may stand beside it
        for span in _SPAN.findall(line):
            if (match := _LINE.fullmatch(span)) and match[1] not in ROLES:
                yield match[1]


def fault(call: str) -> str:
    """What is wrong with a call; empty where nothing is."""
    words = shlex.split(call)[1:]
    context: click.Context = click.Context(main)
    command: click.Command = main
    for word in words:
        if word in _ENDS:
            break
        if word.startswith("-"):
            known = {name for one in command.get_params(context) for name in (*one.opts, *one.secondary_opts)}
            if word.partition("=")[0] not in known:
                return f"{command.name} has no option {word}"
            continue
        if _PLACEHOLDER.fullmatch(word):
            continue
        if isinstance(command, click.Group):
            found = command.get_command(context, word.rstrip(",.;:"))
            if found is not None:
                command = found
            elif not command.invoke_without_command:
                return f"{command.name} has no command {word}"
    return ""


CALLS = sorted({(str(page.relative_to(ROOT)), call) for page in PAGES for call in commands(page.read_text("utf-8"))})


def test_there_are_calls_to_look_at() -> None:
    assert len(CALLS) > 60


@pytest.mark.parametrize(("page", "call"), CALLS)
def test_every_call_exists(page: str, call: str) -> None:
    assert fault(call) == ""


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("muster dcotor", "has no command dcotor"),
        ("muster deadletters lst", "has no command lst"),
        ("muster doctor --setting x", "has no option --setting"),
        ("muster findings export --form csv", "has no option --form"),
        ("muster findings show RESOURCE --storage=x | less --none", ""),
    ],
)
def test_a_call_that_does_not_exist_is_noticed(call: str, says: str) -> None:
    assert says in fault(call)
    assert bool(fault(call)) == bool(says)


@pytest.mark.parametrize("page", OPERATIONS, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_operations_lists_its_pages_and_every_function() -> None:
    text = (ROOT / "docs" / "operations" / "README.md").read_text("utf-8")
    assert {page.name for page in OPERATIONS} - {"README.md"} <= set(re.findall(r"\(([\w-]+\.md)\)", text))
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert named == json.loads(BINDINGS.read_text("utf-8")).keys()


def test_checks_that_operations_speaks_of_exist() -> None:
    from muster.jobs.doctor.run import CHECKS

    prefixes = {check.name.partition("-")[0] for check in CHECKS}
    names = {check.name for check in CHECKS}
    for page in OPERATIONS:
        for span in _SPAN.findall(page.read_text("utf-8")):
            if re.fullmatch(r"[a-z]+-[a-z]+", span) and span.partition("-")[0] in prefixes:
                assert span in names, (page.name, span)
