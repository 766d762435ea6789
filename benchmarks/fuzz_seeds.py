"""What fuzzing starts from: events, requests, batches, dead letters and records as the project itself writes them.

Written into a folder, one file a seed, each also as the base64 that queues hold; and the words of these formats as a
libFuzzer dictionary (llvm.org/docs/LibFuzzer.html#dictionaries).
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from muster.facts.event import CHANGES, NOTIFICATIONS, OPERATIONS, parse_event
from muster.jobs.batch_message import batch_message
from muster.jobs.replay import ADDED
from muster.jobs.request_message import request_message
from muster.local.dead_letter import dead_letter
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.json import Json, canonical
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.sweep import BatchName

SAMPLES = Path(__file__).parents[1] / "samples"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MACHINE = ResourceId.parse(
    "/subscriptions/3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10/resourceGroups/rg-web"
    "/providers/Microsoft.Compute/virtualMachines/vm-web-01"
)
LONGEST = ResourceId(
    MACHINE.subscription,
    "g" * 90,
    MACHINE.namespace,
    (*MACHINE.types, "a", "b", "c", "d", "e"),
    (("n" * 259) + "$",) * 6,
)
"""Longer than a blob's name may be."""

NAMES = (
    *(
        "id",
        "eventType",
        "type",
        "eventTime",
        "time",
        "specversion",
        "subject",
        "topic",
        "source",
        "data",
        "traceparent",
    ),
    *("authorization", "action", "scope", "evidence", "claims", "upn", "appid", "correlationId", "operationName"),
    *(
        "resourceUri",
        "status",
        "httpRequest",
        "clientIpAddress",
        "resourceInfo",
        "operationalInfo",
        "resourceEventTime",
    ),
    *("apiVersion", "properties", "storageProfile", "provisioningState", "location", "name", "tags", "customData"),
    *("version", "resource", "cause", "attempt", "eventId", "caller", "notBefore", "absentAt", "sweep", "batch"),
    *("reason", "message", "came", "schemaVersion", *sorted(ADDED)),
)
VALUES = (
    *sorted(CHANGES),
    *sorted(NOTIFICATIONS),
    *sorted(operation for operations in OPERATIONS.values() for operation in operations),
    *Cause,
    *("1.0", "2024-11-01", "Succeeded", "20261123T060000Z", "2026-11-23T06:00:00Z", "0001-01-01T00:00:00+23:59"),
    *(
        "9999-12-31T23:59:59.999999999-23:59",
        "ann@contoso.example",
        "192.0.2.7",
        str(MACHINE),
        f"{MACHINE}/extensions/a",
    ),
    *("MaxDeliveryAttemptsExceeded", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "=", "%2e%2e", "../.."),
    '{"claims":{"upn":"ann@contoso.example"}}',
)


def seeds() -> Iterator[str]:
    """Every seed as text, but for base64."""
    deliveries = [
        json.loads(path.read_text("utf-8"))
        for path in sorted((SAMPLES / "events").glob("*.json"))
        if path.name != "INDEX.json"
    ]
    for delivery in deliveries:
        for event in delivery if isinstance(delivery, list) else [delivery]:
            yield canonical(event)
            yield canonical({**event, "data": json.dumps(event["data"])})
        yield canonical(dead_letter(canonical(delivery).encode(), (503, 503, 400), NOW, NOW))
        yield canonical(_record(delivery))
    yield from map(request_message, _requests(deliveries))
    yield batch_message(BatchName("20261123T060000Z", 0))
    yield batch_message(BatchName("20261123T060000Z", 999_999))
    yield str(MACHINE)
    yield str(MACHINE.child("extensions", "AzureMonitorLinuxAgent"))
    yield str(LONGEST)


def _record(event: Json) -> Json:
    return unprocessed_record(event, BadInput("throttled", reason="attemptsSpent"), NOW)[1]


def _requests(deliveries: list[Json]) -> Iterator[EvaluationRequest]:
    for cause in Cause:
        yield EvaluationRequest(MACHINE, NOW, cause, attempt=12, not_before=NOW, absent_at=NOW)
    yield EvaluationRequest(LONGEST, NOW, Cause.SETTLE, attempt=3, caller="ann@contoso.example")
    for delivery in deliveries:
        try:
            found = parse_event(delivery[0] if isinstance(delivery, list) else delivery)
        except BadInput:
            continue
        if isinstance(found, EvaluationRequest):
            yield replace(found, body=None)


def write_corpus(folder: Path) -> int:
    """Write the seeds, one file each, and say how many there are."""
    folder.mkdir()
    texts = [data for text in seeds() for data in (text.encode(), b64encode(text.encode()))]
    for number, data in enumerate(texts):
        (folder / f"{number:03}").write_bytes(data)
    return len(texts)


def write_dictionary(path: Path) -> None:
    """Write names and values as a dictionary, as JSON has them."""
    words = (json.dumps(word).replace("\\", "\\\\").replace('"', '\\"') for word in (*NAMES, *VALUES))
    path.write_text("".join(f'"{word}"\n' for word in words), "utf-8")
