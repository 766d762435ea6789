"""The bound policy set: rules compiled with their parameters, ready to judge documents."""

from datetime import datetime, timedelta
from functools import lru_cache, partial

from muster.language.aliases import AliasTable
from muster.language.compile import CompiledRule, Compiler
from muster.language.frame import Frame, member
from muster.language.outcome import RuleOutcome
from muster.policy.applicable import Applicable, ForResource, applicable_to
from muster.policy.binding import BoundPolicy, bind_policy, reported
from muster.policy.delay import evaluation_delay
from muster.policy.effects import state_of
from muster.policy.exemptions import Exemption
from muster.policy.files import PolicyFiles
from muster.policy.results import exempted, image_not_covered, not_applicable
from muster.policy.selectors import Subject
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Reason, Result, Verdict
from muster.values.json import JsonObject
from muster.values.needs import NOTHING, Needs
from muster.values.states import State
from muster.values.surroundings import Surrounding
from muster.values.sweep import ExemptionEnd

RESOURCES_REMEMBERED = 128
"""A resource is asked about several times while it is judged, and seldom after it: more would only fill memory, 20 KB
each with the default assignment."""

_SENTENCES = 2
"""More than these are among the reasons of what does not apply."""

_CONTAINERS = frozenset({"microsoft.resources/subscriptions", "microsoft.resources/subscriptions/resourcegroups"})
_NOT_INDEXED = Reason("The definition's mode is Indexed: it is for resources that have tags and a location.")


def bind(files: PolicyFiles, aliases: AliasTable) -> "BoundPolicySet":
    """Compile a policy set against a table of aliases."""
    compiler = Compiler(aliases)
    return BoundPolicySet(tuple(bind_policy(policy, compiler) for policy in files.policies), compiler, files.version)


class BoundPolicySet:
    """Judges documents. `version` names exactly these policies: another content of any file, another version."""

    def __init__(self, policies: tuple[BoundPolicy, ...], compiler: Compiler, version: str) -> None:
        self._policies = policies
        self._compiler = compiler
        self._version = version
        above = any(policy.asks_for_management_groups for policy in policies)
        self._always = Needs(surroundings=frozenset({Surrounding.MANAGEMENT_GROUPS} if above else ()))
        self._last: Frame | None = None
        self._applicable = lru_cache(RESOURCES_REMEMBERED)(partial(applicable_to, policies))

    @property
    def version(self) -> str:
        """Names exactly these policies: another content of any file, another version."""
        return self._version

    def needs(self, document: Document) -> Needs:
        """What must be known of a resource before it can be judged. The document has its body alone."""
        frame = self._compiler.frame(document)
        needs = self._always
        for one in self._for(document).definitions:
            wanted = one.definition.needs
            if wanted != NOTHING and any(rule.applies(frame) for rule in one.rules):
                needs |= wanted
        return needs

    def related_queries(self, document: Document) -> tuple[RelatedQuery, ...]:
        """Which related resources the verdict on this document depends on."""
        frame = self._compiler.frame(document)
        found: dict[RelatedQuery, None] = {}
        for one in self._for(document).definitions:
            for rule in one.rules:
                found |= dict.fromkeys(rule.queries(frame))
        return tuple(found)

    def exemptions_ending(self, by: datetime) -> tuple[ExemptionEnd, ...]:
        """The exemptions that end by a time, those that have ended too, in the order of their ends."""
        found = {
            ExemptionEnd(exemption.id, exemption.display_name, policy.assignment.id, exemption.expires_on)
            for policy in self._policies
            for _, definitions in policy.editions
            for definition in definitions
            for exemption in definition.exemptions
            if exemption.expires_on is not None and exemption.expires_on <= by
        }
        return tuple(sorted(found, key=lambda one: (one.ends, one.id)))

    def judges(self, resource_type: str) -> bool:
        """Whether some definition that is assigned is for resources of a (lower-cased) type. One without a condition on
        the type is for every type."""
        frame = self._compiler.frame(Document(resource={"type": resource_type}))
        return any(
            reported(rule) and rule.applies(frame)
            for policy in self._policies
            for _, definitions in policy.editions
            for definition in definitions
            for rule in (definition.rule, *(rule for _, rule in definition.overridden))
        )

    def evaluation_delay(self, document: Document) -> timedelta | None:
        """The longest evaluationDelay of the rules that miss a related resource; None where no rule does."""
        frame = self._frame(document)
        missed = (
            rule
            for one in self._for(document).definitions
            for rule in one.rules
            if rule.queries(frame) and rule.evaluate(frame).fires is not False
        )
        return max((evaluation_delay(rule.rule.then) for rule in missed), default=None)

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        """Judge the document; `as_of` (with an offset) decides which exemptions still count.

        One result for each definition that an assignment has for this resource, in the order of the files. Never
        raises for any JSON in the document.
        """
        applicable = self._for(document)
        frame = self._frame(document)
        indexed = _is_indexed(document)
        results = []
        for one in applicable.definitions:
            if one.definition.indexed and not indexed:
                result: Result | None = _passed_over(one, one.rules[0], (_NOT_INDEXED,))
            else:
                result = _judge(one, frame, as_of)
            if result is not None:
                results.append(result)
        return Verdict(tuple(results), applicable.warnings)

    def _frame(self, document: Document) -> Frame:
        """A document's frame; for the same document again the same, with what was found out about it."""
        if self._last is None or self._last.document is not document:
            self._last = self._compiler.frame(document)
        return self._last

    def _for(self, document: Document) -> ForResource:
        return self._applicable(Subject.of(document), document.management_groups)


def _judge(one: Applicable, frame: Frame, as_of: datetime) -> Result | None:
    """The result of one definition; None where its effect reports nothing."""
    rule = one.rules[0]
    outcome = rule.evaluate(frame)
    state = state_of(outcome)
    doubt = one.doubt
    for other in one.rules[1:]:
        if state_of(other.evaluate(frame)) is not state:
            doubt = doubt or "Which effect the definition has here depends on the location, which could not be had."
    if state is None and not doubt:
        return None
    if outcome.matched is False and outcome.applicable and not doubt:
        names = rule.not_covered(frame)
        if names:
            return _passed_over(one, rule, (image_not_covered(names, _image_reference(frame.document)),))
    if state is State.NOT_APPLICABLE:
        unmet = rule.explain(frame) if outcome.applicable else ()
        return _passed_over(one, rule, not_applicable(outcome, rule.unknown_aliases, unmet))
    if doubt:
        result = one.definition.description.result
        return result(one.id, outcome.effect, State.UNKNOWN, doubt, (Reason(doubt, found_state="unknown"),))
    assert state is not None
    return _explained(one, rule, frame, outcome, state, as_of)


def _explained(
    one: Applicable, rule: CompiledRule, frame: Frame, outcome: RuleOutcome, state: State, as_of: datetime
) -> Result:
    description = one.definition.description
    reasons = () if state is State.COMPLIANT else rule.explain(frame)
    message = description.message(state, outcome, reasons)
    exemption, certain = _exemption(one, as_of)
    if exemption is None:
        return description.result(one.id, outcome.effect, state, message, reasons)
    if certain:
        text = exempted(exemption, message)
        return description.result(one.id, outcome.effect, State.EXEMPT, text, reasons, state, exemption)
    text = f"It can't be told whether the exemption '{exemption.display_name}' is for this resource. {message}"
    unclear = (Reason(text, found_state="unknown"), *reasons)
    return description.result(one.id, outcome.effect, State.UNKNOWN, text, unclear, state, exemption)


def _exemption(one: Applicable, as_of: datetime) -> tuple[Exemption | None, bool]:
    """The exemption that counts: a certain one before one of which it can't be told."""
    active = [(exemption, certain) for exemption, certain in one.exemptions if exemption.active(as_of)]
    return next((pair for pair in active if pair[1]), active[0] if active else (None, True))


def _passed_over(one: Applicable, rule: CompiledRule, reasons: tuple[Reason, ...]) -> Result:
    text = " ".join(reason.text for reason in reasons[:_SENTENCES])
    return one.definition.description.result(one.id, rule.effect, State.NOT_APPLICABLE, text, reasons)


def _is_indexed(document: Document) -> bool:
    """Whether Azure counts the resource among those with tags and a location: every resource but subscriptions,
    resource groups, and what stands below or beside another resource and has neither."""
    written = document.resource.get("type")
    resource_type = written.lower() if isinstance(written, str) else ""
    if resource_type in _CONTAINERS:
        return False
    if resource_type.count("/") < 2:
        return True
    return any(document.resource.get(name) is not None or name in document.unavailable for name in ("location", "tags"))


def _image_reference(document: Document) -> JsonObject:
    properties = document.resource.get("properties")
    profile = member(member(properties, "virtualMachineProfile") or properties, "storageProfile")
    found = member(profile, "imageReference")
    return found if isinstance(found, dict) else {}
