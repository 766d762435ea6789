"""A resource's latest finding and the evaluations that led to it."""

from dataclasses import dataclass

from muster.ports import FindingStore
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_object, as_text
from muster.values.resource_id import ResourceId

MOST = 20
"""Evaluations that are read; older ones are in the history all the same."""


@dataclass(frozen=True, slots=True)
class Told:
    """An evaluation, without what was judged."""

    id: str
    observed_at: str
    cause: str
    caller: str
    state: str
    document: JsonObject


@dataclass(frozen=True, slots=True)
class Story:
    """The latest finding (None where there is none, with `fault` where it can't be read), and the evaluations that led
    to it, newest first. `more`: there are older ones. `fault` also says where the history breaks off."""

    id: str
    latest: JsonObject | None
    fault: str = ""
    evaluations: tuple[Told, ...] = ()
    more: bool = False

    def evaluation(self, identifier: str) -> Told | None:
        """The evaluation with an id."""
        return next((told for told in self.evaluations if told.id == identifier), None)


async def resource_story(resource_id: ResourceId, store: FindingStore, *, most: int = MOST) -> Story:
    """Read the story of a resource. Raises TransientFault where the store does not answer."""
    try:
        stored = await store.latest(resource_id)
    except BadInput as fault:
        return Story(str(resource_id), None, f"The latest finding can't be read: {fault}.")
    if stored is None:
        return Story(str(resource_id), None)
    told: list[Told] = []
    fault_text = ""
    wanted = ""
    try:
        told.append(_told(stored.document))
        wanted = _predecessor(stored.document)
        while wanted and len(told) < most:
            record = await store.history(resource_id, wanted)
            if record is None:
                fault_text = f"The record {wanted} of the history is missing."
                break
            told.append(_told(record.document))
            wanted = _predecessor(record.document)
    except (BadInput, KeyError, TypeError):
        fault_text = "The history can't be read further back: a record is damaged."
    latest = stored.document if told else None
    return Story(str(resource_id), latest, fault_text, tuple(told), bool(wanted) and not fault_text)


def _told(document: JsonObject) -> Told:
    evaluation = as_object(document["evaluation"])
    return Told(
        id=as_text(evaluation["id"]),
        observed_at=as_text(evaluation["observedAt"]),
        cause=as_text(evaluation["cause"]),
        caller=as_text(evaluation["caller"] or ""),
        state=as_text(document["state"]),
        document=document,
    )


def _predecessor(document: JsonObject) -> str:
    return as_text(as_object(document["evaluation"])["predecessor"] or "")
