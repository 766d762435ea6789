"""What of somebody's policies can be used: the rest goes, with what depends on it and nothing else."""

from typing import Any

import pytest

from muster.adapters.policy_files import load_schemas
from muster.language.source import Source
from muster.policy.exported import read_export
from muster.policy.files import load_policy_files
from muster.policy.layout import lay_out
from muster.policy.usable import STAND_IN, STAND_IN_PATH, Usable, usable
from tests.policy import exports

SCHEMAS = load_schemas()
BROKEN = {"if": {"field": "type", "equal": "x"}, "then": {"effect": "audit"}}


def used(*values: dict[str, Any]) -> Usable:
    layout = lay_out(read_export(Source("x.json", ""), list(values), SCHEMAS).items)
    return usable(layout.files, SCHEMAS)


def names(found: Usable) -> list[str]:
    return [path for path in found.files if path != STAND_IN_PATH]


def assigned(name: str, target: str, **properties: Any) -> dict[str, Any]:
    return exports.assignment(name, target, **properties)


def id_of(value: dict[str, Any]) -> str:
    return str(value["id"])


GOOD, BAD = exports.definition("good"), exports.definition("bad", policyRule=BROKEN)


def test_what_is_sound_is_used_whole() -> None:
    one = assigned("a", id_of(GOOD))
    found = used(GOOD, one, exports.exemption("e", id_of(one)))
    assert len(names(found)) == 3
    assert (found.left_out, found.replaced) == ({}, {})
    assert [len(policy.exemptions) for policy in found.policies.policies] == [1]


def test_what_depends_on_something_broken_goes_with_it_and_the_rest_stays() -> None:
    one, other = assigned("of-bad", id_of(BAD)), assigned("of-good", id_of(GOOD))
    found = used(GOOD, BAD, one, other, exports.exemption("e", id_of(one)))
    assert names(found) == ["definitions/good.json", "assignments/of-good.json"]
    assert {path: [fault.rule for fault in faults] for path, faults in found.left_out.items()} == {
        "definitions/bad.json": ["unknown-key"],
        "assignments/of-bad.json": ["refers-to-left-out"],
        "exemptions/e.json": ["refers-to-left-out"],
    }


def test_an_initiative_keeps_what_of_it_can_be_used() -> None:
    whole = exports.initiative("set", id_of(BAD), id_of(GOOD), exports.definition_id("not-exported"))
    messages = [{"message": "m", "policyDefinitionReferenceId": "ref-0"}]
    one = assigned("a", id_of(whole), nonComplianceMessages=messages)
    spared = exports.exemption("e", id_of(one), policyDefinitionReferenceIds=["ref-2"])
    found = used(GOOD, BAD, whole, one, spared)
    assert list(found.left_out) == ["definitions/bad.json"]
    faults = found.replaced["initiatives/set.json"]
    assert [fault.pointer.split("/")[3] for fault in faults] == ["2", "0"]
    (policy,) = found.policies.policies
    definitions = {one.reference_id: one.definition.name for one in policy.editions[0].definitions}
    assert definitions == {"ref-0": STAND_IN, "ref-1": "good", "ref-2": STAND_IN}
    assert load_policy_files(found.files, SCHEMAS).version == found.policies.version


def test_a_reference_without_an_id_keeps_the_one_that_it_had() -> None:
    whole = exports.initiative("set", policyDefinitions=[{"policyDefinitionId": exports.definition_id("gone")}])
    one = assigned("a", id_of(whole))
    (policy,) = used(whole, one).policies.policies
    assert policy.reference_ids == {"gone": "gone"}


def test_an_initiative_that_is_wrong_in_itself_goes() -> None:
    whole = exports.initiative("set", id_of(GOOD), policyDefinitions="x")
    found = used(GOOD, whole, assigned("a", id_of(whole)))
    assert names(found) == ["definitions/good.json"]


def test_a_reference_that_comes_twice_does_not_go_on_for_ever() -> None:
    whole = exports.initiative("set", id_of(GOOD), id_of(GOOD))
    for reference in whole["properties"]["policyDefinitions"]:
        reference["policyDefinitionReferenceId"] = "same"
    found = used(GOOD, whole)
    assert names(found) == ["definitions/good.json"]


def test_a_definition_named_as_the_stand_in_takes_nothing_along() -> None:
    theirs = exports.definition(STAND_IN)
    whole = exports.initiative("set", id_of(GOOD), exports.definition_id("gone"))
    found = used(GOOD, theirs, whole, assigned("a", id_of(GOOD)))
    assert "assignments/a.json" in found.files


@pytest.mark.parametrize("name", ["a/b", "../x", "\x1b[31m"])
def test_odd_names_are_used_too(name: str) -> None:
    one = exports.definition(name)
    del one["id"]
    assert len(used(one, assigned("a", GOOD["id"]), GOOD).policies.definitions) == 2
