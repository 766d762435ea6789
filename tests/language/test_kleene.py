"""Laws of three-valued evaluation, over generated rules and documents."""

import random
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.explain import Trace
from muster.language.outcome import Truth
from muster.values.answers import FoundMany
from muster.values.document import Document
from tests.language.generated import BODIES, HIDDEN, WORLDS, Drawn, Fails, World, conditions
from tests.language.rules import compiled, frame_of

MANY_EXAMPLES = settings(max_examples=500, deadline=None)
SOME_EXAMPLES = settings(max_examples=200, deadline=None)
ERROR = "error"


def hide(world: World, hidden: frozenset[str]) -> World:
    return World(world.body, world.image, world.group, hidden)


def verdict(condition: Any, document: Document) -> Truth | str:
    rule = compiled(condition)
    outcome = rule[0].evaluate(frame_of(rule, document))
    assert outcome.applicable is not None
    assert bool(outcome.missing) is (outcome.matched is None and not outcome.error)
    return ERROR if outcome.error else outcome.matched


@given(conditions(), WORLDS)
@MANY_EXAMPLES
def test_compiled_rules_agree_with_a_naive_reading_where_all_is_known(condition: Drawn, world: World) -> None:
    try:
        expected: bool | str = condition.naive(world, None)
    except Fails:
        expected = ERROR
    assert verdict(condition.json, world.document()) == expected


@given(conditions(), WORLDS, HIDDEN, HIDDEN)
@MANY_EXAMPLES
def test_learning_a_fact_never_turns_a_verdict_into_another(
    condition: Drawn, world: World, hidden: frozenset[str], more: frozenset[str]
) -> None:
    """A rule that was decided may still be found to fail by what is learnt, and on the way be open again (whether what
    fails is reached depends on what is not known yet), but is never decided otherwise. A failure stays one."""
    least, some, all_ = (
        verdict(condition.json, hide(world, paths).document()) for paths in (hidden | more, hidden, frozenset[str]())
    )
    for before in (least, some):
        assert before is None or all_ in (before, ERROR)
    assert least is None or some in (least, None, ERROR)
    assert least != ERROR or some == ERROR
    assert all_ is not None


@given(conditions(safe=True), WORLDS, HIDDEN, st.randoms(use_true_random=False))
@SOME_EXAMPLES
def test_order_does_not_matter_where_nothing_can_fail(
    condition: Drawn, world: World, hidden: frozenset[str], chance: random.Random
) -> None:
    document = hide(world, hidden).document()
    before = verdict(condition.json, document)
    assert before != ERROR
    assert verdict(shuffled(condition.json, chance), document) is before


def shuffled(condition: Any, chance: random.Random) -> Any:
    """A condition with the parts of every allOf and anyOf in another order."""
    if isinstance(condition, list):
        return [shuffled(part, chance) for part in condition]
    if not isinstance(condition, dict):
        return condition
    mixed = {name: shuffled(part, chance) for name, part in condition.items()}
    for name in ("allOf", "anyOf"):
        if name in mixed:
            mixed[name] = chance.sample(mixed[name], len(mixed[name]))
    return mixed


@given(conditions(), WORLDS, HIDDEN)
@SOME_EXAMPLES
def test_not_not_is_nothing_and_the_laws_of_de_morgan_hold(
    condition: Drawn, world: World, hidden: frozenset[str]
) -> None:
    document = hide(world, hidden).document()
    plain = verdict(condition.json, document)
    negated = verdict({"not": condition.json}, document)
    assert verdict({"not": {"not": condition.json}}, document) == plain
    assert negated == (not plain if isinstance(plain, bool) else plain)
    both = [condition.json, {"field": "properties.a", "exists": True}]
    either = [{"not": part} for part in both]
    assert verdict({"not": {"allOf": both}}, document) == verdict({"anyOf": either}, document)


@given(conditions(), WORLDS, HIDDEN)
@SOME_EXAMPLES
def test_an_explanation_recombines_to_the_verdict(condition: Drawn, world: World, hidden: frozenset[str]) -> None:
    rule = compiled(condition.json)
    frame = frame_of(rule, hide(world, hidden).document())
    outcome = rule[0].evaluate(frame)
    trace = rule[0].trace(frame)
    assert (trace.truth, trace.error) == (outcome.matched, outcome.error)
    assert recombined(trace) == (ERROR if outcome.error else outcome.matched)
    assert recombined(trace, deciding=True) == (ERROR if outcome.error else outcome.matched)
    for leaf in leaves(trace):
        assert leaf.reason is not None
        assert leaf.reason.text.endswith(".")
        assert ("could not be had" in leaf.reason.text) is (leaf.truth is None and not leaf.error)
        assert leaf.error in leaf.reason.text
    decisive = {leaf.reason.text for leaf in leaves(trace) if leaf.decides and leaf.reason is not None}
    reasons = {reason.text for reason in rule[0].explain(frame)}
    assert reasons <= decisive
    assert bool(reasons) is bool(decisive)


def leaves(trace: Trace) -> list[Trace]:
    if trace.reason is not None:
        return [trace]
    return [leaf for child in trace.children for leaf in leaves(child)]


def recombined(trace: Trace, *, deciding: bool = False) -> Truth | str:
    """A tree's verdict from those of its leaves; with `deciding` from those alone that are marked as decisive."""
    if trace.reason is not None:
        return ERROR if trace.error else trace.truth
    parts = [recombined(child, deciding=deciding) for child in trace.children if child.decides or not deciding]
    if trace.label == "not":
        return not parts[0] if isinstance(parts[0], bool) else parts[0]
    decisive = trace.label == "anyOf"
    unknown = False
    for part in parts:
        if part == ERROR:
            return None if unknown else ERROR
        if part is decisive:
            return decisive
        unknown = unknown or part is None
    return None if unknown else not decisive


@given(conditions(), conditions(), WORLDS, HIDDEN, st.lists(BODIES, max_size=2))
@SOME_EXAMPLES
def test_an_answered_look_up_never_turns_a_verdict_into_another(
    condition: Drawn, existence: Drawn, world: World, hidden: frozenset[str], bodies: list[dict[str, Any]]
) -> None:
    rule = compiled(condition.json, "auditIfNotExists", {"type": "N.S/t", "existenceCondition": existence.json})

    def fires(paths: frozenset[str], answered: bool) -> Truth | str:
        document = hide(world, paths).document()
        for query in rule[0].queries(frame_of(rule, document)) if answered else ():
            answer = FoundMany(tuple(bodies), datetime(2026, 1, 1, tzinfo=UTC))
            document = Document(
                document.resource,
                document.image,
                {},
                document.unavailable,
                {query: answer},
                None,
                document.resource_group,
            )
        outcome = rule[0].evaluate(frame_of(rule, document))
        return ERROR if outcome.error else outcome.fires

    before, between, after = fires(hidden, False), fires(hidden, True), fires(frozenset(), True)
    assert before in (None, False, ERROR)
    assert before is None or between in (before, ERROR)
    assert between is None or after in (between, ERROR)


NAMES = st.sampled_from(
    ["type", "name", "tags", "env", "properties", "a", "o", "p", "list", "x", "in", "flat", "id", "kind"]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=2), inner, max_size=5),
    max_leaves=25,
)


@given(conditions(), st.dictionaries(NAMES, ANYTHING, max_size=8), HIDDEN)
@SOME_EXAMPLES
def test_no_document_is_too_odd(condition: Drawn, body: dict[str, Any], hidden: frozenset[str]) -> None:
    details: dict[str, Any] = {"type": "[field('kind')]", "name": "[string(field('properties'))]"}
    rule = compiled(condition.json, "auditIfNotExists", details)
    frame = frame_of(rule, Document(body, unavailable=hidden))
    outcome = rule[0].evaluate(frame)
    assert outcome.matched in (True, False, None)
    assert len(rule[0].queries(frame)) <= 1
    assert all(reason.text for reason in rule[0].explain(frame))
    assert rule[0].trace(frame).label
