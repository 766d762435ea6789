"""Which resources a rule is about, after the table of Microsoft's page on applicability."""

from typing import Any

import pytest

from muster.facts.aliases import AzureAliases
from muster.values.document import Document
from muster.values.json import Json
from tests.language.rules import compiled, frame_of, outcome

VM: dict[str, Json] = {"type": "Microsoft.Compute/virtualMachines", "name": "vm1", "kind": "web", "location": "x"}


def is_(field: str, value: Any) -> dict[str, Json]:
    return {"field": field, "equals": value}


def not_(condition: Any) -> dict[str, Json]:
    return {"not": condition}


def all_of(*conditions: Any) -> dict[str, Json]:
    return {"allOf": list(conditions)}


def any_of(*conditions: Any) -> dict[str, Json]:
    return {"anyOf": list(conditions)}


TYPE, OTHER_TYPE = is_("type", VM["type"]), is_("type", "Microsoft.Storage/storageAccounts")
KIND, OTHER_KIND = is_("kind", "web"), is_("kind", "other")
NAME, OTHER_NAME = is_("name", "vm1"), is_("name", "other")
FITS, DOES_NOT_FIT = is_("location", "x"), is_("location", "y")


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        # Only type, kind and name count; all else is taken to be as it would have to be, also where it is negated.
        (TYPE, True),
        (OTHER_TYPE, False),
        (all_of(TYPE, DOES_NOT_FIT), True),
        (all_of(OTHER_TYPE, FITS), False),
        (all_of(OTHER_TYPE, DOES_NOT_FIT), False),
        (all_of(TYPE, not_(FITS)), True),
        (not_(OTHER_TYPE), True),
        (not_(TYPE), False),
        (not_(all_of(TYPE, FITS)), True),
        (not_(any_of(TYPE, FITS)), False),
        (any_of(OTHER_TYPE, DOES_NOT_FIT), True),
        (any_of(OTHER_TYPE, all_of(TYPE, DOES_NOT_FIT)), True),
        (any_of(OTHER_TYPE, all_of(OTHER_TYPE, FITS)), False),
        ({"field": "type", "in": ["a", VM["type"]]}, True),
        ({"field": "type", "notIn": ["a", VM["type"]]}, False),
        ({"field": "type", "like": "Microsoft.Storage/*"}, False),
        ({"field": "TYPE", "notEquals": VM["type"]}, False),
        # No conditions on type, kind or name at all.
        (FITS, True),
        (DOES_NOT_FIT, True),
        (all_of(), True),
        ({"value": "[field('type')]", "equals": "other"}, True),
        ({"count": {"field": "properties.x[*]", "where": OTHER_TYPE}, "equals": 1}, True),
        # "When the if conditions consist of only kind conditions: applicable to all resources"; of name likewise.
        (OTHER_KIND, True),
        (all_of(OTHER_KIND, is_("kind", "third")), True),
        (OTHER_NAME, True),
        (not_(any_of(NAME, OTHER_NAME)), True),
        # Of kind and name together there is no special case.
        (all_of(KIND, OTHER_NAME), False),
        # "Of only type and kind, or of type and name": only the type counts.
        (all_of(TYPE, OTHER_KIND), True),
        (all_of(TYPE, OTHER_NAME), True),
        (all_of(OTHER_TYPE, KIND), False),
        (any_of(OTHER_TYPE, NAME), True),
        (not_(any_of(TYPE, OTHER_NAME)), False),
        # "Of type, kind and other conditions: both are considered"; of name likewise.
        (all_of(TYPE, OTHER_KIND, FITS), False),
        (all_of(TYPE, OTHER_NAME, FITS), False),
        (all_of(TYPE, KIND, DOES_NOT_FIT), True),
        (all_of(OTHER_KIND, FITS), False),
        (all_of(OTHER_NAME, FITS), False),
        # Type, kind and name without others: no special case, so all count.
        (all_of(TYPE, OTHER_KIND, NAME), False),
    ],
)
def test_what_counts(condition: dict[str, Json], applies: bool) -> None:
    said = outcome(condition, VM)
    assert said.applicable is applies
    assert said.error == ""
    if not applies:
        assert said.matched is False


def test_a_rule_with_an_alias_that_there_is_not_applies_to_nothing() -> None:
    condition = all_of(TYPE, is_("Microsoft.Compute/virtualMachines/nosuch.thing", 1))
    rule = compiled(condition, aliases=AzureAliases())
    assert rule[0].unknown_aliases == ("Microsoft.Compute/virtualMachines/nosuch.thing",)
    assert rule[0].evaluate(frame_of(rule, VM)).applicable is False
    assert (
        "nosuch.thing' is no alias of any resource type, so this definition applies to nothing." in rule[0].warnings[0]
    )


def test_an_alias_of_another_type_is_missing_and_the_rule_applies() -> None:
    condition = all_of(TYPE, {"field": "Microsoft.Compute/disks/diskSizeGB", "exists": False})
    said = outcome(condition, VM, aliases=AzureAliases())
    assert (said.applicable, said.matched) == (True, True)


def test_for_the_ifnotexists_pair_a_failing_if_is_what_makes_it_not_applicable() -> None:
    # The page's rule for the pair: the whole `if`. The outcome says so by `matched`; that this is NotApplicable is for
    # the room of policies to say.
    details: Json = {"type": "Microsoft.Compute/virtualMachines/extensions"}
    said = outcome(all_of(TYPE, DOES_NOT_FIT), VM, effect="auditIfNotExists", details=details)
    assert (said.applicable, said.matched, said.fires) == (True, False, False)


def test_a_type_that_is_computed_is_not_remembered_from_one_resource_to_the_next() -> None:
    condition = is_("type", "[if(equals(field('tags.x'), 'a'), 'T/a', 'T/b')]")
    rule = compiled(condition)
    for tag, expected in (("a", True), ("b", False), ("a", True)):
        body: dict[str, Json] = {"type": "T/a", "tags": {"x": tag}}
        assert rule[0].evaluate(frame_of(rule, body)).applicable is expected


def test_types_are_remembered_each_by_itself() -> None:
    rule = compiled(all_of(TYPE, FITS))
    for kind, expected in ((VM["type"], True), ("other", False), (VM["type"], True), ("OTHER", False), (None, False)):
        assert rule[0].evaluate(frame_of(rule, {"type": kind, "location": "x"})).applicable is expected


def test_a_type_that_fails_to_be_compared_may_apply() -> None:
    said = outcome(is_("type", "[int('x')]"), VM)
    assert said.applicable is True
    assert "int" in said.error


def test_parameters_choose_the_type() -> None:
    condition = is_("type", "[parameters('Kind')]")
    assert outcome(condition, VM, parameters={"kind": VM["type"]}).applicable is True
    assert outcome(condition, VM, parameters={"kind": "other"}).applicable is False


def test_a_name_or_kind_that_could_not_be_had_may_be_the_right_one() -> None:
    document = Document({"type": "t"}, unavailable=frozenset({"kind"}))
    said = outcome(all_of(is_("type", "t"), KIND, FITS), document)
    assert said.applicable is True
    assert said.matched is False
    assert outcome(all_of(is_("type", "t"), KIND, is_("location", None)), document).matched is None
