"""`muster doctor` against loopback servers: an installation that is as it must be, and each fault planted and named."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner
from rich.console import Console

from muster.adapters.blob_documents import BlobDocuments
from muster.cli import main
from muster.cli.doctor import _show, read_settings
from muster.local.arm.permissions import Role
from muster.local.azurite import Endpoints, azurite
from muster.local.errors import MissingProgram
from muster.local.node import find_azurite
from muster.values.checkup import Checked, Outcome
from tests.adapters.arm_stage import SUBSCRIPTION
from tests.cli.doctor_stage import OPERATIONS, Stage, coverage, event_subscription, stage
from tests.conftest import ROOT, unavailable
from tests.golden_files import check_golden

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]

GOLDEN = Path(__file__).with_name("golden") / "doctor.txt"
READER = json.loads((ROOT / "infra" / "roles" / "muster-reader.json").read_text("utf-8"))["Actions"]
EVENT_GRID = ["Microsoft.EventGrid/*/read"]


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """An Azurite of these tests' own: they look at all that lies in it."""
    try:
        program = find_azurite(ROOT)
    except MissingProgram as missing:
        unavailable(str(missing))
    with asyncio.Runner() as runner:
        emulator = azurite(program, tmp_path_factory.mktemp("azurite"))
        yield runner.run(emulator.__aenter__())
        runner.run(emulator.__aexit__(None, None, None))


@pytest.fixture
async def healthy(endpoints: Endpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "WEBSITE_SITE_NAME", "MUSTER_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    async with stage(endpoints, tmp_path) as made:
        yield made


async def test_an_installation_that_is_as_it_must_be(healthy: Stage) -> None:
    healthy.arm.role = Role(READER + EVENT_GRID)
    ran = await healthy.doctor("--format", "json")
    checks = json.loads(ran.output)["checks"]
    assert [one for one in checks if one["outcome"] != "ok"] == []
    assert ran.exit_code == 0
    assert {one["check"] for one in checks} >= {"azure-permissions", "event-subscription", "given-up", "storage-queues"}


async def test_nothing_is_left_behind(healthy: Stage) -> None:
    async def everything() -> list[tuple[str, str]]:
        service = healthy.store.service
        names = [container.name async for container in service.list_containers()]
        return [(name, blob.name) for name in names async for blob in service.get_container_client(name).list_blobs()]

    before = await everything()
    assert (await healthy.doctor()).exit_code == 0
    assert await everything() == before
    assert [queue.name async for queue in healthy.queue_service.list_queues()] == ["muster-events"]
    assert (await healthy.queue_service.get_queue_client("muster-events").get_queue_properties())[
        "approximate_message_count"
    ] == 0


Plant = Callable[[Stage], Awaitable[None] | None]


def setting(name: str, value: str) -> Plant:
    return lambda made: made.settings.update({name: value})


def refused(method: str, name: str, code: str = "AuthorizationPermissionMismatch") -> Plant:
    def plant(made: Stage) -> None:
        made.blobs.refused[method, name] = made.queues.refused[method, name] = code

    return plant


def lacking(action: str) -> Plant:
    def plant(made: Stage) -> None:
        made.arm.role = Role([one for one in READER + EVENT_GRID if one != action])

    return plant


def subscribed(**changed: Any) -> Plant:
    return lambda made: made.arm.estate.put(event_subscription(**changed))


def filtered(kinds: list[str] | None = None, operations: list[str] | None = None, **changed: Any) -> Plant:
    usual: Any = event_subscription()["properties"]
    given = {**usual["filter"], **changed}
    if kinds is not None:
        given["includedEventTypes"] = kinds
    if operations is not None:
        given["advancedFilters"] = [
            {"operatorType": "StringIn", "key": "data.operationName", "values": operations}
        ] * bool(operations)
    return subscribed(filter=given)


def to_queue(name: str) -> Plant:
    destination = {"endpointType": "StorageQueue", "properties": {"queueName": name}}
    return subscribed(deliveryWithResourceIdentity={"destination": destination})


def swept(**changed: Any) -> Plant:
    return lambda made: made.sweeps(coverage(**changed))


def poison(queue: str) -> Plant:
    return lambda made: made.message(queue)


def kept(container: str, name: str) -> Plant:
    return lambda made: BlobDocuments(made.store.service, container).put(name, {})


def policies(change: Callable[[Path], None]) -> Plant:
    def plant(made: Stage) -> None:
        folder = made.folder / "policies"
        shutil.copytree(ROOT / "policies", folder)
        change(folder)
        made.settings["MUSTER_POLICIES"] = str(folder)

    return plant


def break_definition(folder: Path) -> None:
    (folder / "definitions" / "bad.json").write_text('{"name": "bad", "properties": {"policyRule": 1}}', "utf-8")


def assign_nothing(folder: Path) -> None:
    shutil.rmtree(folder / "assignments")
    shutil.rmtree(folder / "exemptions", ignore_errors=True)


def age_catalogue(folder: Path) -> None:
    path = folder / "lifecycle" / "releases" / "ubuntu.json"
    value = json.loads(path.read_text("utf-8"))
    value["refreshed"] = "2025-01-01"
    path.write_text(json.dumps(value), "utf-8")


def no_topic(made: Stage) -> None:
    for path in [one["id"] for one in made.arm.estate.rows() if "EventGrid" in str(one.get("type"))]:
        made.arm.estate.remove(str(path))


PORT_OF_NOBODY = "http://127.0.0.1:9"
NOBODY = f"AccountName=a;AccountKey=YQ==;BlobEndpoint={PORT_OF_NOBODY}/a;QueueEndpoint={PORT_OF_NOBODY}/a;"
WRITE, DELETE = "Microsoft.Resources.ResourceWriteSuccess", "Microsoft.Resources.ResourceDeleteSuccess"
FAILURE = "Microsoft.Resources.ResourceWriteFailure"
OTHER = "21111111-2222-3333-4444-555555555555"

FAULTS: list[tuple[str, Plant, str, str, str, str]] = [
    # what is planted, how, the check that names it, its outcome, what it says, what it says to do
    (
        "misspelt setting",
        setting("MUSTER_SUBSCRIPTION", SUBSCRIPTION),
        "settings-known",
        "fault",
        "counts for nothing",
        "Did you mean MUSTER_SUBSCRIPTIONS?",
    ),
    ("unknown setting", setting("MUSTER_XYZZY", "1"), "settings-known", "warning", "counts for nothing", "Remove it"),
    (
        "value that can't be used",
        setting("MUSTER_RECORD_CALLER", "perhaps"),
        "settings-usable",
        "fault",
        "MUSTER_RECORD_CALLER: 'perhaps' is neither true nor false",
        "docs/reference/settings.md",
    ),
    (
        "severity that is none",
        setting("MUSTER_TOPIC_SEVERITY", "loud"),
        "settings-usable",
        "fault",
        "MUSTER_TOPIC_SEVERITY: 'loud'",
        "Set it right",
    ),
    (
        "key beside identity",
        setting("MUSTER_STORAGE__accountName", "acc"),
        "settings-agree",
        "warning",
        "MUSTER_STORAGE__accountName count for nothing",
        "Remove MUSTER_STORAGE",
    ),
    (
        "not a connection string",
        setting("MUSTER_STORAGE", "nonsense"),
        "settings-usable",
        "fault",
        "it is no connection string",
        "Set it right",
    ),
    (
        "no storage there",
        setting("MUSTER_STORAGE", NOBODY),
        "storage-containers",
        "fault",
        "does not answer",
        "name is",
    ),
    (
        "wrong key",
        lambda made: made.settings.update(
            MUSTER_STORAGE=made.storage.replace("AccountKey=Eby8", "AccountKey=AAAA", 1),
        ),
        "storage-containers",
        "fault",
        "refuses to list",
        "the key is not the account's",
    ),
    *(
        (
            f"container without {verb}",
            refused(method, "history"),
            "storage-containers",
            "fault",
            f"refuses to {verb}",
            "The key is not",
        )
        for method, verb in (("GET", "list"), ("HEAD", "read"), ("PUT", "write"))
    ),
    (
        "firewall",
        refused("GET", "findings", "AuthorizationFailure"),
        "storage-containers",
        "fault",
        "AuthorizationFailure",
        "firewall",
    ),
    ("queue", refused("GET", "muster-sweeps"), "storage-queues", "fault", "refuses to read", "The key is not"),
    (
        "subscription that is not there",
        setting("MUSTER_SUBSCRIPTIONS", f"{SUBSCRIPTION},{OTHER}"),
        "azure-subscriptions",
        "fault",
        "SubscriptionNotFound",
        "MUSTER_SUBSCRIPTIONS",
    ),
    *(
        (
            f"no {action}",
            lacking(action),
            check,
            "fault",
            f"The permission {action if 'Graph' in action else action.lower()} is missing",
            "Assign the role muster reader",
        )
        for check, action in (
            ("azure-subscriptions", "Microsoft.Resources/subscriptions/read"),
            ("azure-permissions", "Microsoft.Compute/virtualMachines/read"),
            ("azure-permissions", "Microsoft.Compute/virtualMachineScaleSets/read"),
            ("azure-permissions", "Microsoft.Compute/galleries/images/versions/read"),
            ("azure-permissions", "Microsoft.Compute/locations/sharedGalleries/images/read"),
            ("azure-permissions", "Microsoft.Compute/virtualMachines/extensions/read"),
            ("azure-permissions", "Microsoft.Network/networkInterfaces/read"),
        )
    ),
    (
        "no Resource Graph",
        lacking("Microsoft.ResourceGraph/resources/read"),
        "azure-inventory",
        "fault",
        "microsoft.resourcegraph/resources/read",
        "Assign the role muster reader",
    ),
    (
        "Event Grid can't be seen",
        lacking(EVENT_GRID[0]),
        "event-subscription",
        "unknown",
        "microsoft.eventgrid/systemtopics/read is missing",
        "role Reader",
    ),
    ("no event subscription", no_topic, "event-subscription", "fault", "No event subscription", "muster-events"),
    (
        "queue that is not there",
        lambda made: made.queue_service.delete_queue("muster-events"),
        "event-subscription",
        "fault",
        "The queue that it delivers to is not there",
        "Make the queue muster-events",
    ),
    (
        "another queue",
        to_queue("muster-event"),
        "event-subscription",
        "fault",
        "the queue muster-event",
        "the queue muster-events",
    ),
    (
        "deletions filtered out",
        filtered(kinds=[WRITE, FAILURE]),
        "event-subscription",
        "fault",
        DELETE.lower(),
        "Add them",
    ),
    ("failures filtered out", filtered(kinds=[WRITE, DELETE]), "event-subscription", "warning", FAILURE.lower(), "Add"),
    (
        "scale sets filtered out",
        filtered(operations=OPERATIONS[:2]),
        "event-subscription",
        "fault",
        "microsoft.compute/virtualmachinescalesets/write",
        "values",
    ),
    (
        "no filter",
        filtered(operations=[]),
        "event-subscription",
        "warning",
        "every write in the subscription",
        "Filter",
    ),
    (
        "one group only",
        filtered(subjectBeginsWith="/subscriptions/x/resourceGroups/y"),
        "event-subscription",
        "warning",
        "leaves out the events of other resources",
        "Remove it",
    ),
    (
        "no dead letters",
        subscribed(deadLetterWithResourceIdentity=None),
        "event-subscription",
        "fault",
        "no place for dead letters",
        "deadletters",
    ),
    (
        "subscription that failed",
        subscribed(provisioningState="Failed"),
        "event-subscription",
        "fault",
        "provisioningState is Failed",
        "deploy",
    ),
    (
        "timers that stopped",
        lambda made: made.index(timedelta(hours=2)),
        "index-current",
        "fault",
        "2 hours ago",
        "function app runs",
    ),
    (
        "nothing checked",
        lambda made: made.finding(timedelta(days=3)),
        "last-finding",
        "fault",
        "3 days ago",
        "See last-sweep",
    ),
    ("sweep overdue", swept(ended=timedelta(days=3)), "last-sweep", "fault", "3 days ago", "on_schedule"),
    (
        "sweep that could not list",
        swept(hindrances=["listing needs the permission x"], complete=False),
        "last-sweep",
        "fault",
        "needs the permission x",
        "azure-inventory",
    ),
    ("sweep that missed one", swept(judged=1, complete=False), "last-sweep", "warning", "1 of 2", "muster coverage"),
    (
        "events that never came",
        swept(neverCame={"count": 2, "resources": []}, latencySeconds={"events": 0}),
        "events-arrive",
        "fault",
        "2 resources that no event had told of",
        "event-subscription",
    ),
    ("poison message", poison("muster-events-poison"), "given-up", "fault", "1 messages failed", "muster deadletters"),
    ("dead letter", kept("deadletters", "a.json"), "given-up", "fault", "could not be delivered", "muster deadletters"),
    (
        "attempts spent",
        kept("unprocessed", "attemptsSpent/a.json"),
        "given-up",
        "fault",
        "1 kept as unprocessed",
        "muster deadletters",
    ),
    (
        "bad event",
        kept("unprocessed", "invalidEvent/a.json"),
        "given-up",
        "warning",
        "1 kept",
        "unprocessed/invalidEvent",
    ),
    ("broken policy", policies(break_definition), "policy-set", "fault", "policyRule", "muster lint"),
    ("nothing assigned", policies(assign_nothing), "policy-set", "fault", "Nothing is assigned", "assignments/"),
    ("stale catalogue", policies(age_catalogue), "catalogue-age", "warning", "too long", "muster lifecycle refresh"),
]


@pytest.mark.parametrize(
    ("plant", "check", "outcome", "says", "do"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
async def test_each_fault_is_named_with_its_remedy(
    healthy: Stage, plant: Plant, check: str, outcome: str, says: str, do: str
) -> None:
    planted = plant(healthy)
    if planted is not None:
        await planted
    found = await healthy.found()
    named = [one for one in found if one["check"] == check and one["outcome"] == outcome]
    assert any(says in one["found"] and do in (one["remedy"] or "") for one in named), found
    assert all(one["documentation"] == f"docs/doctor.md#{one['check']}" for one in found)


async def test_no_token(healthy: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "400", "message": "no identity is assigned"}}, status=400)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[-1][1]}/msi/token"
    for name, value in (("IDENTITY_ENDPOINT", url), ("IDENTITY_HEADER", "x")):
        monkeypatch.setenv(name, value)
        healthy.settings[name] = value
    healthy.settings["MUSTER_ARM_ENDPOINT"] = "AzurePublic"
    found = await healthy.found()
    await runner.cleanup()
    (identity,) = [one for one in found if one["check"] == "azure-identity"]
    assert identity["outcome"] == "fault"
    assert "no token for AzurePublic" in identity["found"]
    assert "managed identity" in identity["remedy"]
    others = [one for one in found if one["check"].startswith("azure-") and one is not identity]
    assert {one["outcome"] for one in others} == {"unknown"}


async def test_settings_of_an_app_in_azure(healthy: Stage) -> None:
    listed = [{"name": name, "value": value, "slotSetting": False} for name, value in healthy.settings.items()]
    path = healthy.folder / "app.json"
    path.write_text(json.dumps(listed), "utf-8")
    ran = await asyncio.to_thread(CliRunner().invoke, main, ["doctor", "--settings", str(path), "--format", "json"])
    agree = [one for one in json.loads(ran.output)["checks"] if one["check"] == "settings-agree"]
    assert {one["subject"] for one in agree} == {"MUSTER_STORAGE", "MUSTER_ARM_ENDPOINT"}
    assert ran.exit_code == 10


async def test_no_key_is_ever_shown(healthy: Stage) -> None:
    for text in (
        healthy.storage,
        healthy.storage.replace("AccountKey=", "AccountKey"),
        "BlobEndpoint=x;AccountKey=s3cret",
    ):
        healthy.settings["MUSTER_STORAGE"] = text
        ran = await healthy.doctor()
        assert "Eby8vdM0" not in ran.output
        assert "s3cret" not in ran.output


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"Values": 1}', '{"Values": {"A": 1}}', '"x"'])
def test_what_is_no_file_of_settings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "utf-8")
    ran = CliRunner().invoke(main, ["doctor", "--settings", str(path)])
    assert (ran.exit_code, "--settings: " in ran.output) == (2, True)


def test_a_plain_object_is_settings_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"MUSTER_ROLE": "page"}', "utf-8")
    assert read_settings(path) == ({"MUSTER_ROLE": "page"}, False)


@pytest.mark.parametrize(
    ("settings", "code"), [({"MUSTER_ROLE": "pages"}, 10), ({"MUSTER_ROLE": "page", "MUSTER_STORAGE": NOBODY}, 10)]
)
def test_exit_codes(tmp_path: Path, settings: dict[str, str], code: int) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(settings), "utf-8")
    ran = CliRunner().invoke(main, ["doctor", "--settings", str(path)])
    assert ran.exit_code == code


async def test_what_a_topic_tells_is_enough(healthy: Stage) -> None:
    healthy.arm.role = Role([*READER, "Microsoft.EventGrid/systemTopics/*"])
    assert await healthy.found() == []
    no_topic(healthy)
    (unseen,) = await healthy.found()
    assert (unseen["check"], unseen["outcome"]) == ("event-subscription", "unknown")


async def test_what_only_could_not_be_looked_at(healthy: Stage) -> None:
    lacking(EVENT_GRID[0])(healthy)
    assert (await healthy.doctor()).exit_code == 11


def test_how_it_looks() -> None:
    found = [
        Checked("settings-known", Outcome.OK, "Every setting is one that muster reads."),
        Checked("storage-containers", Outcome.FAULT, "Storage refuses to write: X.", "Assign the role.", "history"),
        Checked("azure-identity", Outcome.UNKNOWN, "It can't be told.", "Mend it."),
        Checked("azure-inventory", Outcome.UNKNOWN, "It can't be told.", "Mend it."),
        Checked("policy-set", Outcome.WARNING, "An \x1b[31modd\x1b[0m name.", "", "a\nb.json"),
    ]
    screen = Console(record=True, width=100, highlight=False)
    _show(found, screen)
    check_golden(GOLDEN, screen.export_text())
