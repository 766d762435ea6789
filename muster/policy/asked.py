"""What the assigned policies ask of Azure, told without any resource."""

from dataclasses import dataclass

from muster.language.needs import rule_needs
from muster.language.syntax import Rule
from muster.policy.files import PolicyFiles
from muster.values.needs import Needs


@dataclass(frozen=True, slots=True)
class Asked:
    """`needs` of all rules together, and the lower-cased types of related resources that they look up."""

    needs: Needs
    types: frozenset[str]


def asked_by(files: PolicyFiles) -> Asked:
    """What the definitions that are assigned may ask for, whatever the resource. A type that a rule computes is not
    among the types."""
    needs, types = Needs(), set[str]()
    for policy in files.policies:
        for edition in policy.editions:
            for assigned in edition.definitions:
                rule = assigned.definition.rule
                needs |= rule_needs(rule)
                types |= _looked_up(rule)
    return Asked(needs, frozenset(types))


def _looked_up(rule: Rule) -> set[str]:
    details = rule.then.details
    value = details.value if details is not None and details.expression is None else None
    found = value.get("type") if isinstance(value, dict) else None
    return {found.lower()} if isinstance(found, str) and not found.startswith("[") else set()
