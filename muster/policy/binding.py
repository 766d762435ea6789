"""Assigned definitions compiled with their parameters, for every effect that an override may give them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from muster.language.compile import CompiledRule, Compiler
from muster.language.needs import rule_needs
from muster.language.template import parse_template
from muster.policy.assigned import AssignedDefinition, AssignedPolicy
from muster.policy.assignment import Assignment
from muster.policy.effects import UNREPORTED
from muster.policy.exemptions import Exemption
from muster.policy.overrides import Override
from muster.policy.results import Description
from muster.policy.scopes import ScopeKind
from muster.policy.wording import shown
from muster.values.document import Document
from muster.values.needs import Needs

RESOURCE_MANAGER_MODES = frozenset({"all", "indexed"})


@dataclass(frozen=True)
class BoundDefinition:
    """One assigned definition, compiled. `overridden` has its rule with another effect for each override that may
    concern it, in their order; `exemptions` those that name it; `indexed` is its mode; `needs` is what its rule has to
    know beyond a resource's own body."""

    description: Description
    rule: CompiledRule
    overridden: tuple[tuple[Override, CompiledRule], ...]
    exemptions: tuple[Exemption, ...]
    indexed: bool
    needs: Needs

    def may_be_for(self, types: Collection[str], compiler: Compiler) -> bool:
        """Whether it can be for a resource of one of the types."""
        rules = (self.rule, *(rule for _, rule in self.overridden))
        return any(may_be_for(rule, compiler, resource_type) for rule in rules for resource_type in types)

    @property
    def warnings(self) -> Iterator[str]:
        """What will not work as the author of the rule thinks."""
        return (f"{self.description.rule.display_name}: {warning}" for warning in self.rule.warnings)


@dataclass(frozen=True)
class BoundPolicy:
    """One assignment, compiled: its definitions by version override, the last without one. `skipped` are sentences
    about definitions that are not judged."""

    assignment: Assignment
    editions: tuple[tuple[Override | None, tuple[BoundDefinition, ...]], ...]
    skipped: tuple[str, ...]

    @property
    def asks_for_management_groups(self) -> bool:
        """Whether only the management groups above a resource can tell if this is for it."""
        exempted = (
            exemption.scope
            for _, definitions in self.editions
            for definition in definitions
            for exemption in definition.exemptions
        )
        scopes = (self.assignment.scope, *self.assignment.excluded, *exempted)
        return any(scope.kind is ScopeKind.MANAGEMENT_GROUP for scope in scopes)

    def only_for(self, types: Collection[str], compiler: Compiler) -> "BoundPolicy | None":
        """With the definitions that can be for a resource of one of the types; None where there is none. All that is to
        be judged was compiled before."""
        editions = tuple(
            (override, tuple(one for one in definitions if one.may_be_for(types, compiler)))
            for override, definitions in self.editions
        )
        return BoundPolicy(self.assignment, editions, ()) if any(found for _, found in editions) else None


def bind_policy(policy: AssignedPolicy, compiler: Compiler) -> BoundPolicy:
    """Compile what an assignment assigns. Definitions in a resource provider's mode are skipped: they judge what is
    inside a resource (Kubernetes objects, keys), which is not read."""
    editions = []
    skipped: dict[str, None] = {}
    for edition in policy.editions:
        bound = []
        for assigned in edition.definitions:
            mode = assigned.definition.mode.strip()
            if mode.lower() not in RESOURCE_MANAGER_MODES:
                name = shown(assigned.definition.display_name or assigned.definition.name)
                why = f"skipped, as its mode {shown(mode)} judges what is inside a resource."
                skipped[f"{name}: {why}"] = None
                continue
            bound.append(_bind(policy, assigned, compiler))
        editions.append((edition.override, tuple(bound)))
    return BoundPolicy(policy.assignment, tuple(editions), tuple(skipped))


def _bind(policy: AssignedPolicy, assigned: AssignedDefinition, compiler: Compiler) -> BoundDefinition:
    definition, reference_id = assigned.definition, assigned.reference_id
    description = Description.of(policy, assigned)
    context = {
        "assignmentId": description.rule.assignment_id,
        "definitionId": description.rule.definition_id,
        "setDefinitionId": description.rule.initiative_id,
        "definitionReferenceId": reference_id,
    }
    overridden = []
    for override in policy.assignment.effect_overrides:
        if override.may_concern(reference_id):
            then = definition.rule.then
            effect = parse_template(override.value, then.effect.pointer)
            rule = replace(definition.rule, then=replace(then, effect=effect))
            overridden.append((override, compiler.compile_rule(rule, assigned.parameters, {**context})))
    return BoundDefinition(
        description=description,
        rule=compiler.compile(definition, assigned.parameters, {**context}),
        overridden=tuple(overridden),
        exemptions=tuple(one for one in policy.exemptions if one.concerns(reference_id)),
        indexed=definition.mode.strip().lower() == "indexed",
        needs=rule_needs(definition.rule),
    )


def may_be_for(rule: CompiledRule, compiler: Compiler, resource_type: str) -> bool:
    """Whether a rule can be for a resource of a type, whatever its name. All rules were compiled before."""
    anyone = Document({"type": resource_type, "location": "westeurope"}, unavailable=frozenset({"name", "id"}))
    return rule.applies(compiler.frame(anyone))


def reported(rule: CompiledRule) -> bool:
    """Whether the rule's effect says anything about a resource."""
    return rule.effect not in UNREPORTED
