import asyncio
import json

import pytest

from muster.adapters import blob_marks
from muster.adapters.blob_marks import MARK_PREFIX, BlobMarks, marked_findings
from muster.values.errors import TransientFault


class Written:
    """Marks as they were put."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.came: asyncio.Queue[str] = asyncio.Queue()

    async def put(self, name: str, data: bytes) -> None:
        assert name not in self.blobs
        self.blobs[name] = data
        await self.came.put(name)

    @property
    def marks(self) -> list[list[str]]:
        return [json.loads(data) for data in self.blobs.values()]


async def test_what_changes_together_has_one_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_marks, "PAUSE_SECONDS", 0.0)
    written = Written()
    marks = BlobMarks(written.put)
    for name in ("latest/a.json", "latest/b.json", "latest/a.json"):
        marks.add(name)
    await written.came.get()
    marks.add("latest/c.json")
    await written.came.get()
    assert written.marks == [["latest/a.json", "latest/b.json"], ["latest/c.json"]]
    assert all(name.startswith(MARK_PREFIX) for name in written.blobs)


async def test_a_store_that_closes_marks_what_waits() -> None:
    written = Written()
    marks = BlobMarks(written.put)
    marks.add("latest/a.json")
    await marks.close()
    await marks.close()
    assert written.marks == [["latest/a.json"]]


async def test_what_changes_while_a_mark_is_written_has_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_marks, "PAUSE_SECONDS", 0.0)
    written = Written()

    async def put(name: str, data: bytes) -> None:
        if not written.blobs:
            marks.add("latest/a.json")
            marks.add("latest/b.json")
        await written.put(name, data)

    marks = BlobMarks(put)
    marks.add("latest/a.json")
    for _ in range(2):
        await asyncio.wait_for(written.came.get(), 10)
    assert written.marks == [["latest/a.json"], ["latest/a.json", "latest/b.json"]]


async def test_a_mark_that_can_not_be_written_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_marks, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(blob_marks, "AGAIN_SECONDS", 0.0)
    written, tries = Written(), 0

    async def put(name: str, data: bytes) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise TransientFault("busy")
        await written.put(name, data)

    marks = BlobMarks(put)
    marks.add("latest/a.json")
    await asyncio.wait_for(written.came.get(), 10)
    assert (written.marks, tries) == ([["latest/a.json"]], 3)


async def test_a_store_that_closes_in_the_middle_of_a_mark_writes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_marks, "PAUSE_SECONDS", 0.0)
    written, begun = Written(), asyncio.Event()

    async def put(name: str, data: bytes) -> None:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        await written.put(name, data)

    marks = BlobMarks(put)
    marks.add("latest/a.json")
    await begun.wait()
    await marks.close()
    assert written.marks == [["latest/a.json"]]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b'["latest/a.json", "latest/b.json"]', ("latest/a.json", "latest/b.json")),
        (b'["index/findings.sqlite", 1, null, "latest/b.json"]', ("latest/b.json",)),
        (b"", ()),
        (b"\xff", ()),
        (b'{"latest/a.json": 1}', ()),
        (b"[" * 100_000, ()),
    ],
)
def test_a_mark_names_findings_and_nothing_else(content: bytes, names: tuple[str, ...]) -> None:
    assert marked_findings(content) == names
