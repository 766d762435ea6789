"""Azure's own definitions against recorded resources: nothing crashes, fails, or is not understood."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from muster.facts.aliases import AzureAliases
from muster.language.compile import CompiledRule, Compiler
from muster.language.definition import Definition, parse_definition
from muster.language.parameters import Parameter, bind_parameters
from muster.language.source import Source, read_json
from muster.values.answers import FoundMany, ListAnswer
from muster.values.document import Document, RelatedQuery
from muster.values.json import Json, JsonObject

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY: JsonObject = {
    "assignmentId": "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/a",
    "definitionReferenceId": "",
    "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/d",
    "setDefinitionId": "",
}
STAND_INS: dict[str, Json] = {
    "string": "x",
    "array": ["x"],
    "object": {"a": "b"},
    "boolean": True,
    "integer": 1,
    "float": 1.5,
    "dateTime": "2026-01-01T00:00:00Z",
}
"""Values for parameters without a default."""

USER: JsonObject = {
    "idtyp": "user",
    "acrs": "p1",
    "http://schemas.microsoft.com/claims/authnmethodsreferences": "pwd,mfa",
}
"""A caller. MFA_DenyAction fails on one whose token lacks the last claim: it splits it without asking."""


class NothingThere(Mapping[RelatedQuery, ListAnswer]):
    """Answers every question: there is nothing."""

    def __getitem__(self, _query: RelatedQuery) -> ListAnswer:
        return FoundMany((), NOW)

    def __iter__(self) -> Iterator[RelatedQuery]:
        return iter(())

    def __len__(self) -> int:
        return 0


def loaded(file: Path) -> Definition:
    source = Source(file.name, file.read_text("utf-8-sig"))
    value, unreadable = read_json(source)
    definition, faults = parse_definition(source, value)
    assert unreadable == []
    assert faults == [], file.name
    assert definition is not None
    return definition


def stand_in(parameter: Parameter) -> Json:
    return parameter.allowed_values[0] if parameter.allowed_values else STAND_INS[parameter.type]


@cache
def rules(shared: Path) -> tuple[Compiler, dict[str, CompiledRule]]:
    compiler, compiled = Compiler(AzureAliases()), {}
    for file in sorted((shared / "azure-policy" / "builtins").rglob("*.json")):
        definition = loaded(file)
        given = {one.name: stand_in(one) for one in definition.parameters.values() if not one.has_default}
        values, faults = bind_parameters(definition.parameters, given)
        assert faults == []
        compiled[f"{file.parent.name}/{file.name}"] = compiler.compile(definition, values, POLICY)
    return compiler, compiled


@cache
def bodies(shared: Path) -> dict[str, JsonObject]:
    files = sorted((shared / "azure" / "resources").glob("*.json"))
    return {file.name: json.loads(file.read_text("utf-8")) for file in files}


def test_every_definition_loads_and_knows_its_aliases(shared: Path) -> None:
    _, compiled = rules(shared)
    assert len(compiled) > 200
    assert {name: rule.unknown_aliases for name, rule in compiled.items() if rule.unknown_aliases} == {}


def test_no_rule_fails_where_nothing_but_the_resource_is_known(shared: Path) -> None:
    compiler, compiled = rules(shared)
    failed, unexplained = set(), []
    for body in bodies(shared).values():
        frame = compiler.frame(Document(resource=body, now=NOW))
        for name, rule in compiled.items():
            outcome = rule.evaluate(frame)
            if outcome.error:
                failed.add(name)
            elif outcome.fires is None and not outcome.missing:
                unexplained.append(name)
    assert failed == set()
    assert unexplained == []


def test_every_rule_is_decided_where_all_is_known(shared: Path) -> None:
    compiler, compiled = rules(shared)
    undecided, failed, fired = set(), set(), set()
    for body in list(bodies(shared).values())[::3]:
        document = Document(
            resource=body,
            related=NothingThere(),
            subscription={"displayName": "Prod", "tags": {}, "tenantId": "t"},
            resource_group={"location": "westeurope", "tags": {}, "managedBy": ""},
            request_context={"apiVersion": "2024-07-01", "identity": USER},
            now=NOW,
        )
        frame = compiler.frame(document)
        for name, rule in compiled.items():
            outcome = rule.evaluate(frame)
            if outcome.error:
                failed.add(name)
            elif outcome.applicable and outcome.fires is None:
                undecided.add(name)
            elif outcome.fires:
                fired.add(name)
    assert failed == set()
    assert undecided == set()
    assert len(fired) > 50


@pytest.mark.parametrize("answered", [True, False])
def test_every_outcome_is_explained(shared: Path, answered: bool) -> None:
    compiler, compiled = rules(shared)
    for body in list(bodies(shared).values())[::40]:
        frame = compiler.frame(Document(resource=body, related=NothingThere() if answered else {}, now=NOW))
        for name, rule in compiled.items():
            outcome = rule.evaluate(frame)
            if not outcome.applicable:
                continue
            trace = rule.trace(frame)
            assert (trace.truth, trace.error) == (outcome.matched, outcome.error), name
            found = rule.explain(frame)
            assert found, name
            assert all(reason.text.endswith(".") for reason in found)
