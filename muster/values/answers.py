"""What a read of Azure can answer. A transient fault is raised (TransientFault), never an answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from muster.values.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Found:
    """The resource's REST JSON as Azure gave it. `observed_at` (UTC) is the Date of Azure's answer, or the
    event's time when the body came with the event."""

    body: JsonObject
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class FoundMany:
    """All members of a list, paged through to its end."""

    bodies: tuple[JsonObject, ...]
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Absent:
    """Azure says that there is no such thing."""

    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Azure refused; `permission` is the ARM action that the reader's identity lacks."""

    permission: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The resource is there but still changing; `state` is its provisioningState, `body` what was seen."""

    state: str
    body: JsonObject
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class NotRead:
    """This reader can't answer such a question at all (a folder of recordings without that file); `why` says so."""

    why: str


Answer: TypeAlias = Found | Absent | Forbidden | Unsettled | NotRead
ListAnswer: TypeAlias = FoundMany | Forbidden | NotRead

__all__ = ["Absent", "Answer", "Forbidden", "Found", "FoundMany", "Json", "ListAnswer", "NotRead", "Unsettled"]
