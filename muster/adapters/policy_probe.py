"""Reads what an installation judges by, without changing it: a PolicyProbe (muster/jobs/doctor)."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from muster.adapters.catalogue_files import load_catalogue, with_catalogue
from muster.adapters.container_policies import ACCEPTED
from muster.adapters.policy_files import find_policies, load_schemas, read_texts
from muster.facts.catalogue import stale_files
from muster.jobs.doctor.installation import PolicyState
from muster.policy.files import load_policy_files
from muster.policy.kinds import Kind
from muster.ports import DocumentStore
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BadInput, BrokenPolicySet
from muster.values.json import as_object, as_text

REFUSED = "brokenPolicies/"


class FolderPolicies:
    """The policies of a folder, of muster's own where none is given. Read once: an app's do not change while it
    runs."""

    def __init__(self, folder: Path | None, today: Callable[[], date]) -> None:
        self._folder = folder
        self._today = today
        self._state: PolicyState | None = None
        self._lock = asyncio.Lock()

    async def look(self) -> PolicyState:
        """See PolicyProbe.look."""
        async with self._lock:
            if self._state is None:
                self._state = await asyncio.to_thread(self._read)
        return self._state

    def _read(self) -> PolicyState:
        folder = find_policies(self._folder, {})
        texts, faults = read_texts(folder, tuple(kind.folder for kind in Kind))
        return _state(str(folder), texts, faults, folder, self._today())


class UploadedPolicies:
    """The policies of a container: what was accepted last, which is judged by, and how many uploads were refused."""

    def __init__(
        self, place: str, sweeps: DocumentStore, unprocessed: DocumentStore, today: Callable[[], date]
    ) -> None:
        self._place = place
        self._sweeps = sweeps
        self._unprocessed = unprocessed
        self._today = today

    async def look(self) -> PolicyState:
        """See PolicyProbe.look."""
        kept = await self._sweeps.read(ACCEPTED)
        refused = len([name async for name in self._unprocessed.names(REFUSED)])
        own = await asyncio.to_thread(find_policies, None, {})
        if kept is None:
            said = "No upload was accepted yet, so that nothing is judged."
            fault = Diagnostic("noPolicies", Level.ERROR, said, self._place)
            return _catalogued(PolicyState(self._place, None, (fault,), refused), own, self._today())
        try:
            texts = {name: as_text(text) for name, text in as_object(kept.document["files"]).items()}
        except (KeyError, TypeError) as error:
            raise BadInput(f"{ACCEPTED} is not what was accepted", reason="damagedDocument") from error
        return await asyncio.to_thread(_state, self._place, texts, [], own, self._today(), refused)


def _state(
    place: str, texts: dict[str, str], faults: list[Diagnostic], catalogue: Path, today: date, refused: int = 0
) -> PolicyState:
    try:
        if faults:
            raise BrokenPolicySet(faults)
        state = PolicyState(place, load_policy_files(texts, load_schemas()), refused=refused)
    except BrokenPolicySet as broken:
        state = PolicyState(place, None, broken.faults, refused)
    return _catalogued(state, catalogue, today)


def _catalogued(state: PolicyState, folder: Path, today: date) -> PolicyState:
    loaded = load_catalogue(with_catalogue(folder))
    wrong = tuple(fault for fault in loaded.faults if fault.level is Level.ERROR)
    stale = tuple(fault.file for fault in stale_files(loaded.catalogue, today))
    return PolicyState(
        state.place,
        None if wrong else state.files,
        (*state.faults, *wrong),
        state.refused,
        loaded.catalogue.date,
        stale,
    )
