"""What rules can ask of a resource's surroundings, of the assignment and of the clock."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from muster.language.context import SURROUNDINGS, instant_text
from muster.language.evaluate import special_functions
from muster.language.frame import UnknownFact
from muster.language.functions import CONTEXTUAL, FUNCTIONS
from muster.values.document import Document
from muster.values.errors import TemplateError
from muster.values.json import Json
from tests.language.rules import ask, value_of

ID = "/subscriptions/S1/resourceGroups/My-RG/providers/Microsoft.Compute/virtualMachines/vm1"
BARE = Document(resource={"id": ID, "name": "vm1"})
KNOWN = Document(
    resource={"id": ID, "name": "vm1"},
    subscription={"displayName": "Prod", "tags": {"Env": "prod"}},
    resource_group={"name": "my-rg", "location": "westeurope", "tags": {"Owner": "me"}, "managedBy": None},
    request_context={"apiVersion": "2024-07-01", "identity": {"idtyp": "user"}},
    now=datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[subscription().subscriptionId]", "S1"),
        ("[subscription().id]", "/subscriptions/S1"),
        ("[SUBSCRIPTION()['SubscriptionID']]", "S1"),
        ("[resourceGroup().name]", "My-RG"),
        ("[resourceGroup().id]", "/subscriptions/S1/resourceGroups/My-RG"),
        ("[utcNow()]", "1970-01-01T00:00:00.0000000Z"),
    ],
)
def test_the_id_of_a_resource_tells_where_it_is(expression: str, value: str) -> None:
    assert value_of(expression, BARE) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[subscription().displayName]", "Prod"),
        ("[subscription().tags.env]", "prod"),
        ("[subscription().subscriptionId]", "S1"),
        ("[resourceGroup().name]", "my-rg"),
        ("[resourceGroup().location]", "westeurope"),
        ("[resourceGroup().tags['OWNER']]", "me"),
        ("[resourceGroup().tags.nobody]", None),
        ("[resourceGroup().tags['no body']]", None),
        ("[contains(resourceGroup(), 'location')]", True),
        ("[tryGet(resourceGroup().tags, 'owner')]", "me"),
        ("[requestContext().apiVersion]", "2024-07-01"),
        ("[requestContext().identity.idtyp]", "user"),
        ("[utcNow()]", "2026-01-31T12:00:00.1234560Z"),
    ],
)
def test_what_was_gathered_is_given(expression: str, value: Json) -> None:
    assert value_of(expression, KNOWN) == value


@pytest.mark.parametrize(
    ("expression", "document", "what"),
    [
        ("[subscription().displayName]", BARE, "subscription().displayName"),
        ("[resourceGroup().location]", BARE, "resourceGroup().location"),
        ("[resourceGroup().tags.x]", BARE, "resourceGroup().tags"),
        ("[resourceGroup().managedBy]", KNOWN, "resourceGroup().managedBy"),
        ("[tryGet(resourceGroup(), 'tags', 'x')]", BARE, "resourceGroup()"),
        ("[contains(subscription(), 'tags')]", BARE, "subscription()"),
        ("[string(requestContext())]", BARE, "requestContext()"),
        ("[requestContext().apiVersion]", BARE, "requestContext().apiVersion"),
        ("[requestContext().other]", KNOWN, "requestContext().other"),
        ("[resourceGroup().name]", Document(resource={"name": "x"}), "resourceGroup().name"),
        ("[subscription().subscriptionId]", Document(resource={"id": 5}), "subscription().subscriptionId"),
        ("[resourceGroup().name]", Document(resource={"id": "/subscriptions/S1"}), "resourceGroup().name"),
    ],
)
def test_what_was_not_gathered_is_unknown_and_never_missing(expression: str, document: Document, what: str) -> None:
    with pytest.raises(UnknownFact) as fact:
        value_of(expression, document)
    assert fact.value.what == what
    assert ask({"value": expression, "notEquals": "x"}, document) is None


@pytest.mark.parametrize(
    ("expression", "resource", "value"),
    [
        ("[field('tags').env]", {"tags": {"Env": "a"}}, "a"),
        ("[field('tags')['env']]", {"tags": {}}, None),
        ("[field('tags').env]", {"tags": None}, None),
        ("[field('tags').env]", {}, None),
        ("[empty(field('tags').env)]", {}, True),
    ],
)
def test_a_tag_that_is_not_there_is_null(expression: str, resource: dict[str, Json], value: Json) -> None:
    # Azure's rules that inherit tags compare resourceGroup().tags[...] with '' before they use it.
    assert value_of(expression, resource) == value


@pytest.mark.parametrize("expression", ["[field('a').b]", "[field('a')['b']]", "[field('a').c]", "[field('a')[0]]"])
def test_a_property_of_anything_else_must_be_there(expression: str) -> None:
    resources: list[dict[str, Json]] = [{}, {"a": {}}, {"a": "text"}, {"a": []}, {"a": 5}]
    for resource in resources:
        with pytest.raises(TemplateError):
            value_of(expression, resource)
    assert value_of("[field('a').b]", {"a": {"B": None}}) is None


def test_policy_answers_what_the_assignment_is() -> None:
    policy: dict[str, Json] = {"assignmentId": "/A", "definitionReferenceId": "ref"}
    assert value_of("[policy().AssignmentID]", {}, policy=policy) == "/A"
    with pytest.raises(TemplateError):
        value_of("[policy().setDefinitionId]", {}, policy=policy)


@pytest.mark.parametrize("name", sorted(SURROUNDINGS | {"policy", "utcnow"}))
def test_functions_without_arguments_take_none(name: str) -> None:
    for expression in (f"[{name}('x')]", f"[{name}('x').id]"):
        said = ask({"value": expression, "equals": ""}, BARE)
        assert isinstance(said, str)
        assert "takes 0 arguments" in said


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.0000000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 67, tzinfo=UTC), "2026-01-02T03:04:05.0000670Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2025-12-31T23:00:00.0000000Z"),
    ],
)
def test_instants_have_seven_digits_of_fraction_in_utc(moment: datetime, text: str) -> None:
    # The documentation of utcNow() and of ISO 8601 in rules has seven digits; conformance cases of others have none.
    assert instant_text(moment) == text


def test_every_contextual_function_is_evaluated_and_no_strict_one_is() -> None:
    assert set(special_functions()) == set(CONTEXTUAL)
    assert not set(CONTEXTUAL) & set(FUNCTIONS)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[if(equals(subscription().displayName, 'x'), 1, 1)]", 1),
        ("[if(true(), 'yes', resourceGroup().location)]", "yes"),
        ("[or(true(), equals(resourceGroup().location, 'x'))]", True),
        ("[and(equals(resourceGroup().location, 'x'), false())]", False),
        ("[coalesce('a', resourceGroup().location)]", "a"),
    ],
)
def test_an_unknown_fact_that_does_not_matter(expression: str, expected: Any) -> None:
    assert value_of(expression, BARE) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "[and(false(), 5)]",
        "[or(true(), 'x')]",
        "[and(false(), int('x'))]",
        "[or(true(), null())]",
        "[and(equals(resourceGroup().location, 'x'), 5)]",
        "[if('true', 1, 2)]",
        "[if(1, 1, 2)]",
    ],
)
def test_truth_values_are_wanted_and_every_one_is_looked_at(expression: str) -> None:
    # Of if() alone the documentation has it that the way not taken is not worked out.
    with pytest.raises(TemplateError):
        value_of(expression, BARE)


@pytest.mark.parametrize(
    "expression",
    [
        "[if(equals(subscription().displayName, 'x'), 1, 2)]",
        "[if(equals(subscription().displayName, 'x'), 1, true())]",
        "[if(equals(subscription().displayName, 'x'), createArray(1), createArray(true()))]",
        "[if(equals(subscription().displayName, 'x'), int('x'), 1)]",
        "[or(false(), equals(resourceGroup().location, 'x'))]",
        "[and(equals(resourceGroup().location, 'x'), true())]",
        "[coalesce(resourceGroup().location, 'a')]",
        "[coalesce(null(), resourceGroup().location)]",
    ],
)
def test_an_unknown_fact_that_matters(expression: str) -> None:
    with pytest.raises(UnknownFact):
        value_of(expression, BARE)
