"""One evaluation of one resource: its place in the chain and what led to it."""

from dataclasses import dataclass
from datetime import datetime

from muster.values.request import Cause


@dataclass(frozen=True, slots=True)
class Evaluation:
    """When, why and by which policies a resource was judged, and which evaluation came before.

    `id` and `predecessor` are evaluation ids, `predecessor` empty for the first; `predecessor_record` is the digest
    of the predecessor's record as it was stored. `observed_at` is when the state was first seen, `checked_at` the
    newest time it was seen unchanged, both times of Azure's answers. `policy_version` judged it last.
    `requested_at` is when that was asked for: the time of the event.
    """

    id: str
    predecessor: str
    predecessor_record: str
    observed_at: datetime
    checked_at: datetime
    policy_version: str
    cause: Cause
    event_id: str = ""
    correlation_id: str = ""
    caller: str = ""
    requested_at: datetime | None = None
