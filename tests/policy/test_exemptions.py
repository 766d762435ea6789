"""Exemptions: whom they are for, how long, and what they leave to be seen."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.values.states import State
from tests.policy.sets import (
    GROUP,
    NOW,
    SUBSCRIPTION,
    VM_ID,
    definition,
    exemption,
    judge,
    machine,
    only,
    pair,
    rule,
    single,
)

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"


def with_exemption(files: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    return {**(files or single()), "exemptions/one.json": exemption(**properties)}


def test_an_exemption_shows_what_it_covers() -> None:
    plain, covered = only(single()), only(with_exemption(displayName="Retires in spring"))
    assert plain.state is State.NON_COMPLIANT
    assert (covered.state, covered.underneath) == (State.EXEMPT, State.NON_COMPLIANT)
    assert covered.id == plain.id
    assert covered.reasons == plain.reasons
    assert covered.message == f"Exempt (Waiver) by 'Retires in spring'. {plain.message}"
    assert covered.exemption_id == f"{VM_ID.lower()}/providers/Microsoft.Authorization/policyExemptions/one"


@pytest.mark.parametrize(
    ("expires_on", "state"),
    [
        (None, State.EXEMPT),
        ("2026-11-23T12:00:00.0000001Z", State.NON_COMPLIANT),  # a microsecond is the finest that is kept
        ("2026-11-23T12:00:00.0000010Z", State.EXEMPT),
        ("2026-11-23T12:00:00Z", State.NON_COMPLIANT),
        ("2026-11-23T11:59:59.9999999Z", State.NON_COMPLIANT),
        ("2026-11-23T12:00:01Z", State.EXEMPT),
        ("2026-11-23T13:00:01+01:00", State.EXEMPT),
        ("2026-11-23T13:00:00+01:00", State.NON_COMPLIANT),
        ("2026-11-23T12:00:01", State.EXEMPT),
        ("2020-12-31T23:59:00.0000000Z", State.NON_COMPLIANT),
    ],
)
def test_it_counts_before_its_end_and_not_at_it(expires_on: str | None, state: State) -> None:
    assert only(with_exemption(expiresOn=expires_on)).state is state


def test_the_message_says_until_when() -> None:
    assert "until 2027-01-01T00:00:00Z" in only(with_exemption(expiresOn="2027-01-01T00:00:00Z")).message


@pytest.mark.parametrize(
    ("properties", "state"),
    [
        ({"scope": VM_ID.upper()}, State.EXEMPT),
        ({"scope": GROUP}, State.EXEMPT),
        ({"scope": SUBSCRIPTION}, State.EXEMPT),
        ({"scope": MANAGEMENT}, State.EXEMPT),
        ({"scope": VM_ID + "-two"}, State.NON_COMPLIANT),
        ({"scope": MANAGEMENT + "-two"}, State.NON_COMPLIANT),
        ({"resourceSelectors": [{"selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}]}, State.EXEMPT),
        ({"resourceSelectors": [{"selectors": [{"kind": "resourceLocation", "in": ["eastus"]}]}]}, State.NON_COMPLIANT),
        ({"exemptionCategory": "mitigated"}, State.EXEMPT),
    ],
)
def test_whom_it_is_for(properties: dict[str, Any], state: State) -> None:
    assert only(with_exemption(**properties), machine(management_groups=("root", "platform"))).state is state


def test_its_scope_may_come_from_its_id() -> None:
    files = single()
    files["exemptions/one.json"] = {
        "id": f"{GROUP}/providers/Microsoft.Authorization/policyExemptions/one",
        **exemption(scope=None),
    }
    assert only(files).state is State.EXEMPT


def test_where_its_scope_can_not_be_told_the_state_is_unknown() -> None:
    result = only(with_exemption(scope=MANAGEMENT))
    assert (result.state, result.underneath) == (State.UNKNOWN, State.NON_COMPLIANT)
    assert "can't be told whether the exemption 'one'" in result.message
    both = {**with_exemption(scope=MANAGEMENT), "exemptions/two.json": exemption()}
    assert only(both).state is State.EXEMPT, "a certain exemption needs no other"


@pytest.mark.parametrize(
    ("references", "exempt"),
    [
        (None, {"hostEncryption", "tagged"}),
        ([], {"hostEncryption", "tagged"}),
        (["TAGGED"], {"tagged"}),
        (["tagged", "hostEncryption"], {"hostEncryption", "tagged"}),
    ],
)
def test_it_may_name_definitions_of_an_initiative(references: list[str] | None, exempt: set[str]) -> None:
    results = judge(with_exemption(pair(), policyDefinitionReferenceIds=references)).results
    assert {one.rule.definition_reference_id for one in results if one.state is State.EXEMPT} == exempt


def test_what_is_not_applicable_needs_no_exemption() -> None:
    other = definition({"if": {"field": "type", "equals": "Microsoft.Compute/disks"}, "then": {"effect": "audit"}})
    assert only(with_exemption(single(other))).state is State.NOT_APPLICABLE


CONDITIONS = st.sampled_from(
    [
        {"field": "tags['owner']", "exists": "false"},
        {"field": "tags['owner']", "exists": "true"},
        {"field": "location", "equals": "[substring('x', 5, 1)]"},
        {"field": "Microsoft.Compute/virtualMachines/diagnosticsProfile.bootDiagnostics.enabled", "equals": "true"},
        {"field": "kind", "equals": "other"},
    ]
)


@settings(max_examples=60)
@given(
    condition=CONDITIONS,
    effect=st.sampled_from(["audit", "deny", "manual", "append", "disabled", "denyAction"]),
    scope=st.sampled_from([VM_ID, GROUP, MANAGEMENT, VM_ID + "-two"]),
    hours=st.integers(-2, 2),
    missing=st.booleans(),
)
def test_an_exemption_never_changes_what_is_underneath(
    condition: dict[str, Any], effect: str, scope: str, hours: int, missing: bool
) -> None:
    details: Any = [] if effect == "append" else {"actionNames": ["delete"]} if effect == "denyAction" else None
    files = single(definition(rule(effect, condition, details=details)))
    expires = (NOW + timedelta(hours=hours)).isoformat()
    document = machine(unavailable=frozenset({"properties.diagnosticsprofile"} if missing else ()))
    plain = judge(files, document).results
    covered = judge(with_exemption(files, scope=scope, expiresOn=expires), document).results
    assert [(one.id, one.state) for one in plain] == [(one.id, one.underneath or one.state) for one in covered]
    for one in covered:
        assert (one.state is State.EXEMPT) <= (hours > 0 and scope in (VM_ID, GROUP))
