"""What was found to apply to one resource serves for others: those for which the same would have been found."""

from hypothesis import given
from hypothesis import strategies as st

from muster.policy.applicable import inner_scopes, stand_in
from muster.policy.scopes import Scope
from muster.policy.selectors import Selector, SelectorKind, Subject
from tests.policy.sets import assignment, bound, definition, exemption, pair, rule

ONE, OTHER = (f"/subscriptions/{digit * 8}-0000-0000-0000-000000000000" for digit in "ab")
MACHINES = "/providers/microsoft.compute/virtualmachines"
IDS = (
    "",
    ONE,
    f"{ONE}/resourcegroups/g",
    f"{ONE}/resourcegroups/group",
    f"{ONE}/resourcegroups/g{MACHINES}/vm",
    f"{ONE}/resourcegroups/g{MACHINES}/vm/extensions/one",
    f"{ONE}/resourcegroups/g{MACHINES}/vm2",
    f"{ONE}/providers/microsoft.authorization/locks/one",
    f"{OTHER}/resourcegroups/g{MACHINES}/vm",
)
SCOPES = tuple(map(Scope.parse, IDS[1:]))


@given(st.sampled_from(IDS), st.lists(st.sampled_from(SCOPES), unique=True))
def test_a_resource_and_what_stands_for_it_are_in_the_same_scopes(resource_id: str, scopes: list[Scope]) -> None:
    innermost = sorted(scopes, key=lambda scope: len(scope.id), reverse=True)
    subject = Subject(resource_id, "microsoft.compute/virtualmachines", None)
    found = stand_in(subject, innermost)
    assert [scope.contains(found.id, ()) for scope in scopes] == [scope.contains(resource_id, ()) for scope in scopes]
    grouped = Selector(SelectorKind.WITHOUT_LOCATION, frozenset({"subscriptionlevelresources"}), excluded=False)
    assert grouped.holds(found) == grouped.holds(subject)


def test_resources_of_a_group_have_one_stand_in() -> None:
    scope = (Scope.parse(f"{ONE}/resourcegroups/g"),)
    stood_in = {stand_in(Subject(resource_id, "vm", "west"), scope).id for resource_id in IDS[4:7]}
    assert len(stood_in) == 1


def test_scopes_of_assignments_exclusions_and_exemptions_count() -> None:
    files = {
        **pair(),
        "definitions/zone.json": definition(rule("audit", {"field": "location", "notIn": ["eastus"]})),
        "assignments/zone.json": assignment("zone", scope=ONE, notScopes=[f"{ONE}/resourceGroups/out"]),
        "exemptions/one.json": exemption("zone", scope=f"{ONE}/resourceGroups/g"),
    }
    scopes = [scope.id for scope in inner_scopes(bound(files)._policies)]
    assert scopes == sorted(scopes, key=len, reverse=True)
    assert set(scopes) == {ONE, f"{ONE}/resourcegroups/out", f"{ONE}/resourcegroups/g"}
