"""Answers of storage over a real socket, as what they mean to whoever asked."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.core.pipeline.transport import AioHttpTransportResponse

from muster.adapters.storage_faults import storage_faults
from muster.adapters.storage_requests import API_VERSION, StorageRequests
from muster.values.errors import TransientFault

ERROR = "<?xml version='1.0'?><Error><Code>Told</Code><Message>é</Message></Error>"


@asynccontextmanager
async def answering(
    status: int, headers: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[StorageRequests, list[web.Request]]]:
    """Requests of a service that always answers so, and what it was asked."""
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(status=status, text=ERROR, headers=headers, content_type="application/xml")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    requests = StorageRequests(f"http://127.0.0.1:{runner.addresses[0][1]}/account", None)
    try:
        yield requests, asked
    finally:
        await requests.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, ResourceNotFoundError), (409, ResourceExistsError), (412, ResourceModifiedError), (403, HttpResponseError)],
)
async def test_a_refusal_is_the_error_that_the_sdk_raises(status: int, kind: type[HttpResponseError]) -> None:
    async with answering(status, {"x-ms-error-code": "Told"}) as (requests, _):
        with pytest.raises(kind, match=f"{status} Told") as raised:
            await requests.send("PUT", "c/name", {}, b"content")
    assert type(raised.value) is kind
    assert (raised.value.status_code, raised.value.error_code) == (status, "Told")  # type: ignore[attr-defined]


async def test_nothing_there_is_an_answer_where_it_is_read() -> None:
    async with answering(404, {"x-ms-error-code": "BlobNotFound"}) as (requests, _):
        assert await requests.get("c/name") is None
    async with answering(403) as (requests, _):
        with pytest.raises(HttpResponseError):
            await requests.get("c/name")


async def test_how_long_a_throttled_storage_wants_to_be_left_alone_is_told() -> None:
    async with answering(409, {"x-ms-error-code": "Busy", "Retry-After": "7"}) as (requests, _):
        with pytest.raises(TransientFault, match="storage answered 409 Busy") as raised, storage_faults("writing"):
            await requests.send("PUT", "c/name", {}, b"")
    assert raised.value.retry_after == 7


async def test_what_is_sent_is_dated_and_names_its_version() -> None:
    async with answering(201) as (requests, asked):
        await requests.send("PUT", "c/name", {"If-None-Match": "*"}, b"content", "comp=metadata")
    (request,) = asked
    assert (request.method, request.path_qs) == ("PUT", "/account/c/name?comp=metadata")
    assert (request.headers["x-ms-version"], request.headers["If-None-Match"]) == (API_VERSION, "*")
    assert request.headers["x-ms-date"].endswith("GMT")
    assert request.headers["Content-Length"] == "7"


async def test_an_error_does_not_read_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    # Guessing a text's encoding takes a library whose tables are 22 MB.
    def read(_self: object, _encoding: str | None = None) -> str:
        pytest.fail("the text was read")

    monkeypatch.setattr(AioHttpTransportResponse, "text", read)
    async with answering(404) as (requests, _):

        async def refused_twice() -> None:
            try:
                await requests.send("PUT", "c/name", {}, b"")
            except ResourceNotFoundError:
                await requests.send("PUT", "c", {}, b"")

        with pytest.raises(ResourceNotFoundError) as raised:
            await refused_twice()
    assert str(raised.value) == "404"
