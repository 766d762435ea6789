"""The index of findings in Blob Storage, beside the findings: `index/findings.sqlite`, its `index/state.json`, marks of
what changed under `index/changed/`, and a lease on `index/writer`, which makes one process at a time the writer."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobLeaseClient, ContainerClient

from muster.adapters.blob_findings import LISTED_AT_ONCE, read_document
from muster.adapters.blob_marks import MARK_PREFIX, marked_findings
from muster.adapters.blob_names import LATEST_PREFIX
from muster.adapters.index_file import IndexFile, open_file
from muster.adapters.storage_faults import storage_faults
from muster.jobs.index import Mark, ReadFinding
from muster.values.errors import BadInput, Conflict
from muster.values.instant import format_instant, parse_instant

FILE, STATE, WRITER = "index/findings.sqlite", "index/state.json", "index/writer"
LEASE_SECONDS = 60
_READ_AHEAD = 16


@dataclass(frozen=True, slots=True)
class IndexState:
    """What is published: the etag of the file, and when it was last as the findings are (UTC)."""

    etag: str
    current_at: datetime
    complete: bool


class BlobIndex:
    """The index in the container of findings; also a FindingFeed (muster/jobs/index.py)."""

    def __init__(self, findings: ContainerClient) -> None:
        self._findings = findings

    async def state(self) -> IndexState | None:
        """What is published; None where there is nothing, or nothing that can be used."""
        with storage_faults(f"reading {STATE}"):
            try:
                data = await (await self._findings.download_blob(STATE)).readall()
            except ResourceNotFoundError:
                return None
        try:
            value = json.loads(data)
            return IndexState(str(value["etag"]), parse_instant(value["currentAt"]), value["complete"] is True)
        except (ValueError, TypeError, KeyError):
            return None

    async def download(self, target: Path) -> str | None:
        """Write the published file to `target`; its etag, None where there is none."""
        with storage_faults(f"reading {FILE}"):
            try:
                stream = await self._findings.download_blob(FILE, max_concurrency=4)
            except ResourceNotFoundError:
                return None
            with target.open("wb") as file:
                await stream.readinto(file)
            return str(stream.properties.etag)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator["HeldBlobIndex | None"]:
        """Be the one writer until the block is left; None where another is."""
        lease = await self._lease()
        if lease is None:
            yield None
            return
        try:
            with TemporaryDirectory(prefix="muster-index-") as folder:
                path = Path(folder) / "index.sqlite"
                etag = await self.download(path)
                held = HeldBlobIndex(self._findings, lease, path, etag)
                try:
                    yield held
                finally:
                    held.file.close()
        finally:
            with suppress(AzureError):
                await lease.release()

    async def marks(self) -> Sequence[Mark]:
        """See FindingFeed.marks."""
        with storage_faults(f"listing {MARK_PREFIX}"):
            try:
                blobs = [name async for name in self._findings.list_blob_names(name_starts_with=MARK_PREFIX)]
            except ResourceNotFoundError:
                return []
        found: list[Mark] = []
        for start in range(0, len(blobs), _READ_AHEAD):
            found += await asyncio.gather(*map(self._mark, blobs[start : start + _READ_AHEAD]))
        return found

    async def etags(self) -> AsyncIterator[tuple[str, str]]:
        """See FindingFeed.etags."""
        with storage_faults(f"listing {LATEST_PREFIX}"):
            try:
                found = self._findings.list_blobs(name_starts_with=LATEST_PREFIX, results_per_page=LISTED_AT_ONCE)
                async for item in found:
                    yield item.name, _bare(item.etag)
            except ResourceNotFoundError:
                return

    async def read(self, names: Sequence[str]) -> Sequence[ReadFinding]:
        """See FindingFeed.read."""
        found: list[ReadFinding] = []
        for start in range(0, len(names), _READ_AHEAD):
            found += await asyncio.gather(*map(self._read, names[start : start + _READ_AHEAD]))
        return found

    async def unmark(self, marks: Iterable[Mark]) -> None:
        """See FindingFeed.unmark."""
        wanted = list(marks)
        for start in range(0, len(wanted), _READ_AHEAD):
            await asyncio.gather(*map(self._unmark, wanted[start : start + _READ_AHEAD]))

    async def _read(self, name: str) -> ReadFinding:
        with storage_faults(f"reading {name}"):
            try:
                stream = await self._findings.download_blob(name)
                data = await stream.readall()
            except ResourceNotFoundError:
                return ReadFinding(name, "", None)
        etag = _bare(stream.properties.etag)
        try:
            return ReadFinding(name, etag, read_document(data, name))
        except BadInput as fault:
            return ReadFinding(name, etag, None, str(fault))

    async def _mark(self, blob: str) -> Mark:
        with storage_faults(f"reading {blob}"):
            try:
                stream = await self._findings.download_blob(blob)
                return Mark(blob, marked_findings(await stream.readall()))
            except ResourceNotFoundError:
                return Mark(blob, ())

    async def _unmark(self, mark: Mark) -> None:
        with storage_faults(f"deleting {mark.blob}"):
            try:
                await self._findings.delete_blob(mark.blob)
            except ResourceNotFoundError:
                return

    async def _lease(self) -> BlobLeaseClient | None:
        blob = self._findings.get_blob_client(WRITER)
        with storage_faults(f"leasing {WRITER}"):
            for _ in range(2):
                try:
                    return await blob.acquire_lease(lease_duration=LEASE_SECONDS)
                except ResourceNotFoundError:
                    with suppress(ResourceExistsError):
                        await self._make_writer(blob)
                except HttpResponseError as error:
                    if error.status_code == 409:
                        return None
                    raise
        return None

    async def _make_writer(self, blob: Any) -> None:
        try:
            await blob.upload_blob(b"", overwrite=False)
        except ResourceNotFoundError:
            with suppress(ResourceExistsError):
                await self._findings.create_container()
            await blob.upload_blob(b"", overwrite=False)


class HeldBlobIndex:
    """The index while this process is its writer (HeldIndex in muster/jobs/index.py)."""

    def __init__(self, findings: ContainerClient, lease: BlobLeaseClient, path: Path, etag: str | None) -> None:
        self._findings, self._lease, self._path, self._etag = findings, lease, path, etag
        try:
            self.file = IndexFile(open_file(path, writable=True))
        except sqlite3.DatabaseError:
            path.unlink()
            self.file = IndexFile(open_file(path, writable=True))

    async def renew(self) -> None:
        """See HeldIndex.renew."""
        with storage_faults(f"renewing the lease on {WRITER}"):
            try:
                await self._lease.renew()
            except HttpResponseError as error:
                if error.status_code == 409:
                    raise Conflict("another process became the writer of the index") from error
                raise

    async def save(self, current_at: datetime, *, changed: bool, complete: bool) -> None:
        """See HeldIndex.save."""
        await self.renew()
        if changed or self._etag is None:
            self.file.commit()
            condition: dict[str, Any] = {"overwrite": self._etag is not None}
            if self._etag is not None:
                condition |= {"etag": self._etag, "match_condition": MatchConditions.IfNotModified}
            with storage_faults(f"writing {FILE}"), self._path.open("rb") as file:
                answer = await self._findings.upload_blob(FILE, file, max_concurrency=4, **condition)
                self._etag = str((await answer.get_blob_properties()).etag)
        state = {"etag": self._etag, "currentAt": format_instant(current_at), "complete": complete}
        with storage_faults(f"writing {STATE}"):
            await self._findings.upload_blob(STATE, json.dumps(state).encode(), overwrite=True)


def _bare(etag: object) -> str:
    """An etag without its quotes, which lists leave out and other answers have."""
    return str(etag).strip('"')
