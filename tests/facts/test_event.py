"""Events in, evaluation requests out; whatever comes in."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.facts.event import MAX_BYTES, Ignored, parse_event
from muster.values.errors import BadInput, InvalidEvent, InvalidResourceId
from muster.values.json import Json, JsonObject
from muster.values.request import Cause, EvaluationRequest

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-Web"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/Web01"
VMSS = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/pool"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"


def written(**data: Any) -> dict[str, Any]:
    """A ResourceWriteSuccess in Event Grid's schema."""
    return {
        "id": "e-1",
        "topic": f"/subscriptions/{SUBSCRIPTION}",
        "subject": VM,
        "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "eventTime": "2026-11-23T06:04:06.6117357Z",
        "data": {
            "authorization": {"scope": VM, "action": "Microsoft.Compute/virtualMachines/write"},
            "claims": {UPN: "ann@example.org", "appid": "a-1", "ipaddr": "192.0.2.1"},
            "correlationId": "c-1",
            "operationName": "Microsoft.Compute/virtualMachines/write",
            "resourceUri": VM,
            "status": "Succeeded",
            **data,
        },
        "dataVersion": "2",
        "metadataVersion": "1",
    }


def as_cloud_event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event["id"],
        "source": event["topic"],
        "subject": event["subject"],
        "type": event["eventType"],
        "time": event["eventTime"],
        "data": event["data"],
    }


def body() -> dict[str, Any]:
    return {
        "id": VM,
        "name": "Web01",
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "properties": {
            "provisioningState": "Succeeded",
            "storageProfile": {"osDisk": {"osType": "Linux"}, "dataDisks": [{"lun": 0, "toBeDetached": False}]},
            "osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": True}},
        },
        "tags": {"count": "1"},
    }


def notified(info: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    """A CreatedOrUpdated with the resource's body, as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": "e-2",
        "source": f"/subscriptions/{SUBSCRIPTION}",
        "subject": VM,
        "type": "Microsoft.ResourceNotifications.Resources.CreatedOrUpdated",
        "time": "2026-11-23T06:05:00Z",
        "data": {
            "resourceInfo": info or body(),
            "apiVersion": "2024-11-01",
            "operationalInfo": {"resourceEventTime": "2026-11-23T06:04:06.6117357Z"},
            **data,
        },
    }


def request(event: Json, **options: Any) -> EvaluationRequest:
    found = parse_event(event, **options)
    assert isinstance(found, EvaluationRequest)
    return found


@pytest.mark.parametrize("shape", [lambda event: event, as_cloud_event], ids=["eventGrid", "cloudEvents"])
def test_a_write_in_both_schemas(shape: Callable[[dict[str, Any]], JsonObject]) -> None:
    found = request(shape(written()))
    assert str(found.resource_id) == VM.lower()
    assert found.time == datetime(2026, 11, 23, 6, 4, 6, 611735, UTC)
    assert found.cause is Cause.WRITTEN
    assert (found.event_id, found.correlation_id, found.caller) == ("e-1", "c-1", "ann@example.org")
    assert found.body is None
    assert found.attempt == 1


def test_a_failed_write_counts_too() -> None:
    event = {**written(), "eventType": "Microsoft.Resources.ResourceWriteFailure"}
    assert request(event).cause is Cause.WRITE_FAILED


def test_case_of_type_operation_and_id_does_not_matter() -> None:
    event = written(operationName="MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE", resourceUri=VM.upper())
    event["eventType"] = event["eventType"].upper()
    assert request(event).resource_id == request(written()).resource_id


def test_a_scale_set() -> None:
    found = request(written(operationName="Microsoft.Compute/virtualMachineScaleSets/write", resourceUri=VMSS))
    assert str(found.resource_id) == VMSS.lower()


def test_the_action_stands_in_for_a_missing_operation_and_the_subject_for_a_missing_uri() -> None:
    event = written()
    del event["data"]["operationName"], event["data"]["resourceUri"]
    assert str(request(event).resource_id) == VM.lower()


def test_data_of_a_cloud_event_as_a_string() -> None:
    event = as_cloud_event(written())
    event["data"] = json.dumps(event["data"])
    assert str(request(event).resource_id) == VM.lower()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param('{"resourceInfo": NaN}', id="NaN"),
        pytest.param('{"resourceInfo": 1e999}', id="an infinity"),
        pytest.param(r'{"resourceInfo": "\ud800"}', id="half of a surrogate pair"),
        pytest.param('{"resourceInfo": 1, "resourceInfo": 2}', id="a name twice"),
        pytest.param(f'{{"resourceInfo": {"9" * 41}}}', id="a number that nothing holds"),
        pytest.param('{"resourceInfo": ', id="not JSON"),
    ],
)
def test_data_as_a_string_is_read_as_strictly_as_an_event(data: str) -> None:
    with pytest.raises(InvalidEvent, match="not JSON") as caught:
        parse_event({**notified(), "data": data})
    assert caught.value.reason == "invalidEvent"


@pytest.mark.parametrize(
    ("claims", "caller"),
    [
        ({UPN: "ann@example.org", "appid": "a-1"}, "ann@example.org"),
        ({"upn": "bo@example.org"}, "bo@example.org"),
        ({"appid": "a-1"}, "a-1"),
        ({"ipaddr": "192.0.2.1", "name": "Ann"}, ""),
        ({"upn": 7, "appid": "a-1"}, "a-1"),
        ({"upn": "x" * 257}, ""),
        ({"upn": "ann\u001b[2J"}, ""),
        ("a string", ""),
        (None, ""),
    ],
)
def test_of_the_claims_one_name_goes_on(claims: Json, caller: str) -> None:
    assert request(written(claims=claims)).caller == caller


def test_the_caller_can_be_left_out() -> None:
    assert request(written(), with_caller=False).caller == ""


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (written(operationName="Microsoft.Compute/virtualMachines/extensions/write"), "extensions/write"),
        (written(operationName="Microsoft.Storage/storageAccounts/write"), "storageAccounts/write"),
        (written(operationName="Microsoft.Compute/virtualMachineScaleSets/virtualMachines/write"), "scale set"),
        ({**written(), "eventType": "Microsoft.Storage.BlobCreated"}, "BlobCreated"),
        ({**written(), "eventType": "Microsoft.Resources.ResourceDeleteFailure"}, "ResourceDeleteFailure"),
        ({**written(), "eventType": "Microsoft.Resources.ResourceDeleteSuccess"}, "does not delete"),
        (notified({**body(), "type": "Microsoft.Storage/storageAccounts"}), "storageAccounts"),
    ],
)
def test_not_our_business(event: JsonObject, word: str) -> None:
    found = parse_event(event)
    assert isinstance(found, Ignored)
    assert word in found.reason


def change(event: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a dotted path; `...` removes it."""
    changed = copy.deepcopy(event)
    *parents, last = path.split(".")
    holder = changed
    for name in parents:
        holder = holder[name]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", ...),
        ("id", 7),
        ("id", ""),
        ("id", "a\nb"),
        ("id", "x" * 2049),
        ("eventType", None),
        ("eventTime", ...),
        ("eventTime", "yesterday"),
        ("eventTime", 1532025484),
        ("data", ...),
        ("data", []),
        ("data", "no JSON"),
        ("data", "[" * 100_000),
        ("data", json.dumps([[0]])),
        ("data.operationName", None),
        ("data.operationName", ["Microsoft.Compute/virtualMachines/write"]),
        ("data.correlationId", {"a": 1}),
    ],
)
def test_a_malformed_event(path: str, value: Any) -> None:
    with pytest.raises(InvalidEvent) as caught:
        parse_event(change(written(), path, value))
    assert str(caught.value)


@pytest.mark.parametrize(
    "uri",
    [
        None,
        7,
        "",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines/..",
        f"{GROUP}/../providers/Microsoft.Compute/virtualMachines/web01",
        f"https://evil.example{VM}",
        f"//evil.example{VM}",
        f"{VM}?api-version=1",
        f"{VM}%2f..",
        f"{VM}\u0000",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines/{'x' * 300}",
        "/subscriptions/{subscription-id}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/v",
    ],
)
def test_an_id_that_must_not_steer_a_request(uri: Json) -> None:
    with pytest.raises(InvalidResourceId):
        parse_event(written(resourceUri=uri))


def test_an_operation_on_one_type_and_an_id_of_another() -> None:
    with pytest.raises(InvalidEvent) as caught:
        parse_event(written(resourceUri=f"{VM}/extensions/agent"))
    assert caught.value.reason == "typeMismatch"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ([written()], "invalidEvent"),
        ("{}", "invalidEvent"),
        (None, "invalidEvent"),
        ({}, "unknownSchema"),
        ({**as_cloud_event(written()), "specversion": "0.3"}, "unknownSchema"),
        ({**as_cloud_event(written()), "specversion": 1.0}, "unknownSchema"),
        (written(more="x" * MAX_BYTES), "tooLarge"),
        (written(more=float("nan")), "invalidEvent"),
        (written(more="\ud800"), "invalidEvent"),
    ],
)
def test_reasons_are_stable_slugs(event: Json, reason: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        parse_event(event)
    assert caught.value.reason == reason


def test_two_megabytes_and_a_deep_nest_are_refused_quickly() -> None:
    nest: Json = []
    for _ in range(50_000):
        nest = [nest]
    with pytest.raises(InvalidEvent) as caught:
        parse_event(written(more=nest))
    assert caught.value.reason == "tooDeep"


def test_a_complete_body_is_used_with_the_time_of_the_change() -> None:
    found = request(notified())
    assert found.body == body()
    assert found.time == datetime(2026, 11, 23, 6, 4, 6, 611735, UTC)


def test_without_a_time_of_the_change_the_events_time_counts() -> None:
    event = notified()
    del event["data"]["operationalInfo"]
    assert request(event).time == datetime(2026, 11, 23, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("apiVersion", "2023-03-01"),
        ("apiVersion", ...),
        ("apiVersion", "latest"),
        ("resourceInfo.name", ...),
        ("resourceInfo.location", ""),
        ("resourceInfo.properties", None),
        ("resourceInfo.properties.provisioningState", "Updating"),
        ("resourceInfo.properties.provisioningState", ...),
        ("resourceInfo.properties.storageProfile", ...),
        ("resourceInfo.properties.virtualMachineProfile", {"osProfile": {}}),
        ("resourceInfo.properties.osProfile.linuxConfiguration.disablePasswordAuthentication", 1),
        ("resourceInfo.properties.osProfile.linuxConfiguration.disablePasswordAuthentication", 0.0),
    ],
)
def test_a_body_in_doubt_is_read_instead(path: str, value: Any) -> None:
    found = request(change(notified(), f"data.{path}", value))
    assert found.body is None
    assert str(found.resource_id) == VM.lower()


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("resourceInfo", ..., InvalidEvent),
        ("resourceInfo", [], InvalidEvent),
        ("resourceInfo.type", ..., InvalidEvent),
        ("resourceInfo.id", ..., InvalidResourceId),
        ("resourceInfo.id", VMSS, InvalidEvent),
        ("operationalInfo.resourceEventTime", "soon", InvalidEvent),
    ],
)
def test_a_malformed_notification(path: str, value: Any, error: type[BadInput]) -> None:
    with pytest.raises(error):
        parse_event(change(notified(), f"data.{path}", value))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [prefix]
    return [prefix, *(path for name in value for path in paths(value[name], (*prefix, name)))]


@given(JSON)
def test_no_json_value_raises_anything_else(value: Json) -> None:
    with pytest.raises(BadInput):
        parse_event(value)


@settings(max_examples=300)
@given(st.data(), st.sampled_from([written(), as_cloud_event(written()), notified()]), JSON)
def test_no_wrong_type_anywhere_raises_anything_else(data: st.DataObject, event: dict[str, Any], value: Json) -> None:
    path = data.draw(st.sampled_from([path for path in paths(event) if path]))
    changed = copy.deepcopy(event)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    try:
        found = parse_event(changed)
    except BadInput:
        return
    assert isinstance(found, EvaluationRequest | Ignored)


SAMPLES = {
    "ARN.CreatedOrUpdated.storage.cloudevents.json": Ignored,
    "ARN.CreatedOrUpdated.storage.eventgrid.json": Ignored,
    "ARN.CreatedOrUpdated.vm.cloudevents.json": EvaluationRequest,
    "ARN.Health.AvailabilityStatusChanged.cloudevents.json": Ignored,
    "ARN.Health.ResourceAnnotated.cloudevents.json": Ignored,
    "PolicyStateChanged.eventgrid.json": Ignored,
    "PolicyStateCreated.eventgrid.json": Ignored,
    "ResourceWriteSuccess.storage.eventgrid.json": Ignored,
    "ResourceWriteSuccess.vm.cloudevents.json": EvaluationRequest,
    "ResourceWriteSuccess.vm.eventgrid.json": EvaluationRequest,
    "ResourceWriteSuccess.vm.update.eventgrid.json": EvaluationRequest,
    "ResourceWriteSuccess.vmextension.eventgrid.json": Ignored,
    "ResourceWriteSuccess.vmss.eventgrid.json": EvaluationRequest,
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_documented_events(shared: Path, name: str) -> None:
    text = (shared / "azure" / "events" / name).read_text(encoding="utf-8")
    for placeholder, value in {
        "{subscription-id}": SUBSCRIPTION,
        "{resource-group}": "rg",
        "{vm-name}": "web01",
        "{vmss}": "pool",
    }.items():
        text = text.replace(placeholder, value)
    decoded = json.loads(text)
    for event in decoded if isinstance(decoded, list) else [decoded]:
        assert isinstance(parse_event(event), SAMPLES[name])


def test_every_documented_event_is_in_the_table(shared: Path) -> None:
    names = {path.name for path in (shared / "azure" / "events").glob("*.json")} - {"INDEX.json"}
    assert names == set(SAMPLES)
