"""The index of the definitions' pages: by area, by severity, by control."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias
from urllib.parse import quote

from muster.report.definition_page import FAMILIES, families
from muster.report.described import Described
from muster.report.markdown_text import code, inline
from muster.values.states import Severity

HEAD = """\
# The default policies

Written by `scripts/write-reference.py` from `policies/`; edits here are lost.

{count} definitions, each with a page: what it checks and why, how to fix what it finds, its rule in words, its
parameters, an example of each answer. [How they compare with others](../comparison.md), and
[how to write your own](../policy-authors.md).

| initiative | title | definitions |
|---|---|---|
"""

_Table: TypeAlias = Callable[[Sequence[Described]], str]

_OTHERS = "Others"


def definition_index(described: Sequence[Described]) -> str:
    """The page in Markdown, with a line end at its end."""
    sections = [
        HEAD.format(count=len(described)) + "".join(_initiatives(described)),
        "## By area\n",
        *_groups(described, lambda one: one.area, sorted({one.area for one in described}), _full),
        "## By severity\n",
        *_groups(described, _severity, Severity, _short),
        "## By control\n",
        _controls(described),
    ]
    return "\n".join(sections)


def _initiatives(described: Sequence[Described]) -> Iterable[str]:
    found: dict[str, tuple[str, int]] = {}
    for one in described:
        for member in one.memberships:
            _, number = found.get(member.initiative, ("", 0))
            found[member.initiative] = (member.title, number + 1)
    for name, (title, number) in sorted(found.items()):
        yield f"| {code(name)} | {inline(title)} | {number} |\n"


def _groups(
    described: Sequence[Described], key: Callable[[Described], str], order: Iterable[str], table: _Table
) -> Iterable[str]:
    for title in order:
        members = [one for one in described if key(one) == title]
        if members:
            yield f"### {inline(title.capitalize())}\n\n{table(members)}"


def _full(members: Sequence[Described]) -> str:
    rows = (f"| {_link(one)} | {inline(one.definition.display_name)} | {inline(_severity(one))} |" for one in members)
    return "| definition | what it asks for | severity |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _short(members: Sequence[Described]) -> str:
    return ", ".join(map(_link, members)) + ".\n"


def _severity(one: Described) -> str:
    return one.stated("severity") or Severity.MEDIUM


def _controls(described: Sequence[Described]) -> str:
    found: dict[tuple[str, str], list[Described]] = {}
    for one in described:
        for family, members in families(one.references).items():
            for member in members:
                found.setdefault((family or _OTHERS, member), []).append(one)
    rows = (
        f"| {inline(family)} | {code(member)} | {', '.join(map(_link, found[family, member]))} |"
        for family, member in sorted(found, key=_control_order)
    )
    return "| whose | control or check | definitions |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _control_order(control: tuple[str, str]) -> tuple[int, list[tuple[int, str]]]:
    """By family as FAMILIES has them, then by the numbers in the control: 8.2 before 8.11."""
    family, member = control
    names = [*(name for name, _ in FAMILIES), _OTHERS]
    parts = [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", member)]
    return names.index(family), parts


def _link(one: Described) -> str:
    return f"[{inline(one.definition.name)}]({quote(one.page)})"
