"""The shapes in which Azure's tools export policies load as they are."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from muster.policy.kinds import Kind
from muster.policy.schema_faults import SENTENCES
from muster.values.states import State
from tests.policy.sets import (
    GROUP,
    SCHEMA_FILES,
    SUBSCRIPTION,
    VM_ID,
    definition,
    judge,
    load,
    machine,
    only,
    rule,
    single,
)

AUTHORIZATION = "/providers/Microsoft.Authorization"
SYSTEM_DATA = {"createdBy": "someone", "createdAt": "2026-01-01T00:00:00.0000000Z", "createdByType": "User"}

REST_DEFINITION = {
    "id": f"{SUBSCRIPTION}{AUTHORIZATION}/policyDefinitions/encrypt",
    "name": "encrypt",
    "type": "Microsoft.Authorization/policyDefinitions",
    "systemData": SYSTEM_DATA,
    "properties": {
        "displayName": "Encrypt at host",
        "description": "All machines.",
        "policyType": "Custom",
        "mode": "Indexed",
        "version": "1.2.0",
        "versions": ["1.2.0"],
        "metadata": {"category": "Compute", "createdBy": "x", "updatedOn": None},
        "parameters": {
            "effect": {
                "type": "String",
                "metadata": {"displayName": "Effect", "description": "What to do."},
                "allowedValues": ["Audit", "Disabled"],
                "defaultValue": "Audit",
            }
        },
        "policyRule": rule("[parameters('effect')]"),
    },
}
REST_INITIATIVE = {
    "id": f"{SUBSCRIPTION}{AUTHORIZATION}/policySetDefinitions/base",
    "name": "base",
    "type": "Microsoft.Authorization/policySetDefinitions",
    "systemData": SYSTEM_DATA,
    "properties": {
        "displayName": "Baseline",
        "policyType": "Custom",
        "metadata": {"category": "Compute"},
        "version": "1.0.0",
        "versions": ["1.0.0"],
        "parameters": {},
        "policyDefinitions": [
            {
                "policyDefinitionReferenceId": "10420126870854049575",
                "policyDefinitionId": f"{SUBSCRIPTION}{AUTHORIZATION}/policyDefinitions/encrypt",
                "definitionVersion": "1.*.*",
                "latestDefinitionVersion": "1.2.0",
                "effectiveDefinitionVersion": "1.2.0",
                "parameters": {"effect": {"value": "Audit"}},
                "groupNames": ["DP-4"],
            }
        ],
        "policyDefinitionGroups": [
            {
                "name": "DP-4",
                "additionalMetadataId": "/providers/Microsoft.PolicyInsights/policyMetadata/DP-4",
            }
        ],
    },
}
REST_ASSIGNMENT = {
    "id": f"{SUBSCRIPTION}{AUTHORIZATION}/policyAssignments/all",
    "name": "all",
    "type": "Microsoft.Authorization/policyAssignments",
    "location": "westeurope",
    "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"},
    "systemData": SYSTEM_DATA,
    "properties": {
        "displayName": "Baseline everywhere",
        "policyDefinitionId": f"{SUBSCRIPTION}{AUTHORIZATION}/policySetDefinitions/base",
        "definitionVersion": "1.*.*",
        "latestDefinitionVersion": "1.0.0",
        "effectiveDefinitionVersion": "1.0.0",
        "scope": SUBSCRIPTION,
        "notScopes": [f"{SUBSCRIPTION}/resourceGroups/sandbox"],
        "parameters": {},
        "metadata": {"assignedBy": "someone", "parameterScopes": {}},
        "enforcementMode": "Default",
        "nonComplianceMessages": [
            {"message": "Encrypt.", "policyDefinitionReferenceId": "10420126870854049575"},
        ],
        "resourceSelectors": [],
        "overrides": [],
        "assignmentType": "Custom",
        "instanceId": "00000000-0000-0000-0000-000000000001",
    },
}
REST_EXEMPTION = {
    "id": f"{GROUP}{AUTHORIZATION}/policyExemptions/retires",
    "name": "retires",
    "type": "Microsoft.Authorization/policyExemptions",
    "systemData": SYSTEM_DATA,
    "properties": {
        "policyAssignmentId": f"{SUBSCRIPTION}{AUTHORIZATION}/policyAssignments/all",
        "policyDefinitionReferenceIds": ["10420126870854049575"],
        "exemptionCategory": "Waiver",
        "expiresOn": "2027-01-01T00:00:00.0000000Z",
        "displayName": "Retires in spring",
        "metadata": {"ticketRef": "4baf"},
        "assignmentScopeValidation": "Default",
        "resourceSelectors": None,
    },
}
REST = {
    Kind.DEFINITION: REST_DEFINITION,
    Kind.INITIATIVE: REST_INITIATIVE,
    Kind.ASSIGNMENT: REST_ASSIGNMENT,
    Kind.EXEMPTION: REST_EXEMPTION,
}


def printed(resource: dict[str, Any]) -> dict[str, Any]:
    """As Azure CLI prints it: the properties at the top, null for some that are not there."""
    header = {name: value for name, value in resource.items() if name != "properties"}
    top = {"description": None, "metadata": None, **header, **resource["properties"]}
    if "policyAssignmentId" in top:
        top["resourceGroup"] = "rg-one"
    for declared in top.get("parameters", {}).values():
        declared["schema"] = None
    return top


SHAPES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "REST": lambda one: one,
    "CLI": printed,
    "list of REST": lambda one: [one],
    "list of CLI": lambda one: [printed(one)],
    "REST list": lambda one: {"value": [one], "nextLink": None},
    "CLI in value": lambda one: {"value": [printed(one)]},
    "without id and type": lambda one: {"name": one["name"], "properties": one["properties"]},
    "other case": lambda one: {name.upper(): value for name, value in printed(one).items()},
}


def exported(shape: str) -> dict[str, Any]:
    """The four in one shape. Without ids they need none to find each other, but the exemption its scope."""
    files = {f"{kind.folder}/x.json": SHAPES[shape](deepcopy(resource)) for kind, resource in REST.items()}
    if shape == "without id and type":
        files["exemptions/x.json"]["properties"]["scope"] = GROUP
    return files


@pytest.mark.parametrize("shape", SHAPES)
def test_exports_load_and_judge_the_same(shape: str) -> None:
    result = only(exported(shape))
    assert (result.state, result.underneath) == (State.EXEMPT, State.NON_COMPLIANT)
    assert result.message == "Exempt (Waiver) by 'Retires in spring' until 2027-01-01T00:00:00Z. Encrypt."
    assert result.rule.definition_reference_id == "10420126870854049575"
    assert (result.rule.definition_version, result.rule.groups) == ("1.2.0", ("DP-4",))
    assert result.rule.assignment_id.lower() == f"{SUBSCRIPTION}{AUTHORIZATION}/policyAssignments/all".lower()
    elsewhere = machine(id=VM_ID.replace("rg-one", "sandbox"))
    assert judge(exported(shape), elsewhere).results == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_exports_load_without_remarks(shape: str) -> None:
    assert load(exported(shape)).warnings == ()


def validator(kind: Kind) -> Draft202012Validator:
    """A schema file by itself, as an editor uses it."""
    registry: Registry[Any] = Registry().with_resources(
        (f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in SCHEMA_FILES.items()
    )
    return Draft202012Validator({"$ref": f"{kind}.schema.json"}, registry=registry)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "other case"])
def test_editors_are_content_with_exports(kind: Kind, shape: str) -> None:
    assert [error.message for error in validator(kind).iter_errors(exported(shape)[f"{kind.folder}/x.json"])] == []


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("shape", ["REST", "CLI", "list of REST", "CLI in value"])
def test_editors_point_at_what_is_not_known(kind: Kind, shape: str) -> None:
    text = json.dumps(exported(shape)[f"{kind.folder}/x.json"])
    assert list(validator(kind).iter_errors(json.loads(text.replace('"displayName"', '"dispalyName"', 1))))
    required = json.dumps(kind.key_member)
    assert list(validator(kind).iter_errors(json.loads(text.replace(required, '"somethingElse"'))))


def keywords(schema: Any) -> set[str]:
    """Every keyword that stands in a schema, below members of any name."""
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    named = {"properties", "$defs"}
    inner = (list(value.values()) if key in named else value for key, value in schema.items() if key != "enum")
    return set(schema) | set().union(*map(keywords, inner))


def test_every_keyword_that_can_be_broken_has_a_sentence() -> None:
    used = keywords(list(SCHEMA_FILES.values()))
    only_structure = {
        "$schema", "$defs", "$ref", "title", "description", "properties", "items", "additionalProperties",
        "unevaluatedProperties", "allOf", "if", "then", "else",
    }  # fmt: skip
    assert used - only_structure == set(SENTENCES)


@pytest.mark.parametrize("kind", Kind)
def test_the_schemas_are_schemas(kind: Kind) -> None:
    Draft202012Validator.check_schema(SCHEMA_FILES[kind])
    assert json.dumps(SCHEMA_FILES[kind]).count("unevaluatedProperties") >= 2, "unknown members are seen"


def test_a_built_in_in_several_versions_is_one_definition() -> None:
    built_in = f"{AUTHORIZATION}/policyDefinitions/0000"
    older = {
        "id": built_in + "/versions/1.0.0",
        "name": "1.0.0",
        "type": "Microsoft.Authorization/policyDefinitions/versions",
    }
    newer = {
        "id": built_in + "/versions/1.1.0",
        "name": "1.1.0",
        "type": "Microsoft.Authorization/policyDefinitions/versions",
    }
    files = {
        "definitions/versions.json": {
            "value": [older | definition(displayName="Older"), newer | definition(displayName="Newer")]
        },
        "assignments/all.json": {"properties": {"policyDefinitionId": built_in}},
        "assignments/pinned.json": {"properties": {"policyDefinitionId": built_in, "definitionVersion": "1.0.*"}},
    }
    results = judge(files).results
    assert [(one.rule.assignment_id, one.rule.display_name, one.rule.definition_id) for one in results] == [
        ("all", "Newer", built_in),
        ("pinned", "Older", built_in),
    ]


def test_an_id_finds_what_was_written_here_and_has_none() -> None:
    files = single()
    built_in = f"{AUTHORIZATION}/policyDefinitions/encrypt"
    for reference in (built_in, built_in + "/", GROUP + built_in.upper()):
        files["assignments/all.json"]["properties"]["policyDefinitionId"] = reference
        assert only(files).rule.definition_id == "encrypt"


def test_a_bare_rule_is_a_definition() -> None:
    assert (
        only({"definitions/encrypt.json": rule(), "assignments/all.json": {"policyDefinitionId": "encrypt"}}).effect
        == "audit"
    )
