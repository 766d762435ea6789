"""Scopes: what they are, what they contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.language.outcome import Truth
from muster.policy.scopes import EVERYTHING, Scope, ScopeKind
from tests.policy.sets import GROUP, SUBSCRIPTION, VM_ID

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"
EXTENSION = f"{VM_ID}/extensions/agent"
LOWER = VM_ID.lower()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (MANAGEMENT, ScopeKind.MANAGEMENT_GROUP),
        (MANAGEMENT.upper(), ScopeKind.MANAGEMENT_GROUP),
        (SUBSCRIPTION, ScopeKind.SUBSCRIPTION),
        (SUBSCRIPTION + "/", ScopeKind.SUBSCRIPTION),
        (GROUP, ScopeKind.RESOURCE_GROUP),
        (GROUP.replace("resourceGroups", "resourcegroups"), ScopeKind.RESOURCE_GROUP),
        (VM_ID, ScopeKind.RESOURCE),
        (EXTENSION, ScopeKind.RESOURCE),
        (f"{VM_ID}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/one", ScopeKind.RESOURCE),
        (f"{SUBSCRIPTION}/providers/Microsoft.Security/pricings/VirtualMachines", ScopeKind.RESOURCE),
    ],
)
def test_kinds_of_scopes(text: str, kind: ScopeKind) -> None:
    scope = Scope.parse(text)
    assert (scope.kind, scope.id) == (kind, text.rstrip("/").lower())


def test_white_space_around_an_id_means_nothing() -> None:
    assert Scope.parse(f" {GROUP}\n") == Scope.parse(GROUP)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "rg-one",
        "/subscriptions/{subscriptionId}",
        "/subscriptions/not-a-guid",
        "/subscriptions",
        f"{SUBSCRIPTION}/resourceGroups",
        f"{SUBSCRIPTION}/resourceGroups/",
        f"{GROUP}/providers/Microsoft.Compute",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines",
        f"{GROUP}/virtualMachines/vm-one",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines/a\x00b",
        "https://management.azure.com" + SUBSCRIPTION,
        "/providers/Microsoft.Management/managementGroups/",
        SUBSCRIPTION + "/resourceGroups/" + "x" * 5000,
    ],
)
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the id of a management group"):
        Scope.parse(text)


@pytest.mark.parametrize(
    ("scope", "resource_id", "groups", "contains"),
    [
        (SUBSCRIPTION, LOWER, (), True),
        (GROUP, LOWER, (), True),
        (VM_ID, LOWER, (), True),
        (VM_ID, EXTENSION.lower(), (), True),
        (EXTENSION, LOWER, (), False),
        (GROUP + "-two", LOWER, (), False),
        (GROUP[:-1], LOWER, (), False),  # rg-on does not contain rg-one
        (VM_ID[:-1], LOWER, (), False),
        (SUBSCRIPTION.replace("1", "9"), LOWER, (), False),
        (MANAGEMENT, LOWER, ("tenant-root", "Platform"), True),
        (MANAGEMENT, LOWER, ("tenant-root", MANAGEMENT.lower()), True),
        (MANAGEMENT, LOWER, ("tenant-root", "platform-two"), False),
        (MANAGEMENT, LOWER, (), None),
        (SUBSCRIPTION, "", ("platform",), None),
        (MANAGEMENT, "", ("platform",), None),
    ],
)
def test_what_a_scope_contains(scope: str, resource_id: str, groups: tuple[str, ...], contains: Truth) -> None:
    assert Scope.parse(scope).contains(resource_id, groups) is contains


def test_everything_contains_what_has_no_id() -> None:
    assert EVERYTHING.contains("", ()) is True


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        (VM_ID, GROUP, True),
        (GROUP, GROUP.upper(), True),
        (GROUP, VM_ID, False),
        (GROUP + "-two", GROUP, False),
        (MANAGEMENT, SUBSCRIPTION, False),
        (SUBSCRIPTION, MANAGEMENT, None),
        (MANAGEMENT, MANAGEMENT, True),
        (MANAGEMENT, MANAGEMENT + "-two", None),
    ],
)
def test_a_scope_within_another(inner: str, outer: str, within: Truth) -> None:
    assert Scope.parse(inner).within(Scope.parse(outer)) is within


def test_all_is_within_everything_and_everything_within_nothing_else() -> None:
    assert Scope.parse(MANAGEMENT).within(EVERYTHING) is True
    assert EVERYTHING.within(Scope.parse(MANAGEMENT)) is False


SEGMENT = st.text("abc-", min_size=1, max_size=4)


@given(SEGMENT, SEGMENT, SEGMENT, SEGMENT)
def test_what_is_within_contains_no_more(group: str, name: str, other_group: str, other_name: str) -> None:
    inner = Scope.parse(f"{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}")
    outer = Scope.parse(f"{SUBSCRIPTION}/resourceGroups/{other_group}")
    resource = inner.id + f"/extensions/{other_name}"
    assert inner.contains(resource, ()) is True
    assert (inner.within(outer) is True) == (outer.contains(resource, ()) is True) == (group == other_group)
