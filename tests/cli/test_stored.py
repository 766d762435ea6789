"""Reading every finding for a verb that looks at all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from muster.cli import stored
from muster.values.errors import BadInput
from muster.values.json import JsonObject


class Half:
    """A store of which one finding was half written."""

    async def each_latest(self) -> AsyncIterator[JsonObject | BadInput]:
        yield {"resource": {"id": "/b"}}
        yield BadInput("half written", reason="notAFinding")
        yield {"resource": {"id": "/a"}}


def test_what_is_damaged_is_counted_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def opened(_storage: str | None, _data: Path) -> AsyncIterator[Half]:
        yield Half()

    monkeypatch.setattr(stored, "stored_findings", opened)
    found = stored.read_findings("here", Path("there"))
    assert [finding["resource"] for finding in found] == [{"id": "/a"}, {"id": "/b"}]
    assert capsys.readouterr().err == "1 stored finding is damaged and left out.\n"
