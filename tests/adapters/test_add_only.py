"""Creating as an identity that may add and not overwrite, which storage may refuse where the blob is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from muster.adapters.blob_feed import BlobFeed
from muster.adapters.blob_findings import BlobFindings, blob_service
from muster.values.errors import TransientFault
from muster.values.resource_id import ResourceId

VM = ResourceId.parse(
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g"
    "/providers/Microsoft.Compute/virtualMachines/vm"
)


@asynccontextmanager
async def account(*, there: bool, readable: bool = True) -> AsyncIterator[str]:
    """The connection string of an account that refuses every write, in which every blob is there or none is."""

    async def answer(request: web.Request) -> web.Response:
        if request.method == "HEAD" and readable:
            return web.Response(status=200 if there else 404)
        return web.Response(status=403, headers={"x-ms-error-code": "AuthorizationPermissionMismatch"})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/acc"
        yield f"AccountName=acc;AccountKey=a2V5;BlobEndpoint={endpoint}"
    finally:
        await runner.cleanup()


async def test_a_record_that_is_there_is_there_whatever_the_refusal() -> None:
    async with account(there=True) as connection:
        store = BlobFindings.from_connection_string(connection)
        assert not (await store.put_history(VM, "e1", {"n": 1})).added
        await store.put_unprocessed("reason/1.json", {"n": 1})
        await store.close()
        async with blob_service(connection) as service:
            assert await BlobFeed(service).create("1.ndjson", "{}") is False


@pytest.mark.parametrize("readable", [True, False])
async def test_a_refusal_to_add_is_a_fault(readable: bool) -> None:
    async with account(there=False, readable=readable) as connection:
        store = BlobFindings.from_connection_string(connection)
        with pytest.raises(TransientFault, match="AuthorizationPermissionMismatch"):
            await store.put_history(VM, "e1", {"n": 1})
        await store.close()
