"""The event subscription asks for what the code handles, in the form in which it handles it, and loses nothing."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from functions.on_event_queued import blueprint as on_event_queued
from functions.on_vm_written import blueprint as on_vm_written
from muster.adapters.blob_dead_letters import DEAD_LETTERS
from muster.adapters.storage_queue import BATCHES, EVALUATIONS, EVENTS, POISON
from muster.facts.event import CHANGES, OPERATIONS, parse_event
from muster.values.request import EvaluationRequest
from tests.infra.bicep import Sources, edited, sources
from tests.infra.bicep_deployment import SUBSCRIPTION, Deployment, elsewhere, governed, installed, watched

if TYPE_CHECKING:
    from muster.values.json import Json

THEIRS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/theirs/providers/Microsoft.EventGrid/systemTopics/their-topic"


def events(deployment: Deployment) -> dict[str, Any]:
    """The properties of the event subscription."""
    (found,) = (one for one in deployment.everything() if one.type.endswith("/eventSubscriptions"))
    return found.properties


def onboarded(given: Sources | None = None) -> dict[str, Any]:
    """The properties of the event subscription that the policy makes, with its parameters put in."""
    (definition,) = (one for one in governed(given).everything() if one.type.endswith("/policyDefinitions"))
    deployment = definition.properties["policyRule"]["then"]["details"]["deployment"]["properties"]
    text = json.dumps(deployment["template"])
    for name, parameter in deployment["parameters"].items():
        text = text.replace(f"\"[parameters('{name}')]\"", json.dumps(parameter["value"]))
    inner = json.loads(text)["resources"][1]["properties"]["template"]["resources"]
    return dict(inner[1]["properties"])


def asked_for(subscription: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Types of events and operations, in lower case."""
    (condition,) = subscription["filter"]["advancedFilters"]
    assert (condition["operatorType"], condition["key"]) == ("StringIn", "data.operationName")
    types, operations = subscription["filter"]["includedEventTypes"], condition["values"]
    return {one.lower() for one in types}, {one.lower() for one in operations}


HANDLED = (set(CHANGES), {operation for by_type in OPERATIONS.values() for operation in by_type})

EVERY: list[Callable[[], dict[str, Any]]] = [
    lambda: events(installed()),
    lambda: events(watched()),
    lambda: events(watched(delivery="function")),
    lambda: events(watched(systemTopicId=THEIRS)),
    onboarded,
]


@pytest.mark.parametrize("subscription", EVERY)
def test_what_is_asked_for_is_what_the_code_handles(subscription: Callable[[], dict[str, Any]]) -> None:
    assert asked_for(subscription()) == HANDLED


@pytest.mark.parametrize("subscription", EVERY)
def test_events_are_cloud_events_tried_for_a_day_and_kept_then(subscription: Callable[[], dict[str, Any]]) -> None:
    had = subscription()
    assert had["eventDeliverySchema"] == "CloudEventSchemaV1_0"
    assert had["retryPolicy"] == {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440}
    kept = had["deadLetterWithResourceIdentity"]["deadLetterDestination"]
    assert kept["endpointType"] == "StorageBlob"
    assert kept["properties"]["blobContainerName"] == DEAD_LETTERS


@pytest.mark.parametrize(("kind", "operation"), [(kind, one) for kind in CHANGES for one in OPERATIONS[CHANGES[kind]]])
def test_what_is_asked_for_becomes_a_request(kind: str, operation: str) -> None:
    """Each type of event with each of its operations."""
    resource_type = operation.rpartition("/")[0]
    namespace, name = resource_type.split("/")
    event: Json = {
        "specversion": "1.0",
        "id": "e1",
        "type": kind,
        "time": "2026-11-01T10:00:00Z",
        "source": f"/subscriptions/{SUBSCRIPTION}",
        "data": {
            "operationName": operation,
            "resourceUri": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/{namespace}/{name}/vm",
        },
    }
    assert isinstance(parse_event(event), EvaluationRequest)


def test_delivery_to_the_queue_is_with_an_identity_and_to_the_queue_that_is_read() -> None:
    had = events(installed())
    delivery = had["deliveryWithResourceIdentity"]
    assert "destination" not in had
    assert delivery["identity"]["type"] == "UserAssigned"
    assert delivery["identity"]["userAssignedIdentity"].endswith("/id-prod-delivery")
    assert delivery["destination"]["endpointType"] == "StorageQueue"
    target = delivery["destination"]["properties"]
    assert target["queueName"] == EVENTS == queue_of_the_trigger()
    assert target["resourceId"].rstrip("0123456789").endswith("/stchecker")
    # A message does not expire: what is not done is not forgotten.
    assert target["queueMessageTimeToLiveInSeconds"] == -1


def test_the_policy_delivers_as_the_deployment_does() -> None:
    assert onboarded() == events(watched())


def test_delivery_to_the_function_is_to_the_trigger_that_there_is() -> None:
    had = events(watched(delivery="function"))
    assert "deliveryWithResourceIdentity" not in had
    assert had["destination"]["endpointType"] == "AzureFunction"
    function = had["destination"]["properties"]["resourceId"].removeprefix(elsewhere()["checkerId"])
    (trigger,) = (builder.build() for builder in on_vm_written._function_builders)
    assert function == f"/functions/{trigger.get_function_name()}"


def queue_of_the_trigger() -> str:
    (builder,) = on_event_queued._function_builders
    return str(builder.build().get_trigger().get_dict_repr()["queueName"])  # type: ignore[union-attr]


def test_the_main_deployment_leaves_direct_delivery_to_the_second_step() -> None:
    made = [one.type for one in installed(delivery="function").everything()]
    assert "Microsoft.EventGrid/systemTopics" in made
    assert "Microsoft.EventGrid/systemTopics/eventSubscriptions" not in made


def test_a_topic_is_made_for_the_subscription_where_there_is_none() -> None:
    (topic,) = (one for one in installed().everything() if one.type == "Microsoft.EventGrid/systemTopics")
    assert topic.properties == {
        "source": f"/subscriptions/{SUBSCRIPTION}",
        "topicType": "Microsoft.Resources.Subscriptions",
    }
    assert topic.config["location"] == "global"
    assert [name.rpartition("/")[2] for name in topic.config["identity"]["userAssignedIdentities"]] == [
        "id-prod-delivery"
    ]


def test_a_topic_that_is_there_is_taken_by_its_id() -> None:
    made = list(installed(systemTopicIds=f"/subscriptions/x/resourceGroups/a/b/c/d/e, {THEIRS}").everything())
    assert not [one for one in made if one.type == "Microsoft.EventGrid/systemTopics"]
    (subscription,) = (one for one in made if one.type.endswith("/eventSubscriptions"))
    assert subscription.id.startswith(f"{THEIRS}/eventSubscriptions/")
    assert subscription.properties["deliveryWithResourceIdentity"]["identity"] == {"type": "SystemAssigned"}
    assert subscription.properties["deadLetterWithResourceIdentity"]["identity"] == {"type": "SystemAssigned"}


def test_each_watched_subscription_has_a_topic_in_itself() -> None:
    other = "31111111-2222-3333-4444-555555555555"
    made = list(installed(watchedSubscriptions=f"{SUBSCRIPTION},{other}").everything())
    topics = [one for one in made if one.type == "Microsoft.EventGrid/systemTopics"]
    assert [one.id.split("/")[2] for one in topics] == [SUBSCRIPTION, other]
    assert [one.properties["source"] for one in topics] == [f"/subscriptions/{SUBSCRIPTION}", f"/subscriptions/{other}"]


def test_the_queues_are_those_of_the_code() -> None:
    made = [one for one in installed().everything() if one.type.endswith("/queueServices/queues")]
    assert all(one.id.split("/")[8].startswith("stchecker") for one in made)
    assert {one.name for one in made} == {
        f"{name}{end}" for name in (EVENTS, EVALUATIONS, BATCHES) for end in ("", POISON)
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Microsoft.Compute/virtualMachines/write"', '"Microsoft.Compute/virtualMachine/write"'),
        ('    "Microsoft.Resources.ResourceDeleteSuccess",\n', ""),
        (
            '"Microsoft.Compute/virtualMachines/write"',
            '"Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/disks/write"',
        ),
    ],
)
def test_another_filter_is_noticed(old: str, new: str) -> None:
    given = edited("watch/filter.json", old, new)
    assert asked_for(events(installed(given))) != HANDLED
    assert asked_for(onboarded(given)) != HANDLED


def test_the_policy_looks_for_the_event_subscription_that_the_deployment_makes() -> None:
    (made,) = (one for one in installed().everything() if one.type.endswith("/eventSubscriptions"))
    (definition,) = (one for one in governed().everything() if one.type.endswith("/policyDefinitions"))
    details = definition.properties["policyRule"]["then"]["details"]
    assert details["type"] == made.type
    assert details["existenceCondition"]["anyOf"] == [
        {"field": "name", "equals": made.name},
        {"field": "name", "like": f"*/{made.name}"},
    ]
    assert definition.properties["policyRule"]["then"]["effect"] == "[parameters('effect')]"
    template = json.loads(sources()["management-group/onboard.json"])
    assert set(details["deployment"]["properties"]["parameters"]) == set(template["parameters"])


def test_the_policy_makes_the_topic_that_the_deployment_makes() -> None:
    template = json.loads(sources()["management-group/onboard.json"])
    topic = template["resources"][1]["properties"]["template"]["resources"][0]
    (made,) = (one for one in watched().everything() if one.type == "Microsoft.EventGrid/systemTopics")
    assert (topic["type"], topic["name"], topic["location"]) == (made.type, made.name, made.config["location"])
    assert topic["properties"] == made.properties | {"source": "[subscription().id]"}
    assert topic["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": "[createObject(parameters('deliveryIdentityId'), createObject())]",
    }


def test_subscriptions_can_be_reported_only() -> None:
    (assignment,) = (
        one for one in governed(onboarding="AuditIfNotExists").everything() if one.type.endswith("/policyAssignments")
    )
    assert assignment.properties["parameters"]["effect"]["value"] == "AuditIfNotExists"
    assert assignment.config["identity"] == {"type": "SystemAssigned"}
    assert assignment.config["location"] == "westeurope"


def test_the_policy_deploys_into_the_subscription_in_the_region_that_was_asked_for() -> None:
    (definition,) = (one for one in governed().everything() if one.type.endswith("/policyDefinitions"))
    details = definition.properties["policyRule"]["then"]["details"]
    assert details["existenceScope"] == details["deploymentScope"] == "Subscription"
    assert details["deployment"]["location"] == "westeurope"
    (role,) = details["roleDefinitionIds"]
    assert role in {one.id for one in governed().everything() if one.type.endswith("/roleDefinitions")}
