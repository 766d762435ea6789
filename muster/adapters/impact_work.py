"""Weighing many resources, on several processors where that pays."""

import asyncio
import contextlib
import gc
import multiprocessing
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.resource_files import FiledResource
from muster.jobs.close import is_closed
from muster.jobs.impact import Sides, impact_on_body, impact_on_stored
from muster.jobs.stored_document import StoredEvaluation
from muster.ports import FindingStore
from muster.report.impact import ResourceImpact
from muster.values.errors import BadInput, InvalidResourceId
from muster.values.json import JsonObject, as_object, as_text
from muster.values.resource_id import ResourceId

PAYS_FROM = 400
"""Resources. For fewer, one process is done before others have begun."""

CHUNK = 64
MOST_PROCESSES = 8
READ_AT_ONCE = 16
"""Records that are read from the store at the same time."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A stored finding that can't be used; `why` is a sentence."""

    why: str


class _Bodies:
    """Resources from files, each of which may be related to any other."""

    def __init__(self, resources: Sequence[FiledResource], sides: Sides, now: datetime) -> None:
        self.resources = resources
        self.sides = sides
        self.now = now
        bodies = {}
        for resource in resources:
            with contextlib.suppress(InvalidResourceId):
                bodies[ResourceId.parse(resource.body.get("id"))] = resource.body
        self.reader = RecordedAzure(bodies, lambda: now)

    def weigh(self, start: int) -> list[ResourceImpact]:
        return asyncio.run(self._weigh(self.resources[start : start + CHUNK]))

    async def _weigh(self, resources: Iterable[FiledResource]) -> list[ResourceImpact]:
        return [
            _placed(await impact_on_body(one.body, self.sides, reader=self.reader, now=self.now), one.place)
            for one in resources
        ]


def _placed(impact: ResourceImpact, place: str) -> ResourceImpact:
    """The same, named by its place in the files where it has no id."""
    return impact if impact.id else replace(impact, id=place, name=impact.name or place)


_inherited: list[_Bodies] = []
"""What forked processes are to work on: they have it without its being sent to them."""


def _weigh_inherited(start: int) -> list[ResourceImpact]:
    return _inherited[-1].weigh(start)


def weigh_resources(
    resources: Sequence[FiledResource], sides: Sides, now: datetime, processes: int | None = None
) -> Iterator[ResourceImpact]:
    """What becomes of resources, in their order, as it is found out. `processes` None: as many as there are processors
    to use and pay. Where the system can't fork there is one."""
    bodies = _Bodies(resources, sides, now)
    starts = range(0, len(resources), CHUNK)
    many = _processes(len(resources)) if processes is None else processes
    if many < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for start in starts:
            yield from bodies.weigh(start)
        return
    _inherited.append(bodies)
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(many) as pool:
            for found in pool.imap(_weigh_inherited, starts):
                yield from found
    finally:
        gc.unfreeze()
        _inherited.pop()


def _processes(resources: int) -> int:
    if resources < PAYS_FROM:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_PROCESSES)


async def weigh_stored(store: FindingStore, sides: Sides, now: datetime) -> AsyncIterator[ResourceImpact | Damaged]:
    """What becomes of all resources that have a finding in the store and are still there, as it is read.

    Raises TransientFault where the store does not answer.
    """
    async for batch in _batched(store.all_latest()):
        records = await asyncio.gather(*(_stored(store, finding) for finding in batch))
        for stored in records:
            if isinstance(stored, Damaged):
                yield stored
                continue
            try:
                yield impact_on_stored(stored, sides, now)
            except (KeyError, TypeError, ValueError) as error:
                yield Damaged(f"A stored finding can't be used: {type(error).__name__} {error}.")


async def _batched(findings: AsyncIterator[JsonObject]) -> AsyncIterator[list[JsonObject]]:
    batch: list[JsonObject] = []
    async for finding in findings:
        if not is_closed(finding):
            batch.append(finding)
        if len(batch) == READ_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _stored(store: FindingStore, finding: JsonObject) -> StoredEvaluation | Damaged:
    try:
        resource_id = ResourceId.parse(as_object(finding["resource"])["id"])
        evaluation = as_text(as_object(finding["evaluation"])["id"])
    except (KeyError, TypeError, InvalidResourceId) as error:
        return Damaged(f"A stored finding is damaged: {error}.")
    try:
        stored = await store.history(resource_id, evaluation)
    except BadInput:
        stored = None
    return StoredEvaluation(finding, stored.document if stored else None)
