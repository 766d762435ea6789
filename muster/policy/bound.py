"""The bound policy set: rules compiled with their parameters, ready to judge documents."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache, partial

from muster.language.aliases import AliasTable
from muster.language.compile import CompiledRule, Compiler
from muster.language.frame import Frame, member
from muster.language.outcome import RuleOutcome
from muster.policy.applicable import Applicable, ForResource, applicable_to, inner_scopes, stand_in
from muster.policy.binding import BoundPolicy, bind_policy, may_be_for, reported
from muster.policy.delay import evaluation_delay
from muster.policy.effects import state_of
from muster.policy.exemptions import Exemption
from muster.policy.files import PolicyFiles
from muster.policy.results import exempted, finding_ids, image_not_covered, not_applicable
from muster.policy.selectors import Subject
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Reason, Result, Verdict
from muster.values.json import JsonObject
from muster.values.needs import NOTHING, Needs
from muster.values.states import State
from muster.values.surroundings import Surrounding
from muster.values.sweep import ExemptionEnd

PLACES_REMEMBERED = 128
"""Resources of one type, location and scope have the same policies. 20 KB each with the default assignment."""

_SENTENCES = 2
"""More than these are among the reasons of what does not apply."""

_CONTAINERS = frozenset({"microsoft.resources/subscriptions", "microsoft.resources/subscriptions/resourcegroups"})
_NOT_INDEXED = Reason("The definition's mode is Indexed: it is for resources that have tags and a location.")


def bind(files: PolicyFiles, aliases: AliasTable, *, only: Collection[str] = ()) -> "BoundPolicySet":
    """Compile a policy set against a table of aliases. With `only`, definitions that can't be for a resource of these
    (lower-cased) types are left away in silence: of a tenant's initiatives few are about machines."""
    compiler = Compiler(aliases)
    policies: Iterable[BoundPolicy] = [bind_policy(policy, compiler) for policy in files.policies]
    if only:
        policies = filter(None, [policy.only_for(only, compiler) for policy in policies])
    return BoundPolicySet(tuple(policies), compiler, files.version)


class BoundPolicySet:
    """Judges documents. `version` names exactly these policies: another content of any file, another version."""

    def __init__(self, policies: tuple[BoundPolicy, ...], compiler: Compiler, version: str) -> None:
        self._policies = policies
        self._compiler = compiler
        self._version = version
        above = any(policy.asks_for_management_groups for policy in policies)
        self._always = Needs(surroundings=frozenset({Surrounding.MANAGEMENT_GROUPS} if above else ()))
        self._last: Frame | None = None
        self._applicable = lru_cache(PLACES_REMEMBERED)(partial(applicable_to, policies))
        self._scopes = inner_scopes(policies)

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
        return any(
            reported(rule) and may_be_for(rule, self._compiler, resource_type)
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
        ids = finding_ids(Subject.of(document).id)
        results = []
        for one in applicable.definitions:
            result_id = ids(one.definition.description.end_of_id)
            if one.definition.indexed and not indexed:
                result: Result | None = _passed_over(one, result_id, one.rules[0], (_NOT_INDEXED,))
            else:
                result = _judge(one, result_id, frame, as_of)
            if result is not None:
                results.append(result)
        return Verdict(tuple(results), applicable.warnings)

    def _frame(self, document: Document) -> Frame:
        """A document's frame; for the same document again the same, with what was found out about it."""
        if self._last is None or self._last.document is not document:
            self._last = self._compiler.frame(document)
        return self._last

    def _for(self, document: Document) -> ForResource:
        return self._applicable(stand_in(Subject.of(document), self._scopes), document.management_groups)


def _judge(one: Applicable, result_id: str, frame: Frame, as_of: datetime) -> Result | None:
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
            return _passed_over(one, result_id, rule, (image_not_covered(names, _image_reference(frame.document)),))
    if state is State.NOT_APPLICABLE:
        unmet = rule.explain(frame) if outcome.applicable else ()
        return _passed_over(one, result_id, rule, not_applicable(outcome, rule.unknown_aliases, unmet))
    if doubt:
        reason = Reason(doubt, found_state="unknown")
        return Result(one.definition.description.rule, result_id, State.UNKNOWN, outcome.effect, doubt, (reason,))
    assert state is not None
    reasons = () if state is State.COMPLIANT else rule.explain(frame)
    return _explained(one, result_id, outcome, state, reasons, as_of)


def _explained(
    one: Applicable,
    result_id: str,
    outcome: RuleOutcome,
    state: State,
    reasons: tuple[Reason, ...],
    as_of: datetime,
) -> Result:
    description = one.definition.description
    message = description.message(state, outcome, reasons)
    exemption, certain = _exemption(one, as_of)
    if exemption is None:
        return Result(description.rule, result_id, state, outcome.effect, message, reasons)
    if certain:
        told, text = State.EXEMPT, exempted(exemption, message)
    else:
        text = f"It can't be told whether the exemption '{exemption.display_name}' is for this resource. {message}"
        told, reasons = State.UNKNOWN, (Reason(text, found_state="unknown"), *reasons)
    return Result(description.rule, result_id, told, outcome.effect, text, reasons, state, exemption.id)


def _exemption(one: Applicable, as_of: datetime) -> tuple[Exemption | None, bool]:
    """The exemption that counts: a certain one before one of which it can't be told."""
    active = [(exemption, certain) for exemption, certain in one.exemptions if exemption.active(as_of)]
    return next((pair for pair in active if pair[1]), active[0] if active else (None, True))


def _passed_over(one: Applicable, result_id: str, rule: CompiledRule, reasons: tuple[Reason, ...]) -> Result:
    text = " ".join(reason.text for reason in reasons[:_SENTENCES])
    return Result(one.definition.description.rule, result_id, State.NOT_APPLICABLE, rule.effect, text, reasons)


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
