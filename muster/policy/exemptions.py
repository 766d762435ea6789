"""Exemptions.

Source: learn.microsoft.com/azure/governance/policy/concepts/exemption-structure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.language.outcome import Truth
from muster.policy.assignment import scope_of, scoped_id
from muster.policy.envelope import Item
from muster.policy.kleene import all_hold
from muster.policy.scopes import EVERYTHING, Scope
from muster.policy.selectors import ResourceSelector, Subject, resource_selectors, selected
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic
from muster.values.instant import parse_instant


@dataclass(frozen=True)
class Exemption:
    """A parsed exemption.

    `assignment` is the id or name of the assignment; `references` the lower-cased definition reference ids that are
    meant, empty for all. `expires_on` in UTC; None for never.
    """

    id: str
    display_name: str
    category: str
    assignment: str
    references: frozenset[str]
    expires_on: datetime | None
    scope: Scope
    selectors: tuple[ResourceSelector, ...]
    checks_scope: bool
    item: Item

    def active(self, as_of: datetime) -> bool:
        """Whether it is honoured at a time: before expiresOn, not at it."""
        return self.expires_on is None or as_of < self.expires_on

    def concerns(self, reference_id: str) -> bool:
        """Whether it is for a definition reference."""
        return not self.references or reference_id.lower() in self.references

    def covers(self, subject: Subject, management_groups: Sequence[str]) -> Truth:
        """Whether it is for a resource, apart from its time."""
        return all_hold((self.scope.contains(subject.id, management_groups), selected(self.selectors, subject)))


def parse_exemption(item: Item) -> tuple[Exemption, list[Diagnostic]]:
    """An exemption and what is wrong with it by itself."""
    scope, faults = scope_of(item, default=None)
    if scope is None and not faults:
        message = (
            "Nothing says what is exempt: there is neither an 'id' below a resource, group or subscription nor 'scope'."
        )
        faults.append(item.fault("missing-scope", message, hint='Add "scope": "/subscriptions/...".'))
    expires_on = None
    written = item.text("expiresOn")
    if written and not item.broken:
        try:
            expires_on = parse_instant(written)
        except ValueError:
            message = f"'{shown(written)}' is no date of the calendar, so it can't be told when this ends."
            faults.append(item.fault("invalid-value", message, ("expiresOn",), "Write 2026-12-31T23:59:00Z."))
    selectors, remarks = resource_selectors(item)
    exemption = Exemption(
        id=scoped_id(item, scope),
        display_name=item.text("displayName") or item.name,
        category=item.text("exemptionCategory"),
        assignment=item.text("policyAssignmentId"),
        references=frozenset(text.lower() for text in item.texts("policyDefinitionReferenceIds")),
        expires_on=expires_on,
        scope=scope or EVERYTHING,
        selectors=selectors,
        checks_scope=item.text("assignmentScopeValidation") != "DoNotValidate",
        item=item,
    )
    return exemption, faults + remarks
