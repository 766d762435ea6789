"""muster's own fields: what is unknown, what does not exist, and what is so."""

from typing import Any

import pytest

from muster.facts.aliases import AzureAliases
from muster.language.frame import UnknownFact
from muster.language.outcome import Truth
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import ask, compiled, outcome, value_of

IMAGE: dict[str, Json] = {
    "publisher": "Canonical",
    "sku": None,
    "immutable": False,
    "securityTypes": ["TrustedLaunch", "ConfidentialVm"],
    "evidence": [],
    "deprecation": {"state": "Active", "date": None},
    "traits": {"selinux": True, "fips": None},
    "ageInDays": 12,
}
LIFECYCLE: dict[str, Json] = {
    "phase": "supported",
    "daysToEndOfSupport": None,
    "endOfSupportDate": "2029-05-31T00:00:00Z",
}
KNOWN = Document({"type": "t"}, image=IMAGE, lifecycle=LIFECYCLE)
NOTHING = Document({"type": "t"})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "Muster.Image/publisher", "equals": "canonical"}, True),
        ({"field": "muster.image/PUBLISHER", "equals": "canonical"}, True),
        ({"field": "Muster.Image/immutable", "equals": False}, True),
        ({"field": "Muster.Image/ageInDays", "less": 13}, True),
        ({"field": "Muster.Image/securityTypes[*]", "like": "*"}, True),
        ({"not": {"field": "Muster.Image/securityTypes[*]", "notEquals": "trustedlaunch"}}, True),
        ({"count": {"field": "Muster.Image/securityTypes[*]"}, "equals": 2}, True),
        ({"field": "Muster.Image/securityTypes", "contains": "confidentialvm"}, True),
        ({"field": "Muster.Image/evidence[*]", "equals": "never"}, True),
        ({"field": "Muster.Image/deprecation.state", "equals": "active"}, True),
        ({"field": "Muster.Image/traits.selinux", "equals": True}, True),
        ({"field": "Muster.Image/traits.SELinux", "equals": "true"}, True),
        ({"field": "Muster.Lifecycle/phase", "in": ["supported"]}, True),
        ({"field": "Muster.Lifecycle/endOfSupportDate", "greater": "2026-11-23T00:00:00Z"}, True),
        # A fact of which it is known that there is none behaves as a missing property.
        ({"field": "Muster.Image/plan", "exists": False}, True),
        ({"field": "Muster.Image/plan", "equals": ""}, True),
        ({"field": "Muster.Image/plan.name", "exists": True}, False),
        ({"field": "Muster.Image/none[*]", "equals": "x"}, True),
        ({"count": {"field": "Muster.Image/none[*]"}, "equals": 0}, True),
        ({"field": "Muster.Image/publisher.deeper", "exists": False}, True),
        ({"field": "Muster.Image/publisher[*]", "equals": "x"}, True),
        # One that is not known is unknown, whatever is asked of it.
        ({"field": "Muster.Image/sku", "exists": True}, None),
        ({"field": "Muster.Image/sku", "equals": ""}, None),
        ({"field": "Muster.Image/sku", "notEquals": "x"}, None),
        ({"field": "Muster.Image/sku.deeper", "exists": False}, None),
        ({"field": "Muster.Image/sku[*]", "equals": "x"}, None),
        ({"field": "Muster.Image/deprecation.date", "exists": False}, None),
        ({"field": "Muster.Image/traits.fips", "equals": False}, None),
        ({"field": "Muster.Lifecycle/daysToEndOfSupport", "greaterOrEquals": 90}, None),
        ({"field": "Muster.Lifecycle/daysToEndOfSupport", "less": 90}, None),
        # A trait that nobody has looked for is unknown too.
        ({"field": "Muster.Image/traits.apparmor", "exists": False}, None),
        ({"field": "Muster.Image/traits.apparmor", "equals": True}, None),
        # Of what is known in part it is known that it is there.
        ({"field": "Muster.Image/deprecation", "exists": True}, True),
        ({"field": "Muster.Image/deprecation", "containsKey": "date"}, None),
        ({"field": "Muster.Image/traits", "exists": True}, True),
        ({"field": "Muster.Image/traits", "containsKey": "apparmor"}, None),
    ],
)
def test_conditions_on_musters_own_fields(condition: Any, expected: Truth) -> None:
    assert ask(condition, KNOWN) is expected
    assert ask(condition, KNOWN, aliases=AzureAliases()) is expected


@pytest.mark.parametrize("name", ["publisher", "none", "traits", "traits.selinux", "securityTypes[*]"])
def test_where_no_facts_were_gathered_all_is_unknown(name: str) -> None:
    for root in ("Image", "Lifecycle", "Network"):
        assert ask({"field": f"Muster.{root}/{name}", "exists": True}, NOTHING) is None
        assert ask({"field": f"Muster.{root}/{name}", "notEquals": "x"}, NOTHING) is None
    assert ask({"field": "Muster.Lifecycle/phase", "exists": True}, Document({}, image=IMAGE)) is None


def test_traits_that_were_not_gathered_at_all_are_unknown() -> None:
    document = Document({}, image={"publisher": "x"})
    assert ask({"field": "Muster.Image/traits.selinux", "equals": True}, document) is None
    assert ask({"field": "Muster.Image/traits", "exists": True}, document) is None
    assert ask({"field": "Muster.Image/sku", "exists": False}, document) is True


def test_a_member_of_a_list_that_is_not_known() -> None:
    document = Document({}, image={"securityTypes": ["TrustedLaunch", None]})
    assert ask({"field": "Muster.Image/securityTypes[*]", "equals": "TrustedLaunch"}, document) is None
    assert ask({"field": "Muster.Image/securityTypes[*]", "equals": "x"}, document) is False
    assert ask({"count": {"field": "Muster.Image/securityTypes[*]"}, "equals": 2}, document) is True


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([None, "a"], None),
        ([None, "a", 9], None),
        ([None, 9, "a"], False),
        ([9, None, "a"], False),
        (["a", None], "fails"),
        ([1, None], None),
        ([None, 9], False),
    ],
)
def test_a_member_that_fails_after_one_that_is_not_known(members: list[Json], expected: Truth | str) -> None:
    # Whether the failing member is reached depends on the unknown one: nothing is known then.
    said = outcome(
        {"field": "Muster.Image/securityTypes[*]", "less": 5}, Document({}, image={"securityTypes": members})
    )
    assert ("fails" if said.error else said.matched) == expected


def test_in_expressions() -> None:
    assert value_of("[field('Muster.Image/publisher')]", KNOWN) == "Canonical"
    assert value_of("[field('Muster.Image/plan')]", KNOWN) == ""
    assert value_of("[field('Muster.Image/securityTypes[*]')]", KNOWN) == ["TrustedLaunch", "ConfidentialVm"]
    assert value_of("[field(concat('Muster.Image/', toLower('PUBLISHER')))]", KNOWN) == "Canonical"
    with pytest.raises(UnknownFact) as fact:
        value_of("[field('Muster.Lifecycle/daysToEndOfSupport')]", KNOWN)
    assert fact.value.what == "Muster.Lifecycle/daysToEndOfSupport"


def test_the_field_that_is_missing_is_named() -> None:
    rule, compiler = compiled({"field": "Muster.Lifecycle/daysToEndOfSupport", "greaterOrEquals": 90})
    assert rule.evaluate(compiler.frame(KNOWN)).missing == ("Muster.Lifecycle/daysToEndOfSupport",)


def test_they_are_of_the_document_and_not_of_the_resource() -> None:
    body: dict[str, Json] = {"image": {"sku": "fake"}, "Muster.Image/sku": "fake"}
    assert ask({"field": "Muster.Image/sku", "equals": "fake"}, Document(body, image=IMAGE)) is None
    assert (
        ask(
            {"field": "Muster.Image/publisher", "exists": True},
            Document(body, image=IMAGE, unavailable=frozenset({"image"})),
        )
        is True
    )
