"""Definitions judged by themselves."""

import json
from typing import Any

import pytest

from muster.facts.aliases import AzureAliases
from muster.policy.bound import bind
from muster.policy.direct import load_definitions
from muster.policy.files import PolicyFiles
from muster.values.errors import BrokenPolicySet
from muster.values.states import State
from tests.policy.sets import NOW, SCHEMAS, definition, effect_definition, machine, rule

NO_VALUE = "'days' has no value and no default. Give it a value in the parameters file."
DAYS = definition(
    rule("audit", {"value": "[parameters('days')]", "greater": 60}), parameters={"days": {"type": "Integer"}}
)


def load(files: dict[str, Any], parameters: Any = None) -> PolicyFiles:
    texts = {path: json.dumps(value) for path, value in files.items()}
    return load_definitions(texts, SCHEMAS, None if parameters is None else ("values.json", json.dumps(parameters)))


def faults(files: dict[str, Any], parameters: Any = None) -> list[str]:
    with pytest.raises(BrokenPolicySet) as broken:
        load(files, parameters)
    return [f"{fault.file} {fault.pointer} {fault.message} {fault.hint}".rstrip() for fault in broken.value.faults]


def test_each_is_assigned_everywhere_under_its_own_name() -> None:
    files = load({"somewhere/encrypt.json": definition(), "/tmp/other.json": definition(rule("deny"))})
    verdict = bind(files, AzureAliases()).evaluate(machine(), NOW)
    assert [(one.rule.assignment_id, one.rule.definition_id, one.effect) for one in verdict.results] == [
        ("other", "other", "deny"),
        ("encrypt", "encrypt", "audit"),
    ]
    assert [one.name for one in files.definitions] == ["other", "encrypt"]


@pytest.mark.parametrize("parameters", [{"days": 90}, {"DAYS": {"value": 90}}])
def test_values_from_a_file(parameters: Any) -> None:
    files = load({"days.json": DAYS, "encrypt.json": definition()}, parameters)
    first, second = bind(files, AzureAliases()).evaluate(machine(), NOW).results
    assert (first.state, second.state) == (State.NON_COMPLIANT, State.NON_COMPLIANT)
    assert load({"days.json": DAYS}, parameters).version != load({"days.json": DAYS}, {"days": 91}).version


def test_an_object_may_have_a_member_called_value() -> None:
    wanting = definition(
        rule("audit", {"value": "[parameters('o').value]", "equals": "x"}),
        parameters={"o": {"type": "Object"}, "n": {"type": "Integer"}},
    )
    files = load({"o.json": wanting}, {"o": {"value": "x"}, "n": 1})
    assert bind(files, AzureAliases()).evaluate(machine(), NOW).results[0].state is State.NON_COMPLIANT


@pytest.mark.parametrize(
    ("files", "parameters", "expected"),
    [
        (
            {"days.json": DAYS},
            None,
            [f"days.json /properties/parameters/days {NO_VALUE}"],
        ),
        ({"days.json": DAYS}, {"days": "90"}, ["values.json /days 'days' of 'days': '90' is not of type integer."]),
        (
            {"days.json": DAYS},
            {"days": {"value": True}},
            ["values.json /days/value 'days' of 'days': true is not of type integer."],
        ),
        (
            {"days.json": DAYS},
            {"days": 1, "dayz": 2},
            ["values.json /dayz No definition has a parameter 'dayz'. Did you mean 'days'?"],
        ),
        ({"days.json": DAYS}, [1], [
            f"days.json /properties/parameters/days {NO_VALUE}",
            "values.json  Parameters are an object: values by name.",
        ]),
        (
            {"effect.json": effect_definition("Audit", ("Audit", "Deny"))},
            {"effect": "audit"},
            ["values.json /effect 'effect' of 'effect': 'audit' is not among the allowed values ('Audit', 'Deny')."],
        ),
        (
            {"one/same.json": definition(), "two/same.json": definition()},
            None,
            ["two/same.json  same is declared twice, first in one/same.json. Rename one of the two, or take it out."],
        ),
    ],
)  # fmt: skip
def test_faults(files: dict[str, Any], parameters: Any, expected: list[str]) -> None:
    assert faults(files, parameters) == expected


def test_malformed_values() -> None:
    with pytest.raises(BrokenPolicySet) as broken:
        load_definitions({"encrypt.json": json.dumps(definition())}, SCHEMAS, ("values.json", "{"))
    assert [fault.rule for fault in broken.value.faults] == ["invalid-json"]
