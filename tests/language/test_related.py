"""Look-ups of the IfNotExists effects: what is asked, which answers count, what follows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from muster.language.outcome import RuleOutcome, Truth
from muster.language.related import EXTENSION_TYPES, Details, candidates, read_details
from muster.values.answers import Forbidden, FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.errors import TemplateError
from muster.values.json import Json
from tests.language.rules import compiled, frame_of

THEN = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = "/subscriptions/s1/resourcegroups/g1"
ID = "/subscriptions/S1/resourceGroups/G1/providers/Microsoft.Compute/virtualMachines/VM1"
VM: dict[str, Json] = {
    "id": ID,
    "name": "VM1",
    "type": "Microsoft.Compute/virtualMachines",
    "location": "x",
    "tags": {"want": "on"},
}
EXTENSIONS = "Microsoft.Compute/virtualMachines/extensions"
BACKUP = "Microsoft.RecoveryServices/backupProtectedItems"
GUEST = "Microsoft.GuestConfiguration/guestConfigurationAssignments"


def rule_of(details: Any, effect: str = "auditIfNotExists", condition: Any = None) -> Any:
    return compiled(condition or {"field": "location", "equals": "x"}, effect, details)


def queries(details: Any, body: Mapping[str, Json] = VM) -> tuple[RelatedQuery, ...]:
    rule = rule_of(details)
    found: tuple[RelatedQuery, ...] = rule[0].queries(frame_of(rule, body))
    return found


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        # A child is looked for in the resource itself.
        ({"type": EXTENSIONS}, RelatedQuery(EXTENSIONS.lower(), ID.lower())),
        ({"Type": EXTENSIONS, "Name": "Ext"}, RelatedQuery(EXTENSIONS.lower(), ID.lower(), "ext")),
        ({"type": EXTENSIONS, "existenceScope": "subscription"}, RelatedQuery(EXTENSIONS.lower(), ID.lower())),
        # So is a resource that extends another; Azure lists it there.
        ({"type": GUEST, "name": "x"}, RelatedQuery(GUEST.lower(), ID.lower(), "x")),
        # Any other is looked for in the same group, in the one that is named, or in the whole subscription.
        ({"type": BACKUP}, RelatedQuery(BACKUP.lower(), ID.lower())),
        ({"type": "N.S/t"}, RelatedQuery("n.s/t", GROUP)),
        ({"type": "N.S/t", "name": "Parent/?"}, RelatedQuery("n.s/t", GROUP, "parent/?")),
        (
            {"type": "N.S/t", "resourceGroupName": "Other"},
            RelatedQuery("n.s/t", "/subscriptions/s1/resourcegroups/other"),
        ),
        ({"type": "N.S/t", "existenceScope": "Subscription"}, RelatedQuery("n.s/t", "/subscriptions/s1")),
        ({"type": "N.S/t", "existenceScope": "resourceGroup"}, RelatedQuery("n.s/t", GROUP)),
        (
            {"type": "N.S/t", "existenceScope": "Subscription", "resourceGroupName": "Other"},
            RelatedQuery("n.s/t", "/subscriptions/s1/resourcegroups/other"),
        ),
        # Computed, from the resource that the rule is about.
        (
            {"type": "[concat('N.S', '/t')]", "name": "[concat(field('name'), '/', field('tags.want'))]"},
            RelatedQuery("n.s/t", GROUP, "vm1/on"),
        ),
        # What a deployment would need does not matter here.
        ({"type": "N.S/t", "roleDefinitionIds": ["[int('x')]"], "extra": "[int('x')]"}, RelatedQuery("n.s/t", GROUP)),
    ],
)
def test_what_is_asked(details: dict[str, Json], expected: RelatedQuery) -> None:
    assert queries(details) == (expected,)


def test_a_type_that_starts_alike_is_no_child() -> None:
    assert queries({"type": "Microsoft.Compute/virtualMachinesX/y"})[0].scope == GROUP


def test_extension_types_are_lower_cased() -> None:
    assert all(name == name.lower() and name.count("/") == 1 for name in EXTENSION_TYPES)


@pytest.mark.parametrize("body", [{}, {"id": 5}, {"id": "x"}, {"id": "/subscriptions"}, {"id": "/" * 50}])
def test_a_resource_without_a_proper_id(body: dict[str, Json]) -> None:
    (asked,) = queries({"type": "N.S/t"}, {**body, "location": "x"})
    assert asked.scope == "/subscriptions//resourcegroups/"


def test_nothing_is_asked_where_the_if_does_not_hold_or_the_rule_fails() -> None:
    assert queries({"type": "N.S/t"}, {**VM, "location": "y"}) == ()
    assert queries({}) == ()
    assert queries(None) == ()
    assert queries({"type": "[int('x')]"}) == ()
    assert queries({"type": "[resourceGroup().managedBy]"}) == ()
    plain = compiled({"field": "location", "equals": "x"}, "audit", {"type": "N.S/t"})
    assert plain[0].queries(frame_of(plain, VM)) == ()


def test_it_is_asked_where_the_if_is_not_known_to_hold() -> None:
    rule = rule_of({"type": "N.S/t"})
    document = Document({"id": ID}, unavailable=frozenset({"location"}))
    assert len(rule[0].queries(frame_of(rule, document))) == 1


def body(name: str | None, kind: Any = None, identity: str | None = None, **more: Json) -> dict[str, Json]:
    found: dict[str, Json] = {"name": name, "kind": kind, "id": identity, **more}
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("details", "found", "counts"),
    [
        (Details("t"), body("any"), True),
        (Details("t"), body(None), True),
        (Details("t", "a"), body("A"), True),
        (Details("t", "a"), body("b"), False),
        (Details("t", "a"), body("vm/a"), False),
        (Details("t", "vm/a"), body("VM/A"), True),
        (Details("t", "vm/?"), body("vm/anything"), True),
        (Details("t", "vm/*"), body("vm/anything"), True),
        (Details("t", "vm/?"), body("other/anything"), False),
        (Details("t", "vm/?"), body("vm/a/b"), False),
        (Details("t", "?"), body("a"), True),
        (Details("t", "vm/a"), body("a", identity="/x/providers/N.S/t/vm/u/a"), True),
        (Details("t", "vm/a"), body("a", identity="/x/providers/N.S/t/other/u/a"), False),
        (Details("t", "vm/a"), body("a"), True),
        (Details("t", "vm/a"), body("b"), False),
        (Details("t", kind="k"), body("a", "K"), True),
        (Details("t", kind="k"), body("a", "other"), False),
        (Details("t", kind="k"), body("a"), False),
        (Details("t", kind="k"), body("a", 5), False),
    ],
)
def test_which_answers_count(details: Details, found: dict[str, Json], counts: bool) -> None:
    assert candidates([found], details) == ([found] if counts else [])


@pytest.mark.parametrize("value", [None, {}, [], "x", {"type": 5}, {"name": "x"}])
def test_details_without_a_type(value: Json) -> None:
    with pytest.raises(TemplateError, match="no type"):
        read_details(value)


class Answers(Mapping[RelatedQuery, ListAnswer]):
    """The same answer to every question."""

    def __init__(self, answer: ListAnswer) -> None:
        self.answer = answer

    def __getitem__(self, _query: RelatedQuery) -> ListAnswer:
        return self.answer

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def judged(
    answer: ListAnswer | None, existence: Any = None, resource: Mapping[str, Json] = VM, **more: Any
) -> RuleOutcome:
    details: dict[str, Any] = (
        {"type": "N.S/t"} if existence is None else {"type": "N.S/t", "existenceCondition": existence}
    )
    rule = rule_of(details, **more)
    document = Document(dict(resource), related={} if answer is None else Answers(answer))
    said: RuleOutcome = rule[0].evaluate(frame_of(rule, document))
    return said


def found(*bodies: dict[str, Json]) -> FoundMany:
    return FoundMany(bodies, THEN)


ON = {"field": "properties.state", "equals": "on"}
BOTH = {"field": "properties.state", "equals": "[field('tags.want')]"}
RISKY = {"field": "properties.state", "less": 5}


def state(value: Json) -> dict[str, Json]:
    return {"name": "r", "properties": {"state": value}}


@pytest.mark.parametrize(
    ("answer", "existence", "satisfied", "fires"),
    [
        (found(), None, False, True),
        (found(state("off")), None, True, False),
        (found(), ON, False, True),
        (found(state("off")), ON, False, True),
        (found(state("off"), state("ON")), ON, True, False),
        (found(state("on")), BOTH, True, False),
        (found(state("off")), BOTH, False, True),
        (found(state(1)), RISKY, True, False),
        (found(state(1), state("text")), RISKY, True, False),
        (None, ON, None, None),
        (Forbidden("Microsoft.X/y/read"), ON, None, None),
        (NotRead("no recording"), None, None, None),
        (found(state("on")), {"field": "Muster.Image/sku", "equals": "x"}, None, None),
        (found(state("on")), {"anyOf": [{"field": "Muster.Image/sku", "equals": "x"}, ON]}, True, False),
    ],
)
def test_what_follows(answer: ListAnswer | None, existence: Any, satisfied: Truth, fires: Truth) -> None:
    said = judged(answer, existence)
    assert (said.matched, said.satisfied, said.fires, said.error) == (True, satisfied, fires, "")
    assert bool(said.missing) is (fires is None)


def test_what_is_missing_names_the_question() -> None:
    assert judged(None).missing == (f"n.s/t in {GROUP}",)
    assert judged(Forbidden("x")).missing == (f"n.s/t in {GROUP}",)


def test_a_failing_existence_condition_fails_the_rule() -> None:
    said = judged(found(state("text")), RISKY)
    assert (said.satisfied, said.fires) == (None, None)
    assert "different types" in said.error
    assert "no type" in compiled_without_type().error


def compiled_without_type() -> RuleOutcome:
    rule = rule_of({"name": "x"})
    said: RuleOutcome = rule[0].evaluate(frame_of(rule, VM))
    return said


def test_after_something_unknown_a_failure_is_none() -> None:
    unknown_first = {
        "anyOf": [{"allOf": [{"field": "name", "equals": "u"}, {"field": "Muster.Image/sku", "equals": "x"}]}, RISKY]
    }
    said = judged(found({**state(9), "name": "u"}, state("text")), unknown_first)
    assert (said.error, said.satisfied) == ("", None)
    maybe = {"field": "Muster.Image/sku", "equals": "x"}
    said = judged(found(state("text")), RISKY, condition=maybe)
    assert (said.error, said.matched, said.fires) == ("", None, None)


def test_where_the_if_is_unknown_the_look_up_may_still_decide() -> None:
    maybe = {"field": "Muster.Image/sku", "equals": "x"}
    satisfied = judged(found(state("on")), ON, condition=maybe)
    assert (satisfied.matched, satisfied.satisfied, satisfied.fires) == (None, True, False)
    unsatisfied = judged(found(), ON, condition=maybe)
    assert (unsatisfied.fires, unsatisfied.missing) == (None, ("Muster.Image/sku",))


def test_fields_are_of_the_related_resource_and_functions_of_the_resource_itself() -> None:
    existence = {
        "allOf": [
            {"field": "name", "equals": "r"},
            {"field": "type", "equals": "n.s/t"},
            {"value": "[field('name')]", "equals": "vm1"},
            {"value": "[subscription().subscriptionId]", "equals": "S1"},
            {
                "count": {
                    "field": "properties.list[*]",
                    "where": {"field": "properties.list[*]", "equals": "[field('name')]"},
                },
                "equals": 1,
            },
        ]
    }
    related: dict[str, Json] = {"name": "r", "properties": {"list": ["vm1", "r"]}}
    assert judged(found(related), existence).satisfied is True


def test_the_effects_of_the_pair_only_look_up() -> None:
    assert judged(None, ON, effect="audit").fires is True
    assert judged(None, ON, effect="deployIfNotExists").fires is None


def test_a_rule_that_looks_for_the_resource_itself_finds_it_unless_it_is_told_otherwise() -> None:
    existence = {"field": "location", "equals": "x"}
    details = {"type": VM["type"], "name": "[field('name')]", "existenceCondition": existence}
    rule = rule_of(details, condition={"field": "location", "exists": True})
    assert rule[0].queries(frame_of(rule, VM)) == ()
    assert rule[0].evaluate(frame_of(rule, VM)).fires is False
    assert rule[0].evaluate(frame_of(rule, {**VM, "location": "y"})).fires is True
    document = Document(VM, related=Answers(found({"name": "vm1", "location": "y"})))
    assert rule[0].evaluate(frame_of(rule, document)).fires is True
    elsewhere = rule_of({**details, "resourceGroupName": "other"})
    assert len(elsewhere[0].queries(frame_of(elsewhere, VM))) == 1
