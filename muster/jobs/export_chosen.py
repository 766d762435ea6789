"""An export of the findings of some resources, whole in memory: for an answer of bounded size."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from muster.jobs.chosen_results import ChosenResults
from muster.ports import FindingStore
from muster.report.export import Export
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId

_READ_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as UTF-8. `resources` have something in it; `left_out` counts those whose finding is damaged."""

    body: bytes
    resources: int
    left_out: int


async def export_chosen(
    ids: Sequence[str], store: FindingStore, chooser: ChosenResults, form: Export, *, most_bytes: int
) -> Exported | None:
    """The export of the findings of these resources, in their order, without those that are gone; None where it is
    larger than `most_bytes`. Raises TransientFault where storage does not answer."""
    parts = [_encoded(form.head())]
    size, resources, left_out = 0, 0, 0
    for start in range(0, len(ids), _READ_AHEAD):
        batch = ids[start : start + _READ_AHEAD]
        for found in await asyncio.gather(*(_read(identifier, store) for identifier in batch)):
            if found is None:
                continue
            try:
                if isinstance(found, BadInput):
                    raise found
                chosen = chooser.of(found)
                if chosen is None:
                    continue
                added = [_encoded(text) for text in form.part(chosen)]
            except BadInput:
                left_out += 1
                continue
            resources += 1
            parts += added
            size += sum(map(len, added))
            if size > most_bytes:
                return None
    parts.append(_encoded(form.tail()))
    return Exported(b"".join(parts), resources, left_out)


async def _read(identifier: str, store: FindingStore) -> JsonObject | BadInput | None:
    try:
        stored = await store.latest(ResourceId.parse(identifier))
    except BadInput as fault:
        return fault
    return None if stored is None else stored.document


def _encoded(text: str) -> bytes:
    # Half of a surrogate pair, which UTF-8 can't say, may be in what strangers wrote.
    return text.encode("utf-8", "replace")
