"""What changed since a time: the latest findings against the evaluations that held then."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from muster.ports import FindingStore
from muster.report.finding_diff import Difference, finding_diff
from muster.values.errors import BadInput
from muster.values.instant import parse_instant
from muster.values.json import JsonObject, as_object, as_text
from muster.values.resource_id import ResourceId

MOST_STEPS = 10_000
"""Records of one resource that are followed back."""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource that is another. `difference` None: it was not known then. `fault` says where its history breaks off
    or can't be read."""

    resource: str
    state: str
    difference: Difference | None = None
    fault: str = ""


async def changes_since(store: FindingStore, since: datetime) -> AsyncIterator[ResourceChange]:
    """Every resource whose latest evaluation is newer than `since` (UTC) and says something else than the one that
    held then. Raises TransientFault where the store does not answer."""
    async for finding in store.each_latest():
        if isinstance(finding, BadInput):
            yield ResourceChange("", "", fault=f"a stored finding is damaged: {finding}")
            continue
        try:
            if _observed(finding) <= since:
                continue
            resource = as_text(as_object(finding["resource"])["id"])
            change = ResourceChange(resource, as_text(finding["state"]))
        except (KeyError, TypeError, ValueError):
            yield ResourceChange("", "", fault="a stored finding is damaged")
            continue
        try:
            before = await _held(store, ResourceId.parse(resource), finding, since)
            difference = None if before is None else finding_diff(before, finding)
        except (BadInput, KeyError, TypeError, ValueError) as error:
            yield ResourceChange(resource, change.state, fault=f"its history can't be followed: {error}")
            continue
        if difference is None or difference.results or difference.facts:
            yield ResourceChange(resource, change.state, difference)


async def _held(store: FindingStore, resource: ResourceId, finding: JsonObject, since: datetime) -> JsonObject | None:
    """The record that held at a time; None where the resource was not known. Raises BadInput for a broken chain."""
    record = finding
    for _ in range(MOST_STEPS):
        if _observed(record) <= since:
            return record
        wanted = as_text(as_object(record["evaluation"])["predecessor"] or "")
        if not wanted:
            return None
        found = await store.history(resource, wanted)
        if found is None:
            raise BadInput(f"the record {wanted} is missing")
        record = found.document
    raise BadInput(f"more than {MOST_STEPS:,} records")


def _observed(finding: JsonObject) -> datetime:
    return parse_instant(as_text(as_object(finding["evaluation"])["observedAt"]))
