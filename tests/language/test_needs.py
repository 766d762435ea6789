"""What is read off a rule before anything is read for it."""

from typing import Any

import pytest

from muster.language.needs import rule_needs
from muster.language.parse import parse_rule
from muster.values.needs import NOTHING, Needs
from muster.values.surroundings import Surrounding


def needs(condition: Any, then: Any = None) -> Needs:
    rule, faults = parse_rule({"if": condition, "then": then or {"effect": "audit"}}, "rule.json", "")
    assert not faults
    assert rule is not None
    return rule_needs(rule)


def fields(*names: str) -> Needs:
    return Needs(fields=frozenset(names))


PHASE = {"field": "Muster.Lifecycle/phase", "equals": "ended"}
ANYTHING = Needs(computed_fields=True)
GROUP = Needs(surroundings=frozenset({Surrounding.RESOURCE_GROUP}))
SUBSCRIPTION = Needs(surroundings=frozenset({Surrounding.SUBSCRIPTION}))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "location", "equals": "x"}, NOTHING),
        (PHASE, fields("muster.lifecycle/phase")),
        ({"not": {"allOf": [{"anyOf": [PHASE]}]}}, fields("muster.lifecycle/phase")),
        ({"field": "MUSTER.Image/Sku", "equals": "x"}, fields("muster.image/sku")),
        ({"count": {"field": "Muster.Image/evidence[*]"}, "greater": 1}, fields("muster.image/evidence[*]")),
        ({"count": {"field": "a.b/c[*]", "where": PHASE}, "greater": 1}, fields("muster.lifecycle/phase")),
        ({"count": {"value": ["x"], "where": PHASE}, "greater": 1}, fields("muster.lifecycle/phase")),
        ({"value": "[field('Muster.Image/sku')]", "equals": "x"}, fields("muster.image/sku")),
        ({"field": "location", "equals": "[toLower(field('Muster.Image/sku'))]"}, fields("muster.image/sku")),
        ({"field": "[parameters('which')]", "exists": True}, ANYTHING),
        ({"field": "[concat('Muster.', parameters('which'))]", "exists": True}, ANYTHING),
        ({"field": "[concat('Mus', parameters('which'))]", "exists": True}, ANYTHING),
        ({"field": "[concat('', parameters('which'))]", "exists": True}, ANYTHING),
        ({"field": "[concat('tags[', parameters('which'), ']')]", "exists": True}, NOTHING),
        ({"value": "[field(parameters('which'))]", "equals": "x"}, ANYTHING),
        ({"value": "[resourceGroup().tags['a']]", "equals": "x"}, GROUP),
        ({"value": "[subscription().displayName]", "equals": "x"}, SUBSCRIPTION),
        ({"field": "location", "in": ["a", "[resourceGroup().location]"]}, GROUP),
        ({"value": "[createArray(1)[length(resourceGroup().name)]]", "equals": "x"}, GROUP),
    ],
)
def test_table(condition: Any, expected: Needs) -> None:
    assert needs(condition) == expected


def test_what_a_look_up_needs_counts_too() -> None:
    then = {
        "effect": "auditIfNotExists",
        "details": {
            "type": "Microsoft.Insights/diagnosticSettings",
            "name": "[subscription().displayName]",
            "existenceCondition": {"field": "name", "equals": "[field('Muster.Image/sku')]"},
        },
    }
    assert needs({"field": "type", "equals": "x"}, then) == SUBSCRIPTION | fields("muster.image/sku")


def test_a_field_and_what_is_below_it() -> None:
    some = fields("muster.image/deprecation.state", "muster.image/evidence[*]")
    assert some.any_of(["muster.image/deprecation"])
    assert some.any_of(["muster.image/evidence"])
    assert not some.any_of(["muster.image/dep", "muster.image"])
    assert not NOTHING.any_of(["muster.image/deprecation"])
    assert ANYTHING.any_of(["muster.image/deprecation"])
