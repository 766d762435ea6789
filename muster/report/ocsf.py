"""Findings as OCSF Compliance Finding events (class 2003, profile cloud), release 1.6.0 of schema.ocsf.io.

| muster | compliance.status_id | status_id |
|---|---|---|
| Compliant | 1 Pass | 4 Resolved |
| NonCompliant | 3 Fail | 1 New; 2 In Progress when it changed |
| Unknown, Error | 2 Warning | as NonCompliant |
| NotApplicable | 99 Other | 4 Resolved |
| Exempt | that of the state underneath, 99 where none is known | 3 Suppressed |

`compliance.status_code` has muster's own word. What asks for nothing (Compliant, NotApplicable) is Informational,
whatever its rule weighs, so that a search by severity finds what matters. What OCSF has no place for is in `unmapped`.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from muster.report.stated import Stated, Subject, stated
from muster.values.instant import format_instant
from muster.values.json import Json, JsonObject
from muster.values.states import Severity, State

VERSION = "1.6.0"
CLASS = 2003

CREATE, UPDATE, CLOSE = 1, 2, 3
_ACTIVITIES = {CREATE: "Create", UPDATE: "Update", CLOSE: "Close"}

_PASS, _WARNING, _FAIL, _OTHER = (1, "Pass"), (2, "Warning"), (3, "Fail"), 99
_COMPLIANCE = {
    State.COMPLIANT: _PASS,
    State.NON_COMPLIANT: _FAIL,
    State.UNKNOWN: _WARNING,
    State.ERROR: _WARNING,
}

_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}

MAX_TAGS = 50
"""Azure allows as many on a resource (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources)."""


class OcsfExport:
    """One event a line, for each resource and definition. ASCII only. `product_version` is muster's own."""

    def __init__(self, product_version: str) -> None:
        self._version = product_version

    def head(self) -> str:
        """Nothing."""
        return ""

    def part(self, finding: JsonObject) -> Iterator[str]:
        """The lines of the document's results."""
        for said in stated(finding):
            event = ocsf_event(said, product_version=self._version, uid=f"{said.id}-{said.subject.evaluation}")
            yield f"{json.dumps(event, separators=(',', ':'))}\n"

    def tail(self) -> str:
        """Nothing."""
        return ""


def ocsf_event(said: Stated, *, product_version: str, uid: str, activity: int = CREATE) -> JsonObject:
    """The event of a result. `uid` is the event's id: the same event has the same, for ever."""
    subject = said.subject
    asks = said.is_open and activity != CLOSE
    severity = _SEVERITIES[said.severity if asks else Severity.INFO]
    status = _status(said, activity)
    return {
        "activity_id": activity,
        "activity_name": _ACTIVITIES[activity],
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + activity,
        "type_name": f"Compliance Finding: {_ACTIVITIES[activity]}",
        "time": _milliseconds(subject.seen_at),
        "severity_id": severity[0],
        "severity": severity[1],
        "status_id": status[0],
        "status": status[1],
        "message": said.message,
        "metadata": _metadata(subject, product_version, uid),
        "cloud": _cloud(subject),
        "resources": [_resource(subject)],
        "finding_info": _finding_info(said),
        "compliance": _compliance(said),
        **_remediation(said),
        "unmapped": _unmapped(said),
    }


def _status(said: Stated, activity: int) -> tuple[int, str]:
    if activity == CLOSE or not said.is_open:
        return 4, "Resolved"
    if said.state is State.EXEMPT:
        return 3, "Suppressed"
    return (2, "In Progress") if activity == UPDATE else (1, "New")


def _metadata(subject: Subject, product_version: str, uid: str) -> JsonObject:
    return {
        "version": VERSION,
        "profiles": ["cloud"],
        "uid": uid,
        "product": {"name": "muster", "vendor_name": "muster", "version": product_version},
        "original_time": format_instant(subject.seen_at),
        **({"correlation_uid": subject.correlation} if subject.correlation else {}),
    }


def _cloud(subject: Subject) -> JsonObject:
    cloud: JsonObject = {"provider": "Azure"}
    if subject.location:
        cloud["region"] = subject.location
    if subject.subscription:
        cloud["account"] = {"uid": subject.subscription, "type_id": 13, "type": "Azure Subscription"}
    return cloud


def _resource(subject: Subject) -> JsonObject:
    resource: JsonObject = {"uid": subject.id, "name": subject.name}
    if subject.type:
        resource["type"] = subject.type
    if subject.location:
        resource["region"] = subject.location
    if subject.resource_group:
        resource["group"] = {"name": subject.resource_group, "type": "resource group"}
    if tags := sorted(subject.tags.items())[:MAX_TAGS]:
        resource["tags"] = [{"name": name, "value": value} for name, value in tags]
    return resource


def _finding_info(said: Stated) -> JsonObject:
    analytic: JsonObject = {"type_id": 1, "type": "Rule", "uid": said.definition, "name": said.title}
    if said.version:
        analytic["version"] = said.version
    return {
        "uid": said.id,
        "title": said.title,
        "desc": said.message,
        "analytic": analytic,
        "modified_time": _milliseconds(said.subject.seen_at),
        "last_seen_time": _milliseconds(said.subject.checked_at),
    }


def _compliance(said: Stated) -> JsonObject:
    status, caption = _COMPLIANCE.get(said.judged, (_OTHER, said.judged.value))
    compliance: JsonObject = {
        "control": said.reference or said.definition,
        "standards": [said.initiative or said.assignment],
        "status_id": status,
        "status": caption,
        "status_code": said.state,
        "status_detail": said.message,
    }
    if said.groups:
        compliance["requirements"] = [*said.groups]
    return compliance


def _remediation(said: Stated) -> JsonObject:
    if not said.remediation:
        return {}
    references: list[Json] = [said.documentation] if said.documentation else []
    return {"remediation": {"desc": said.remediation, **({"references": references} if references else {})}}


def _unmapped(said: Stated) -> JsonObject:
    return {
        "state": said.state,
        "underneath": said.underneath,
        "severity": said.severity,
        "effect": said.effect,
        "enforced": said.enforced,
        "assignment": said.assignment,
        "initiative": said.initiative or None,
        "definition": said.definition,
        "reference": said.reference,
        "exemption": said.exemption or None,
        "documentation": said.documentation or None,
        "reasons": [
            {"text": reason.text, "path": reason.path or None, "condition": reason.condition or None}
            for reason in said.reasons
        ],
        "evaluation": said.subject.evaluation,
        "cause": said.subject.cause or None,
        "policyVersion": said.subject.policy_version,
        "system": said.subject.system or None,
    }


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
