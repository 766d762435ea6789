"""What proposed policies change, from bodies and from stored findings, and that it is what judging everything says."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.impact_work import Damaged, weigh_resources, weigh_stored
from muster.adapters.policy_files import load_schemas
from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.resource_files import FiledResource, read_resources
from muster.facts.aliases import AzureAliases
from muster.jobs.check import check
from muster.jobs.impact import Sides
from muster.policy.bound import bind
from muster.policy.difference import taken_apart
from muster.policy.direct import load_definitions
from muster.policy.files import PolicyFiles
from muster.report.impact import Impact, ResourceImpact
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.states import State
from tests.cli.test_check import ENCRYPTION, definition, machine
from tests.memory_findings import MemoryFindings

ROOT = Path(__file__).parents[2]
SOURCES = load_fact_sources(ROOT / "policies")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

NETWORK = definition("network", {"field": "Muster.Network/hasPublicIp", "equals": True})
SECRET = definition("secret", {"field": "Microsoft.Compute/virtualMachines/osProfile.customData", "equals": "a"})
OWNED = definition("owned", {"field": "tags['owner']", "exists": False})
AGENT: dict[str, Any] = {
    "name": "agent",
    "properties": {
        "displayName": "Machines should have agent",
        "mode": "Indexed",
        "policyRule": {
            "if": {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
            "then": {
                "effect": "auditIfNotExists",
                "details": {"type": "Microsoft.Compute/virtualMachines/extensions", "name": "agent"},
            },
        },
    },
}


def files(*definitions: dict[str, Any]) -> PolicyFiles:
    return load_definitions({f"{one['name']}.json": json.dumps(one) for one in definitions}, load_schemas())


def sides(current: PolicyFiles, proposed: PolicyFiles, *, apart: bool = True) -> Sides:
    if not apart:
        return Sides(bind(current, AzureAliases()), bind(proposed, AzureAliases()), None, SOURCES, SOURCES)
    parts = taken_apart(current, proposed)
    shared, first, second = (bind(one, AzureAliases()) for one in (parts.shared, parts.only_first, parts.only_second))
    return Sides(first, second, shared, SOURCES, SOURCES)


def from_store(store: MemoryFindings, of: Sides) -> list[ResourceImpact | Damaged]:
    async def read() -> list[ResourceImpact | Damaged]:
        return [one async for one in weigh_stored(store, of, NOW)]

    return asyncio.run(read())


def stored(policies: PolicyFiles, *bodies: dict[str, Any]) -> MemoryFindings:
    """A store with the findings of machines."""
    store = MemoryFindings()
    known = {ResourceId.parse(body["id"]): body for body in bodies}
    for resource_id in known:
        request = EvaluationRequest(resource_id, NOW, Cause.MANUAL)
        reader = RecordedAzure(known, lambda: NOW)
        judge = bind(policies, AzureAliases())
        asyncio.run(check(request, reader=reader, store=store, policies=judge, sources=SOURCES, clock=lambda: NOW))
    return store


def states(found: list[ResourceImpact | Damaged]) -> dict[str, tuple[State | None, State | None]]:
    assert len(found) == 1
    assert isinstance(found[0], ResourceImpact)
    return {one.definition: (one.before, one.after) for one in found[0].results}


def test_stored_finding_is_judged_by_what_was_gathered() -> None:
    store = stored(files(ENCRYPTION), machine("a", encrypted=False))
    found = from_store(store, sides(files(ENCRYPTION), files(ENCRYPTION, OWNED)))
    assert states(found) == {"owned": (None, State.NON_COMPLIANT)}


@pytest.mark.parametrize("new", [NETWORK, AGENT], ids=["network", "related"])
def test_what_was_not_gathered_is_unknown(new: dict[str, Any]) -> None:
    """Never Compliant and never NonCompliant, and the report names it."""
    store = stored(files(ENCRYPTION), machine("a"))
    found = from_store(store, sides(files(ENCRYPTION), files(ENCRYPTION, new)))
    assert states(found) == {new["name"]: (None, State.UNKNOWN)}
    assert isinstance(found[0], ResourceImpact)
    impact = Impact(10, from_store=True)
    impact.add(found[0])
    assert [title for title, _ in impact.needs] == [new["properties"]["displayName"]]


def test_secrets_were_not_kept() -> None:
    body = machine("a")
    body["properties"]["osProfile"] = {"customData": "a"}
    store = stored(files(ENCRYPTION), body)
    found = from_store(store, sides(files(ENCRYPTION), files(ENCRYPTION, SECRET)))
    assert states(found) == {"secret": (None, State.UNKNOWN)}


def test_related_resources_that_were_gathered_count() -> None:
    extension: dict[str, Any] = {
        "id": f"{machine('a')['id']}/extensions/agent",
        "name": "agent",
        "type": "Microsoft.Compute/virtualMachines/extensions",
        "properties": {},
    }
    store = MemoryFindings()
    known = {ResourceId.parse(body["id"]): body for body in (machine("a"), extension)}
    request = EvaluationRequest(ResourceId.parse(machine("a")["id"]), NOW, Cause.MANUAL)
    judge = bind(files(AGENT), AzureAliases())
    reader = RecordedAzure(known, lambda: NOW)
    asyncio.run(check(request, reader=reader, store=store, policies=judge, sources=SOURCES, clock=lambda: NOW))
    changed = {**AGENT, "name": "agent-2"}
    assert states(from_store(store, sides(files(), files(changed)))) == {"agent-2": (None, State.COMPLIANT)}


def test_without_its_record_nothing_is_known_of_a_resource() -> None:
    """But its tags, which the finding itself keeps."""
    store = stored(files(ENCRYPTION), machine("a", encrypted=False))
    store.records.clear()
    assert states(from_store(store, sides(files(), files(ENCRYPTION, OWNED)))) == {
        "encryption": (None, State.UNKNOWN),
        "owned": (None, State.NON_COMPLIANT),
    }


def test_damaged_findings_are_told() -> None:
    store = stored(files(ENCRYPTION), machine("a"), machine("b"))
    first = next(iter(store.latest_texts))
    text, etag = store.latest_texts[first]
    store.latest_texts[first] = (json.dumps({**json.loads(text), "unavailable": 7, "image": None}), etag)
    found = from_store(store, sides(files(ENCRYPTION), files(OWNED)))
    assert [type(one) for one in found] == [Damaged, ResourceImpact]


def estate() -> list[FiledResource]:
    return list(read_resources([ROOT / "samples/resources"]).resources)


def shipped() -> tuple[PolicyFiles, PolicyFiles]:
    """The shipped definitions, and the same with one that is gone, one new and one of another severity."""
    texts = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "policies/definitions").rglob("*.json"))}
    current = load_definitions(texts, load_schemas())
    names = sorted(texts)
    changed = {name: text for name, text in texts.items() if name != names[0]}
    changed[names[1]] = changed[names[1]].replace('"severity": "', '"severity": "critical", "was": "')
    changed["owned.json"] = json.dumps(OWNED)
    return current, load_definitions(changed, load_schemas())


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("processes", [1, 2])
def test_however_it_is_done_it_is_the_same(apart: bool, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken apart or not, by one process or several: the same changes in the same order."""
    monkeypatch.setattr("muster.adapters.impact_work.CHUNK", 5)
    current, proposed = shipped()
    found = list(weigh_resources(estate(), sides(current, proposed, apart=apart), NOW, processes))
    expected = list(weigh_resources(estate(), sides(current, proposed, apart=False), NOW, 1))

    def told(impacts: list[ResourceImpact]) -> list[object]:
        return [
            (one.id, one.before, one.after, sorted(one.results, key=lambda each: each.definition)) for one in impacts
        ]

    assert told(found) == told(expected)
    assert any(one.changes for one in found)


def test_same_policies_have_nothing_apart() -> None:
    current, _ = shipped()
    parts = taken_apart(current, current)
    assert (parts.only_first.policies, parts.only_second.policies) == ((), ())
    assert len(parts.shared.policies) == len(current.policies)
