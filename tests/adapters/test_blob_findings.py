"""The FindingStore over Blob Storage, against Azurite."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from azure.storage.blob.aio import BlobServiceClient

from muster.adapters.blob_findings import BlobFindings, encode_document
from muster.adapters.storage_requests import API_VERSION
from muster.ports import HistoryWrite, StoredRecord
from muster.values.errors import BadInput, Conflict, TransientFault
from muster.values.resource_id import ResourceId

if TYPE_CHECKING:
    from muster.values.json import JsonObject

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


@pytest.fixture
async def store(storage: str) -> AsyncIterator[BlobFindings]:
    store = BlobFindings.from_connection_string(storage)
    yield store
    await store.close()


@pytest.fixture
async def service(storage: str) -> AsyncIterator[BlobServiceClient]:
    async with BlobServiceClient.from_connection_string(storage, api_version=API_VERSION) as service:
        yield service


def machine(name: str = "vm", subscription: str | None = None) -> ResourceId:
    subscription = subscription or str(uuid.uuid4())
    return ResourceId.parse(
        f"/subscriptions/{subscription}/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/{name}"
    )


async def test_nothing_is_found_where_nothing_was_written(store: BlobFindings) -> None:
    assert await store.latest(machine()) is None
    assert await store.history(machine(), "e1") is None
    assert [record async for record in store.history_ids(machine())] == []


async def test_the_newest_finding_lies_under_the_lower_cased_id(
    store: BlobFindings, service: BlobServiceClient
) -> None:
    vm = machine("VM-Web")
    await store.put_latest(vm, {"n": 1}, {"state": "NonCompliant"}, replaces=None)
    blob = service.get_blob_client("findings", f"latest/{str(vm)[1:]}.json")
    properties = await blob.get_blob_properties()
    assert json.loads(await (await blob.download_blob()).readall()) == {"n": 1}
    assert properties.content_settings.content_type == "application/json"
    assert properties.metadata == {"state": "NonCompliant"}


async def test_replacing_needs_the_etag_that_was_read(store: BlobFindings) -> None:
    vm = machine()
    await store.put_latest(vm, {"n": 1}, {}, replaces=None)
    first = await store.latest(vm)
    assert first is not None
    await store.put_latest(vm, {"n": 2}, {}, replaces=first.etag)
    with pytest.raises(Conflict):
        await store.put_latest(vm, {"n": 3}, {}, replaces=first.etag)
    with pytest.raises(Conflict):
        await store.put_latest(vm, {"n": 3}, {}, replaces=None)
    now = await store.latest(vm)
    assert now is not None
    assert now.document == {"n": 2}


async def test_replacing_what_is_gone_is_a_conflict(store: BlobFindings) -> None:
    with pytest.raises(Conflict):
        await store.put_latest(machine(), {}, {}, replaces='"0x8DEADBEEF"')


async def test_of_racing_writers_one_wins(store: BlobFindings) -> None:
    vm = machine()
    writes = (store.put_latest(vm, {"n": n}, {}, replaces=None) for n in range(8))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 7


async def test_a_record_of_history_is_never_overwritten(store: BlobFindings) -> None:
    vm = machine()
    digest = sha256(b'{"n":1}').hexdigest()
    assert await store.put_history(vm, "e1", {"n": 1}) == HistoryWrite(digest, added=True)
    assert not (await store.put_history(vm, "e1", {"n": 2})).added
    assert await store.history(vm, "e1") == StoredRecord({"n": 1}, digest)


async def test_the_records_of_children_are_not_those_of_their_parent(store: BlobFindings) -> None:
    vm = machine()
    await store.put_history(vm, "e1", {})
    await store.put_history(vm, "e2", {})
    await store.put_history(vm.child("extensions", "agent"), "e3", {})
    assert {record async for record in store.history_ids(vm)} == {"e1", "e2"}


async def test_the_same_unprocessed_thing_again_changes_nothing(
    store: BlobFindings, service: BlobServiceClient
) -> None:
    name = f"badInput/{uuid.uuid4()}.json"
    await store.put_unprocessed(name, {"n": 1})
    await store.put_unprocessed(name, {"n": 2})
    stream = await service.get_blob_client("unprocessed", name).download_blob()
    assert json.loads(await stream.readall()) == {"n": 1}


async def test_all_findings_come_in_the_order_of_their_ids(store: BlobFindings) -> None:
    subscription = str(uuid.uuid4())
    machines = [machine(name, subscription) for name in ("b", "a", "a-1", "a.1", "a 1", "c(1)~!$'@+")]
    machines.append(machines[1].child("extensions", "x"))
    for vm in machines:
        await store.put_latest(vm, {"id": str(vm)}, {}, replaces=None)
    found = [str(document["id"]) async for document in store.all_latest() if subscription in str(document)]
    assert found == sorted(map(str, machines))


async def test_a_store_without_containers_makes_them(store: BlobFindings, service: BlobServiceClient) -> None:
    await store.put_history(machine(), "e1", {})
    await store.put_latest(machine(), {}, {}, replaces=None)
    await store.put_unprocessed(f"x/{uuid.uuid4()}.json", {})
    for name in ("findings", "history", "unprocessed"):
        await service.get_container_client(name).delete_container()
    vm = machine()
    assert [document async for document in store.all_latest()] == []
    await asyncio.gather(*(store.put_history(vm, f"e{n}", {}) for n in range(4)))
    await store.put_latest(vm, {"n": 1}, {}, replaces=None)
    await store.put_unprocessed(f"x/{uuid.uuid4()}.json", {})
    assert len([record async for record in store.history_ids(vm)]) == 4


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_what_is_not_a_finding_is_bad_input(
    store: BlobFindings, service: BlobServiceClient, content: bytes
) -> None:
    vm = machine()
    await store.put_latest(vm, {}, {}, replaces=None)
    await service.get_blob_client("findings", f"latest/{str(vm)[1:]}.json").upload_blob(content, overwrite=True)
    with pytest.raises(BadInput):
        await store.latest(vm)


async def test_a_long_id_is_stored_like_any_other(store: BlobFindings) -> None:
    vm = machine("v" * 200)
    deep = vm
    for level in range(6):
        deep = deep.child(f"level{level}", "n" * 200)
    sibling = deep.child("extensions", "a")
    other = deep.child("extensions", "b")
    await store.put_latest(sibling, {"n": "a"}, {}, replaces=None)
    await store.put_latest(other, {"n": "b"}, {}, replaces=None)
    await store.put_history(sibling, "e1", {})
    found = await store.latest(sibling)
    assert found is not None
    assert found.document == {"n": "a"}
    assert [record async for record in store.history_ids(sibling)] == ["e1"]
    assert [record async for record in store.history_ids(other)] == []


async def test_storage_that_does_not_listen_is_a_transient_fault(unused_tcp_port: int) -> None:
    account = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;"
    address = f"{account}BlobEndpoint=http://127.0.0.1:{unused_tcp_port}/a;"
    store = BlobFindings(BlobServiceClient.from_connection_string(address, retry_total=0))
    with pytest.raises(TransientFault):
        await store.latest(machine())
    await store.close()


async def test_a_refusal_is_a_transient_fault(storage: str) -> None:
    store = BlobFindings.from_connection_string(storage.replace("AccountKey=Eby8", "AccountKey=AAAA"))
    with pytest.raises(TransientFault, match="403"):
        await store.put_history(machine(), "e1", {})
    await store.close()


def test_a_connection_string_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)connection string"):
        BlobFindings.from_connection_string("nonsense")


@pytest.mark.parametrize("text", ["plain", "Zürich", "\ud800", "a\ud800b", '"\\', "\x00"])
def test_any_text_can_be_stored(text: str) -> None:
    document: JsonObject = {"text": text, text: 1}
    assert json.loads(encode_document(document)) == document
