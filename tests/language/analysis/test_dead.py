"""What is told of a condition without a resource holds for every resource."""

import json
import time

import pytest
from hypothesis import given

from muster.language.analysis.dead import Death, dead
from muster.language.analysis.possible import Possible
from tests.language.analysis.conditions import Condition, outcomes, parsed, replaced, trees

ALWAYS: dict[Death, Condition] = {Death.TRUE: {"allOf": []}}
NEVER: Condition = {"anyOf": []}


@given(trees())
def test_what_is_dead_can_be_replaced_by_a_constant(condition: Condition) -> None:
    before = outcomes(condition)
    for found in dead(parsed(condition).condition, Possible()):
        after = outcomes(replaced(condition, found.condition.pointer, ALWAYS.get(found.death, NEVER)))
        assert after == before, found


@given(trees())
def test_a_condition_that_says_of_itself_how_it_comes_out_does(condition: Condition) -> None:
    rule, possible = parsed(condition), Possible()
    seen = {outcome for _, outcome in outcomes(condition)}
    for outcome in (True, False):
        if possible.world(rule.condition, outcome) is None:
            assert seen == {not outcome}


@pytest.mark.parametrize(
    ("condition", "deaths"),
    [
        ({"allOf": [{"field": "name", "equals": "a"}, {"field": "name", "equals": "b"}]}, [(Death.FALSE, "name")]),
        ({"anyOf": [{"field": "kind", "exists": True}, {"field": "kind", "exists": False}]}, [(Death.TRUE, "kind")]),
        ({"allOf": [{"anyOf": []}, {"field": "name", "in": []}]}, [(Death.FALSE, ""), (Death.FALSE, "")]),
        ({"not": {"not": {"allOf": []}}}, [(Death.TRUE, "")]),
        (
            {"allOf": [{"field": "name", "equals": "a"}, {"anyOf": [{"field": "name", "in": ["b"]}, {"allOf": []}]}]},
            [(Death.TRUE, "")],
        ),
        (
            {"anyOf": [{"field": "name", "in": ["a", "b"]}, {"field": "name", "equals": "b"}]},
            [(Death.COVERED, "name")],
        ),
        ({"field": "name", "equals": "a"}, []),
    ],
)
def test_each_fault_is_found_once(condition: Condition, deaths: list[tuple[Death, str]]) -> None:
    assert [(one.death, one.field) for one in dead(parsed(condition).condition, Possible())] == deaths


def test_the_largest_rule_takes_bounded_time() -> None:
    arms = [
        {"allOf": [{"field": f"tags.t{at}", "equals": "x"}, {"field": "name", "in": [f"n{at}-{n}" for n in range(50)]}]}
        for at in range(2000)
    ]
    rule = parsed(json.loads(json.dumps({"allOf": [{"anyOf": arms}]})))
    started = time.process_time()
    assert list(dead(rule.condition, Possible())) == []
    assert time.process_time() - started < 10
