"""The bound policy set: what it reports of a machine, and how results describe themselves."""

import json
from typing import Any

import pytest

from muster.policy.files import digest
from muster.policy.results import IMAGE_NOT_COVERED, finding_id
from muster.values.document import Document
from muster.values.states import Severity, State
from tests.policy.sets import (
    GROUP,
    NOW,
    SUBSCRIPTION,
    VM_ID,
    assignment,
    bound,
    definition,
    judge,
    load,
    machine,
    only,
    pair,
    rule,
    single,
)

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"
PUBLISHER = "Microsoft.Compute/imagePublisher"


@pytest.mark.parametrize(
    ("properties", "reported"),
    [
        ({}, True),
        ({"scope": SUBSCRIPTION}, True),
        ({"scope": GROUP.lower()}, True),
        ({"scope": VM_ID}, True),
        ({"scope": VM_ID + "-two"}, False),
        ({"scope": MANAGEMENT}, True),
        ({"scope": MANAGEMENT + "-two"}, False),
        ({"notScopes": [GROUP]}, False),
        ({"notScopes": [GROUP + "-two", VM_ID.upper()]}, False),
        ({"notScopes": [MANAGEMENT]}, False),
        ({"scope": SUBSCRIPTION, "notScopes": [GROUP + "-two"]}, True),
    ],
)
def test_scopes_decide_what_is_reported(properties: dict[str, Any], reported: bool) -> None:
    results = judge(single(**properties), machine(management_groups=("root", "platform"))).results
    assert len(results) == reported


@pytest.mark.parametrize("properties", [{"scope": MANAGEMENT}, {"notScopes": [MANAGEMENT]}])
def test_without_the_ancestry_a_management_group_is_unknown(properties: dict[str, Any]) -> None:
    result = only(single(**properties))
    assert result.state is State.UNKNOWN
    assert "its management groups were not read" in result.message
    encrypted = machine(properties={"securityProfile": {"encryptionAtHost": True}})
    assert only(single(**properties), encrypted).state is State.UNKNOWN
    off = {"definitions/encrypt.json": definition(rule("disabled")), "assignments/all.json": assignment(**properties)}
    assert judge(off).results == (), "what is disabled says nothing wherever it is assigned"
    disk = machine(type="Microsoft.Compute/disks")
    assert only(single(**properties), disk).state is State.NOT_APPLICABLE, (
        "it is about machines, wherever it is assigned"
    )


def test_a_body_without_an_id_is_in_no_scope_that_can_be_told() -> None:
    result = only(single(scope=GROUP), Document({"type": "Microsoft.Compute/virtualMachines"}))
    assert result.state is State.UNKNOWN
    assert "which has no id" in result.message
    assert only(single(), Document({"type": "Microsoft.Compute/virtualMachines"})).state is State.NON_COMPLIANT


def test_what_a_result_tells() -> None:
    metadata = {
        "severity": "high",
        "remediation": "Turn it on.",
        "command": "az vm update --set securityProfile.encryptionAtHost=true",
        "documentation": "https://example.org/encryption",
    }
    files = pair(scope=SUBSCRIPTION, enforcementMode="DoNotEnforce")
    files["definitions/encrypt.json"]["properties"] |= {"metadata": metadata, "version": "1.2.0"}
    groups = [{"name": "DP-4"}, {"name": "PV-1"}]
    files["initiatives/base.json"]["properties"] |= {"policyDefinitionGroups": groups}
    files["initiatives/base.json"]["properties"]["policyDefinitions"][0]["groupNames"] = ["DP-4", "PV-1"]
    first, second = judge(files).results
    assigned = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/all"
    assert (first.rule.assignment_id, first.rule.initiative_id) == (assigned, "base")
    assert (first.rule.definition_id, first.rule.definition_reference_id) == ("encrypt", "hostEncryption")
    assert first.rule.display_name == "Encrypt at host"
    assert first.rule.remediation == "Turn it on.\naz vm update --set securityProfile.encryptionAtHost=true"
    assert first.rule.documentation == "https://example.org/encryption"
    assert (first.rule.definition_version, first.rule.groups, first.rule.enforced) == ("1.2.0", ("DP-4", "PV-1"), False)
    assert first.rule.severity is Severity.HIGH
    assert (second.rule.definition_reference_id, second.rule.severity) == ("tagged", Severity.MEDIUM)
    assert second.reasons[0].field == "tags['owner']"
    assert second.message == second.reasons[0].text


@pytest.mark.parametrize(
    ("mode", "enforced"),
    [(None, True), ("Default", True), ("default", True), ("DoNotEnforce", False), ("Enroll", False)],
)
def test_enforcement_is_told_and_changes_no_state(mode: str | None, enforced: bool) -> None:
    result = only(single(enforcementMode=mode))
    assert (result.rule.enforced, result.state) == (enforced, State.NON_COMPLIANT)


def test_finding_ids_are_stable_and_apart() -> None:
    files = pair(scope=SUBSCRIPTION)
    first, second = judge(files).results
    assert first.id != second.id
    again = [one.id for one in judge(files, machine(id=VM_ID.upper(), tags={"owner": "x"})).results]
    assert again == [first.id, second.id]
    assert first.id == finding_id(VM_ID, first.rule.assignment_id.upper(), "HOSTENCRYPTION")
    assert [one.id for one in judge(files, machine(id=VM_ID + "2")).results] != again
    # Kept in stores for years: a change of this number loses the history of every finding.
    assert finding_id("/subscriptions/s", "all", "") == "47644dbc8095cf2b6e9a8aae7c853f73"


@pytest.mark.parametrize(
    ("in_definition", "in_assignment", "severity"),
    [
        (None, None, Severity.MEDIUM),
        ("critical", "low", Severity.CRITICAL),
        (None, "low", Severity.LOW),
        ("info", None, Severity.INFO),
    ],
)
def test_severity(in_definition: str | None, in_assignment: str | None, severity: Severity) -> None:
    files = single(
        definition(metadata={"severity": in_definition}), metadata={"severity": in_assignment, "assignedBy": "x"}
    )
    assert only(files).rule.severity is severity


@pytest.mark.parametrize(
    "written", ["javascript:alert(1)", "https://example.org/\u202egro", "see the wiki", "file:///etc/passwd"]
)
def test_what_is_no_address_is_not_passed_on(written: str) -> None:
    assert only(single(definition(metadata={"documentation": written}))).rule.documentation == ""


def test_non_compliance_messages() -> None:
    messages = [{"message": "Talk to us."}, {"message": "Encrypt.", "policyDefinitionReferenceId": "HOSTENCRYPTION"}]
    first, second = judge(pair(nonComplianceMessages=messages)).results
    assert (first.message, second.message) == ("Encrypt.", "Talk to us.")
    tagged = machine(tags={"owner": "x"})
    assert judge(pair(nonComplianceMessages=messages), tagged).results[1].message == "Meets 'Tag the owner'."


def test_parameters_reach_the_rule_through_the_initiative() -> None:
    files = {
        "definitions/tag.json": definition(
            rule("audit", {"field": "[concat('tags[', parameters('tagName'), ']')]", "exists": "false"}),
            parameters={"tagName": {"type": "String"}},
        ),
        "initiatives/base.json": {
            "properties": {
                "parameters": {"Prefix": {"type": "String", "defaultValue": "cost"}},
                "policyDefinitions": [
                    {
                        "policyDefinitionId": "tag",
                        "parameters": {"TAGNAME": {"value": "[concat(parameters('prefix'), 'Center')]"}},
                    }
                ],
            }
        },
        "assignments/all.json": assignment("base"),
        "assignments/other.json": assignment("base", parameters={"prefix": {"value": "profit"}}),
    }
    results = judge(files, machine(tags={"costCenter": "1"})).results
    assert [(one.rule.assignment_id, one.state) for one in results] == [
        ("all", State.COMPLIANT),
        ("other", State.NON_COMPLIANT),
    ]


def test_policy_answers_where_the_rule_is_assigned() -> None:
    asking = rule("audit", {"value": "[policy().definitionReferenceId]", "equals": "hostEncryption"})
    files = pair(scope=GROUP)
    files["definitions/encrypt.json"] = definition(asking)
    assert judge(files).results[0].state is State.NON_COMPLIANT


@pytest.mark.parametrize(
    ("mode", "resource_type", "body", "state"),
    [
        ("All", "Microsoft.Network/networkSecurityGroups/securityRules", {}, State.NON_COMPLIANT),
        ("Indexed", "Microsoft.Network/networkSecurityGroups/securityRules", {}, State.NOT_APPLICABLE),
        (None, "Microsoft.Network/networkSecurityGroups/securityRules", {}, State.NOT_APPLICABLE),
        ("indexed", "Microsoft.Compute/virtualMachines/extensions", {"location": "westeurope"}, State.NON_COMPLIANT),
        ("Indexed", "Microsoft.Compute/virtualMachines/extensions", {"tags": {}}, State.NON_COMPLIANT),
        ("Indexed", "Microsoft.Compute/virtualMachines", {}, State.NON_COMPLIANT),
        ("Indexed", "Microsoft.Resources/subscriptions/resourceGroups", {"location": "x"}, State.NOT_APPLICABLE),
        ("All", "Microsoft.Resources/subscriptions/resourceGroups", {"location": "x"}, State.NON_COMPLIANT),
    ],
)
def test_modes(mode: str | None, resource_type: str, body: dict[str, Any], state: State) -> None:
    always = {"if": {"field": "type", "equals": resource_type}, "then": {"effect": "audit"}}
    document = Document({"id": VM_ID, "type": resource_type, **body})
    assert only(single(definition(always, mode=mode)), document).state is state


def test_definitions_of_resource_providers_are_skipped_with_a_warning() -> None:
    files = single(definition(mode="Microsoft.Kubernetes.Data"))
    verdict = judge(files)
    assert verdict.results == ()
    assert verdict.warnings == (
        "Encrypt at host: skipped, as its mode Microsoft.Kubernetes.Data judges what is inside a resource.",
    )
    elsewhere = single(definition(mode="Microsoft.Kubernetes.Data"), scope=VM_ID + "-two")
    assert judge(elsewhere).warnings == ()


def test_an_alias_that_no_type_has_applies_to_nothing_and_says_so() -> None:
    verdict = judge(single(definition(rule("audit", {"field": "Microsoft.Compute/imagePublishr", "equals": "x"}))))
    (result,) = verdict.results
    assert result.state is State.NOT_APPLICABLE
    assert "imagePublishr" in result.message
    assert len(verdict.warnings) == 1
    assert verdict.warnings[0].startswith("Encrypt at host: 'Microsoft.Compute/imagePublishr' is no alias")


@pytest.mark.parametrize(
    ("condition", "state", "gap"),
    [
        ({"field": PUBLISHER, "equals": "Canonical"}, State.NOT_APPLICABLE, True),
        ({"field": PUBLISHER, "in": ["Canonical", "RedHat"]}, State.NOT_APPLICABLE, True),
        ({"field": PUBLISHER, "in": ["Canonical", "kinvolk"]}, State.NON_COMPLIANT, False),
        # Content with this image, not blind to it:
        ({"field": PUBLISHER, "notIn": ["Canonical", "kinvolk"]}, State.COMPLIANT, False),
        ({"not": {"field": PUBLISHER, "in": ["Canonical", "kinvolk"]}}, State.COMPLIANT, False),
        ({"not": {"anyOf": [{"field": PUBLISHER, "equals": "kinvolk"}]}}, State.COMPLIANT, False),
        ({"not": {"field": PUBLISHER, "notEquals": "Canonical"}}, State.NOT_APPLICABLE, True),
    ],
)
def test_rules_that_skip_an_image_because_of_its_name(condition: dict[str, Any], state: State, gap: bool) -> None:
    result = only(single(definition(rule("audit", condition, {"field": "tags['owner']", "exists": "false"}))))
    assert result.state is state
    gaps = [reason for reason in result.reasons if reason.operator == IMAGE_NOT_COVERED]
    assert len(gaps) == gap
    if gap:
        assert gaps[0].found == {"publisher": "kinvolk", "offer": "flatcar", "sku": "stable"}
        assert "publisher Canonical" in (gaps[0].expected or [])  # type: ignore[operator]
        assert result.message == gaps[0].text
        assert result.message.startswith("The rule skips this image (publisher kinvolk offer flatcar sku stable):")


def test_a_scale_set_is_told_its_image_too() -> None:
    type_is = {"field": "type", "equals": "Microsoft.Compute/virtualMachineScaleSets"}
    parts = [type_is, {"field": PUBLISHER, "equals": "Canonical"}, {"field": "tags['owner']", "exists": "false"}]
    looking = {"if": {"allOf": parts}, "then": {"effect": "audit"}}
    image = {"publisher": "kinvolk", "offer": "flatcar"}
    profile = {"virtualMachineProfile": {"storageProfile": {"imageReference": image}}}
    document = machine(type="Microsoft.Compute/virtualMachineScaleSets", properties=profile)
    assert only(single(definition(looking)), document).reasons[0].found == image


def test_a_rule_against_an_image_skips_no_other_image() -> None:
    system = {"field": "Microsoft.Compute/virtualMachines/storageProfile.osDisk.osType", "equals": "Linux"}
    against = rule("audit", {"field": PUBLISHER, "equals": "Canonical"}, system)
    assert only(single(definition(against))).state is State.COMPLIANT


def test_unknown_says_what_is_missing() -> None:
    unread = machine(unavailable=frozenset({"properties.securityprofile"}))
    result = only(single(), unread)
    assert result.state is State.UNKNOWN
    assert result.message.startswith("Can't be told without ")
    assert "securityProfile.encryptionAtHost" in result.message
    assert result.reasons[0].found_state == "unknown"


def test_what_another_machine_was_told_is_not_told_to_this_one() -> None:
    policies = bound(pair(scope=GROUP, notScopes=[VM_ID + "-two"]))
    seen = [len(policies.evaluate(machine(id=name), NOW).results) for name in (VM_ID, VM_ID + "-two", VM_ID, "/x")]
    assert seen == [2, 0, 2, 0]
    located = bound(single(resourceSelectors=[{"selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}]))
    assert [len(located.evaluate(machine(location=place), NOW).results) for place in ("westeurope", "eastus")] == [1, 0]
    nested = bound(single(scope=MANAGEMENT))
    states = [nested.evaluate(machine(management_groups=groups), NOW).results for groups in ((), ("platform",), ("x",))]
    assert [[one.state for one in results] for results in states] == [[State.UNKNOWN], [State.NON_COMPLIANT], []]


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"id": 7, "type": [], "location": {}, "tags": 3, "properties": "x"},
        {"id": VM_ID, "type": "Microsoft.Compute/virtualMachines", "properties": {"storageProfile": [1, None]}},
        {"id": "\ud800", "type": "Microsoft.Compute/virtualMachines", "location": "\ud800"},
    ],
)
def test_no_json_makes_it_raise(resource: Any) -> None:
    policies = bound({**pair(), "assignments/scoped.json": assignment("encrypt", scope=GROUP)})
    document = Document(resource)
    policies.related_queries(document)
    for result in policies.evaluate(document, NOW).results:
        assert isinstance(result.state, State)


def test_the_version_names_the_contents() -> None:
    files = {path: json.dumps(value) for path, value in pair().items()}
    version = load(files).version
    assert bound(files).version == version
    assert load(dict(reversed(files.items()))).version == version
    assert load({**files, "lifecycle/x.json": "{", "README.md": "", "definitions/notes.txt": "x"}).version == version
    assert load({**files, "assignments/all.json": files["assignments/all.json"] + " "}).version != version
    moved = {path.replace("all.json", "every.json"): text for path, text in files.items()}
    assert load(moved).version != version
    assert digest({"ab": "c"}) != digest({"a": "bc"})


def test_a_rule_that_counts_over_image_names_does_not_fail_for_other_images() -> None:
    starts = {"field": "Microsoft.Compute/imagePublisher", "like": "[concat(current('prefix'), '*')]"}
    counted = {"count": {"value": ["Canon", "Red"], "name": "prefix", "where": starts}, "greater": 0}
    result = only(single(definition(rule("audit", counted))))
    assert result.state in (State.COMPLIANT, State.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("condition", "judged"),
    [
        ({"field": "type", "equals": "Microsoft.Compute/disks"}, True),
        ({"field": "type", "in": ["Microsoft.Compute/virtualMachines", "microsoft.compute/DISKS"]}, True),
        ({"field": "type", "like": "Microsoft.Compute/*"}, True),
        ({"field": "tags.owner", "exists": False}, True),
        ({"field": "type", "equals": "Microsoft.Compute/virtualMachines"}, False),
        ({"not": {"field": "type", "equals": "Microsoft.Compute/disks"}}, False),
    ],
)
def test_which_types_a_policy_set_judges(condition: Any, judged: bool) -> None:
    files = single(definition({"if": condition, "then": {"effect": "audit"}}))
    assert bound(files).judges("microsoft.compute/disks") is judged


def test_what_reports_nothing_judges_nothing() -> None:
    disks = {"field": "type", "equals": "Microsoft.Compute/disks"}
    files = single(definition({"if": disks, "then": {"effect": "disabled"}}))
    assert not bound(files).judges("microsoft.compute/disks")
