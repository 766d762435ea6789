"""The index in Blob Storage, against Azurite: kept up to date, by one writer, and made good whatever is lost."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from muster.adapters.blob_findings import BlobFindings
from muster.adapters.blob_names import latest_name
from muster.adapters.index_blob import FILE, STATE, BlobIndex
from muster.adapters.index_loader import PublishedIndex
from muster.adapters.storage_requests import API_VERSION
from muster.adapters.unprocessed_blobs import UnprocessedBlobs
from muster.jobs.index import COMPARED, IndexOutcome, update_index
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_object
from muster.values.resource_id import ResourceId
from muster.values.selection import Selection
from muster.values.states import State
from tests.web.fleet import TODAY, finding, lifetimes

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


class Store(BlobFindings):
    """A store whose findings lie in a container of their own."""

    def __init__(self, service: BlobServiceClient) -> None:
        super().__init__(service)
        self._findings = service.get_container_client(f"findings-{uuid.uuid4()}")
        self._history = service.get_container_client(f"history-{uuid.uuid4()}")
        self._unprocessed = service.get_container_client(f"unprocessed-{uuid.uuid4()}")

    async def write(self, document: JsonObject) -> ResourceId:
        resource_id = ResourceId.parse(as_object(document["resource"])["id"])
        before = await self.latest(resource_id)
        await self.put_latest(resource_id, document, {}, replaces=before.etag if before else None)
        await self._marks.flush()
        return resource_id

    async def update(self, now: datetime | None = None, **options: timedelta) -> IndexOutcome | None:
        blobs = BlobIndex(self.findings)
        async with blobs.hold() as held:
            if held is None:
                return None
            records = UnprocessedBlobs(self.unprocessed)
            clock = lambda: now or datetime.now(UTC)  # noqa: E731
            return await update_index(held, blobs, self, records, clock, owner_tag="owner", **options)

    async def names(self) -> list[str]:
        """The names of the resources in the published index."""
        index = PublishedIndex(BlobIndex(self.findings), lifetimes)
        loaded = await index.current()
        assert loaded is not None
        listing = loaded.reader.resources(Selection(), None, TODAY)
        loaded.reader.close()
        return sorted(row.name for row in listing.rows)


@pytest.fixture
async def store(storage: str) -> AsyncIterator[Store]:
    service = BlobServiceClient.from_connection_string(storage, api_version=API_VERSION)
    store = Store(service)
    yield store
    await store.close()


async def marks(container: ContainerClient) -> list[str]:
    return [name async for name in container.list_blob_names(name_starts_with="index/changed/")]


async def test_an_index_is_made_and_then_follows_what_changes(store: Store) -> None:
    await store.write(finding("a", [State.COMPLIANT]))
    await store.write(finding("b", [State.COMPLIANT]))
    assert await store.update() == IndexOutcome(read=2, removed=0, complete=True)
    assert await store.names() == ["a", "b"]
    assert await marks(store.findings) == []
    await store.write(finding("c", [State.NON_COMPLIANT]))
    assert await store.update() == IndexOutcome(read=1, removed=0, complete=True)
    assert await store.names() == ["a", "b", "c"]
    assert await store.update() == IndexOutcome(read=0, removed=0, complete=True)


async def test_a_finding_that_was_only_seen_again_leaves_no_mark(store: Store) -> None:
    document = finding("a", [State.COMPLIANT])
    await store.write(document)
    await store.update()
    as_object(document["evaluation"])["checkedAt"] = "2026-11-24T00:00:00Z"
    await store.write(document)
    assert await marks(store.findings) == []


async def test_lost_marks_and_removed_findings_show_when_all_are_compared(store: Store) -> None:
    gone = await store.write(finding("gone", [State.COMPLIANT]))
    await store.write(finding("stays", [State.COMPLIANT]))
    await store.update()
    await store.write(finding("unmarked", [State.COMPLIANT]))
    for mark in await marks(store.findings):
        await store.findings.delete_blob(mark)
    await store.findings.delete_blob(latest_name(gone))
    assert await store.update() == IndexOutcome(read=0, removed=0, complete=True)
    later = datetime.now(UTC) + timedelta(hours=2)
    assert await store.update(later) == IndexOutcome(read=1, removed=1, complete=True)
    assert await store.names() == ["stays", "unmarked"]


@pytest.mark.parametrize("lost", [FILE, STATE, "both", "damaged"])
async def test_a_lost_or_damaged_index_is_made_again(store: Store, lost: str) -> None:
    await store.write(finding("a", [State.COMPLIANT]))
    await store.update()
    if lost == "damaged":
        await store.findings.upload_blob(FILE, b"SQLite format 3\0 and then nothing of use", overwrite=True)
    for name in (FILE, STATE):
        if lost in (name, "both"):
            await store.findings.delete_blob(name)
    await store.update()
    assert await store.names() == ["a"]


async def test_there_is_one_writer_at_a_time(store: Store) -> None:
    await store.write(finding("a", [State.COMPLIANT]))
    async with BlobIndex(store.findings).hold() as first:
        assert first is not None
        assert await store.update() is None
    assert await store.update() == IndexOutcome(read=1, removed=0, complete=True)


async def test_a_damaged_finding_is_shown_and_the_rest_goes_on(store: Store) -> None:
    await store.write(finding("good", [State.COMPLIANT]))
    bad = await store.write(finding("bad", [State.COMPLIANT]))
    half = await store.write(finding("half", [State.COMPLIANT]))
    await store.findings.upload_blob(latest_name(bad), b'{"resource": {', overwrite=True)
    await store.findings.upload_blob(latest_name(half), b'{"resource": {}}', overwrite=True)
    await store.update()
    loaded = await PublishedIndex(BlobIndex(store.findings), lifetimes).current()
    assert loaded is not None
    assert loaded.reader.size == 1
    assert sorted(one.name for one in loaded.reader.damaged()) == sorted([latest_name(bad), latest_name(half)])
    loaded.reader.close()
    await store.findings.delete_blob(latest_name(bad))
    await store.write(finding("bad", [State.COMPLIANT]))
    await store.update()
    assert await store.names() == ["bad", "good"]


async def test_an_update_that_runs_out_of_time_goes_on_next_time(store: Store) -> None:
    for number in range(3):
        await store.write(finding(f"vm-{number}", [State.COMPLIANT]))
    outcome = await store.update(budget=timedelta(seconds=-1))
    assert outcome == IndexOutcome(read=0, removed=0, complete=False)
    state = await BlobIndex(store.findings).state()
    assert state is not None
    assert not state.complete
    assert len(await marks(store.findings)) == 3
    assert await store.update() == IndexOutcome(read=3, removed=0, complete=True)


async def test_changes_are_told_against_the_record_before(store: Store) -> None:
    old, new = finding("vm", [State.COMPLIANT]), finding("vm", [State.NON_COMPLIANT], observed=datetime.now(UTC))
    as_object(new["evaluation"])["predecessor"] = "b" * 32
    resource_id = await store.write(new)
    await store.put_history(resource_id, "b" * 32, old)
    await store.update()
    loaded = await PublishedIndex(BlobIndex(store.findings), lifetimes).current()
    assert loaded is not None
    (change,) = loaded.reader.changes(None, "", 10)
    assert (change.before, change.after) == (State.COMPLIANT, State.NON_COMPLIANT)
    assert loaded.reader.noted(COMPARED)
    loaded.reader.close()


async def test_a_loaded_index_is_replaced_when_another_is_published(store: Store, tmp_path: Path) -> None:
    await store.write(finding("a", [State.COMPLIANT]))
    index = PublishedIndex(BlobIndex(store.findings), lifetimes)
    assert await index.current() is None
    await store.update()
    await index.look()
    first = await index.current()
    await store.write(finding("b", [State.COMPLIANT]))
    await store.update()
    await index.look()
    second = await index.current()
    assert first is not None
    assert second is not None
    assert (first.reader.size, second.reader.size) == (1, 2)
    first.reader.close()
    second.reader.close()


async def test_what_could_not_be_processed_follows_its_records(store: Store) -> None:
    async def told() -> list[tuple[str, str]]:
        await store.update()
        loaded = await PublishedIndex(BlobIndex(store.findings), lifetimes).current()
        assert loaded is not None
        found = loaded.reader.unprocessed(None, 10)
        loaded.reader.close()
        return [(one.reason, one.message) for one in found.rows]

    assert await told() == []
    name, record = unprocessed_record({"x": 1}, BadInput("no eventTime", reason="invalidEvent"), datetime.now(UTC))
    await store.put_unprocessed(name, record)
    assert await told() == [("invalidEvent", "no eventTime")]
    await store.unprocessed.upload_blob("tooLarge/half.json", b'{"half": ')
    assert sorted(await told()) == [("invalidEvent", "no eventTime"), ("tooLarge", "The record itself is damaged.")]
    await store.unprocessed.delete_blob(name)
    assert await told() == [("tooLarge", "The record itself is damaged.")]
