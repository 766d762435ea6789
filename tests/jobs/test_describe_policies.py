"""What is told of a definition for its page: cases as they came out, memberships, what Azure Policy refuses."""

import json
from datetime import date
from typing import Any

import pytest

from muster.adapters.case_files import case_reader
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_schemas
from muster.adapters.recorded_azure import RecordedAzure
from muster.facts.aliases import AzureAliases
from muster.jobs.case_bench import Bench
from muster.jobs.describe_policies import describe_policies
from muster.jobs.test_policies import read_cases
from muster.report.described import Described
from muster.values.errors import BrokenPolicySet
from muster.values.states import State
from tests.conftest import ROOT

VM = "Microsoft.Compute/virtualMachines"
BIG = {"type": VM, "location": "westeurope", "tags": {"size": "big"}}
SMALL = {"type": VM, "location": "westeurope", "tags": {"size": "small"}}
CASES: list[dict[str, Any]] = [
    {"name": "big", "resource": BIG, "expect": "NonCompliant", "reason": "big"},
    {"name": "as big", "resource": BIG, "expect": "NonCompliant"},
    {"name": "small", "resource": SMALL, "expect": "Compliant"},
]


def definition(name: str, field: str) -> str:
    condition = {"allOf": [{"field": "type", "equals": VM}, {"field": field, "equals": "big"}]}
    rule = {"if": condition, "then": {"effect": "audit"}}
    return json.dumps({"name": name, "properties": {"displayName": name, "mode": "Indexed", "policyRule": rule}})


def initiative(*groups: str) -> str:
    entries = [{"policyDefinitionId": "by-tag", "groupNames": list(groups)}]
    named = [{"name": "sizes", "displayName": "Sizes of machines"}, {"name": "plain"}]
    properties = {"displayName": "Pack one", "policyDefinitionGroups": named, "policyDefinitions": entries}
    return json.dumps({"name": "pack", "properties": properties})


async def described(cases: list[dict[str, Any]], **others: str) -> dict[str, Described]:
    files = {
        "definitions/tags/by-tag.json": definition("by-tag", "tags['size']"),
        "definitions/by-phase.json": definition("by-phase", "Muster.Lifecycle/phase"),
        "initiatives/pack.json": initiative("Sizes", "plain"),
        "cases/tags/by-tag.json": json.dumps({"definition": "by-tag", "cases": cases}),
    } | others
    read, faults = read_cases(files, case_reader())
    assert faults == []
    sources = load_fact_sources(ROOT / "policies")
    bench = Bench(AzureAliases(), sources, {}, lambda _, now: RecordedAzure({}, lambda: now), date(2026, 11, 16))
    policies = {path: text for path, text in files.items() if not path.startswith("cases/")}
    return {one.definition.name: one for one in await describe_policies(policies, read, load_schemas(), bench)}


async def test_a_definition_is_told_with_the_first_case_of_each_state() -> None:
    one = (await described(CASES))["by-tag"]
    assert (one.area, one.file, one.cases, one.page) == (
        "tags",
        "definitions/tags/by-tag.json",
        "cases/tags/by-tag.json",
        "by-tag.md",
    )
    assert [(example.case.name, example.state) for example in one.examples] == [
        ("big", State.NON_COMPLIANT),
        ("small", State.COMPLIANT),
    ]
    assert one.examples[0].reasons == ("tags['size'] is 'big', which is equal to 'big'.",)
    assert one.fields == ("type", "tags['size']")


async def test_initiatives_are_told_with_the_names_of_their_groups() -> None:
    (member,) = (await described(CASES))["by-tag"].memberships
    assert (member.initiative, member.title, member.groups) == ("pack", "Pack one", ("Sizes of machines", "plain"))


async def test_a_definition_without_a_folder_cases_and_initiative_is_told_all_the_same() -> None:
    one = (await described(CASES))["by-phase"]
    assert (one.area, one.cases, one.examples, one.memberships) == ("", "", (), ())
    assert {fault.rule for fault in one.obstacles} == {"muster-field"}


async def test_a_case_that_fails_is_no_example() -> None:
    wrong = [*CASES, {"name": "wrong", "resource": SMALL, "expect": "Unknown"}]
    with pytest.raises(BrokenPolicySet) as broken:
        await described(wrong)
    assert "Unknown is expected, but the definition says Compliant" in broken.value.faults[0].message


async def test_a_broken_file_is_told_with_its_faults() -> None:
    with pytest.raises(BrokenPolicySet) as broken:
        await described(CASES, **{"definitions/x.json": "{"})
    assert broken.value.faults[0].file == "definitions/x.json"
