"""Changes of state between two findings of one resource that follow each other in its history."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from muster.report.stated import Stated, stated, subject_of
from muster.values.json import JsonObject, canonical
from muster.values.states import State


class ChangeKind(StrEnum):
    """What became of a finding. It is open while NonCompliant, Unknown, Error or, suppressed, Exempt."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One change. `said` is the finding after it; where nothing is said any more, as it was, but NotApplicable.

    `id` follows from the finding and the evaluation: the same change has the same, whoever derives it and how often.
    `before` is None where there was no such finding.
    """

    id: str
    kind: ChangeKind
    before: State | None
    said: Stated


_GONE = {"deleted": "The resource was deleted.", "absent": "The resource is not there any more."}
_UNASSIGNED = "Nothing brings this definition to the resource any more."

_ID_LENGTH = 32


def finding_changes(before: JsonObject | None, after: JsonObject) -> tuple[FindingChange, ...]:
    """The changes from a finding document to the next one; None before the first.

    A finding changed where its state, the state that an exemption covers, or its severity is another. Raises BadInput
    (damagedFinding) where one is no finding.
    """
    old = {} if before is None else {said.id: said for said in stated(before)}
    new = {said.id: said for said in stated(after)}
    subject = subject_of(after)
    gone = _GONE.get(subject.gone, _UNASSIGNED)
    ended = (
        replace(said, subject=subject, state=State.NOT_APPLICABLE, underneath=None, message=gone, reasons=())
        for identifier, said in old.items()
        if identifier not in new
    )
    return tuple(_changes(old, (*new.values(), *ended)))


def _changes(old: dict[str, Stated], now: tuple[Stated, ...]) -> Iterator[FindingChange]:
    for said in now:
        was = old.get(said.id)
        kind = _kind(was, said)
        if kind is not None:
            yield FindingChange(_change_id(said), kind, was.state if was else None, said)


def _kind(was: Stated | None, said: Stated) -> ChangeKind | None:
    if was is None or not was.is_open:
        return ChangeKind.OPENED if said.is_open else None
    if not said.is_open:
        return ChangeKind.CLOSED
    same = (was.state, was.underneath, was.severity) == (said.state, said.underneath, said.severity)
    return None if same else ChangeKind.CHANGED


def _change_id(said: Stated) -> str:
    return sha256(canonical([said.id, said.subject.evaluation]).encode()).hexdigest()[:_ID_LENGTH]
