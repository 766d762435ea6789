"""What holds of policy sets whatever is in them."""

import json
import random
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.policy.files import load_policy_files
from muster.policy.schema_faults import MAX_FAULTS
from muster.values.diagnostic import Diagnostic
from muster.values.errors import BrokenPolicySet
from muster.values.finding import Verdict
from muster.values.states import State
from tests.policy.sets import (
    GROUP,
    NOW,
    SCHEMAS,
    SUBSCRIPTION,
    VM_ID,
    assignment,
    bound,
    definition,
    exemption,
    judge,
    machine,
    pair,
    rule,
)

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"


def many() -> dict[str, Any]:
    return {
        **pair(),
        "definitions/zone.json": definition(rule("audit", {"field": "location", "notIn": ["eastus"]})),
        "assignments/zone.json": assignment("zone", scope=GROUP),
        "assignments/a.json": assignment("encrypt"),
        "exemptions/one.json": exemption("zone"),
        "exemptions/two.json": exemption("zone", exemptionCategory="Mitigated"),
    }


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(shuffler: random.Random) -> None:
    files = many()
    paths = list(files)
    shuffler.shuffle(paths)
    shuffled = bound({path: files[path] for path in paths})
    assert shuffled.version == bound(files).version
    assert shuffled.evaluate(machine(), NOW) == judge(files)


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(shuffler: random.Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            names = list(value)
            shuffler.shuffle(names)
            return {name: shuffled(value[name]) for name in names}
        return [shuffled(one) for one in value] if isinstance(value, list) else value

    assert judge({path: shuffled(value) for path, value in many().items()}) == judge(many())


SCOPES = st.sampled_from([MANAGEMENT, MANAGEMENT + "-two", SUBSCRIPTION, GROUP, VM_ID, GROUP + "-two"])
ANCESTRIES = st.sampled_from([("platform",), ("root", "platform-two"), ("other",)])


@settings(max_examples=80)
@given(scope=SCOPES, excluded=st.lists(SCOPES, max_size=2), exempt=SCOPES, ancestry=ANCESTRIES, location=st.booleans())
def test_learning_more_changes_no_decision(
    scope: str, excluded: list[str], exempt: str, ancestry: tuple[str, ...], location: bool
) -> None:
    """With a fact unread, a state other than Unknown is the one that there would be with the fact."""
    files = pair(
        scope=scope,
        notScopes=excluded,
        resourceSelectors=[{"selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}],
    )
    files["exemptions/one.json"] = exemption(
        scope=exempt, assignmentScopeValidation="DoNotValidate", policyDefinitionReferenceIds=["tagged"]
    )
    policies = bound(files)
    place = "westeurope" if location else "eastus"
    unread = frozenset({"location"})
    full = states(policies.evaluate(machine(location=place, management_groups=ancestry), NOW))
    for less in (
        machine(location=place),
        machine(location=None, unavailable=unread, management_groups=ancestry),
        machine(location=None, unavailable=unread),
    ):
        for name, state in states(policies.evaluate(less, NOW)).items():
            assert state in (State.UNKNOWN, full.get(name, State.NOT_APPLICABLE))
        assert set(full) <= set(states(policies.evaluate(less, NOW))), "nothing is left out for want of a fact"


def states(verdict: Verdict) -> dict[str, State]:
    return {one.rule.definition_reference_id: one.state for one in verdict.results}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = sorted(
    {"name", "id", "type", "properties", "value", "nextLink", "displayName", "scope", "notScopes", "parameters", "mode"}
    | {"policyRule", "policyDefinitions", "policyDefinitionId", "policyAssignmentId", "exemptionCategory", "expiresOn"}
    | {"overrides", "resourceSelectors", "selectors", "kind", "in", "notIn", "metadata", "nonComplianceMessages", "if"}
    | {"then", "policyDefinitionGroups", "groupNames", "definitionVersion", "policyDefinitionReferenceIds", "version"}
)
POLICY_LIKE = st.recursive(
    VALUES | st.sampled_from([GROUP, "encrypt", "resourceLocation", "policyEffect", "1.*.*", "audit"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=25,
)


def faults_of(texts: dict[str, str]) -> tuple[Diagnostic, ...]:
    try:
        load_policy_files(texts, SCHEMAS)
    except BrokenPolicySet as broken:
        return broken.faults
    return ()


@settings(max_examples=200)
@given(value=POLICY_LIKE, folder=st.sampled_from(["definitions", "initiatives", "assignments", "exemptions"]))
def test_no_json_makes_loading_raise_anything_but_its_faults(value: Any, folder: str) -> None:
    texts = {f"{folder}/x.json": json.dumps(value), "definitions/encrypt.json": json.dumps(definition())}
    faults = faults_of(texts)
    assert all(fault.file in texts for fault in faults)
    assert len(faults) < 10 * MAX_FAULTS


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        one = pending.pop()
        entries = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        found += [(one, key) for key, _ in entries]
        pending += [child for _, child in entries]
    return found


def full() -> dict[str, Any]:
    """A policy set with something of everything."""
    files = many()
    files["initiatives/base.json"]["properties"]["policyDefinitionGroups"] = [{"name": "DP-4"}]
    files["initiatives/base.json"]["properties"]["policyDefinitions"][0] |= {
        "groupNames": ["DP-4"],
        "definitionVersion": "1.*.*",
        "parameters": {"effect": {"value": "[parameters('effect')]"}},
    }
    files["initiatives/base.json"]["properties"]["parameters"] = {"effect": {"type": "String", "defaultValue": "Deny"}}
    files["assignments/all.json"]["properties"] |= {
        "scope": SUBSCRIPTION,
        "notScopes": [GROUP + "-two"],
        "definitionVersion": "1.*.*",
        "parameters": {"effect": {"value": "Audit"}},
        "enforcementMode": "DoNotEnforce",
        "nonComplianceMessages": [{"message": "m", "policyDefinitionReferenceId": "tagged"}],
        "resourceSelectors": [{"name": "r", "selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}],
        "overrides": [
            {
                "kind": "policyEffect",
                "value": "disabled",
                "selectors": [{"kind": "policyDefinitionReferenceId", "in": ["tagged"]}],
            },
            {"kind": "policyVersion", "value": "1.2.*", "selectors": [{"kind": "resourceLocation", "notIn": ["x"]}]},
        ],
    }
    files["exemptions/two.json"]["properties"] |= {"expiresOn": "2027-01-01T00:00:00Z", "resourceSelectors": []}
    return files


def test_the_full_set_has_no_faults() -> None:
    assert faults_of({path: json.dumps(value) for path, value in full().items()}) == ()


@settings(max_examples=400)
@given(at=st.integers(0, 10_000), value=VALUES | st.sampled_from(["encrypt", "base", GROUP, "1.*.*", "[field('x')]"]))
def test_one_wrong_value_anywhere_is_a_fault_or_a_policy_set(at: int, value: Any) -> None:
    files = deepcopy(full())
    found = [place for path in sorted(files) for place in places(files[path])]
    owner, key = found[at % len(found)]
    owner[key] = value
    texts = {path: json.dumps(content) for path, content in files.items()}
    if not faults_of(texts):
        for result in bound(texts).evaluate(machine(), NOW).results:
            assert isinstance(result.state, State)


@settings(max_examples=100)
@given(text=st.text(max_size=60), folder=st.sampled_from(["definitions", "exemptions"]))
def test_no_text_makes_loading_raise_anything_but_its_faults(text: str, folder: str) -> None:
    assert all(fault.file == f"{folder}/x.json" for fault in faults_of({f"{folder}/x.json": text}))
