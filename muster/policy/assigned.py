"""What an assignment comes down to: definitions, each with the values of its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.language.definition import Definition
from muster.language.parameters import Parameter
from muster.policy.assignment import Assignment
from muster.policy.declarations import bound_values, missing_values, unknown_names
from muster.policy.directory import Directory, Found
from muster.policy.effects import effect_fault, override_fault
from muster.policy.envelope import Item
from muster.policy.exemptions import Exemption
from muster.policy.initiative import Initiative, Reference
from muster.policy.kinds import Kind, looks_like_id, parse_policy_id
from muster.policy.overrides import Override
from muster.policy.passing import passed_value
from muster.policy.selectors import SelectorKind
from muster.policy.spelling import Path
from muster.policy.suggestions import Suggestions
from muster.policy.versions import VersionPattern
from muster.policy.wording import shown
from muster.values.errors import TemplateError
from muster.values.json import Json

if TYPE_CHECKING:
    from muster.values.diagnostic import Diagnostic


@dataclass(frozen=True)
class AssignedDefinition:
    """One definition with the values of its parameters (complete, by lower-cased name). `reference_id` is empty where
    the definition itself is assigned, not an initiative."""

    definition: Definition
    parameters: Mapping[str, Json]
    reference_id: str = ""
    initiative: Initiative | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edition:
    """What is assigned where a version override applies, or, with `override` None, everywhere else. `initiative` is
    None where a definition itself is assigned."""

    override: Override | None
    initiative: Initiative | None
    definitions: tuple[AssignedDefinition, ...]


@dataclass(frozen=True)
class AssignedPolicy:
    """An assignment with all that it refers to. The last edition is the one without an override."""

    assignment: Assignment
    editions: tuple[Edition, ...]
    exemptions: tuple[Exemption, ...] = ()

    @property
    def reference_ids(self) -> dict[str, str]:
        """Lower-cased definition reference id -> as written; of all editions, empty for an assigned definition."""
        initiatives = [edition.initiative for edition in self.editions if edition.initiative is not None]
        return {reference.id.lower(): reference.id for initiative in initiatives for reference in initiative.references}


class Expansion:
    """Expands assignments. `faults` collects what is wrong with references and parameters."""

    def __init__(
        self, definitions: Directory[Definition], initiatives: Directory[Initiative], suggestions: Suggestions
    ) -> None:
        self._definitions = definitions
        self._initiatives = initiatives
        self._suggestions = suggestions
        self.faults: list[Diagnostic] = []

    def check_initiative(self, initiative: Initiative) -> None:
        """Note what is wrong with an initiative whoever assigns it."""
        for reference in initiative.references:
            definition = self._definition_of(initiative, reference)
            if definition is None:
                continue
            item, path, target = initiative.item, (*reference.path, "parameters"), _named(definition)
            self.faults += unknown_names(
                definition.parameters, reference.parameters, item, path, target, self._suggestions
            )
            given = {name.lower() for name in reference.parameters}
            missing = [
                parameter.name
                for key, parameter in definition.parameters.items()
                if key not in given and not parameter.has_default
            ]
            if missing:
                self.faults.append(missing_values(missing, item, path, target))

    def expand(self, assignment: Assignment) -> AssignedPolicy | None:
        """An assignment with all it refers to; None where it refers to nothing that can be used."""
        editions = []
        for override in (*assignment.version_overrides, None):
            pattern = VersionPattern.parse(override.value) if override else assignment.version
            path: Path = (*override.path, "value") if override else ("policyDefinitionId",)
            edition = self._edition(assignment, override, pattern, path)
            if edition is None:
                return None
            editions.append(edition)
        policy = AssignedPolicy(assignment, tuple(editions))
        self._check_messages(policy)
        self._check_overrides(policy)
        return policy

    def _edition(
        self, assignment: Assignment, override: Override | None, pattern: VersionPattern | None, path: Path
    ) -> Edition | None:
        found = self._target(assignment.target, pattern)
        if found.fault:
            self.faults.append(assignment.item.fault(found.rule, found.fault, path, found.hint))
        target = found.entry.value if found.entry else None
        if target is None:
            return None
        at: Path = ("parameters",)
        if isinstance(target, Definition):
            name = _named(target)
            values, faults = self._bound(target.parameters, assignment.parameters, assignment.item, at, name)
            self.faults += faults or effect_fault(target, values, assignment.item, at, assignment.parameters)
            return Edition(override, None, (AssignedDefinition(target, values),))
        name = f"the initiative '{shown(target.item.name)}'"
        values, faults = self._bound(target.parameters, assignment.parameters, assignment.item, at, name)
        self.faults += faults
        if faults:
            return Edition(override, target, ())
        assigned = (self._included(target, reference, values, assignment) for reference in target.references)
        return Edition(override, target, tuple(one for one in assigned if one is not None))

    def _target(self, target: str, pattern: VersionPattern | None) -> Found[Definition] | Found[Initiative]:
        policy_id = parse_policy_id(target)
        if policy_id is not None and policy_id.kind is Kind.INITIATIVE:
            return self._initiatives.find(target, pattern)
        if policy_id is not None or looks_like_id(target):
            return self._definitions.find(target, pattern)
        definition, initiative = self._definitions.find(target, pattern), self._initiatives.find(target, pattern)
        if not definition.fault and not initiative.fault:
            fault = f"There are a definition and an initiative named '{shown(target)}'."
            return Found(fault=fault, rule="ambiguous-reference", hint="Refer to one of them by its id, or rename one.")
        if not initiative.fault or definition.rule == "unknown-definition":
            return initiative if initiative.rule != "unknown-initiative" else self._unknown(target)
        return definition

    def _unknown(self, target: str) -> Found[Definition]:
        names = [entry.item.name for directory in (self._definitions, self._initiatives) for entry in directory.entries]
        fault = f"There is neither a definition nor an initiative '{shown(target)}' among the policy files."
        hint = self._suggestions.like(target, names) or "Put it into definitions/ or initiatives/."
        return Found(fault=fault, rule="unknown-definition", hint=hint)

    def _definition_of(self, initiative: Initiative, reference: Reference) -> Definition | None:
        found = self._definitions.find(reference.definition, reference.version)
        if found.fault:
            path = (*reference.path, "policyDefinitionId")
            self.faults.append(initiative.item.fault(found.rule, found.fault, path, found.hint))
        return found.entry.value if found.entry else None

    def _included(
        self, initiative: Initiative, reference: Reference, values: Mapping[str, Json], assignment: Assignment
    ) -> AssignedDefinition | None:
        definition = self._definition_of(initiative, reference)
        if definition is None:
            return None
        item, path = initiative.item, (*reference.path, "parameters")
        given: dict[str, Json] = {}
        for name, value in reference.parameters.items():
            try:
                given[name] = passed_value(value, values)
            except TemplateError as error:
                message = f"What is passed to '{shown(name)}' can't be evaluated: {error}."
                self.faults.append(item.fault("invalid-expression", message, (*path, name, "value")))
                return None
        target = f"{_named(definition)} (as assigned by '{shown(assignment.name)}')"
        bound, faults = self._bound(definition.parameters, given, item, path, target)
        self.faults += faults or effect_fault(definition, bound, item, path, reference.parameters)
        return AssignedDefinition(definition, bound, reference.id, initiative, reference.groups)

    def _bound(
        self, declared: Mapping[str, Parameter], given: Mapping[str, Json], item: Item, path: Path, target: str
    ) -> tuple[dict[str, Json], "list[Diagnostic]"]:
        return bound_values(declared, given, item, path, target, self._suggestions)

    def _check_messages(self, policy: AssignedPolicy) -> None:
        item = policy.assignment.item
        for at, entry in enumerate(item.objects("nonComplianceMessages")):
            reference_id = entry.get("policyDefinitionReferenceId")
            if isinstance(reference_id, str) and reference_id:
                path: Path = ("nonComplianceMessages", at, "policyDefinitionReferenceId")
                self.check_reference_id(policy, reference_id, item, path)

    def _check_overrides(self, policy: AssignedPolicy) -> None:
        for override in policy.assignment.effect_overrides:
            item = policy.assignment.item
            for selector in override.selectors:
                if selector.kind is SelectorKind.REFERENCE:
                    for reference_id in sorted(selector.values):
                        self.check_reference_id(policy, reference_id, item, (*override.path, "selectors"))
            for edition in policy.editions:
                for assigned in edition.definitions:
                    if override.may_concern(assigned.reference_id):
                        wrong = override_fault(assigned.definition, assigned.parameters, override.value)
                        if wrong:
                            path = (*override.path, "value")
                            self.faults.append(item.fault("invalid-override", wrong, path))

    def check_reference_id(self, policy: AssignedPolicy, reference_id: str, item: Item, path: Path) -> None:
        """Note a definition reference id, at a path of an item, that an assignment does not have."""
        known = policy.reference_ids
        if reference_id.lower() in known:
            return
        name = shown(policy.assignment.name)
        if known:
            message = f"There is no definition reference '{shown(reference_id)}' in what '{name}' assigns."
            hint = self._suggestions.like(reference_id, known.values()) or "Take it out."
        else:
            message = f"'{name}' assigns one definition, so there are no definition references."
            hint = "Leave the reference out."
        self.faults.append(item.fault("unknown-reference-id", message, path, hint))


def _named(definition: Definition) -> str:
    return f"the definition '{shown(definition.name)}'"
