"""Overrides of effects and versions."""

from typing import Any

import pytest

from muster.values.document import Document
from muster.values.states import State
from tests.policy.sets import (
    assignment,
    definition,
    effect_definition,
    initiative,
    judge,
    machine,
    only,
    pair,
    rule,
    single,
)


def effect_override(value: str, *selectors: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "policyEffect", "value": value, "selectors": list(selectors)}


def here(*locations: str, kind: str = "resourceLocation") -> dict[str, Any]:
    return {"kind": kind, "in": list(locations)}


def effects(overrides: list[Any], document: Document | None = None) -> dict[str, str]:
    """The effects that are reported, by definition reference."""
    results = judge(pair(overrides=overrides), document).results
    return {result.rule.definition_reference_id: result.effect for result in results}


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], {"hostEncryption": "audit", "tagged": "audit"}),
        (
            [effect_override("deny", here("hostEncryption", kind="policyDefinitionReferenceId"))],
            {"hostEncryption": "deny", "tagged": "audit"},
        ),
        (
            [effect_override("DENY", here("HOSTENCRYPTION", kind="policyDefinitionReferenceId"))],
            {"hostEncryption": "deny", "tagged": "audit"},
        ),
        (
            [effect_override("disabled", here("tagged", kind="policyDefinitionReferenceId"))],
            {"hostEncryption": "audit"},
        ),
        ([effect_override("disabled")], {}),
        ([{"kind": "policyEffect", "value": "disabled", "selectors": None}], {}),
        ([effect_override("disabled", here("eastus"))], {"hostEncryption": "audit", "tagged": "audit"}),
        ([effect_override("disabled", here("West Europe"))], {}),
        (
            [effect_override("deny", here("tagged", kind="policyDefinitionReferenceId"), here("westeurope"))],
            {"hostEncryption": "audit", "tagged": "deny"},
        ),
        (
            [effect_override("deny", {"kind": "policyDefinitionReferenceId", "notIn": ["tagged"]})],
            {"hostEncryption": "deny", "tagged": "audit"},
        ),
        # Of two that fit the first counts; the documentation gives the order, not the winner.
        ([effect_override("deny"), effect_override("disabled")], {"hostEncryption": "deny", "tagged": "deny"}),
    ],
)
def test_overrides_of_effects(overrides: list[Any], expected: dict[str, str]) -> None:
    assert effects(overrides) == expected


def test_a_disabled_definition_is_judged_where_an_override_enables_it() -> None:
    off = single(effect_definition("Disabled"))
    assert judge(off).results == ()
    on = single(effect_definition("Disabled"), overrides=[effect_override("audit")])
    assert only(on).state is State.NON_COMPLIANT


def test_the_effect_is_unknown_where_the_location_is() -> None:
    nowhere = machine(location=None, unavailable=frozenset({"location"}))
    overrides = [effect_override("disabled", here("eastus"))]
    result = only(single(effect_definition(), overrides=overrides), nowhere)
    assert result.state is State.UNKNOWN
    assert "Which effect" in result.message
    same = only(single(effect_definition(), overrides=[effect_override("deny", here("eastus"))]), nowhere)
    assert same.state is State.NON_COMPLIANT, "whichever effect it is, the machine does not comply"


def versions(override: dict[str, Any] | None) -> dict[str, Any]:
    """A built-in in two versions, the second asking for a tag too."""
    built_in = "/providers/Microsoft.Authorization/policyDefinitions/11111111-aaaa-bbbb-cccc-222222222222"
    tag = {"field": "tags['owner']", "exists": "false"}
    return {
        "definitions/one.json": {"id": built_in, **definition(displayName="First", version="1.4.0")},
        "definitions/two.json": {
            "id": built_in + "/versions/2.0.0",
            "name": "2.0.0",
            **definition(rule("audit", tag), displayName="Second"),
        },
        "assignments/all.json": assignment(
            built_in, definitionVersion="1.*.*", overrides=[override] if override else []
        ),
    }


@pytest.mark.parametrize("kind", ["policyVersion", "definitionVersion"])
def test_overrides_of_versions(kind: str) -> None:
    assert only(versions(None)).rule.display_name == "First"
    elsewhere = {"kind": kind, "value": "2.*.*", "selectors": [here("eastus")]}
    assert only(versions(elsewhere)).rule.definition_version == "1.4.0"
    matching = {"kind": kind, "value": "2.*.*", "selectors": [here("westeurope")]}
    result = only(versions(matching))
    assert (result.rule.display_name, result.rule.definition_version) == ("Second", "2.0.0")
    nowhere = only(versions(matching), machine(location=None, unavailable=frozenset({"location"})))
    assert nowhere.state is State.UNKNOWN
    assert "version" in nowhere.message


def test_the_newest_version_counts_where_none_is_asked_for() -> None:
    files = versions(None)
    del files["assignments/all.json"]["properties"]["definitionVersion"]
    assert only(files).rule.display_name == "Second"


def test_an_initiative_chooses_versions_too() -> None:
    files = versions(None)
    built_in = files["assignments/all.json"]["properties"]["policyDefinitionId"]
    files["initiatives/base.json"] = initiative({"policyDefinitionId": built_in, "definitionVersion": "1.4.*"})
    files["assignments/all.json"] = assignment("base")
    assert only(files).rule.display_name == "First"
