"""Policies from a container: a new version soon, in whole or not at all; a broken one never."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from muster.adapters.container_policies import CHECK_SECONDS, ContainerPolicies
from muster.adapters.storage_requests import API_VERSION
from muster.values.errors import TransientFault
from tests.memory_documents import MemoryDocuments
from tests.memory_findings import MemoryFindings

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


def definition(name: str = "tagged", tag: str = "owner") -> str:
    return json.dumps(
        {
            "name": name,
            "properties": {
                "displayName": name,
                "mode": "Indexed",
                "policyRule": {"if": {"field": f"tags['{tag}']", "exists": False}, "then": {"effect": "audit"}},
            },
        }
    )


def assignment(name: str = "tagged") -> str:
    return json.dumps({"name": f"assign-{name}", "properties": {"policyDefinitionId": name}})


@dataclass
class Play:
    """A container; `ahead` seconds have passed on muster's clocks beyond real time."""

    container: ContainerClient
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    store: MemoryFindings = field(default_factory=MemoryFindings)
    ahead: float = 60.0

    def worker(self) -> ContainerPolicies:
        return ContainerPolicies(
            self.container,
            "rules/",
            documents=self.documents,
            store=self.store,
            clock=lambda: datetime.now(UTC) + timedelta(seconds=self.ahead),
            monotonic=lambda: self.ahead,
        )

    async def upload(self, **files: str) -> None:
        for name, text in files.items():
            folder = "assignments" if name.startswith("a_") else "definitions"
            await self.container.upload_blob(f"rules/{folder}/{name}.json", text, overwrite=True)

    def later(self, seconds: float = CHECK_SECONDS) -> None:
        self.ahead += seconds


@pytest.fixture
async def play(storage: str) -> AsyncIterator[Play]:
    async with BlobServiceClient.from_connection_string(storage, api_version=API_VERSION) as service:
        container = service.get_container_client(f"policies-{uuid.uuid4()}")
        await container.create_container()
        yield Play(container)


async def test_a_new_version_is_judged_by_after_the_next_check(play: Play) -> None:
    await play.upload(d_one=definition(), a_one=assignment())
    worker = play.worker()
    first = await worker.current()
    await play.upload(d_one=definition(tag="costCentre"))
    assert (await worker.current()).version == first.version
    play.later()
    assert (await worker.current()).version != first.version
    assert CHECK_SECONDS < 60


async def test_what_is_being_uploaded_is_waited_for(play: Play) -> None:
    await play.upload(d_one=definition(), a_one=assignment())
    worker = play.worker()
    first = await worker.current()
    play.ahead = -CHECK_SECONDS * 100
    await play.upload(d_two=definition("two"))
    worker._checked = None
    assert (await worker.current()).version == first.version
    play.ahead = 60
    assert (await worker.current()).version != first.version


async def test_a_broken_version_is_refused_and_reported_and_the_last_good_one_goes_on(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    await play.upload(d_one=definition(), a_one=assignment())
    worker = play.worker()
    first = await worker.current()
    await play.upload(d_one='{"name": ')
    for _ in range(3):
        play.later()
        assert (await worker.current()).version == first.version
    ((name, text),) = play.store.unprocessed.items()
    assert name.startswith("brokenPolicies/")
    assert "definitions/d_one.json" in text
    assert sum("refused" in record.getMessage() for record in caplog.records) == 1
    assert (await play.worker().current()).version == first.version
    await play.upload(d_one=definition(tag="x"))
    play.later()
    assert (await worker.current()).version not in ("", first.version)


async def test_without_any_good_version_events_wait(play: Play) -> None:
    worker = play.worker()
    with pytest.raises(TransientFault, match="no policies"):
        await worker.current()
    await play.upload(d_one="{")
    play.later()
    with pytest.raises(TransientFault, match="can be used"):
        await worker.current()


async def test_storage_that_does_not_answer_changes_nothing(play: Play) -> None:
    await play.upload(d_one=definition(), a_one=assignment())
    worker = play.worker()
    first = await worker.current()
    await play.container.delete_container()
    play.later()
    assert (await worker.current()).version == first.version


async def test_other_files_beside_do_not_count(play: Play) -> None:
    await play.upload(d_one=definition(), a_one=assignment())
    worker = play.worker()
    first = await worker.current()
    await play.container.upload_blob("elsewhere/definitions/x.json", "{")
    await play.container.upload_blob("rules/README.md", "hello")
    play.later()
    assert (await worker.current()).version == first.version
