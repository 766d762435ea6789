"""A line of the feed as a notification."""

from datetime import UTC, datetime, timedelta

from muster.report.finding_change import ChangeKind
from muster.values.errors import BadInput
from muster.values.instant import format_instant
from muster.values.json import Json, JsonObject, as_list, as_object, as_text
from muster.values.notification import Notification
from muster.values.request import Cause
from muster.values.states import Severity

SCHEMA_VERSION = "1.0"

TYPES = {kind: f"muster.finding.{kind}" for kind in ChangeKind}
"""The types of events."""

MAX_TEXT = 4_000
"""The most characters of a text that a notification carries: Event Grid takes 1 MB, and bills by 64 KB."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def notification(line: JsonObject, threshold: Severity) -> Notification | None:
    """The notification of a line; None where nobody is told: the finding's rule weighs less than `threshold`, or a
    subscription was looked at for the first time, and its findings are news to nobody.

    Raises BadInput (damagedFeed) where it is no line of the feed.
    """
    try:
        unmapped = as_object(line["unmapped"])
        order = list(Severity)
        if order.index(Severity(as_text(unmapped["severity"]))) > order.index(threshold):
            return None
        if unmapped["cause"] == Cause.BASELINE:
            return None
        return _notification(line, unmapped)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise BadInput("not a line of the feed", reason="damagedFeed") from error


def _notification(line: JsonObject, unmapped: JsonObject) -> Notification:
    change = as_object(unmapped["change"])
    kind = ChangeKind(as_text(change["kind"]))
    resource = as_object(as_list(line["resources"])[0])
    account = as_object(as_object(line["cloud"]).get("account") or {})
    info = as_object(line["finding_info"])
    milliseconds = line["time"]
    if not isinstance(milliseconds, int):
        raise TypeError("milliseconds expected")
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    subscription = _text(account.get("uid"))
    data: JsonObject = {
        "schemaVersion": SCHEMA_VERSION,
        "change": kind,
        "finding": as_text(info["uid"]),
        "before": change["before"],
        "state": as_text(unmapped["state"]),
        "severity": as_text(unmapped["severity"]),
        "title": _cut(as_text(info["title"])),
        "message": _cut(as_text(line["message"])),
        "remediation": _cut(_text(as_object(line.get("remediation") or {}).get("desc"))) or None,
        "documentation": _cut(_text(unmapped["documentation"])) or None,
        "resource": {
            "id": as_text(resource["uid"]),
            "name": as_text(resource["name"]),
            "type": resource.get("type"),
            "location": resource.get("region"),
            "subscriptionId": subscription or None,
            "resourceGroup": as_object(resource.get("group") or {}).get("name"),
        },
        "assignment": unmapped["assignment"],
        "definition": unmapped["definition"],
        "exemption": unmapped["exemption"],
        "evaluation": as_text(unmapped["evaluation"]),
        "observedAt": format_instant(moment),
    }
    return Notification(
        id=as_text(as_object(line["metadata"])["uid"]),
        type=TYPES[kind],
        source=f"/subscriptions/{subscription}" if subscription else "/muster",
        subject=as_text(resource["uid"]),
        time=moment,
        data=data,
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}..."
