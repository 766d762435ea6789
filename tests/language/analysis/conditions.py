"""Small conditions over few fields, and every resource that they can tell apart."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import strategies as st

from muster.facts.aliases import AzureAliases
from muster.language.compile import Compiler
from muster.language.parse import parse_rule
from muster.language.syntax import Rule
from muster.values.document import Document
from muster.values.json import Json

FIELDS = ("name", "kind")
VALUES = (None, "", "a", "b", "c")

Condition = dict[str, Any]
"""A condition as JSON."""


def _leaves(fields: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    text = st.sampled_from(["", "a", "b", "A"])
    one = st.tuples(st.sampled_from(["equals", "notEquals", "like", "notLike", "contains"]), text)
    pattern = st.tuples(st.sampled_from(["like", "notLike"]), st.sampled_from(["a*", "*"]))
    listed = st.tuples(st.sampled_from(["in", "notIn"]), st.lists(text, max_size=2))
    exists = st.tuples(st.just("exists"), st.sampled_from([True, "false"]))
    asked = st.tuples(st.sampled_from(fields), st.one_of(one, pattern, listed, exists))
    return asked.map(lambda pair: {"field": pair[0], pair[1][0]: pair[1][1]})


def trees(fields: tuple[str, ...] = FIELDS) -> st.SearchStrategy[Condition]:
    """Conditions of every form."""
    return st.recursive(
        _leaves(fields),
        lambda inner: st.one_of(
            inner.map(lambda one: {"not": one}),
            st.lists(inner, max_size=3).map(lambda several: {"allOf": several}),
            st.lists(inner, max_size=3).map(lambda several: {"anyOf": several}),
        ),
        max_leaves=8,
    )


def parsed(condition: Condition) -> Rule:
    """A rule with a condition."""
    rule, faults = parse_rule({"if": condition, "then": {"effect": "audit"}}, "", "")
    assert rule is not None, faults
    return rule


def outcomes(condition: Condition, **more: tuple[Json, ...]) -> list[tuple[dict[str, Json], bool | None]]:
    """How a condition comes out for every resource; `more` are further members with the values that they may have."""
    compiler = Compiler(AzureAliases())
    compiled = compiler.compile_rule(parsed(condition), {}).condition
    return [
        (resource, compiled.test(compiler.frame(Document({"type": "a/b", **resource}))))
        for resource in _resources({**dict.fromkeys(FIELDS, VALUES), **more})
    ]


def _resources(members: dict[str, tuple[Json, ...]]) -> Iterator[dict[str, Json]]:
    for values in product(*members.values()):
        yield {name: value for name, value in zip(members, values, strict=True) if value is not None}


def replaced(condition: Condition, pointer: str, other: Condition) -> Condition:
    """A condition with what is at a JSON pointer (below `/if`) replaced."""
    steps = pointer.split("/")[2:]
    found: Condition = _replaced(condition, steps, other)
    return found


def _replaced(value: Any, steps: list[str], other: Condition) -> Any:
    if not steps:
        return other
    first, *rest = steps
    if isinstance(value, list):
        at = int(first)
        return [*value[:at], _replaced(value[at], rest, other), *value[at + 1 :]]
    return {**value, first: _replaced(value[first], rest, other)}
