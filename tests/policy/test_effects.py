"""Effects as compliance: every effect, every outcome, one state."""

from dataclasses import replace
from typing import Any

import pytest

from muster.language.outcome import EFFECTS, IF_NOT_EXISTS, RuleOutcome, Truth
from muster.policy.effects import UNREPORTED, state_of
from muster.values.answers import Absent, Forbidden, FoundMany, ListAnswer
from muster.values.document import RelatedQuery
from muster.values.states import State
from tests.policy.sets import NOW, VM_ID, bound, definition, judge, machine, only, rule, single

OWN = ("audit", "deny", "modify", "append")
COMPLIANT, FAILED, NEITHER, UNKNOWN, ERROR = (
    State.COMPLIANT,
    State.NON_COMPLIANT,
    State.NOT_APPLICABLE,
    State.UNKNOWN,
    State.ERROR,
)


@pytest.mark.parametrize("effect", OWN)
@pytest.mark.parametrize(
    ("applicable", "matched", "error", "state"),
    [
        (True, True, "", FAILED),
        (True, False, "", COMPLIANT),
        (True, None, "", UNKNOWN),
        (True, None, "substring() failed", ERROR),
        (False, False, "", NEITHER),
        (False, None, "", NEITHER),
        (False, None, "substring() failed", NEITHER),
        (None, False, "", UNKNOWN),
        (None, None, "", UNKNOWN),
        (None, True, "", FAILED),
    ],
)
def test_effects_that_judge_the_resource(
    effect: str, applicable: Truth, matched: Truth, error: str, state: State
) -> None:
    assert state_of(RuleOutcome(effect, applicable, matched, error=error)) is state


@pytest.mark.parametrize("effect", sorted(IF_NOT_EXISTS))
@pytest.mark.parametrize(
    ("applicable", "matched", "satisfied", "error", "state"),
    [
        (True, True, True, "", COMPLIANT),
        (True, True, False, "", FAILED),
        (True, True, None, "", UNKNOWN),
        (True, False, None, "", NEITHER),
        (True, None, True, "", COMPLIANT),
        (True, None, False, "", UNKNOWN),
        (True, None, None, "", UNKNOWN),
        (True, None, None, "no such name", ERROR),
        (False, False, None, "", NEITHER),
    ],
)
def test_effects_that_look_for_another_resource(
    effect: str, applicable: Truth, matched: Truth, satisfied: Truth, error: str, state: State
) -> None:
    assert state_of(RuleOutcome(effect, applicable, matched, satisfied, error)) is state


def test_manual_waits_for_a_person() -> None:
    assert state_of(RuleOutcome("manual", True, True)) is UNKNOWN
    assert state_of(RuleOutcome("manual", True, False)) is UNKNOWN
    assert state_of(RuleOutcome("manual", False, False)) is NEITHER


@pytest.mark.parametrize("effect", sorted(UNREPORTED))
def test_effects_that_report_nothing(effect: str) -> None:
    for matched in (True, False, None):
        assert state_of(RuleOutcome(effect, True, matched, error="x")) is None


def test_every_effect_is_one_of_these() -> None:
    assert {*OWN, *IF_NOT_EXISTS, *UNREPORTED, "manual"} == set(EFFECTS.values())


# The same through real rules.


@pytest.mark.parametrize(
    ("effect", "details"),
    [("audit", None), ("deny", None), ("Modify", {"roleDefinitionIds": [], "operations": []}), ("append", [])],
)
def test_a_rule_that_matches_is_not_complied_with(effect: str, details: Any) -> None:
    failing = only(single(definition(rule(effect, details=details))))
    assert (failing.state, failing.effect) == (FAILED, effect.lower())
    encrypted = machine(properties={"securityProfile": {"encryptionAtHost": True}})
    passing = only(single(definition(rule(effect, details=details))), encrypted)
    assert (passing.state, passing.reasons) == (COMPLIANT, ())
    assert passing.message == "Meets 'Encrypt at host'."


AGENT = {
    "type": "Microsoft.Compute/virtualMachines/extensions",
    "existenceCondition": {"field": "name", "like": "*Agent"},
}
QUERY = RelatedQuery("microsoft.compute/virtualmachines/extensions", VM_ID.lower())


@pytest.mark.parametrize("effect", ["auditIfNotExists", "deployIfNotExists"])
@pytest.mark.parametrize(
    ("tags", "answer", "state"),
    [
        ({"agent": "yes"}, FoundMany((), NOW), FAILED),
        ({"agent": "yes"}, FoundMany(({"id": f"{VM_ID}/extensions/Other", "name": "Other"},), NOW), FAILED),
        ({"agent": "yes"}, FoundMany(({"id": f"{VM_ID}/extensions/TheAgent", "name": "TheAgent"},), NOW), COMPLIANT),
        ({"agent": "yes"}, Forbidden("Microsoft.Compute/virtualMachines/extensions/read"), UNKNOWN),
        ({"agent": "yes"}, None, UNKNOWN),
        ({}, None, NEITHER),
    ],
)
def test_the_look_up_decides(effect: str, tags: dict[str, str], answer: ListAnswer | None, state: State) -> None:
    wanting = rule(
        effect,
        {"field": "tags['agent']", "equals": "yes"},
        details={**AGENT, "deployment": {}, "roleDefinitionIds": []},
    )
    policies = bound(single(definition(wanting)))
    document = machine(tags=tags)
    assert policies.related_queries(document) == (() if state is NEITHER else (QUERY,))
    related = {} if answer is None else {QUERY: answer}
    (result,) = policies.evaluate(replace(document, related=related), NOW).results
    assert result.state is state
    assert bool(result.reasons) is (state is not COMPLIANT), "whatever asks for something says why"
    if state is UNKNOWN:
        assert "virtualmachines/extensions" in result.message


@pytest.mark.parametrize("effect", ["disabled", "Disabled"])
def test_what_is_disabled_is_not_reported(effect: str) -> None:
    assert judge(single(definition(rule(effect)))).results == ()


def test_deny_action_is_about_actions() -> None:
    blocked = rule("denyAction", details={"actionNames": ["delete"]})
    assert judge(single(definition(blocked))).results == ()


def test_a_failing_rule_is_an_error_with_its_expression() -> None:
    broken = rule("audit", {"value": "[substring(field('name'), 5, 9000)]", "equals": "x"})
    result = only(single(definition(broken)))
    assert result.state is ERROR
    assert "substring" in result.message
    assert result.reasons


def test_manual_says_that_a_person_is_needed() -> None:
    result = only(single(definition(rule("manual"))))
    assert (result.state, result.message) == (UNKNOWN, "To be attested by a person; attestations are not read.")


def test_an_absent_answer_is_not_a_list() -> None:
    """A list that is absent is never handed to rules; were it, nothing could be told."""
    policies = bound(single(definition(rule("auditIfNotExists", details=AGENT))))
    related: Any = {QUERY: Absent(NOW)}
    (result,) = policies.evaluate(replace(machine(), related=related), NOW).results
    assert result.state is UNKNOWN
