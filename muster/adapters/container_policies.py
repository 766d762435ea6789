"""Policies from a blob container, so that authors change rules without a deployment.

What lies there is a folder of policies as any other. It is asked for changes at most every CHECK_SECONDS; a version is
read when nothing was uploaded for QUIET, so that half an upload is not taken for one, and taken in whole or not at all.
One that is broken is refused and reported, and the last good one goes on: it is kept beside, so that a worker that
starts meanwhile has it too.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob.aio import ContainerClient

from muster.adapters.policy_files import load_schemas
from muster.adapters.storage_faults import storage_faults
from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.files import load_policy_files
from muster.policy.kinds import Kind
from muster.ports import Clock, DocumentStore, FindingStore
from muster.values.errors import BadInput, BrokenPolicySet, TransientFault
from muster.values.instant import format_instant
from muster.values.json import JsonObject, as_object, as_text

CHECK_SECONDS = 15.0
QUIET = timedelta(seconds=5)
MAX_FILES = 20_000
MAX_BYTES = 64 * 1024 * 1024
ACCEPTED = "policies/accepted.json"
MOST_FAULTS = 100
AT_ONCE = 16

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The files of a container: name -> etag. `newest`: when the last of them was written."""

    etags: dict[str, str]
    newest: datetime

    @property
    def fingerprint(self) -> str:
        return sha256(repr(sorted(self.etags.items())).encode()).hexdigest()


class ContainerPolicies:
    """The policies of a container below a prefix ("" or ending in `/`). `documents` keeps the last good version,
    `store` the records of refused ones."""

    def __init__(
        self,
        container: ContainerClient,
        prefix: str,
        *,
        documents: DocumentStore,
        store: FindingStore,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._container = container
        self._prefix = prefix
        self._documents = documents
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._judge: BoundPolicySet | None = None
        self._settled = ""
        self._checked: float | None = None

    async def current(self) -> BoundPolicySet:
        """The newest good version. Raises TransientFault where there never was one, or none is at hand and storage does
        not answer."""
        async with self._lock:
            if self._judge is None or self._checked is None or self._monotonic() - self._checked >= CHECK_SECONDS:
                await self._check()
        assert self._judge is not None
        return self._judge

    async def _check(self) -> None:
        self._checked = self._monotonic()
        try:
            listed = await self._list()
            if listed.fingerprint != self._settled and self._is_quiet(listed):
                await self._take(listed)
        except TransientFault as fault:
            if self._judge is None:
                await self._last_good(str(fault))
            log.warning("the policies of %s could not be read, the last good ones go on: %s", self._place, fault)
        if self._judge is None:
            await self._last_good("it is being uploaded")

    def _is_quiet(self, listed: _Listed) -> bool:
        return self._clock() - listed.newest >= QUIET

    async def _take(self, listed: _Listed) -> None:
        try:
            texts = await self._read(listed)
            judge = await asyncio.to_thread(_bound, texts)
        except (BadInput, BrokenPolicySet) as broken:
            await self._refuse(listed, broken)
            return
        await self._documents.put(ACCEPTED, {"version": judge.version, "files": {**texts}})
        self._judge, self._settled = judge, listed.fingerprint
        log.info("policies %s of %s", judge.version, self._place)

    async def _refuse(self, listed: _Listed, broken: BadInput | BrokenPolicySet) -> None:
        faults = broken.faults if isinstance(broken, BrokenPolicySet) else ()
        first = f", the first {faults[0].file}: {faults[0].message}" if faults else ""
        log.error("the policies of %s are refused, the last good ones go on: %s%s", self._place, broken, first)
        record: JsonObject = {
            "schemaVersion": "1.0",
            "reason": "brokenPolicies",
            "message": f"{broken}{first}",
            "time": format_instant(self._clock()),
            "came": [
                {"file": fault.file, "pointer": fault.pointer, "message": fault.message}
                for fault in faults[:MOST_FAULTS]
            ],
        }
        await self._store.put_unprocessed(f"brokenPolicies/{listed.fingerprint[:32]}.json", record)
        self._settled = listed.fingerprint
        if self._judge is None:
            await self._last_good(str(broken))

    async def _last_good(self, why: str) -> None:
        """What some worker took before. Raises TransientFault where there is none."""
        kept = await self._documents.read(ACCEPTED)
        if kept is None:
            raise TransientFault(f"no policies of {self._place} can be used: {why}")
        try:
            texts = {name: as_text(text) for name, text in as_object(kept.document["files"]).items()}
            self._judge = await asyncio.to_thread(_bound, texts)
        except (KeyError, TypeError, BrokenPolicySet) as error:
            raise TransientFault(f"the last good policies of {self._place} can't be used: {error}") from error

    async def _list(self) -> _Listed:
        etags: dict[str, str] = {}
        newest = datetime.min.replace(tzinfo=UTC)
        folders = tuple(f"{self._prefix}{kind.folder}/" for kind in Kind)
        with storage_faults(f"listing {self._place}"):
            try:
                async for blob in self._container.list_blobs(name_starts_with=self._prefix or None):
                    if not blob.name.startswith(folders) or not blob.name.lower().endswith(".json"):
                        continue
                    etags[blob.name] = str(blob.etag).strip('"')
                    newest = max(newest, blob.last_modified)
                    if len(etags) > MAX_FILES:
                        break
            except ResourceNotFoundError as error:
                raise TransientFault(f"{self._place} is not there") from error
        return _Listed(etags, newest)

    async def _read(self, listed: _Listed) -> dict[str, str]:
        """All files as they were listed. Raises BadInput where they can't be a policy set, TransientFault where one was
        changed meanwhile."""
        if not listed.etags:
            raise BadInput(f"no policies are in {self._place}", reason="noPolicies")
        if len(listed.etags) > MAX_FILES:
            raise BadInput(f"more than {MAX_FILES:,} files are in {self._place}", reason="tooLarge")
        slots = asyncio.Semaphore(AT_ONCE)
        room = MAX_BYTES

        async def one(name: str) -> tuple[str, str]:
            nonlocal room
            async with slots:
                data = await self._file(name, listed.etags[name])
            room -= len(data)
            if room < 0:
                raise BadInput(f"the policies are larger than {MAX_BYTES:,} bytes", reason="tooLarge")
            try:
                return name.removeprefix(self._prefix), data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise BadInput(f"{name} is not UTF-8", reason="brokenPolicies") from error

        return dict(await asyncio.gather(*map(one, sorted(listed.etags))))

    async def _file(self, name: str, etag: str) -> bytes:
        with storage_faults(f"reading {self._place}/{name}"):
            try:
                stream = await self._container.download_blob(
                    name, etag=f'"{etag}"', match_condition=MatchConditions.IfNotModified
                )
                return await stream.readall()
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                raise TransientFault(f"{name} was changed while the policies were read") from error

    @property
    def _place(self) -> str:
        return f"{self._container.container_name}/{self._prefix}".rstrip("/")


def _bound(texts: dict[str, str]) -> BoundPolicySet:
    return bind(load_policy_files(texts, load_schemas()), AzureAliases())
