"""Lint says something or nothing of any definition that can be parsed; it never fails, and never points nowhere."""

import json
import time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.facts.aliases import AzureAliases
from muster.facts.vocabulary import VOCABULARY
from muster.language.definition import read_definition
from muster.language.lint import lint
from muster.language.lint.rule import Target
from muster.language.operators import OPERATORS
from muster.language.source import Source
from tests.conftest import ROOT

SEEDS = [
    json.loads(path.read_text("utf-8"))["properties"]
    for path in sorted((ROOT / "policies" / "definitions").rglob("*.json"))
]
TEXTS = st.sampled_from(
    [
        "",
        "*",
        "[",
        "[[x]",
        "[parameters('effect')]",
        "[parameters(concat('a'))]",
        "[field('Microsoft.Compute/virtualMachines/zones[*]')]",
        "[split(field('name'), '-')[7]]",
        "[current()]",
        "Muster.Image/product",
        "Muster.",
        "type",
        "tags['a']",
        "modify",
        "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10",
        "\ud800",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "operations", "x"]), inner),
    max_leaves=6,
)
FIELDS = st.sampled_from(["type", "name", "Muster.Lifecycle/phase", "Microsoft.Compute/virtualMachines/zones[*]", "x"])
OPERATOR = st.sampled_from([operator.name for operator in OPERATORS.values()])


@st.composite
def conditions(draw: st.DrawFn) -> Any:
    """Conditions with any operand."""
    return draw(
        st.recursive(
            st.builds(lambda field, operator, operand: {"field": field, operator: operand}, FIELDS, OPERATOR, JSON)
            | st.builds(lambda value, operator, operand: {"value": value, operator: operand}, JSON, OPERATOR, JSON),
            lambda inner: st.one_of(
                st.builds(lambda one: {"not": one}, inner),
                st.builds(lambda several: {"allOf": several}, st.lists(inner, max_size=3)),
                st.builds(lambda several: {"anyOf": several}, st.lists(inner, max_size=3)),
                st.builds(
                    lambda where, value, operand: {"count": {"value": value, "where": where}, "less": operand},
                    inner,
                    JSON,
                    JSON,
                ),
            ),
            max_leaves=6,
        )
    )


def check(value: Any) -> None:
    source = Source("d.json", json.dumps(value))
    definition, _ = read_definition(source, value)
    if definition is None:
        return
    for target in Target:
        for one in lint(definition, AzureAliases(), VOCABULARY, target):
            line, column = source.place(one)
            assert (line, column) >= (1, 1)
            assert one.message
            assert one.hint


@given(conditions(), JSON, st.dictionaries(st.sampled_from(["effect", "b"]), st.dictionaries(TEXTS, JSON)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_rule(condition: Any, details: Any, parameters: Any) -> None:
    then = {"effect": "[parameters('effect')]", "details": details}
    declared = {name: {"type": "String", **rest} for name, rest in parameters.items()}
    check({"parameters": declared, "policyRule": {"if": condition, "then": then}})


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_one_wrong_value_anywhere(data: st.DataObject) -> None:
    value = json.loads(json.dumps(data.draw(st.sampled_from(SEEDS))))
    holder: Any = value
    while True:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = data.draw(st.sampled_from(list(keys)))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            holder[key] = data.draw(JSON)
            break
        holder = inner
    check(value)


def test_a_huge_definition_takes_bounded_time() -> None:
    alias = "Microsoft.Compute/virtualMachines/storageProfile.osDisk.osTyp"
    condition = {"anyOf": [{"field": f"{alias}{at}", "in": [f"{at}*", "a", "A", at]} for at in range(4000)]}
    started = time.process_time()
    check({"policyRule": {"if": condition, "then": {"effect": "audit"}}})
    assert time.process_time() - started < 20
