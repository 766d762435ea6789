"""Bicep as pycep-parser reads it: files by their names in infra/, and what a tree refers to.

The parser knows syntax only, and not which operator binds more: `a == b ? c : d` is read as `a == (b ? c : d)`. Names
do not suffer from that; what is evaluated (bicep_deployment.py) is written with parentheses.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pycep import BicepParser
from pycep.models import BicepElement

from tests.conftest import ROOT

INFRA = ROOT / "infra"
SUFFIXES = (".bicep", ".json", ".kql")

Sources = Mapping[str, str]
"""Name of a file in infra/ -> its text."""


@dataclass(frozen=True)
class Template:
    """One Bicep file. `name` is its place in infra/."""

    name: str
    tree: dict[str, Any]

    @property
    def scope(self) -> str:
        """resourceGroup, subscription or managementGroup."""
        return str(self.tree["globals"]["scope"]["value"])

    def part(self, kind: str) -> dict[str, Any]:
        """parameters, variables, resources, modules or outputs, by name."""
        return dict(self.tree.get(kind, {}))

    def beside(self, path: str) -> str:
        """The name of a file that this one names."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))


def sources() -> dict[str, str]:
    """All of infra/ as it is, but for the queries that the workbook repeats: test_queries.py holds the two together."""
    return {
        path.relative_to(INFRA).as_posix(): path.read_text("utf-8")
        for path in sorted(INFRA.rglob("*"))
        if path.suffix in SUFFIXES and path.parent.name != "queries"
    }


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """All of infra/, with something in one file replaced; it must be there."""
    had = sources()
    assert old in had[name], f"{name} has no {old!r}"
    return had | {name: had[name].replace(old, new)}


def templates(given: Sources) -> dict[str, Template]:
    """The Bicep files among them. Raises what the parser raises."""
    return {name: Template(name, parsed(text)) for name, text in given.items() if name.endswith(".bicep")}


@cache
def _parser() -> BicepParser:
    return BicepParser(cache=False)


@cache
def parsed(text: str) -> dict[str, Any]:
    """The tree of a file's text."""
    return dict(_parser().parse(text=text))


@cache
def expression(text: str) -> Any:
    """The tree of an expression."""
    return parsed(f"var x = {text}\n")["variables"]["x"]["value"]


def body(config: Any) -> dict[str, Any]:
    """What a resource or module is made of, without the loop or condition around it."""
    while isinstance(config, dict) and "config" in config and ("condition" in config or "loop_type" in config):
        config = config["config"]
    assert isinstance(config, dict)
    return config


def interpolations(text: str) -> Iterator[str]:
    """The expressions in a string."""
    for match in re.finditer(r"\$\{", text):
        depth, at = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        yield text[match.end() : at - 1]


def names(node: Any, bound: frozenset[str] = frozenset(), *, member: bool = False) -> Iterator[str]:
    """The names that a tree refers to, without those that it binds itself. `member`: the tree stands behind a dot, so
    that what it begins with is the name of a property."""
    match node:
        case BicepElement():
            if not member and node not in bound:
                yield str(node)
        case str():
            for inner in interpolations(node):
                yield from names(expression(inner), bound)
        case list():
            for item in node:
                yield from names(item, bound)
        case {"loop_type": {"detail": detail}, "config": config, **rest}:
            items = detail["array_name"] if "array_name" in detail else detail["object_name"]
            yield from names(items, bound)
            inside = bound | {str(detail[key]) for key in ("item_name", "index_name") if key in detail}
            yield from names(rest.get("condition"), inside)
            yield from names(config, inside)
        case {"type": "lambda_expression", "detail": detail}:
            own = {str(value) for key, value in detail.items() if key.startswith("var_")}
            yield from names(detail["expression"], bound | own)
        case {"operator": {"type": kind, "operands": operands}}:
            for place, operand in enumerate(operands.values()):
                behind = (kind == "property_accessor" and place == 1) or (member and place == 0)
                yield from names(operand, bound, member=behind)
        case dict():
            for key, value in node.items():
                yield from names(str(key), bound)
                yield from names(value, bound)


def functions(node: Any) -> Iterator[str]:
    """The functions that a tree calls, as the parser names them."""
    match node:
        case str() if not isinstance(node, BicepElement):
            for inner in interpolations(node):
                yield from functions(expression(inner))
        case list():
            for item in node:
                yield from functions(item)
        case {"function": {"type": kind, **rest}}:
            yield str(kind)
            yield from functions(rest.get("parameters"))
        case dict():
            for key, value in node.items():
                yield from functions(str(key))
                yield from functions(value)


def outputs_used(node: Any) -> Iterator[tuple[str, str]]:
    """Module and output, wherever a tree takes `module.outputs.output`."""
    match node:
        case str() if not isinstance(node, BicepElement):
            for inner in interpolations(node):
                yield from outputs_used(expression(inner))
        case list():
            for item in node:
                yield from outputs_used(item)
        case {"operator": {"type": "property_accessor", "operands": {"operand_1": BicepElement() as owner, **rest}}}:
            match rest["operand_2"]:
                case {
                    "operator": {"type": "property_accessor", "operands": {"operand_1": "outputs", "operand_2": last}}
                }:
                    yield str(owner), str(last)
                case other:
                    yield from outputs_used(other)
        case dict():
            for key, value in node.items():
                yield from outputs_used(str(key))
                yield from outputs_used(value)
