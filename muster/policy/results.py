"""From what a rule said to a result with its sentence."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from muster.language.outcome import IF_NOT_EXISTS, RuleOutcome
from muster.policy.assigned import AssignedDefinition, AssignedPolicy
from muster.policy.exemptions import Exemption
from muster.policy.wording import shown
from muster.values.finding import AssignedRule, Reason
from muster.values.instant import format_instant
from muster.values.json import JsonObject
from muster.values.states import Severity, State

IMAGE_NOT_COVERED = "imageNotCovered"
"""The `operator` of the reason that says which images a rule looks for that skips this one."""

_SENTENCES = 3
_MISSING = 5


def finding_id(resource_id: str, assignment_id: str, reference_id: str) -> str:
    """The id of a finding: 32 hexadecimal digits, the same for ever for a resource (in any case), an assignment and a
    definition reference (empty where the assignment assigns a definition itself)."""
    return finding_ids(resource_id)(_end_of_id(assignment_id, reference_id))


def finding_ids(resource_id: str) -> Callable[[bytes], str]:
    """The ids of a resource's findings, each by its Description.end_of_id."""
    begun = hashlib.sha256(resource_id.lower().encode("utf-8", "surrogatepass"))

    def ended(end: bytes) -> str:
        digest = begun.copy()
        digest.update(end)
        return digest.hexdigest()[:32]

    return ended


def _end_of_id(assignment_id: str, reference_id: str) -> bytes:
    return f"\n{assignment_id}\n{reference_id}".lower().encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Description:
    """An assigned definition's rule as its results tell it, the message that the assignment has for it ("" for none),
    and what the ids of its findings end in."""

    rule: AssignedRule
    non_compliance_message: str
    end_of_id: bytes

    @classmethod
    def of(cls, policy: AssignedPolicy, assigned: AssignedDefinition) -> "Description":
        """What the files say."""
        assignment, definition = policy.assignment, assigned.definition
        metadata = definition.metadata
        messages = assignment.messages
        rule = AssignedRule(
            severity=_severity(metadata) or _severity(assignment.metadata) or Severity.MEDIUM,
            assignment_id=assignment.id,
            definition_id=definition.id or definition.name,
            definition_reference_id=assigned.reference_id,
            display_name=definition.display_name or definition.name,
            remediation="\n".join(filter(None, (_text(metadata, "remediation"), _text(metadata, "command")))),
            documentation=_address(metadata),
            definition_version=definition.version,
            initiative_id=assigned.initiative.id if assigned.initiative else "",
            groups=assigned.groups,
            enforced=assignment.enforced,
        )
        message = messages.get(assigned.reference_id.lower()) or messages.get("", "")
        return cls(rule, message, _end_of_id(assignment.id, assigned.reference_id))

    def message(self, state: State, outcome: RuleOutcome, reasons: Sequence[Reason]) -> str:
        """The sentence of a result that no exemption covers."""
        if state is State.NON_COMPLIANT:
            return self.non_compliance_message or _told(reasons) or f"Does not meet '{self.rule.display_name}'."
        if state is State.ERROR:
            return f"The rule failed: {outcome.error}."
        if state is State.UNKNOWN:
            if outcome.effect == "manual":
                return "To be attested by a person; attestations are not read."
            missing = ", ".join(outcome.missing[:_MISSING])
            more = f" and {len(outcome.missing) - _MISSING} more" if len(outcome.missing) > _MISSING else ""
            return f"Can't be told without {missing}{more}." if missing else _told(reasons) or "Can't be told."
        if state is State.NOT_APPLICABLE:
            return _told(reasons)
        return f"Meets '{self.rule.display_name}'."


def not_applicable(outcome: RuleOutcome, unknown_aliases: Sequence[str], unmet: Sequence[Reason]) -> tuple[Reason, ...]:
    """Why a rule is not about a resource. `unmet` are the conditions that do not hold."""
    if unknown_aliases:
        alias = shown(unknown_aliases[0])
        return (Reason(f"No resource type has the alias '{alias}', so the rule applies to nothing."),)
    if outcome.effect in IF_NOT_EXISTS and outcome.applicable:
        return (Reason("The rule's conditions do not hold for this resource, so it looks for nothing."), *unmet)
    return (Reason("The rule is for resources of another type, kind or name."),)


def image_not_covered(names: Sequence[str], image: JsonObject) -> Reason:
    """That a rule looks for certain images, and this is none of them. `image` is the resource's image reference."""
    parts = {
        name: value for name in ("publisher", "offer", "sku") if isinstance(value := image.get(name), str) and value
    }
    own = " ".join(f"{name} {shown(value)}" for name, value in parts.items())
    text = f"The rule skips this image{f' ({own})' if own else ''}: it looks for {', '.join(names)}."
    return Reason(text, operator=IMAGE_NOT_COVERED, expected=list(names), found={**parts})


def exempted(exemption: Exemption, message: str) -> str:
    """The sentence of a result that an exemption covers."""
    until = f" until {format_instant(exemption.expires_on)}" if exemption.expires_on else ""
    return f"Exempt ({exemption.category}) by '{exemption.display_name}'{until}. {message}"


def _told(reasons: Sequence[Reason]) -> str:
    texts = [reason.text for reason in reasons[:_SENTENCES]]
    more = len(reasons) - len(texts)
    return " ".join(texts) + (f" And {more} more." if more > 0 else "")


def _severity(metadata: JsonObject) -> Severity | None:
    written = _text(metadata, "severity").lower()
    return next((severity for severity in Severity if severity == written), None)


def _address(metadata: JsonObject) -> str:
    written = _text(metadata, "documentation")
    return written if written.startswith(("https://", "http://")) and written.isprintable() else ""


def _text(metadata: JsonObject, member: str) -> str:
    value = metadata.get(member)
    return value.strip() if isinstance(value, str) else ""
