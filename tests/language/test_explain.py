"""Why a rule came out as it did."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muster.facts.aliases import AzureAliases
from muster.values.answers import Forbidden, FoundMany, ListAnswer, NotRead
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import compiled, frame_of
from tests.language.test_related import Answers

GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases" / "sentences.json").read_text("utf-8"))
"""A condition, the resource (or what the document has besides), and the sentences of its reasons."""

VM = "Microsoft.Compute/virtualMachines"


def reasons(case: dict[str, Any]) -> list[str]:
    rule = compiled(
        case["if"], aliases=AzureAliases() if "resource" in case and case["resource"].get("type") == VM else None
    )
    document = Document(
        case.get("resource", {}), image=case.get("image", {}), unavailable=frozenset(case.get("unavailable", []))
    )
    return [reason.text for reason in rule[0].explain(frame_of(rule, document))]


@pytest.mark.parametrize("case", GOLDEN, ids=[case["note"] for case in GOLDEN])
def test_sentences(case: dict[str, Any]) -> None:
    assert reasons(case) == case["reasons"]


def test_a_reason_has_its_parts() -> None:
    rule = compiled(
        {
            "allOf": [
                {"field": "type", "equals": VM},
                {"field": f"{VM}/networkProfile.networkInterfaces[*].id", "like": "*/good"},
            ]
        },
        aliases=AzureAliases(),
    )
    body: Json = {"networkProfile": {"networkInterfaces": [{"id": "/nic/good"}, {"id": "/nic/bad"}]}}
    (reason,) = rule[0].explain(frame_of(rule, {"type": VM, "properties": body}))
    assert reason.field == f"{VM}/networkProfile.networkInterfaces[*].id"
    assert reason.path == "properties.networkProfile.networkInterfaces[1].id"
    assert (reason.operator, reason.expected) == ("like", "*/good")
    assert (reason.found, reason.found_state) == ("/nic/bad", "present")
    assert reason.pointer == "/if/allOf/1"


@pytest.mark.parametrize(
    ("body", "unavailable", "found", "state"),
    [
        ({"a": 5}, [], 5, "present"),
        ({"a": None}, [], None, "missing"),
        ({}, [], None, "missing"),
        ({"a": 5}, ["a"], None, "unknown"),
        ({"a": {"b": 1}}, ["a.b"], None, "unknown"),
    ],
)
def test_what_was_found(body: dict[str, Json], unavailable: list[str], found: Json, state: str) -> None:
    rule = compiled({"field": "a", "equals": "x"})
    (reason,) = rule[0].explain(frame_of(rule, Document(body, unavailable=frozenset(unavailable))))
    assert (reason.found, reason.found_state) == (found, state)


def test_reasons_are_as_many_as_a_person_reads() -> None:
    rule = compiled({"allOf": [{"field": f"f{number}", "exists": False} for number in range(100)]})
    assert len(rule[0].explain(frame_of(rule, {}))) == 12


def test_conditions_on_the_type_are_told_only_where_there_is_nothing_else() -> None:
    both = compiled({"allOf": [{"field": "type", "equals": "t"}, {"field": "a", "exists": False}]})
    assert [reason.field for reason in both[0].explain(frame_of(both, {"type": "t"}))] == ["a"]
    assert [reason.field for reason in both[0].explain(frame_of(both, {"type": "u"}))] == ["type"]


WRONG: dict[str, Any] = {"value": "[int('x')]", "equals": 1}
HOLDS: dict[str, Any] = {"field": "a", "exists": False}
FAILS: dict[str, Any] = {"field": "b", "exists": True}
UNSURE: dict[str, Any] = {"field": "c", "exists": True}


@pytest.mark.parametrize(
    ("condition", "deciding"),
    [
        ({"allOf": [HOLDS, FAILS, FAILS]}, ["/if/allOf/1"]),
        ({"allOf": [HOLDS, HOLDS]}, ["/if/allOf/0", "/if/allOf/1"]),
        ({"anyOf": [FAILS, HOLDS, HOLDS]}, ["/if/anyOf/1"]),
        ({"anyOf": [FAILS, FAILS]}, ["/if/anyOf/0", "/if/anyOf/1"]),
        ({"not": {"anyOf": [FAILS, HOLDS]}}, ["/if/not/anyOf/1"]),
        ({"allOf": [HOLDS, UNSURE, HOLDS, UNSURE]}, ["/if/allOf/1", "/if/allOf/3"]),
        ({"allOf": [UNSURE, FAILS]}, ["/if/allOf/1"]),
        ({"allOf": [HOLDS, WRONG, FAILS]}, ["/if/allOf/1"]),
        ({"allOf": [HOLDS, {"anyOf": [FAILS, WRONG]}, UNSURE]}, ["/if/allOf/1/anyOf/1"]),
        ({"allOf": [UNSURE, WRONG]}, ["/if/allOf/0"]),
        ({"anyOf": [WRONG, UNSURE]}, ["/if/anyOf/0"]),
    ],
)
def test_the_conditions_that_decide(condition: Any, deciding: list[str]) -> None:
    rule = compiled(condition)
    frame = frame_of(rule, Document({}, unavailable=frozenset({"c"})))
    assert [reason.pointer for reason in rule[0].explain(frame)] == deciding


def test_an_empty_condition_has_no_reasons_and_a_trace() -> None:
    rule = compiled({"not": {"anyOf": []}})
    frame = frame_of(rule, {})
    assert rule[0].explain(frame) == ()
    trace = rule[0].trace(frame)
    assert (trace.label, trace.truth, trace.decides) == ("not", True, True)
    assert (trace.children[0].label, trace.children[0].truth, trace.children[0].children) == ("anyOf", False, ())


def test_a_trace_is_the_whole_rule_with_the_deciding_path_marked() -> None:
    rule = compiled({"allOf": [HOLDS, {"not": FAILS}, {"anyOf": [FAILS, WRONG]}]})
    trace = rule[0].trace(frame_of(rule, {}))
    assert (trace.truth, trace.error != "") == (None, True)
    first, second, third = trace.children
    assert (first.label, first.truth, first.decides) == (
        "a exists False",
        True,
        False,
    ) or first.label == "a exists false"
    assert (second.label, second.truth, second.decides) == ("not", True, False)
    assert (third.truth, third.decides, third.error != "") == (None, True, True)
    assert [child.decides for child in third.children] == [False, True]
    assert third.children[1].pointer == "/if/allOf/2/anyOf/1"


@pytest.mark.parametrize(
    ("answer", "existence", "texts"),
    [
        (
            FoundMany((), datetime(2026, 1, 1, tzinfo=UTC)),
            None,
            ["There is no N.S/t in /subscriptions/s/resourcegroups/g."],
        ),
        (
            FoundMany(({"id": "/r/1", "name": "1"},), datetime(2026, 1, 1, tzinfo=UTC)),
            {"field": "properties.state", "equals": "on"},
            ["/r/1: properties.state is missing, which counts as other than 'on'."],
        ),
        (None, None, ["Whether there is a N.S/t could not be had: not read."]),
        (
            Forbidden("N.S/t/read"),
            None,
            ["Whether there is a N.S/t could not be had: permission N.S/t/read is missing."],
        ),
        (NotRead("no such recording"), None, ["Whether there is a N.S/t could not be had: no such recording."]),
    ],
)
def test_what_a_look_up_found(answer: ListAnswer | None, existence: Any, texts: list[str]) -> None:
    details: dict[str, Any] = (
        {"type": "N.S/t"} if existence is None else {"type": "N.S/t", "existenceCondition": existence}
    )
    rule = compiled({"field": "name", "equals": "vm"}, "auditIfNotExists", details)
    body: dict[str, Json] = {"id": "/subscriptions/s/resourceGroups/g/providers/A.B/c/vm", "name": "vm"}
    frame = frame_of(rule, Document(body, related={} if answer is None else Answers(answer)))
    found = [reason.text for reason in rule[0].explain(frame)]
    assert found[: len(texts)] == texts
    traced = rule[0].trace_related(frame)
    assert [(name, trace.truth) for name, trace in traced] == ([("/r/1", False)] if existence else [])


def test_a_rule_without_a_look_up_traces_none() -> None:
    rule = compiled(HOLDS)
    assert rule[0].trace_related(frame_of(rule, {})) == []
