"""Which comparisons of a rule were asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.aliases import AzureAliases
from muster.language.compile import Compiler
from muster.language.parse import parse_rule
from muster.language.reached import decisions
from muster.values.answers import FoundMany
from muster.values.document import Document
from muster.values.json import JsonObject
from tests.language.analysis.conditions import FIELDS, VALUES, Condition, parsed, trees

VM = "Microsoft.Compute/virtualMachines"
DISKS = f"{VM}/storageProfile.dataDisks[*]"
EXTENSION = f"{VM}/extensions"
VM_ID = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/" + VM + "/vm"


def asked(rule: dict[str, Any], resource: JsonObject, related: list[JsonObject] | None = None) -> list[tuple[str, Any]]:
    """What was asked of a resource, with pointers from `/if` or `/then/details`."""
    tree, faults = parse_rule(rule, "", "")
    assert tree is not None, faults
    compiler = Compiler(AzureAliases())
    compiled = compiler.compile_rule(tree, {})
    document = Document({"type": VM, "id": VM_ID, **resource})
    if related is not None:
        bodies = FoundMany(tuple(related), document.now)
        queries = compiled.queries(compiler.frame(document))
        document = Document(document.resource, related=dict.fromkeys(queries, bodies))
    return list(decisions(compiled, compiler.frame(document)))


NAME_A = {"field": "name", "equals": "a"}
KIND_B = {"field": "kind", "equals": "b"}


@pytest.mark.parametrize(
    ("condition", "resource", "expected"),
    [
        ({"allOf": [NAME_A, KIND_B]}, {"name": "x"}, [("/if/allOf/0", False)]),
        ({"allOf": [NAME_A, KIND_B]}, {"name": "a"}, [("/if/allOf/0", True), ("/if/allOf/1", False)]),
        ({"anyOf": [NAME_A, KIND_B]}, {"name": "a"}, [("/if/anyOf/0", True)]),
        ({"not": {"anyOf": [NAME_A, KIND_B]}}, {}, [("/if/not/anyOf/0", False), ("/if/not/anyOf/1", False)]),
        ({"allOf": [{"value": "[int(field('kind'))]", "equals": 1}, NAME_A]}, {"kind": "x"}, []),
        (
            {
                "count": {
                    "field": DISKS,
                    "where": {"anyOf": [{"field": f"{DISKS}.lun", "equals": 0}, {"field": "name", "equals": "a"}]},
                },
                "greater": 0,
            },
            {"properties": {"storageProfile": {"dataDisks": [{"lun": 0}, {"lun": 1}]}}},
            [
                ("/if", True),
                ("/if/count/where/anyOf/0", True),
                ("/if/count/where/anyOf/0", False),
                ("/if/count/where/anyOf/1", False),
            ],
        ),
    ],
)
def test_a_rule_asks_until_it_is_decided(condition: Any, resource: JsonObject, expected: list[tuple[str, Any]]) -> None:
    assert asked({"if": condition, "then": {"effect": "audit"}}, resource) == expected


def extension(name: str) -> JsonObject:
    """An extension's body."""
    return {"id": f"{VM_ID}/extensions/{name}", "name": name, "type": EXTENSION, "properties": {"type": name}}


@pytest.mark.parametrize(
    ("resource", "related", "expected"),
    [
        ({"name": "x"}, [extension("one")], [("/if", False)]),
        ({"name": "a"}, [], [("/if", True)]),
        ({"name": "a"}, None, [("/if", True)]),
        (
            {"name": "a"},
            [extension("two"), extension("one"), extension("three")],
            [
                ("/if", True),
                ("/then/details/existenceCondition", False),
                ("/then/details/existenceCondition", True),
            ],
        ),
    ],
)
def test_related_resources_are_asked_until_one_will_do(
    resource: JsonObject, related: list[JsonObject] | None, expected: list[tuple[str, Any]]
) -> None:
    existence = {"field": f"{EXTENSION}/type", "equals": "one"}
    details = {"type": EXTENSION, "existenceCondition": existence}
    rule = {"if": NAME_A, "then": {"effect": "auditIfNotExists", "details": details}}
    assert asked(rule, resource, related) == expected


@given(trees(), st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_the_outcome_follows_from_what_was_asked(condition: Condition, name: str | None, kind: str | None) -> None:
    resource = {key: value for key, value in zip(FIELDS, (name, kind), strict=True) if value is not None}
    compiler = Compiler(AzureAliases())
    compiled = compiler.compile_rule(parsed(condition), {})
    frame = compiler.frame(Document({"type": "a/b", **resource}))
    answers = dict(decisions(compiled, frame))
    assert _outcome(condition, "/if", answers) is compiled.condition.test(frame)


def _outcome(condition: Condition, pointer: str, answers: dict[str, Any]) -> bool:
    """The outcome of a condition by the answers alone; each that it needs must have been asked."""
    if "not" in condition:
        return not _outcome(condition["not"], f"{pointer}/not", answers)
    for key, every in (("allOf", all), ("anyOf", any)):
        if key in condition:
            parts = enumerate(condition[key])
            return every(_outcome(part, f"{pointer}/{key}/{at}", answers) for at, part in parts)
    return bool(answers[pointer])
