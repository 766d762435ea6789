"""The feed in Blob Storage: written once, made from what lies there, read by DuckDB as its documentation says."""

import json
import re
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from muster.adapters.blob_documents import BlobDocuments
from muster.adapters.blob_feed import FEED_STATE, BlobFeed, finding_heads
from muster.adapters.blob_findings import BlobFindings
from muster.jobs.publish import FeedStores, publish_feed
from muster.values.states import State
from tests.conftest import ROOT
from tests.jobs.fleet import Fleet, vm
from tests.report.exported import HOSTILE

pytestmark = pytest.mark.azurite


async def test_a_segment_is_written_once(storage: str) -> None:
    store = BlobFindings.from_connection_string(storage)
    feed, name = BlobFeed(store.service), f"date=2000-01-01/hour=00/{uuid4().int % 10**12:012}.ndjson"
    try:
        assert await feed.read(name) is None
        assert await feed.create(name, "one\n") is True
        assert await feed.create(name, "two\n") is False
        assert await feed.read(name) == "one\n"
        assert name in [found async for found in feed.names("date=2000-01-01/")]
    finally:
        await store.close()


async def test_the_feed_of_stored_findings_has_every_change_once(storage: str) -> None:
    store = BlobFindings.from_connection_string(storage)
    fleet = Fleet(store)
    name, long = f"feed-{uuid4()}", f"feed-{uuid4()}/extensions/{'x' * 240}/a/{'y' * 240}/b/{'z' * 240}"
    feed = BlobFeed(store.service)
    try:
        for state in (State.NON_COMPLIANT, State.COMPLIANT):
            await fleet.judged(name, {"tpm": state})
            await fleet.judged(long, {"tpm": state})
            stores = FeedStores(finding_heads(store.service), store, BlobDocuments(store.service, FEED_STATE), feed)
            done = await publish_feed(stores, clock=lambda: fleet.now, product_version="0.1.0")
            assert done.complete
        heads = [head.resource_id async for head in finding_heads(store.service)]
        assert vm(name) in heads
        assert vm(long) in heads
        lines = [
            json.loads(line)
            async for one in feed.names("date=2026-11-23")
            for line in (await feed.read(one) or "").splitlines()
        ]
    finally:
        await store.close()
    mine = [line for line in lines if line.get("resources", [{}])[0].get("name") in (name, long)]
    assert sorted(line["activity_id"] for line in mine) == [1, 1, 3, 3]


def _query() -> str:
    """The query that the documentation gives for DuckDB."""
    text = (ROOT / "docs" / "feed.md").read_text("utf-8")
    found = re.search(r"```sql\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


async def test_duckdb_reads_the_feed_as_the_documentation_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = Fleet()
    await fleet.judged("fixed", {"tpm": State.NON_COMPLIANT})
    for number, text in enumerate(HOSTILE):
        await fleet.judged(f"vm{number}", {"tpm": State.NON_COMPLIANT, "boot": State.COMPLIANT}, message=text)
    await fleet.publish()
    await fleet.judged("fixed", {"tpm": State.COMPLIANT})
    await fleet.publish()
    for name, text in fleet.feed.segments.items():
        (tmp_path / "feed" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "feed" / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    rows = duckdb.connect().execute(_query()).fetchall()
    assert sorted(row[0] for row in rows) == [f"vm{number}" for number in range(len(HOSTILE))]
    assert {row[2] for row in rows} == {"High"}
