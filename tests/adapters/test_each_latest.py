"""All newest findings, past those that are damaged."""

from uuid import uuid4

import pytest

from muster.adapters.blob_findings import FINDINGS, BlobFindings
from muster.adapters.blob_names import latest_name
from muster.values.errors import BadInput
from tests.jobs.fleet import vm

pytestmark = pytest.mark.azurite


@pytest.mark.parametrize("content", [b'{"half": ', b"[]", b"\xff\xfe"])
async def test_a_damaged_blob_is_given_as_a_fault_and_the_rest_follows(storage: str, content: bytes) -> None:
    store = BlobFindings.from_connection_string(storage)
    before, damaged, after = (vm(f"each-{uuid4()}-{place}") for place in ("a", "b", "c"))
    blob = store.service.get_blob_client(FINDINGS, latest_name(damaged))
    try:
        for resource_id in (before, after):
            await store.put_latest(resource_id, {"id": str(resource_id)}, {}, replaces=None)
        await blob.upload_blob(content)
        found = [one async for one in store.each_latest()]
        await blob.delete_blob()
    finally:
        await store.close()
    assert [str(one) for one in found if isinstance(one, BadInput) and str(damaged)[1:] in str(one)] != []
    ids = [one.get("id") for one in found if not isinstance(one, BadInput)]
    assert {str(before), str(after)} <= set(ids)
