"""The documented limits, each with a fault that names it; and hostile rules and documents, whose work is bounded.

Work is counted where it can be (members looked at, memory). Where an unbounded implementation would not come back, it
is enough that these tests end.
"""

import sys
from typing import Any

import pytest

from muster.language import limits
from muster.language.definition import parse_definition
from muster.language.limits import NESTED_ITERATIONS
from muster.language.parse import parse_rule
from muster.language.source import MAX_DEPTH, Source
from muster.values.diagnostic import Diagnostic
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import ask, compiled, frame_of

LEAF: dict[str, Any] = {"field": "a", "equals": "x"}


def faults(condition: Any, then: Any = None) -> list[Diagnostic]:
    rule, found = parse_rule({"if": condition, "then": then or {"effect": "audit"}}, "", "")
    assert (rule is None) is bool(found)
    return found


def nested(condition: Any, depth: int) -> Any:
    for _ in range(depth):
        condition = {"not": condition}
    return condition


def value(expression: str) -> dict[str, Any]:
    return {"value": expression, "equals": 1}


def count_value(where: Any = None) -> dict[str, Any]:
    return {"count": {"value": [1], **({} if where is None else {"where": where})}, "equals": 1}


AT_THE_LIMIT: dict[str, tuple[Any, Any, str, str]] = {
    "conditions": (
        {"allOf": [LEAF] * limits.IF_CONDITIONS},
        {"allOf": [LEAF] * (limits.IF_CONDITIONS + 1)},
        "/if",
        "4,097 conditions in 'if'; Azure allows 4,096.",
    ),
    "depth": (nested(LEAF, 63), nested(LEAF, 64), "/if" + "/not" * 64, "Conditions nested deeper than 64 levels"),
    "functions": (
        {"allOf": [value("[f(g())]")] * 1024},
        {"allOf": [value("[f(g())]")] * 1024 + [value("[f()]")]},
        "",
        "2,049 function calls in one rule; Azure allows 2,048.",
    ),
    "arguments": (
        value(f"[f({', '.join(['1'] * 128)})]"),
        value(f"[f({', '.join(['1'] * 129)})]"),
        "/if/value",
        "f has 129 arguments; Azure allows 128.",
    ),
    "calls in calls": (
        value(f"[{'f(' * 64}1{')' * 64}]"),
        value(f"[{'f(' * 65}1{')' * 65}]"),
        "/if/value",
        "nested deeper than 64 levels",
    ),
    "indexes in indexes": (
        value(f"[{'f()[' * 63}1{']' * 63}]"),
        value(f"[{'f()[' * 65}1{']' * 65}]"),
        "/if/value",
        "nested deeper than 64 levels",
    ),
    "steps": (value(f"[f(){'.a' * 64}]"), value(f"[f(){'.a' * 65}]"), "/if/value", "More than 64 steps in a row"),
    "characters": (
        value(f"['{'x' * (81_920 - 4)}']"),
        value(f"['{'x' * (81_920 - 3)}']"),
        "/if/value",
        "An expression of 81,921 characters; Azure allows 81,920.",
    ),
    "counts over one array": (
        {"allOf": [{"count": {"field": "a[*]"}, "equals": 1}] * 4 + [{"count": {"field": "A[*]"}, "equals": 1}]},
        {"allOf": [{"count": {"field": "a[*]"}, "equals": 1}] * 6},
        "",
        "6 counts over one array in one rule; Azure allows 5.",
    ),
    "counts over values": (
        {"allOf": [count_value(count_value())] * 5},
        {"allOf": [count_value(count_value())] * 5 + [count_value()]},
        "",
        "11 counts over values in one rule; Azure allows 10.",
    ),
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_limits_of_a_rule(name: str) -> None:
    allowed, refused, pointer, words = AT_THE_LIMIT[name]
    assert faults(allowed) == []
    (fault,) = faults(refused)
    assert fault.pointer == pointer
    assert words in fault.message
    assert fault.hint


def test_the_limit_of_conditions_in_then() -> None:
    def existence(number: int) -> dict[str, Any]:
        return {"effect": "auditIfNotExists", "details": {"existenceCondition": {"allOf": [LEAF] * number}}}

    assert faults(LEAF, existence(128)) == []
    (fault,) = faults(LEAF, existence(129))
    assert (fault.rule, fault.pointer) == ("over-limit", "/then/details/existenceCondition")
    assert fault.message == "129 conditions in 'then'; Azure allows 128."


def test_several_limits_are_told_at_once() -> None:
    condition = {"allOf": [value("[f(g(h()))]")] * 4097 + [count_value()] * 11}
    assert [fault.rule for fault in faults(condition)] == ["over-limit"] * 3


def test_the_limit_of_iterations_over_values() -> None:
    def over(number: int) -> Json:
        return {"count": {"value": [1] * number, "where": {"value": "[current()]", "equals": 1}}, "equals": number}

    assert ask(over(100), {}) is True
    said = ask(over(101), {})
    assert said == "a count over 101 values; Azure Policy allows 100"


def test_counts_inside_counts_are_bounded_together() -> None:
    condition: dict[str, Any] = {"value": "[current()]", "equals": 0}
    for _ in range(10):
        condition = {"count": {"value": list(range(100)), "where": condition}, "greater": 0}
    rule = compiled(condition)
    frame = frame_of(rule, {})
    assert rule[0].evaluate(frame).error == f"counts inside a count go over more than {NESTED_ITERATIONS:,} members"
    assert frame.nested <= NESTED_ITERATIONS + 100
    assert rule[0].explain(frame)[0].text.endswith("members.")


def test_the_bound_is_one_of_each_count_that_stands_alone() -> None:
    inner = {"count": {"field": "b[*]", "where": {"field": "b[*]", "equals": 1}}, "equals": 0}
    outer = {"count": {"field": "a[*]", "where": inner}, "equals": 150}
    body: dict[str, Json] = {"a": [0] * 150, "b": [0] * 1000}
    assert ask({"allOf": [outer, outer]}, body) is True


def test_a_member_array_of_any_length_is_gone_over_once() -> None:
    body: dict[str, Json] = {"a": [{"b": number} for number in range(50_000)]}
    assert ask({"count": {"field": "a[*]", "where": {"field": "a[*].b", "less": 5}}, "equals": 5}, body) is True
    assert ask({"field": "a[*].b", "less": 50_000}, body) is True
    document = Document(body, unavailable=frozenset({"a[*].c"}))
    assert (
        ask({"count": {"field": "a[*]", "where": {"field": "a[*].c", "exists": True}}, "equals": 50_001}, document)
        is False
    )


def test_what_functions_take_is_bounded() -> None:
    tenfold = "field('a')"
    for _ in range(3):
        tenfold = f"concat({', '.join([tenfold] * 10)})"
    said = ask(value(f"[length({tenfold})]"), {"a": "x" * 1_000})
    assert isinstance(said, str)
    assert "131,072" in said
    said = ask(value("[length(field('a'))]"), {"a": [0] * 100_000})
    assert isinstance(said, str)
    assert "32,768 nodes" in said


def deep(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = {"a": [found]}
    return found


@pytest.mark.parametrize("depth", [50, 500, 5_000, 50_000])
def test_a_document_of_any_depth(depth: int) -> None:
    body: dict[str, Json] = {"a": deep(depth), "b": deep(depth), "type": "t"}
    conditions: list[Any] = [
        {"field": "a", "equals": "[field('b')]"},
        {"field": "a", "contains": "[field('b')]"},
        {"value": "[string(field('a'))]", "equals": "x"},
        {"value": "[equals(field('a'), field('b'))]", "equals": True},
        {"field": "a.a[*].a[*].a", "exists": True},
        {"field": "a.a[*]" + ".a[*]" * 2_000, "exists": True},
    ]
    for condition in conditions:
        rule = compiled(condition)
        for hidden in (frozenset[str](), frozenset({"a.a[*].a[*].a"})):
            frame = frame_of(rule, Document(body, unavailable=hidden))
            outcome = rule[0].evaluate(frame)
            assert outcome.error or outcome.matched in (True, False, None)
            assert all(reason.text for reason in rule[0].explain(frame))


def test_the_deepest_rule_that_is_allowed_is_evaluated_from_a_deep_stack() -> None:
    """All limits of depth at once, on a stack that has little more than half of Python's default left."""
    deepest: Any = "[" + "toLower(" * 61 + "string(field('a[*]'))" + ")" * 61 + "]"
    for _ in range(MAX_DEPTH - 70):
        deepest = [deepest]
    condition: Any = {"value": deepest, "equals": "x"}
    for level in range(62):
        over = {"count": {"field": "a[*]", "where": condition}, "equals": 1}
        condition = over if level % 16 == 0 else {"not": condition} if level % 2 else {"anyOf": [condition]}
    rule_value: Any = {"if": condition, "then": {"effect": "audit"}}

    def at_depth(frames: int) -> Any:
        return at_depth(frames - 1) if frames else evaluated()

    def evaluated() -> str:
        definition, found = parse_definition(Source("", ""), rule_value)
        assert found == []
        assert definition is not None
        rule = compiled(condition)
        frame = frame_of(rule, {"a": ["x"]})
        return rule[0].evaluate(frame).error + "".join(reason.text for reason in rule[0].explain(frame))

    assert "too deep" not in at_depth(sys.getrecursionlimit() // 2 - 100)


@pytest.mark.parametrize(
    "name",
    [
        "a" + "[*]" * 5_000,
        "a[*]" * 1_000,
        "a" + ".b" * 50_000,
        "tags" + "[" * 50_000,
        "tags['" + "''" * 50_000 + "']",
        "a['" + "''" * 50_000,
    ],
)
def test_a_field_of_any_name(name: str) -> None:
    condition = {"anyOf": [{"field": name, "equals": "x"}, {"not": {"field": name, "exists": True}}]}
    for hidden in (frozenset[str](), frozenset({"a[*]", "a.b.b"})):
        rule = compiled(condition)
        frame = frame_of(rule, Document({"a": [[[1]]], "tags": {}}, unavailable=hidden))
        assert rule[0].evaluate(frame).matched in (True, False, None)
        assert all(len(reason.text) < 2_000 for reason in rule[0].explain(frame))


def test_reasons_of_a_huge_resource_are_short() -> None:
    body: dict[str, Json] = {
        "a": "x" * 5_000_000,
        "b": ["y" * 1_000_000] * 20,
        "c": {f"k{n}": n for n in range(100_000)},
    }
    for field in ("a", "b", "c", "b[*]"):
        rule = compiled({"field": field, "equals": "z"})
        (reason,) = rule[0].explain(frame_of(rule, body))
        assert len(reason.text) < 1_500
