"""Resource selectors: which resources of its scope an assignment is for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.language.outcome import Truth
from muster.policy.selectors import UNTELLABLE, ResourceSelector, Selector, SelectorKind, Subject, selected
from muster.values.document import Document
from muster.values.states import State
from tests.policy.sets import VM_ID, judge, load, machine, only, single

VM = Subject(VM_ID.lower(), "microsoft.compute/virtualmachines", "westeurope")
NOWHERE = Subject(VM_ID.lower(), "microsoft.compute/virtualmachines", None)
WITHOUT = Subject("/subscriptions/s/providers/microsoft.security/pricings/vms", "microsoft.security/pricings", "")


def read(*selectors: dict[str, Any]) -> tuple[ResourceSelector, ...]:
    """Resource selectors as an assignment's file gives them."""
    (policy,) = load(single(resourceSelectors=[{"name": "one", "selectors": list(selectors)}])).policies
    return policy.assignment.selectors


@pytest.mark.parametrize(
    ("subject", "selector", "holds"),
    [
        (VM, {"kind": "resourceLocation", "in": ["westeurope", "eastus"]}, True),
        (VM, {"kind": "resourceLocation", "in": ["West Europe"]}, True),
        (VM, {"kind": "RESOURCELOCATION", "IN": ["WESTEUROPE"]}, True),
        (VM, {"kind": "resourceLocation", "in": ["eastus"]}, False),
        (VM, {"kind": "resourceLocation", "in": []}, False),
        (VM, {"kind": "resourceLocation", "notIn": ["eastus"]}, True),
        (VM, {"kind": "resourceLocation", "notIn": ["westeurope"]}, False),
        (VM, {"kind": "resourceLocation", "in": ["westeurope"], "notIn": None}, True),
        (NOWHERE, {"kind": "resourceLocation", "in": ["westeurope"]}, None),
        (NOWHERE, {"kind": "resourceLocation", "notIn": ["westeurope"]}, None),
        (WITHOUT, {"kind": "resourceLocation", "in": ["westeurope"]}, False),
        (VM, {"kind": "resourceType", "in": ["Microsoft.Compute/virtualMachines"]}, True),
        (VM, {"kind": "resourceType", "in": ["Microsoft.Compute/virtualMachines/extensions"]}, False),
        (VM, {"kind": "resourceType", "notIn": ["Microsoft.Compute/disks"]}, True),
        (VM, {"kind": "resourceWithoutLocation", "in": ["subscriptionLevelResources"]}, False),
        (WITHOUT, {"kind": "resourceWithoutLocation", "in": ["subscriptionLevelResources"]}, True),
        (WITHOUT, {"kind": "resourceWithoutLocation", "in": ["somethingElse"]}, False),
        (VM, {"kind": "userPrincipalId", "in": ["a"]}, None),
        (VM, {"kind": "groupPrincipalId", "notIn": ["a"]}, None),
        (VM, {"kind": "resourceRolloutPercentage", "in": ["50"]}, None),
    ],
)
def test_one_selector(subject: Subject, selector: dict[str, Any], holds: Truth) -> None:
    assert selected(read(selector), subject) is holds


def test_selectors_are_anded_and_resource_selectors_ored() -> None:
    here = {"kind": "resourceLocation", "in": ["westeurope"]}
    elsewhere = {"kind": "resourceLocation", "in": ["eastus"]}
    machines = {"kind": "resourceType", "in": ["Microsoft.Compute/virtualMachines"]}
    assert selected(read(here, machines), VM) is True
    assert selected(read(elsewhere, machines), VM) is False
    assert selected((*read(elsewhere, machines), *read(here)), VM) is True
    assert selected(read(), VM) is True, "a resource selector without selectors selects all"
    assert selected((), VM) is True


def test_what_is_not_selected_is_not_reported() -> None:
    elsewhere = [{"name": "ring0", "selectors": [{"kind": "resourceLocation", "in": ["eastus"]}]}]
    assert judge(single(resourceSelectors=elsewhere)).results == ()
    here = [*elsewhere, {"name": "ring1", "selectors": [{"kind": "resourceLocation", "in": ["westeurope"]}]}]
    assert only(single(resourceSelectors=here)).state is State.NON_COMPLIANT


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (machine(location=None, unavailable=frozenset({"location"})), "by location, which could not be had"),
        (machine(), "by who asks"),
    ],
)
def test_what_can_not_be_told_is_unknown(document: Document, words: str) -> None:
    kind = "userPrincipalId" if document.resource["location"] else "resourceLocation"
    result = only(single(resourceSelectors=[{"selectors": [{"kind": kind, "in": ["x"]}]}]), document)
    assert result.state is State.UNKNOWN
    assert words in result.message
    assert result.reasons[0].found_state == "unknown"


SELECTORS = st.lists(
    st.builds(
        Selector,
        st.sampled_from([SelectorKind.LOCATION, SelectorKind.TYPE, *sorted(UNTELLABLE)]),
        st.frozensets(st.sampled_from(["westeurope", "eastus", "microsoft.compute/virtualmachines"])),
        st.booleans(),
    ),
    max_size=3,
).map(lambda found: ResourceSelector("", tuple(found)))


@given(st.lists(SELECTORS, max_size=3).map(tuple), st.sampled_from(["westeurope", "eastus", "northeurope", ""]))
def test_learning_the_location_changes_no_decision(selectors: tuple[ResourceSelector, ...], location: str) -> None:
    before = selected(selectors, NOWHERE)
    after = selected(selectors, Subject(NOWHERE.id, NOWHERE.type, location))
    assert before is None or before is after
