"""Faults of rules that parse."""

from typing import Any

import pytest

from muster.facts.alias_file import AliasFile, RawPaths
from muster.language.aliases import AliasTable
from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS
from muster.language.parameters import Parameter
from muster.language.parse import parse_rule
from muster.language.source import MOST_FAULTS
from muster.language.vet import vet
from muster.values.diagnostic import Diagnostic, Level

PARAMETERS = {"effect": Parameter("effect", "string", "")}


def vetted(
    condition: Any, then: Any = None, parameters: Any = PARAMETERS, aliases: AliasTable | None = None
) -> list[Diagnostic]:
    rule, faults = parse_rule({"if": condition, "then": then or {"effect": "audit"}}, "r.json", "")
    assert faults == []
    assert rule is not None
    return vet(rule, parameters, "r.json", aliases)


def told(faults: list[Diagnostic]) -> list[tuple[str, str, int | None]]:
    return [(fault.rule, fault.pointer, fault.column_in_value) for fault in faults]


def value(expression: str) -> dict[str, Any]:
    return {"value": expression, "equals": 1}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[concat('a', nosuch())]", ("unknown-function", "/if/value", 13)),
        ("[ns.fn()]", ("unknown-function", "/if/value", 1)),
        ("[newGuid()]", ("unknown-function", "/if/value", 1)),
        ("[dateTimeAdd('a', 'b')]", ("unknown-function", "/if/value", 1)),
        ("[uniqueString('a')]", ("unknown-function", "/if/value", 1)),
        ("[guid('a')]", ("unknown-function", "/if/value", 1)),
        ("[length()]", ("wrong-arguments", "/if/value", 1)),
        ("[not(length('a', 'b'))]", ("wrong-arguments", "/if/value", 5)),
        ("[if(true(), 1)]", ("wrong-arguments", "/if/value", 1)),
        ("[current('a', 'b')]", ("wrong-arguments", "/if/value", 1)),
        ("[parameters()]", ("wrong-arguments", "/if/value", 1)),
        ("[policy('x')]", ("wrong-arguments", "/if/value", 1)),
        ("[parameters('efect')]", ("undefined-parameter", "/if/value", 12)),
    ],
)
def test_faults_of_calls_and_where(expression: str, expected: tuple[str, str, int]) -> None:
    faults = vetted(value(expression))
    assert told(faults) == [expected]
    assert faults[0].level is Level.ERROR
    assert faults[0].file == "r.json"


@pytest.mark.parametrize(
    "expression",
    ["[PARAMETERS('EFFECT')]", "[parameters(concat('effe', 'ct'))]", "[toLower('A')]", "[utcNow()]", "[field('a')]"],
)
def test_calls_that_are_right(expression: str) -> None:
    assert vetted(value(expression)) == []


def test_every_function_is_known_in_its_own_spelling_and_any_other() -> None:
    rows = [(row.name, row.least) for table in (FUNCTIONS, CONTEXTUAL) for row in table.values()]
    for spelling, least in rows:
        for name in (spelling, spelling.upper()):
            arguments = ", ".join(["'effect'"] * least)
            faults = vetted({"allOf": []}, {"effect": "audit", "details": {"x": f"[{name}({arguments})]"}})
            assert faults == [], name


def test_every_excluded_function_is_refused_with_its_reason() -> None:
    for name, why in EXCLUDED.items():
        if name.isalpha():
            (fault,) = vetted(value(f"[{name}()]"))
            assert fault.rule == "unknown-function"
            assert why.rstrip(".") in fault.message


def test_hints_name_what_is_close() -> None:
    assert vetted(value("[tolowr('A')]"))[0].hint == "Did you mean 'toLower'?"
    assert vetted(value("[parameters('efect')]"))[0].hint == "Did you mean 'effect'?"
    assert vetted(value("[parameters('zzz')]"))[0].hint == "Declare it under 'parameters'."
    assert vetted({"allOf": []}, {"effect": "adit"})[0].hint == "Did you mean 'audit'?"
    assert "auditIfNotExists" in vetted({"allOf": []}, {"effect": "zzz"})[0].hint


def test_names_are_computed_in_details_only() -> None:
    details = {"name": "[uniqueString('a')]", "x": ["[guid('a')]"]}
    assert vetted({"allOf": []}, {"effect": "auditIfNotExists", "details": details}) == []
    existence = {"existenceCondition": value("[guid('a')]")}
    assert told(vetted({"allOf": []}, {"effect": "auditIfNotExists", "details": existence})) == [
        ("unknown-function", "/then/details/existenceCondition/value", 1)
    ]


def test_details_are_vetted_and_a_deployment_is_not() -> None:
    details = {"type": "[nosuch()]", "deployment": {"properties": {"x": "[reference('y')]"}}}
    faults = vetted({"allOf": []}, {"effect": "deployIfNotExists", "details": details})
    assert told(faults) == [("unknown-function", "/then/details/type", 1)]


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        ("in", "x"),
        ("exists", "maybe"),
        ("less", [1]),
        ("like", {"a": 1}),
        ("match", 5),
        ("containsKey", []),
        ("in", None),
    ],
)
def test_operands_that_an_operator_cannot_take(operator: str, operand: Any) -> None:
    condition = {"count": {"field": "a[*]", "where": {"field": "a[*].b", operator: operand}}, "equals": 1}
    (fault,) = vetted({"not": condition})
    assert (fault.rule, fault.pointer) == ("wrong-operand", f"/if/not/count/where/{operator}")
    assert fault.message.endswith("so it can never be judged.")


def test_an_operand_that_is_computed_is_left_to_the_evaluation() -> None:
    assert vetted({"field": "a", "in": "[parameters('effect')]"}) == []


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("AUDIT", []),
        ("[parameters('effect')]", []),
        ("auditt", [("unknown-effect", "/then/effect", None)]),
        ("", [("unknown-effect", "/then/effect", None)]),
        ("[parameters('x')]", [("undefined-parameter", "/then/effect", 12)]),
        ("[nosuch()]", [("unknown-function", "/then/effect", 1)]),
    ],
)
def test_effects(effect: str, expected: list[tuple[str, str, int | None]]) -> None:
    assert told(vetted({"allOf": []}, {"effect": effect})) == expected


def test_without_declarations_every_parameter_counts_as_declared() -> None:
    assert vetted(value("[parameters('x')]"), parameters=None) == []


ALIASES = AliasFile.from_json(
    [
        {
            "namespace": "N.S",
            "resourceTypes": [
                {
                    "resourceType": "t",
                    "aliases": [
                        {"name": "N.S/t/yes", "defaultPath": "a", "defaultMetadata": {"attributes": "Modifiable"}},
                        {"name": "N.S/t/no", "defaultPath": "b", "defaultMetadata": {"attributes": "None"}},
                    ],
                }
            ],
        }
    ]
)


def test_what_modify_sets_must_be_modifiable() -> None:
    operations = [{"operation": "add", "field": f"N.S/t/{name}", "value": 1} for name in ("yes", "no", "maybe")]
    then = {"effect": "modify", "details": {"operations": operations}}
    assert told(vetted({"allOf": []}, then, aliases=ALIASES)) == [
        ("not-modifiable", "/then/details/operations/1/field", None)
    ]
    assert vetted({"allOf": []}, then) == []
    assert vetted({"allOf": []}, then, aliases=RawPaths()) == []


@pytest.mark.parametrize("operations", [5, [5], [{"field": 5}], [{}], {"field": "N.S/t/no"}])
def test_operations_of_any_shape(operations: Any) -> None:
    assert vetted({"allOf": []}, {"effect": "modify", "details": {"operations": operations}}, aliases=ALIASES) == []


def test_the_number_of_faults_is_bounded() -> None:
    details = {"x": ["[nosuch()]"] * 20_000}
    assert len(vetted({"allOf": []}, {"effect": "modify", "details": details})) == MOST_FAULTS
