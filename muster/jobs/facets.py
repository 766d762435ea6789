"""The values that findings have of facets: from their rule, from how long their system is supported; and words."""

import re
from collections.abc import Iterator

from muster.values.json import JsonObject, as_list, as_text
from muster.values.listing import Lifetime, Rule
from muster.values.selection import NONE, Facet, Selection
from muster.values.states import Severity

OF_RULES = (Facet.SEVERITY, Facet.POLICY, Facet.CONTROL)
OF_SYSTEMS = (Facet.DISTRIBUTION, Facet.RELEASE, Facet.PHASE)

_WORD = re.compile(r"[^\W_]+")


def rule_facts(result: JsonObject) -> JsonObject:
    """What of a result of a finding document all results of its definition share. Raises KeyError, TypeError or
    ValueError where it is none."""
    definition, reference = as_text(result["definition"]), as_text(result["reference"])
    return {
        "policy": (reference or definition).rpartition("/")[2].lower(),
        "assignment": as_text(result["assignment"]),
        "definition": definition,
        "reference": reference,
        "displayName": as_text(result["displayName"]),
        "severity": Severity(as_text(result["severity"])),
        "effect": as_text(result["effect"]),
        "controls": [*map(as_text, as_list(result["groups"]))],
    }


def rule_of(facts: JsonObject) -> Rule:
    """The rule that `rule_facts` are of."""
    return Rule(
        policy=as_text(facts["policy"]),
        assignment=as_text(facts["assignment"]),
        definition=as_text(facts["definition"]),
        reference=as_text(facts["reference"]),
        display_name=as_text(facts["displayName"]),
        severity=Severity(as_text(facts["severity"])),
        effect=as_text(facts["effect"]),
        controls=tuple(map(as_text, as_list(facts["controls"]))),
    )


def rule_values(rule: Rule, facet: Facet) -> Iterator[tuple[str, str]]:
    """Value and label of a facet in OF_RULES: one, or of controls as many as there are, NONE for none."""
    match facet:
        case Facet.SEVERITY:
            yield rule.severity.value, rule.severity.value
        case Facet.POLICY:
            yield rule.policy, rule.display_name
        case _:
            yield from ((name, name) for name in dict.fromkeys(rule.controls))
            if not rule.controls:
                yield NONE, "none"


def rule_fits(rule: Rule, selection: Selection, without: Facet | None = None) -> bool:
    """Whether a rule has what a selection wants of these facets, one of them left out."""
    for facet in OF_RULES:
        wanted = () if facet is without else selection.of(facet)
        if wanted and not any(value in wanted for value, _ in rule_values(rule, facet)):
            return False
    return True


def system_value(lifetime: Lifetime, facet: Facet) -> tuple[str, str]:
    """Value and label of a facet in OF_SYSTEMS."""
    match facet:
        case Facet.PHASE:
            return lifetime.phase, lifetime.phase
        case Facet.DISTRIBUTION:
            return lifetime.product, lifetime.title
        case _:
            return f"{lifetime.product} {lifetime.release}".strip(), lifetime.system


def words_of(text: str) -> list[str]:
    """The words that are searched for, lower-cased: letters and digits; everything else parts them."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def rule_has(rule: Rule, word: str) -> bool:
    """Whether a rule's name has a word of `words_of`, wherever in it."""
    return word in rule.policy or word in rule.display_name.lower()
