"""`muster deadletters` on a real store: what is listed, shown without claims, asked for again and removed."""

import asyncio
import base64
import contextlib
import json
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue.aio import QueueClient
from click.testing import CliRunner, Result

from muster.adapters.blob_dead_letters import put_dead_letters
from muster.adapters.blob_findings import BlobFindings
from muster.adapters.storage_queue import EVALUATIONS, EVENTS, POISON, StorageQueues
from muster.cli import main
from muster.jobs.replay import Kind, letters_of, made_again
from muster.jobs.request_message import parse_request, request_message
from muster.local.dead_letter import dead_letter
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.request import Cause, EvaluationRequest
from tests.jobs.stage import START, VM

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def event(**members: object) -> JsonObject:
    return {
        "id": "e-1",
        "topic": "/",
        "subject": str(VM),
        "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "eventTime": "2026-11-23T06:00:00Z",
        "dataVersion": "2",
        "data": {
            "resourceUri": str(VM),
            "operationName": "Microsoft.Compute/virtualMachines/write",
            "claims": {"upn": "ada@example.com"},
        },
        **members,  # type: ignore[dict-item]
    }


def run(storage: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["deadletters", *arguments, "--storage", storage])


def with_queue(storage: str, name: str, work: Callable[[QueueClient], Awaitable[object]]) -> object:
    async def opened() -> object:
        queues = StorageQueues.from_connection_string(storage)
        try:
            return await work(queues.client(name))
        finally:
            await queues.close()

    return asyncio.run(opened())


def waiting(storage: str) -> list[EvaluationRequest]:
    async def take(client: QueueClient) -> list[EvaluationRequest]:
        found = []
        async for message in client.receive_messages(messages_per_page=32):
            found.append(parse_request(base64.b64decode(message.content).decode()))
            await client.delete_message(message)
        return found

    requests = with_queue(storage, EVALUATIONS, take)
    assert isinstance(requests, list)
    return requests


def poison(storage: str, queue: str, text: str) -> None:
    async def put(client: QueueClient) -> None:
        with contextlib.suppress(ResourceExistsError):
            await client.create_queue()
        await client.send_message(text)

    with_queue(storage, f"{queue}{POISON}", put)


@pytest.mark.azurite
@pytest.mark.xdist_group("azurite")
class TestWithAzurite:
    def test_dead_letters_of_event_grid(self, storage: str) -> None:
        given = dead_letter(json.dumps([event(id=str(uuid.uuid4()))]).encode(), (500, 500), NOW, NOW)
        before = set(run(storage, "list").output.splitlines())
        asyncio.run(put_dead_letters(storage, given))
        # Other tests leave dead letters in the same storage.
        added = [line for line in run(storage, "list").output.splitlines() if line not in before]
        (line,) = [line for line in added if line.startswith("deadletters/")]
        name = line.split("  ")[0]
        assert "tried as often as it may" in line
        shown = run(storage, "show", name)
        assert shown.exit_code == 0
        assert "ada@example.com" not in shown.output
        replayed = run(storage, "replay", name)
        assert replayed.exit_code == 0, replayed.output
        (request,) = [one for one in waiting(storage) if one.resource_id == VM]
        assert (request.cause, request.time) == (Cause.REPLAY, START)
        assert run(storage, "show", name).exit_code == 1

    def test_poison_messages(self, storage: str) -> None:
        poison(storage, EVENTS, json.dumps(event()))
        poison(storage, EVALUATIONS, request_message(EvaluationRequest(VM, START, Cause.SETTLE, attempt=9)))
        names = [
            line.split("  ")[0]
            for line in run(storage, "list").output.splitlines()
            if line.partition("/")[0].endswith(POISON)
        ]
        assert len(names) == 2
        for name in names:
            done = run(storage, "replay", name)
            assert done.exit_code == 0, done.output
        assert sorted((one.cause, one.attempt) for one in waiting(storage)) == [("replay", 1), ("settle", 1)]
        assert POISON not in run(storage, "list").output

    def test_what_is_no_event_stays_with_the_reason(self, storage: str) -> None:
        poison(storage, EVENTS, "{")
        name = next(line.split("  ")[0] for line in run(storage, "list").output.splitlines() if EVENTS in line)
        done = run(storage, "replay", name)
        assert done.exit_code == 1
        assert "invalidJson" in done.output

    def test_spent_attempts(self, storage: str) -> None:
        request = EvaluationRequest(VM, START, Cause.SETTLE, attempt=12)
        fault = BadInput("throttled", reason="attemptsSpent")
        name, record = unprocessed_record(json.loads(request_message(request)), fault, NOW)

        async def keep() -> None:
            store = BlobFindings.from_connection_string(storage)
            await store.put_unprocessed(name, record)
            await store.close()

        asyncio.run(keep())
        assert f"unprocessed/{name}" in run(storage, "list").output
        assert run(storage, "replay", f"unprocessed/{name}").exit_code == 0
        assert [one.attempt for one in waiting(storage)] == [1]


def test_a_name_or_all_but_not_both(tmp_path: object) -> None:
    for arguments in (["replay"], ["replay", "x", "--all"]):
        assert CliRunner().invoke(main, ["deadletters", *arguments]).exit_code == 2


def test_a_deletion_stays_one() -> None:
    data = {"resourceUri": str(VM), "operationName": "Microsoft.Compute/virtualMachines/delete"}
    given = event(eventType="Microsoft.Resources.ResourceDeleteSuccess", data=data)
    found = made_again(json.dumps(given), Kind.EVENT, with_caller=True)
    assert isinstance(found, EvaluationRequest)
    assert found.cause is Cause.DELETED


@pytest.mark.parametrize("text", ["", "[", "null", "[1]", '[{"deadLetterReason": 5}]', "{}"])
def test_a_blob_of_anything_is_a_dead_letter(text: str) -> None:
    letter = letters_of("deadletters/x", text)
    assert letter.why
    for one in letter.texts:
        with pytest.raises(BadInput):
            made_again(one, letter.kind, with_caller=True)
