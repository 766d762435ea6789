"""An evaluation request: what event, queue, sweep and replay all make."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId


class Cause(StrEnum):
    """Why a resource is looked at."""

    WRITTEN = "written"
    WRITE_FAILED = "writeFailed"
    DELETED = "deleted"
    SETTLE = "settle"
    SWEEP = "sweep"
    BASELINE = "baseline"
    """The first sweep of a subscription, whose findings are news to nobody."""
    REPLAY = "replay"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """Look at `resource_id`. `time` (UTC) is when that was asked for (the event's time), `attempt` counts from 1.

    `event_id`, `correlation_id` and `caller` say what asked; `body` is the resource's REST JSON when the event
    brought it complete. `not_before` is when a later look was due: whoever looked since then has done its work.
    `absent_at` is when Azure said first that there is no such resource.
    """

    resource_id: ResourceId
    time: datetime
    cause: Cause
    attempt: int = 1
    event_id: str = ""
    correlation_id: str = ""
    caller: str = ""
    body: JsonObject | None = None
    not_before: datetime | None = None
    absent_at: datetime | None = None
