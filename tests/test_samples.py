"""The samples: whole, consistent with each other, and made up."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from muster.facts.aliases import AzureAliases
from muster.facts.event import Ignored, parse_event
from muster.values.errors import InvalidEvent, InvalidResourceId
from muster.values.request import EvaluationRequest
from muster.values.resource_id import ResourceId

SAMPLES = Path(__file__).parent.parent / "samples"
RESOURCES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((SAMPLES / "resources").glob("*.json"))}
DELIVERIES = json.loads((SAMPLES / "events" / "INDEX.json").read_text("utf-8"))["deliveries"]
SUBSCRIPTIONS = {
    "3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10",
    "b81d6f0e-25c9-4e3b-8a47-0d9c6e1f7b32",
    "6c9e2f14-d803-47ab-b5f6-91a3c7e0d258",
    "0e4c7d9a-61b8-4f25-a3d0-8c5f2b96e741",
}
MACHINES = ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets")


def _event(name: str) -> dict[str, Any]:
    value = json.loads((SAMPLES / "events" / name).read_text("utf-8"))
    event = value[0] if isinstance(value, list) else value
    assert isinstance(event, dict)
    return event


@pytest.mark.parametrize("name", RESOURCES)
def test_a_body_has_what_every_answer_of_azure_has(name: str) -> None:
    body = RESOURCES[name]
    resource_id = ResourceId.parse(body["id"])
    assert resource_id.type == body["type"].lower()
    assert resource_id.name == body["name"].lower()
    assert body["properties"]["provisioningState"] == "Succeeded"
    assert body.get("location") or "/extensions" in body["type"]
    assert set(re.findall(r"/subscriptions/([^/\"]+)", json.dumps(body), re.IGNORECASE)) <= SUBSCRIPTIONS


def test_no_two_bodies_are_of_the_same_resource() -> None:
    ids = Counter(str(ResourceId.parse(body["id"])) for body in RESOURCES.values())
    assert [resource_id for resource_id, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", [name for name, body in RESOURCES.items() if body["type"] in MACHINES])
def test_a_machine_has_only_properties_that_its_type_has(name: str) -> None:
    body = RESOURCES[name]
    unknown = sorted(
        f"{body['type']}/{path}"
        for path in _leaves(body["properties"], "")
        if not AzureAliases().known(f"{body['type']}/{path}")
    )
    # What Azure answers but has no alias for.
    assert [path for path in unknown if not any(part in path for part in _WITHOUT_ALIAS)] == []


_WITHOUT_ALIAS = (
    "/vmId",
    "/uniqueId",
    "/timeCreated",
    ".timeCreated",
    "/instanceView",
    "/virtualMachineScaleSet.id",
    "/orchestrationMode",
    ".settings.",
)


def _leaves(value: object, path: str) -> list[str]:
    """The dotted paths of all scalars, as aliases have them: without the `properties` inside members of arrays."""
    if isinstance(value, dict):
        return [
            leaf
            for name, member in value.items()
            for leaf in _leaves(member, path if name == "properties" else f"{path}.{name}".lstrip("."))
        ]
    if isinstance(value, list):
        return [leaf for member in value for leaf in _leaves(member, f"{path}[*]")]
    return [path]


def test_what_belongs_to_a_deployment_is_referred_to_by_it() -> None:
    everything = json.dumps(list(RESOURCES.values())).lower()
    for name, body in RESOURCES.items():
        if "." in name and "instance" not in name:
            assert everything.count(f'"{body["id"].lower()}"') > 1 or body["id"].lower() + "/" in everything, name


@pytest.mark.parametrize("delivery", DELIVERIES, ids=[delivery["file"] for delivery in DELIVERIES])
def test_an_event_is_what_the_index_says(delivery: dict[str, str]) -> None:
    event = _event(delivery["file"])
    assert ("specversion" in event) is (delivery["schema"] == "cloudEvents")
    assert ("eventType" in event) is (delivery["schema"] == "eventGrid")
    if delivery["expect"] == "evaluated":
        body = RESOURCES[delivery["resource"].removesuffix(".json")]
        assert ResourceId.parse(event["subject"]) == ResourceId.parse(body["id"])
    else:
        assert "resource" not in delivery


@pytest.mark.parametrize("delivery", DELIVERIES, ids=[delivery["file"] for delivery in DELIVERIES])
def test_an_event_becomes_of_what_the_index_says(delivery: dict[str, str]) -> None:
    event = _event(delivery["file"])
    if delivery["expect"] == "unprocessed":
        with pytest.raises((InvalidEvent, InvalidResourceId)):
            parse_event(event)
        return
    request = parse_event(event)
    assert isinstance(request, Ignored) is (delivery["expect"] == "ignored")
    if isinstance(request, EvaluationRequest):
        body = RESOURCES[delivery["resource"].removesuffix(".json")]
        assert request.resource_id == ResourceId.parse(body["id"])
        assert (request.body is not None) is ("Notifications" in str(event.get("type")))


def test_the_events_show_all_that_they_should() -> None:
    files = Counter(delivery["file"] for delivery in DELIVERIES)
    assert set(files) == {path.name for path in (SAMPLES / "events").glob("[0-9]*.json")}
    assert sorted(files.values())[-2:] == [1, 2]
    assert Counter(delivery["expect"] for delivery in DELIVERIES) == {"evaluated": 23, "ignored": 2, "unprocessed": 2}
    schemas = Counter(delivery["schema"] for delivery in DELIVERIES)
    assert min(schemas.values()) >= 12
    types = [_event(file).get("type", "") for file in files]
    assert types.count("Microsoft.ResourceNotifications.Resources.CreatedOrUpdated") == 1
    announced = {delivery["resource"] for delivery in DELIVERIES if "resource" in delivery}
    assert announced == {f"{name}.json" for name, body in RESOURCES.items() if body["type"] in MACHINES}


def test_the_notification_brings_the_body_that_azure_would_give() -> None:
    delivery = next(d for d in DELIVERIES if d["file"].endswith("-debian-12.json"))
    data = _event(delivery["file"])["data"]
    assert isinstance(data, dict)
    body = RESOURCES["debian-12"]
    assert data["resourceInfo"] == {name: body[name] for name in data["resourceInfo"]}
    assert {"id", "name", "type", "properties"} <= set(data["resourceInfo"])


def test_the_readme_tells_of_every_deployment() -> None:
    text = (SAMPLES / "README.md").read_text("utf-8")
    for name, body in RESOURCES.items():
        if body["type"] in MACHINES and "." not in name:
            assert f"| {name} |" in text
