"""The policies that muster ships: whole, each with cases, and right about the samples."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_policies, load_schemas
from muster.adapters.recorded_azure import RecordedAzure
from muster.cli import main
from muster.facts.aliases import AzureAliases
from muster.facts.document import FactSources
from muster.facts.event import WATCHED_TYPES
from muster.facts.field_table import BY_NAME
from muster.facts.vocabulary import VOCABULARY
from muster.jobs.judge import judge
from muster.jobs.look import seen
from muster.language.definition import parse_definition
from muster.language.lint import lint
from muster.language.lint.rule import Target
from muster.language.source import Source
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.direct import load_definitions
from muster.policy.files import load_policy_files
from muster.values.answers import FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Result
from muster.values.resource_id import ResourceId
from muster.values.states import State
from tests.golden_files import check_golden

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
DEFINITIONS = {path.stem: path for path in sorted((POLICIES / "definitions").rglob("*.json"))}
CASES = {path.stem: path for path in sorted((POLICIES / "cases").rglob("*.json"))}
DAY = "2026-11-16"


def read(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text("utf-8"))
    assert isinstance(value, dict)
    return value


@cache
def _sources() -> FactSources:
    return load_fact_sources(POLICIES)


@cache
def _azure(day: str) -> RecordedAzure:
    return RecordedAzure.from_folder(ROOT / "samples" / "resources", lambda: _noon(day))


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def case_results(policies: BoundPolicySet, case: dict[str, Any]) -> tuple[Result, ...]:
    now = _noon(case["asOf"])
    body = case["resource"] if "resource" in case else read(ROOT / case["resourceFile"])
    unavailable = frozenset(path.lower() for path in case.get("unavailable", []))
    reader = _azure(case["asOf"])
    if "related" in case:
        reader = _Complete({ResourceId.parse(one["id"]): one for one in case["related"]}, lambda: now)
    sight = seen(body, now)
    sight = replace(sight, unavailable=sight.unavailable | unavailable)
    if "image" in case or "lifecycle" in case:
        document = Document(body, case.get("image", {}), case.get("lifecycle", {}), sight.unavailable, now=now)
        related = {query: asyncio.run(reader.related(query)) for query in policies.related_queries(document)}
        return policies.evaluate(replace(document, related=related), now).results
    judged = asyncio.run(judge(sight, reader=reader, policies=policies, sources=_sources(), now=now))
    return judged.verdict.results


class _Complete(RecordedAzure):
    """A recording of everything that there is: what is not in it does not exist."""

    async def related(self, query: RelatedQuery) -> ListAnswer:
        answer = await super().related(query)
        return FoundMany((), _noon(DAY)) if isinstance(answer, NotRead) else answer


def test_the_cases_come_out_as_expected_and_decide_every_condition_both_ways() -> None:
    result = CliRunner().invoke(main, ["test", str(POLICIES), "--coverage", "--as-of", DAY])
    assert result.exit_code == 0, result.output
    covered = re.search(r"All definitions: (\d+) of (\d+) conditions", result.output)
    assert covered is not None, result.output
    assert covered[1] == covered[2], result.output


def test_every_definition_has_cases_beside_it() -> None:
    assert {path.relative_to(POLICIES / "cases") for path in CASES.values()} == {
        path.relative_to(POLICIES / "definitions") for path in DEFINITIONS.values()
    }


@pytest.mark.parametrize("name", CASES)
def test_cases_show_every_state_that_there_is(name: str) -> None:
    content = read(CASES[name])
    schema = read(POLICIES / "schemas" / "cases.schema.json")
    assert [error.message for error in Draft202012Validator(schema).iter_errors(content)] == []
    assert content["definition"] == name == read(DEFINITIONS[name])["name"]
    names = [case["name"] for case in content["cases"]]
    assert len(names) == len(set(names))
    assert {case["expect"] for case in content["cases"]} >= {"Compliant", "NonCompliant", "NotApplicable", "Unknown"}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_says_what_a_finding_needs(name: str) -> None:
    properties = read(DEFINITIONS[name])["properties"]
    metadata = properties["metadata"]
    for member in ("version", "category", "severity", "rationale", "remediation", "command", "documentation"):
        assert metadata[member].strip(), member
    assert metadata["references"]
    assert properties["displayName"].strip()
    assert properties["description"].strip()
    sentences = re.findall(r"\.(?= |$)", properties["description"])
    assert len(sentences) >= 2, "what it finds, and why that matters"
    looks_up = "details" in properties["policyRule"]["then"]
    assert properties["parameters"]["effect"]["defaultValue"] == ("AuditIfNotExists" if looks_up else "Audit")
    assert properties["metadata"]["category"] == DEFINITIONS[name].parent.name.capitalize()
    for parameter in properties["parameters"].values():
        assert "defaultValue" in parameter
        assert parameter["metadata"]["displayName"].strip()
        assert parameter["metadata"]["description"].strip()


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_reads_fields_that_there_are(name: str) -> None:
    fields = list(_fields(read(DEFINITIONS[name])["properties"]["policyRule"]))
    own = [field for field in fields if field.lower().startswith("muster.")]
    assert [field for field in own if field.lower() not in BY_NAME] == []
    aliases = [field for field in fields if "/" in field and field not in own]
    assert [alias for alias in aliases if not AzureAliases().known(alias)] == []
    # Azure Policy can run whatever uses none of muster's fields, so that may also deny.
    effects = read(DEFINITIONS[name])["properties"]["parameters"]["effect"]["allowedValues"]
    assert not ("Deny" in effects and own)


def _fields(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "field" and isinstance(member, str):
                yield member
            yield from _fields(member)
    elif isinstance(value, list):
        for member in value:
            yield from _fields(member)


INITIATIVES = {path.stem: path for path in sorted((POLICIES / "initiatives").glob("*.json"))}


def _included(initiative: str) -> dict[str, Any]:
    entries = read(INITIATIVES[initiative])["properties"]["policyDefinitions"]
    return {entry["policyDefinitionReferenceId"]: entry for entry in entries}


def test_every_definition_is_part_of_an_initiative() -> None:
    assert load_policies(POLICIES).files.warnings == ()
    assert {name for initiative in INITIATIVES for name in _included(initiative)} == set(DEFINITIONS)


@pytest.mark.parametrize("initiative", INITIATIVES)
def test_an_initiative_surfaces_every_parameter_and_groups_every_definition(initiative: str) -> None:
    properties = read(INITIATIVES[initiative])["properties"]
    groups = {group["name"] for group in properties["policyDefinitionGroups"]}
    passed = set()
    for name, entry in _included(initiative).items():
        assert entry["policyDefinitionId"] == name
        tunable = set(read(DEFINITIONS[name])["properties"]["parameters"]) - {"effect"}
        assert set(entry.get("parameters", {})) == tunable, name
        passed |= {parameter["value"] for parameter in entry.get("parameters", {}).values()}
        if initiative == "mcsb-vm":
            references = read(DEFINITIONS[name])["properties"]["metadata"]["references"]
            assert {f"MCSB {group}" for group in entry["groupNames"]} == {
                reference for reference in references if reference.startswith("MCSB ")
            }
        else:
            assert entry["groupNames"] == [DEFINITIONS[name].parent.name]
        assert set(entry["groupNames"]) <= groups
    assert passed == {f"[parameters('{name}')]" for name in properties["parameters"]}
    assert {group for entry in _included(initiative).values() for group in entry["groupNames"]} == groups


def test_the_default_assignment_has_a_sentence_for_each_definition_of_the_baseline() -> None:
    assignment = read(POLICIES / "assignments" / "muster-baseline.json")["properties"]
    assert assignment["policyDefinitionId"] == "muster-baseline"
    assert "scope" not in assignment
    messages = [message["policyDefinitionReferenceId"] for message in assignment["nonComplianceMessages"]]
    assert messages == list(_included("muster-baseline"))


def test_the_exemption_among_the_samples_works_where_it_is_copied_to() -> None:
    schemas = load_schemas()
    texts = {
        path.relative_to(POLICIES).as_posix(): path.read_text("utf-8")
        for folder in ("definitions", "initiatives", "assignments")
        for path in (POLICIES / folder).rglob("*.json")
    }
    sample = ROOT / "samples" / "exemptions" / "build-agents-until-migration.json"
    texts["exemptions/build-agents.json"] = sample.read_text("utf-8")
    policies = bind(load_policy_files(texts, schemas), AzureAliases())
    case = {"asOf": DAY, "resourceFile": "samples/resources/centos-7.json"}
    states = {result.rule.definition_reference_id: result.state for result in case_results(policies, case)}
    assert states["os-supported"] is State.EXEMPT
    assert states["linux-no-password-login"] is State.NON_COMPLIANT
    later = {
        result.rule.definition_reference_id: result.state
        for result in case_results(policies, {**case, "asOf": "2027-04-01"})
    }
    assert later["os-supported"] is State.NON_COMPLIANT


@pytest.mark.parametrize(
    ("exemption", "resource"),
    [("firewall-appliance-forwards", "appliance"), ("preview-in-the-edge-lab", "azure-linux-4-preview")],
)
def test_an_exemption_among_the_samples_covers_what_it_names(exemption: str, resource: str) -> None:
    texts = {
        path.relative_to(POLICIES).as_posix(): path.read_text("utf-8")
        for folder in ("definitions", "initiatives", "assignments")
        for path in (POLICIES / folder).rglob("*.json")
    }
    sample = ROOT / "samples" / "exemptions" / f"{exemption}.json"
    texts[f"exemptions/{exemption}.json"] = sample.read_text("utf-8")
    policies = bind(load_policy_files(texts, load_schemas()), AzureAliases())
    results = case_results(policies, {"asOf": DAY, "resourceFile": f"samples/resources/{resource}.json"})
    named = set(read(sample)["properties"]["policyDefinitionReferenceIds"])
    states = {result.rule.definition_reference_id: result.state for result in results}
    assert {name for name, state in states.items() if state is State.EXEMPT} == named - {
        name for name, state in states.items() if state is State.NOT_APPLICABLE
    }
    assert State.NON_COMPLIANT in states.values()


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_of_azures_own_fields_can_be_deployed_to_azure_policy(name: str) -> None:
    text = DEFINITIONS[name].read_text("utf-8")
    source = Source(name, text)
    definition, faults = parse_definition(source, read(DEFINITIONS[name]))
    assert definition is not None
    assert faults == []
    target = Target.MUSTER if '"Muster.' in text else Target.AZURE_POLICY
    found = [f"{one.rule}: {one.message}" for one in lint(definition, AzureAliases(), VOCABULARY, target)]
    assert [one for one in found if (name, one.partition(":")[0]) not in LINT_ACCEPTED] == []


LINT_ACCEPTED = {("backup", "missing-existence-condition")}
"""A protected item has no alias by which Azure Policy could tell more of it; the built-in asks for no more either."""


def test_the_pack_fails_for_none_of_the_recorded_resources(shared: Path) -> None:
    now = _noon(DAY)
    texts = {str(path): path.read_text("utf-8") for path in DEFINITIONS.values()}
    policies = bind(load_definitions(texts, load_schemas(), None), AzureAliases())
    failed = []
    states = set()
    for path in sorted((shared / "azure" / "resources").glob("*.json")):
        sight = seen(json.loads(path.read_text("utf-8-sig")), now)
        judged = asyncio.run(judge(sight, reader=_azure(DAY), policies=policies, sources=_sources(), now=now))
        results = judged.verdict.results
        assert len(results) == len(DEFINITIONS)
        states |= {result.state for result in results}
        failed += [
            f"{path.stem} {one.rule.definition_id}: {one.message}" for one in results if one.state is State.ERROR
        ]
    assert failed == []
    assert states == {State.COMPLIANT, State.NON_COMPLIANT, State.NOT_APPLICABLE, State.UNKNOWN}


def test_what_the_baseline_says_of_the_samples_was_looked_at() -> None:
    policies = load_policies(POLICIES).judge
    lines = []
    for path in sorted((ROOT / "samples" / "resources").glob("*.json")):
        body = read(path)
        if body["type"].lower() not in WATCHED_TYPES:
            continue
        judged = asyncio.run(
            judge(seen(body, _noon(DAY)), reader=_azure(DAY), policies=policies, sources=_sources(), now=_noon(DAY))
        )
        image, lifecycle = judged.document.image, judged.document.lifecycle
        system = " ".join(str(value) for value in (image["product"], image.get("cycle")) if value) or "unknown"
        days = lifecycle.get("daysToEndOfSupport")
        lines.append(f"{path.stem}: {system}, {lifecycle['phase'] or 'phase unknown'}, {days} days left")
        for state in (State.NON_COMPLIANT, State.UNKNOWN):
            named = [one.rule.definition_reference_id for one in judged.verdict.results if one.state is state]
            if named:
                lines.append(f"    {state}: {', '.join(sorted(named))}")
    check_golden(ROOT / "tests" / "golden" / "default-policies.txt", "\n".join(lines))
