"""What was concluded about a resource: results, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from muster.values.json import Json
from muster.values.states import Severity, State, roll_up


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that decided a result.

    `path` is what was read (`properties.securityProfile.securityType`, with indexes where members of an array were
    read), `field` how the rule names it, `operator` and `expected` what it was compared with, `found` the value;
    `found_state` is `present`, `missing` or `unknown`. `pointer` leads to the condition in the definition's policyRule.
    `text` says the same in one sentence.
    """

    text: str
    field: str = ""
    path: str = ""
    operator: str = ""
    expected: Json = None
    found: Json = None
    found_state: str = "present"
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class AssignedRule:
    """What all results of one definition, assigned by one assignment, have in common. Empty is what there is not."""

    severity: Severity
    assignment_id: str
    definition_id: str
    definition_reference_id: str
    display_name: str
    remediation: str = ""
    documentation: str = ""
    definition_version: str = ""
    initiative_id: str = ""
    groups: tuple[str, ...] = ()
    enforced: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What one definition, assigned by one assignment, says of one resource.

    `id` is the finding's id: stable over time for the same resource, assignment and definition reference.
    `underneath` is the state that an exemption covers. `effect` as the definition resolved it, lower camel case.
    """

    rule: AssignedRule
    id: str
    state: State
    effect: str
    message: str
    reasons: tuple[Reason, ...]
    underneath: State | None = None
    exemption_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy set says of one resource: a result for each assigned definition, and what it could not use.

    `warnings` are sentences about definitions that were skipped.
    """

    results: tuple[Result, ...]
    warnings: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The resource's state: its results rolled up."""
        return roll_up(result.state for result in self.results)

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many results are NonCompliant, for every severity, most severe first."""
        failed = [result.rule.severity for result in self.results if result.state is State.NON_COMPLIANT]
        return MappingProxyType({severity: failed.count(severity) for severity in Severity})
