"""What of a policy set is for a resource, by its id, type and location: found once, kept for the next time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from muster.language.compile import CompiledRule
from muster.policy.binding import BoundDefinition, BoundPolicy, reported
from muster.policy.exemptions import Exemption
from muster.policy.kleene import all_hold, negated
from muster.policy.overrides import first_applying
from muster.policy.scopes import Scope, ScopeKind
from muster.policy.selectors import Subject, selected


@dataclass(frozen=True, slots=True)
class Applicable:
    """A definition to judge a resource by.

    `rules` has one rule, or several where it can't be told which effect it has here. `exemptions` are those for the
    resource, each with whether that is certain. `doubt` says why it can't be told whether the assignment is for the
    resource at all; empty where it is.
    """

    definition: BoundDefinition
    rules: tuple[CompiledRule, ...]
    exemptions: tuple[tuple[Exemption, bool], ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class ForResource:
    """All definitions to judge a resource by, and sentences about those that can't be used."""

    definitions: tuple[Applicable, ...]
    warnings: tuple[str, ...]


def inner_scopes(policies: Iterable[BoundPolicy]) -> tuple[Scope, ...]:
    """The subscriptions, groups and resources that a policy set names as scopes, the innermost first."""
    scopes = {
        scope
        for policy in policies
        for scope in (
            policy.assignment.scope,
            *policy.assignment.excluded,
            *(one.scope for _, definitions in policy.editions for each in definitions for one in each.exemptions),
        )
        if scope.kind not in (ScopeKind.EVERYTHING, ScopeKind.MANAGEMENT_GROUP)
    }
    return tuple(sorted(scopes, key=lambda scope: len(scope.id), reverse=True))


def stand_in(subject: Subject, scopes: Iterable[Scope]) -> Subject:
    """The same policies are for all resources that are in the same of inner_scopes. So that what was found for one
    serves for all, they share an id here: that of the innermost scope, in a group of it where the resource is."""
    if not subject.id:
        return subject
    innermost = next((scope.id for scope in scopes if scope.contains(subject.id, ())), "")
    return replace(subject, id=f"{innermost}/resourcegroups/" if "/resourcegroups/" in subject.id else f"{innermost}/")


def applicable_to(policies: Sequence[BoundPolicy], subject: Subject, management_groups: Sequence[str]) -> ForResource:
    """What of a policy set is for a resource."""
    definitions: list[Applicable] = []
    warnings: dict[str, None] = {}
    for policy in policies:
        for one in _of_policy(policy, subject, management_groups, warnings):
            definitions.append(one)
            warnings |= dict.fromkeys(one.definition.warnings)
    return ForResource(tuple(definitions), tuple(warnings))


def _of_policy(
    policy: BoundPolicy, subject: Subject, management_groups: Sequence[str], warnings: dict[str, None]
) -> Iterator[Applicable]:
    assignment = policy.assignment
    inside = assignment.scope.contains(subject.id, management_groups)
    outside = [scope.contains(subject.id, management_groups) for scope in assignment.excluded]
    applies = all_hold((inside, *map(negated, outside), selected(assignment.selectors, subject)))
    if applies is False:
        return
    warnings |= dict.fromkeys(policy.skipped)
    doubt = ""
    if applies is None:
        scopes = zip((assignment.scope, *assignment.excluded), (inside, *outside), strict=True)
        unclear = [scope for scope, truth in scopes if truth is None]
        doubt = _scope_doubt(unclear[0], subject) if unclear else _selector_doubt(subject)
    override, certain = first_applying((one for one, _ in policy.editions if one is not None), subject)
    if not certain:
        override = None
        doubt = doubt or "The version that is assigned here depends on the location, which could not be had."
    for edition, definitions in policy.editions:
        if edition is override:
            for definition in definitions:
                rules = tuple(dict.fromkeys(_rules(definition, subject)))
                if any(map(reported, rules)):
                    yield Applicable(
                        definition, rules, tuple(_exemptions(definition, subject, management_groups)), doubt
                    )


def _rules(definition: BoundDefinition, subject: Subject) -> Iterator[CompiledRule]:
    """The rule with the effect that counts here; where that can't be told, each that might."""
    for override, rule in definition.overridden:
        truth = override.applies(subject, definition.description.rule.definition_reference_id)
        if truth is not False:
            yield rule
        if truth is True:
            return
    yield definition.rule


def _exemptions(
    definition: BoundDefinition, subject: Subject, management_groups: Sequence[str]
) -> Iterator[tuple[Exemption, bool]]:
    for exemption in definition.exemptions:
        truth = exemption.covers(subject, management_groups)
        if truth is not False:
            yield exemption, truth is True


def _scope_doubt(scope: Scope, subject: Subject) -> str:
    if not subject.id:
        return f"It can't be told whether the {scope.kind} of the assignment has this resource, which has no id."
    return f"It can't be told whether '{scope.id}' is above this resource: its management groups were not read."


def _selector_doubt(subject: Subject) -> str:
    if subject.location is None:
        return "The assignment selects resources by location, which could not be had."
    return "The assignment selects by who asks or by a draw of Azure's, which nothing about a resource tells."
