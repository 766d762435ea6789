"""The finding document: what was judged, what was concluded and why, as versioned JSON.

Its schema is policies/schemas/finding.schema.json; docs/findings.md explains it.
"""

import math
from collections import Counter
from functools import lru_cache

from muster.report.redaction import REDACTED, reads_a_secret, without_secrets
from muster.values.answers import FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.evaluation import Evaluation
from muster.values.finding import AssignedRule, Reason, Result, Verdict
from muster.values.instant import format_instant
from muster.values.json import Json, JsonObject, canonical
from muster.values.resource_id import segments
from muster.values.states import State

SCHEMA_VERSION = "1.0"
"""Major.minor. A reader of 1.x reads every 1.y: members are added, never changed."""

MAX_VALUE = 2000
"""The most characters of JSON that an expected or found value takes; a longer one becomes the start of its text."""

MAX_REASONS = 50


def finding_document(document: Document, verdict: Verdict, *, settled: bool) -> JsonObject:
    """A finding without its `evaluation`, the place in the chain. `settled` is False while Azure still changes the
    resource."""
    counted = Counter(result.state for result in verdict.results)
    network: JsonObject = {"network": dict(document.network)} if document.network else {}
    return {
        "schemaVersion": SCHEMA_VERSION,
        "resource": _resource(document.resource),
        "image": dict(document.image),
        "lifecycle": {**document.lifecycle, "asOf": document.now.date().isoformat()},
        **network,
        "state": verdict.state,
        "settled": settled,
        "counts": {
            "results": len(verdict.results),
            "byState": {state.value: counted[state] for state in State},
            "bySeverity": {severity.value: count for severity, count in verdict.counts.items()},
        },
        "results": [_result(result) for result in verdict.results],
        "unavailable": [*sorted(document.unavailable)],
        "warnings": [*verdict.warnings],
    }


def evaluation_json(evaluation: Evaluation) -> JsonObject:
    """The `evaluation` of a finding."""
    asked = evaluation.requested_at
    return {
        "id": evaluation.id,
        "predecessor": evaluation.predecessor or None,
        "predecessorRecord": evaluation.predecessor_record or None,
        "observedAt": format_instant(evaluation.observed_at),
        "checkedAt": format_instant(evaluation.checked_at),
        "policyVersion": evaluation.policy_version,
        "cause": evaluation.cause,
        "eventId": evaluation.event_id or None,
        "correlationId": evaluation.correlation_id or None,
        "caller": evaluation.caller or None,
        **({} if asked is None else {"requestedAt": format_instant(asked)}),
    }


def evaluated(document: Document) -> JsonObject:
    """What a history record holds beyond the finding: the bodies that were judged, without secrets."""
    related = sorted(
        document.related.items(), key=lambda pair: (pair[0].resource_type, pair[0].scope, str(pair[0].name))
    )
    return {
        "resource": without_secrets(document.resource),
        "related": [_related(query, answer) for query, answer in related],
    }


def _resource(body: JsonObject) -> JsonObject:
    written = body.get("id")
    identifier = written if isinstance(written, str) else ""
    parts = segments(identifier.lower())
    tags = body.get("tags")
    return {
        "id": identifier,
        "name": _text(body.get("name")),
        "type": _text(body.get("type")),
        "location": _text(body.get("location")),
        "subscriptionId": parts.get("subscriptions"),
        "resourceGroup": parts.get("resourcegroups"),
        "tags": without_secrets(tags) if isinstance(tags, dict) else {},
    }


def _text(value: Json) -> Json:
    return value if isinstance(value, str) else None


def _result(result: Result) -> JsonObject:
    # A message may repeat what its reasons say was found.
    secret = any(_is_secret(reason) for reason in result.reasons)
    return {
        "id": result.id,
        "state": result.state,
        "underneath": result.underneath,
        "effect": result.effect,
        "message": f"{result.rule.display_name}: {REDACTED}" if secret else result.message,
        "reasons": [reason_json(reason) for reason in result.reasons[:MAX_REASONS]],
        "exemption": result.exemption_id or None,
        **_rule(result.rule),
    }


@lru_cache(maxsize=1024)
def _rule(rule: AssignedRule) -> JsonObject:
    """Made once: it is the same in every finding."""
    return {
        "enforced": rule.enforced,
        "severity": rule.severity,
        "assignment": rule.assignment_id,
        "initiative": rule.initiative_id or None,
        "definition": rule.definition_id,
        "reference": rule.definition_reference_id,
        "version": rule.definition_version or None,
        "groups": [*rule.groups],
        "displayName": rule.display_name,
        "remediation": rule.remediation or None,
        "documentation": rule.documentation or None,
    }


def reason_json(reason: Reason) -> JsonObject:
    """A reason as it is kept: long values cut, secrets not shown."""
    secret = _is_secret(reason)
    return {
        "text": f"{reason.field}: {REDACTED}" if secret else reason.text,
        "field": reason.field or None,
        "path": reason.path or None,
        "operator": reason.operator or None,
        "expected": _bounded(reason.expected),
        "found": REDACTED if secret else _bounded(reason.found),
        "foundState": reason.found_state,
        "pointer": reason.pointer or None,
    }


def _is_secret(reason: Reason) -> bool:
    return reason.found is not None and reads_a_secret(reason.path)


def _bounded(value: Json) -> Json:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else canonical(value)
    return value if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}... ({len(text):,} characters)"


def _related(query: RelatedQuery, answer: ListAnswer) -> JsonObject:
    asked: JsonObject = {"type": query.resource_type, "scope": query.scope, "name": query.name}
    if isinstance(answer, FoundMany):
        return {**asked, "found": [without_secrets(body) for body in answer.bodies]}
    return {**asked, "unread": answer.why if isinstance(answer, NotRead) else f"needs {answer.permission}"}
