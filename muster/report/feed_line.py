"""A change of state as a line of the feed: an OCSF Compliance Finding event."""

import json

from muster.report.finding_change import ChangeKind, FindingChange
from muster.report.ocsf import CLOSE, CREATE, UPDATE, ocsf_event
from muster.values.json import JsonObject, as_object

_ACTIVITIES = {ChangeKind.OPENED: CREATE, ChangeKind.CHANGED: UPDATE, ChangeKind.CLOSED: CLOSE}


def feed_line(change: FindingChange, product_version: str) -> str:
    """The line with its end, ASCII only.

    `activity_id` says what happened (1 opened, 2 changed, 3 closed), `metadata.uid` is the change's id and
    `unmapped.change` has `kind` and the state `before` (null where there was none).
    """
    event = ocsf_event(change.said, product_version=product_version, uid=change.id, activity=_ACTIVITIES[change.kind])
    unmapped: JsonObject = {**as_object(event["unmapped"]), "change": {"kind": change.kind, "before": change.before}}
    return f"{json.dumps({**event, 'unmapped': unmapped}, separators=(',', ':'))}\n"
