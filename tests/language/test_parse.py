"""Texts of rules to faults with their places, and to trees."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from muster.language import parse
from muster.language.parse import close_to, parse_rule
from muster.language.source import MOST_FAULTS, Source, read_json
from muster.language.syntax import AllOf, AnyOf, Comparison, Count, Field, Not, Rule, Value, conditions
from muster.values.diagnostic import Level

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "parse_faults.json").read_text("utf-8"))
IN_LIMITS = {"over-limit", "too-deep", "too-many-faults"}
"""Ids that test_limits.py has cases of."""


def parsed(value: Any) -> Rule:
    rule, faults = parse_rule(value, "", "")
    assert faults == []
    assert rule is not None
    return rule


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_faults_and_their_places(case: dict[str, Any]) -> None:
    source = Source("rule.json", "\n".join(case["rule"]))
    value, unreadable = read_json(source)
    assert unreadable == []
    rule, faults = parse_rule(value, source.name, "")
    told = [[fault.rule, *source.place(fault)] for fault in faults]
    assert sorted(told, key=lambda fault: fault[1:]) == case["faults"]
    assert (rule is None) is bool(faults)
    for fault in faults:
        assert fault.level is Level.ERROR
        assert fault.file == "rule.json"
        assert fault.message.endswith(".")
        assert "\n" not in fault.message + fault.hint


def test_every_fault_id_has_a_case() -> None:
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', Path(parse.__file__).read_text("utf-8")))
    named |= {"missing-if", "missing-then"}
    assert named == {rule for case in CASES for rule, _, _ in case["faults"]} | IN_LIMITS


def test_a_rule_as_a_tree() -> None:
    rule = parsed(
        {
            "if": {
                "allOf": [
                    {"field": "type", "EQUALS": "x"},
                    {"not": {"anyOf": [{"value": "[f()]", "in": [1]}]}},
                    {"count": {"field": "a[*]", "where": {"field": "a[*].b", "exists": "true"}}, "greater": 0},
                    {"count": {"value": [1, 2], "name": "n"}, "less": 3},
                    {"count": {"value": [1, 2]}, "less": 3},
                ]
            },
            "then": {"effect": "[parameters('effect')]", "details": {"type": "t", "existenceCondition": {"allOf": []}}},
        }
    )
    condition = rule.condition
    assert isinstance(condition, AllOf)
    plain, negated, over_field, over_value, unnamed = condition.conditions
    assert isinstance(plain, Comparison)
    assert isinstance(plain.subject, Field)
    assert (plain.operator, plain.operand.value, plain.pointer) == ("equals", "x", "/if/allOf/0")
    assert isinstance(negated, Not)
    assert isinstance(negated.condition, AnyOf)
    (inner,) = negated.condition.conditions
    assert isinstance(inner, Comparison)
    assert isinstance(inner.subject, Value)
    assert inner.pointer == "/if/allOf/1/not/anyOf/0"
    counts = [node.subject for node in (over_field, over_value, unnamed) if isinstance(node, Comparison)]
    assert [isinstance(count, Count) and (count.name, count.where is None) for count in counts] == [
        ("default", False),
        ("n", True),
        ("default", True),
    ]
    assert rule.then.effect.expression is not None
    assert isinstance(rule.then.existence_condition, AllOf)
    assert rule.then.details is not None
    assert rule.then.details.value == {"type": "t"}
    assert [node.pointer for node in conditions(condition)][-3:] == [
        "/if/allOf/2/count/where",
        "/if/allOf/3",
        "/if/allOf/4",
    ]


def test_all_nineteen_operators_in_any_case() -> None:
    names = {
        *("equals", "notEquals", "like", "notLike", "match", "matchInsensitively", "notMatch"),
        *("notMatchInsensitively", "contains", "notContains", "in", "notIn", "containsKey", "notContainsKey"),
        *("less", "lessOrEquals", "greater", "greaterOrEquals", "exists"),
    }
    assert len(names) == 19
    for name in names:
        rule = parsed({"if": {"field": "a", name.upper(): "x"}, "then": {"effect": "audit"}})
        assert isinstance(rule.condition, Comparison)
        assert rule.condition.operator == name


def test_where_the_text_of_an_unknown_key_is_close_the_hint_says_so() -> None:
    _, faults = parse_rule({"if": {"field": "a", "greaterOrEqual": 1}, "then": {"effect": "x"}}, "", "")
    assert faults[0].hint == "Did you mean 'greaterOrEquals'?"
    assert close_to("zzz", ["equals"]) == ""
    assert close_to("NOTEQUAL", ["equals", "notEquals"]) == "Did you mean 'notEquals'?"


def test_long_names_are_shortened_in_messages() -> None:
    _, faults = parse_rule({"if": {"x" * 10_000: 1}, "then": {"effect": "x"}}, "", "")
    assert all(len(fault.message + fault.hint) < 1000 for fault in faults)


@pytest.mark.parametrize(
    "part",
    [
        {"allOf": [1] * 100_000},
        {"allOf": [{"feild": 1}] * 100_000},
        {f"key{number}": 1 for number in range(100_000)},
        {"field": "a", "in": ["[f(]"] * 100_000},
    ],
    ids=["no conditions", "misspelt", "unknown keys", "expressions"],
)
def test_the_number_of_faults_is_bounded(part: Any) -> None:
    rule, faults = parse_rule({"if": part, "then": {"effect": "audit"}}, "", "")
    assert rule is None
    assert len(faults) == MOST_FAULTS
    assert [fault.rule for fault in faults].count("too-many-faults") == 1
    assert faults[-1].rule == "too-many-faults"
