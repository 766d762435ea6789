"""Closing the findings of a resource that is gone.

Only a delete event or a 404 that repeats closes; a list that lacks the resource never does. The last record of the
history says when and why; a resource of the same id that comes later continues the same chain.
"""

from datetime import datetime
from enum import StrEnum

from muster.jobs.chain import content_digest, link
from muster.jobs.check import CheckOutcome
from muster.jobs.keep import Change, Concluded, keep
from muster.ports import FindingStore
from muster.values.instant import format_instant
from muster.values.json import JsonObject
from muster.values.request import EvaluationRequest
from muster.values.states import Severity, State


class Closing(StrEnum):
    """What told that a resource is gone."""

    DELETED = "deleted"
    ABSENT = "absent"


def is_closed(finding: JsonObject) -> bool:
    """Whether a finding is of a resource that is gone."""
    return "closed" in finding


async def close(
    request: EvaluationRequest, why: Closing, observed_at: datetime, *, store: FindingStore
) -> CheckOutcome:
    """Close what is known of a resource, unless it was seen after `observed_at`. Nothing is written where nothing is
    known of it, or where it is closed.

    Raises TransientFault and BadInput as check does.
    """
    stored = await store.latest(request.resource_id)
    if stored is None or is_closed(stored.document):
        finding = None if stored is None else stored.document
        return CheckOutcome(request.resource_id, Change.ABSENT, observed_at, finding)
    last = stored.document
    closed: JsonObject = {
        **{name: value for name, value in last.items() if name != "evaluation"},
        "state": State.NOT_APPLICABLE,
        "settled": True,
        "closed": {"at": format_instant(observed_at), "why": why},
        "counts": {
            "results": 0,
            "byState": {state.value: 0 for state in State},
            "bySeverity": {severity.value: 0 for severity in Severity},
        },
        "results": [],
        "unavailable": [],
        "warnings": [],
    }
    evaluated: JsonObject = {"resource": {}, "related": []}
    concluded = Concluded(
        request=request,
        observed_at=observed_at,
        policy_version=link(last).policy_version,
        finding=closed,
        evaluated=evaluated,
        content=content_digest({**closed, "evaluated": evaluated}),
    )
    change, kept = await keep(concluded, store)
    return CheckOutcome(request.resource_id, change, observed_at, kept)
