"""The checks by themselves: what no loopback server shows."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from muster.jobs.doctor import events, settings, storage, versions, work
from muster.jobs.doctor.events import judged
from muster.jobs.doctor.installation import Came, Dependency, Installation, PolicyState, Software, Tried, Waiting
from muster.jobs.doctor.run import CHECKS, Check, examine
from muster.settings.known import HOSTS_OWN, SETTINGS
from muster.values.checkup import Checked, Outcome
from muster.values.errors import BadInput, TransientFault
from muster.values.json import JsonObject
from tests.cli.doctor_stage import event_subscription
from tests.memory_documents import MemoryDocuments

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOFTWARE = Software((3, 13, 1), "0.1.0", (), None)


class Policies:
    async def look(self) -> PolicyState:
        raise BadInput("there are none", reason="noPolicies")


class Storage:
    """Storage that answers everything alike."""

    blob_key = queue_key = False

    def __init__(self, *tried: Tried, waiting: Waiting | None = None) -> None:
        self.tried = tried
        self.held = waiting
        self.kept = MemoryDocuments()
        self.asked: list[str] = []

    async def container(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        self.asked.append(name)
        return self.tried

    async def queue(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        self.asked.append(name)
        return self.tried

    async def waiting(self, queue: str) -> Waiting | None:
        return self.held

    def documents(self, container: str) -> MemoryDocuments:
        return self.kept


def installation(environ: Mapping[str, str] | None = None, **changed: Any) -> Installation:
    made = Installation(
        environ=environ or {},
        known=SETTINGS | HOSTS_OWN,
        unusable=(),
        role="all",
        hosted=False,
        now=NOW,
        policies=Policies(),
        software=SOFTWARE,
    )
    return replace(made, **changed)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("MUSTER_STORAGE__acountName", "MUSTER_STORAGE__accountName"),
        ("MUSTER_SUBSRIPTIONS", "MUSTER_SUBSCRIPTIONS"),
        ("AzureWebJobsStorage__account", "AzureWebJobsStorage__accountName"),
        ("MUSTER_SOMETHING_ELSE", ""),
    ],
)
async def test_a_misspelt_setting(name: str, near: str) -> None:
    (found,) = await settings.known(installation({name: "x", "PATH": "/", "MUSTER_ROLE": "all"}))
    assert (found.subject, found.outcome) == (name, Outcome.FAULT if near else Outcome.WARNING)
    assert not near or f"Did you mean {near}?" in found.remedy


async def test_what_the_host_reads_is_known() -> None:
    (found,) = await settings.known(installation(dict.fromkeys(("AzureWebJobsStorage__credential", *SETTINGS), "x")))
    assert found.outcome is Outcome.OK


@pytest.mark.parametrize(
    ("environ", "subject", "outcome"),
    [
        ({"MUSTER_STORAGE": "UseDevelopmentStorage=true"}, "MUSTER_STORAGE", Outcome.FAULT),
        ({"AzureWebJobsStorage": "AccountName=a;AccountKey=k"}, "AzureWebJobsStorage", Outcome.WARNING),
        ({"MUSTER_RECORDED_RESOURCES": "samples"}, "MUSTER_RECORDED_RESOURCES", Outcome.FAULT),
        ({"MUSTER_ARM_ENDPOINT": "http://127.0.0.1:1"}, "MUSTER_ARM_ENDPOINT", Outcome.FAULT),
        ({"MUSTER_PAGE_LOOPBACK": "true"}, "MUSTER_PAGE_LOOPBACK", Outcome.WARNING),
        ({"FUNCTIONS_WORKER_RUNTIME": "node"}, "FUNCTIONS_WORKER_RUNTIME", Outcome.FAULT),
        ({"MUSTER_TOPIC_SEVERITY": "low"}, "MUSTER_TOPIC_SEVERITY", Outcome.WARNING),
    ],
)
async def test_settings_at_odds_in_azure(environ: dict[str, str], subject: str, outcome: Outcome) -> None:
    (found,) = await settings.agree(installation(environ, hosted=True))
    assert (found.subject, found.outcome) == (subject, outcome)
    if subject != "MUSTER_TOPIC_SEVERITY":
        (here,) = await settings.agree(installation(environ))
        assert here.outcome is Outcome.OK


@pytest.mark.parametrize(
    ("code", "role", "remedy"),
    [
        ("AuthorizationPermissionMismatch", "all", "role Storage Blob Data Contributor"),
        ("AuthorizationPermissionMismatch", "page", "role Storage Blob Data Reader"),
        ("AuthorizationFailure", "all", "firewall"),
        ("KeyBasedAuthenticationNotPermitted", "all", "__accountName"),
        ("AuthenticationFailed", "all", "key"),
        ("NoToken", "all", "identity"),
    ],
)
async def test_the_remedy_of_a_refusal(code: str, role: str, remedy: str) -> None:
    refusing = Storage(Tried("list", Came.REFUSED, code))
    found = await storage.containers(installation(role=role, storage=refusing))
    assert {one.outcome for one in found} == {Outcome.FAULT}
    assert all(remedy in one.remedy for one in found)


async def test_storage_that_is_silent_is_asked_once() -> None:
    silent = Storage(Tried("list", Came.SILENT, "no such host"))
    (found,) = await storage.containers(installation(storage=silent))
    assert (found.outcome, silent.asked) == (Outcome.FAULT, ["findings"])
    assert "no such host" in found.found


@pytest.mark.parametrize(("minutes", "outcome"), [(10, Outcome.OK), (20, Outcome.FAULT)])
async def test_a_queue_that_nobody_takes_from(minutes: int, outcome: Outcome) -> None:
    held = Storage(waiting=Waiting(3, NOW - timedelta(minutes=minutes)))
    found = await work.queues_taken(installation(storage=held))
    assert {one.subject: one.outcome for one in found} == {"muster-events": outcome, "muster-sweeps": Outcome.OK}


async def test_a_sweep_that_is_stuck() -> None:
    held = Storage()
    started = (NOW - timedelta(hours=8)).isoformat().replace("+00:00", "Z")
    await held.kept.put("current.json", {"startedAt": started, "published": False})
    (found,) = await work.last_sweep(installation(storage=held))
    assert found.outcome is Outcome.FAULT


@pytest.mark.parametrize(
    "coverage", [{}, {"finishedAt": 1}, {"finishedAt": "x"}, {"finishedAt": "2026-11-28T11:00:00Z"}]
)
async def test_coverage_of_anything_is_no_all_clear(coverage: JsonObject) -> None:
    held = Storage()
    await held.kept.put("coverage/last.json", coverage)
    (found,) = await work.last_sweep(installation(storage=held))
    assert found.outcome in (Outcome.FAULT, Outcome.WARNING)


@pytest.mark.parametrize(
    ("python", "outcome"),
    [((3, 10, 9), Outcome.FAULT), ((3, 11, 0), Outcome.OK), ((3, 13, 9), Outcome.OK), ((3, 14, 0), Outcome.WARNING)],
)
async def test_versions_of_python(python: tuple[int, int, int], outcome: Outcome) -> None:
    (found,) = await versions.python_version(installation(software=replace(SOFTWARE, python=python)))
    assert found.outcome is outcome


async def test_a_library_that_does_not_fit() -> None:
    wanted = (Dependency("rich", ">=13.9", "13.0", False), Dependency("click", ">=8", "8.1", True))
    (found,) = await versions.dependencies(installation(software=replace(SOFTWARE, dependencies=wanted)))
    assert (found.subject, found.outcome) == ("rich", Outcome.FAULT)
    assert "13.0 is installed, >=13.9 is wanted" in found.found


GOOD_QUEUES: JsonObject = {"visibilityTimeout": "00:01:00", "maxDequeueCount": 10, "messageEncoding": "base64"}


@pytest.mark.parametrize(
    ("host", "subjects"),
    [
        ({"extensions": {"queues": GOOD_QUEUES, "http": {"routePrefix": ""}}}, {""}),
        (
            {"extensions": {"queues": {**GOOD_QUEUES, "visibilityTimeout": "00:00:00"}, "http": {"routePrefix": ""}}},
            {"visibilityTimeout"},
        ),
        (
            {"extensions": {"queues": {**GOOD_QUEUES, "maxDequeueCount": 1}, "http": {"routePrefix": ""}}},
            {"maxDequeueCount"},
        ),
        (
            {"extensions": {"queues": {**GOOD_QUEUES, "messageEncoding": "none"}, "http": {"routePrefix": "api"}}},
            {"messageEncoding", "routePrefix"},
        ),
        ({}, {"visibilityTimeout", "routePrefix"}),
        ({"extensions": 1}, {"visibilityTimeout", "routePrefix"}),
        ("host.json can't be read", {""}),
    ],
)
async def test_host_json(host: Any, subjects: set[str]) -> None:
    found = await versions.host_json(installation(software=replace(SOFTWARE, host=host)))
    assert {one.subject for one in found} == subjects
    good = isinstance(host, dict) and subjects == {""}
    assert {one.outcome for one in found} == {Outcome.OK if good else Outcome.FAULT}


def of_notifications(types: list[str], kinds: list[str]) -> JsonObject:
    given = {
        "includedEventTypes": [f"Microsoft.ResourceNotifications.Resources.{kind}" for kind in kinds],
        "advancedFilters": [{"operatorType": "StringIn", "key": "data.resourceInfo.type", "values": types}],
    }
    return event_subscription(filter=given)


MACHINES = ["Microsoft.Compute/virtualMachines", "microsoft.compute/virtualmachinescalesets"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (of_notifications(MACHINES, ["CreatedOrUpdated", "Deleted"]), Outcome.OK),
        (of_notifications(MACHINES[:1], ["CreatedOrUpdated", "Deleted"]), Outcome.FAULT),
        (of_notifications(MACHINES, ["CreatedOrUpdated"]), Outcome.FAULT),
    ],
)
def test_subscriptions_of_resource_notifications(body: JsonObject, outcome: Outcome) -> None:
    assert {one.outcome for one in judged(body)} == {outcome}


@pytest.mark.parametrize(
    ("operator", "values", "outcome"),
    [
        ("StringBeginsWith", ["Microsoft.Compute/virtualMachine"], Outcome.OK),
        ("StringContains", ["virtualmachine"], Outcome.OK),
        ("StringEndsWith", ["/WRITE"], Outcome.FAULT),
        ("StringEndsWith", ["/write", "/delete"], Outcome.OK),
        ("StringNotIn", ["x"], Outcome.WARNING),
    ],
)
def test_operators_of_filters(operator: str, values: list[str], outcome: Outcome) -> None:
    usual: Any = event_subscription()["properties"]
    one = {"operatorType": operator, "key": "data.operationName", "values": values}
    body = event_subscription(filter={**usual["filter"], "advancedFilters": [one]})
    assert {found.outcome for found in judged(body)} == {outcome}


@pytest.mark.parametrize("properties", [None, 1, {}, {"filter": []}, {"filter": {"advancedFilters": [1, {}]}}])
def test_a_subscription_of_anything_is_judged(properties: Any) -> None:
    assert all(one.outcome is not Outcome.OK for one in judged({"properties": properties}))


def test_the_names_are_those_of_the_adapters() -> None:
    from muster.adapters.blob_dead_letters import DEAD_LETTERS
    from muster.adapters.blob_documents import SWEEPS
    from muster.adapters.blob_feed import FEED, FEED_STATE
    from muster.adapters.blob_findings import FINDINGS, HISTORY, UNPROCESSED
    from muster.adapters.storage_queue import BATCHES, EVALUATIONS, EVENTS, POISON

    assert {FINDINGS, HISTORY, UNPROCESSED, SWEEPS, FEED, FEED_STATE} == set(storage.CHECKER_CONTAINERS)
    assert set(storage.APP_QUEUES) == {EVENTS, EVALUATIONS, BATCHES}
    assert (work.SWEEPS, work.UNPROCESSED, work.DEAD_LETTERS, work.POISON) == (
        SWEEPS,
        UNPROCESSED,
        DEAD_LETTERS,
        POISON,
    )
    assert (events.QUEUE, events.DEAD_LETTERS) == (EVENTS, DEAD_LETTERS)


async def test_what_hinders_a_check_is_told_and_stops_no_other() -> None:
    async def fails(_: Installation) -> list[Checked]:
        raise TransientFault("storage is away")

    async def hangs(_: Installation) -> list[Checked]:
        await asyncio.Event().wait()
        return []

    async def works(_: Installation) -> list[Checked]:
        return [Checked("works", Outcome.OK, "Fine.")]

    checks = [Check("fails", "", fails), Check("hangs", "", hangs), Check("works", "", works)]
    found = await examine(installation(), checks, seconds=0.05)
    assert [(one.check, one.outcome) for one in found] == [
        ("fails", Outcome.UNKNOWN),
        ("hangs", Outcome.UNKNOWN),
        ("works", Outcome.OK),
    ]
    assert "storage is away" in found[0].found


async def test_an_app_of_the_page_has_fewer_checks() -> None:
    found = {one.check for one in await examine(installation(role="page"))}
    assert "storage-containers" in found
    assert found.isdisjoint({check.name for check in CHECKS if not check.page})


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
