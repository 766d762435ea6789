"""Fetching release data: from one host only, never more than is read, never somewhere else by a redirect."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from muster.adapters import release_data
from muster.values.errors import BadInput, TransientFault


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://endoflife.date/api/v1/products/ubuntu", True),
        ("https://ENDOFLIFE.date:443/api/v1/products/full", True),
        ("http://endoflife.date/api/v1/products/ubuntu", False),
        ("https://endoflife.date.evil.example/api", False),
        ("https://evil.example/endoflife.date", False),
        ("https://endoflife.date@evil.example/", False),
        ("https://user:secret@endoflife.date/", False),
        ("https://endoflife.date:8443/", False),
        ("https://endoflife.date:99999/", False),
        ("https://[endoflife.date/", False),
        ("file:///etc/passwd", False),
        ("//endoflife.date/", False),
        ("", False),
    ],
)
async def test_addresses(url: str, allowed: bool) -> None:
    assert release_data.is_allowed(url) is allowed
    if not allowed:
        with pytest.raises(BadInput, match="only"):
            await release_data.fetch(url)


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.Response:
        match request.path:
            case "/good":
                return web.Response(text='\ufeff{"result": []}')
            case "/large":
                return web.Response(body=b" " * 2048)
            case "/latin":
                return web.Response(body=b"\xe9")
            case "/moved":
                return web.Response(status=301, headers={"Location": "/good"})
            case "/busy":
                return web.Response(status=503)
            case _:
                return web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def test_an_answer(server: TestServer) -> None:
    assert await release_data.download(str(server.make_url("/good"))) == '{"result": []}'


@pytest.mark.parametrize(
    ("path", "fault", "words"),
    [
        ("/moved", BadInput, "301"),
        ("/nowhere", BadInput, "404"),
        ("/latin", BadInput, "UTF-8"),
        ("/large", BadInput, "more than"),
        ("/busy", TransientFault, "503"),
    ],
)
async def test_answers_that_are_no_data(
    server: TestServer, monkeypatch: pytest.MonkeyPatch, path: str, fault: type[Exception], words: str
) -> None:
    monkeypatch.setattr(release_data, "MAX_BYTES", 1024)
    with pytest.raises(fault, match=words):
        await release_data.download(str(server.make_url(path)))


async def test_nobody_there(server: TestServer) -> None:
    url = str(server.make_url("/good"))
    await server.close()
    with pytest.raises(TransientFault, match="did not answer"):
        await release_data.download(url)


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "data.json"
    file.write_bytes(b"\xef\xbb\xbf{}")
    assert release_data.read_local(file) == "{}"
    monkeypatch.setattr(release_data, "MAX_BYTES", 4)
    with pytest.raises(BadInput, match="more than"):
        release_data.read_local(file)
    with pytest.raises(BadInput, match="can't be read"):
        release_data.read_local(tmp_path / "none.json")
    with pytest.raises(BadInput, match="can't be read"):
        release_data.read_local(tmp_path)
