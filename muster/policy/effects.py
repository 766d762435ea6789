"""Effects as compliance: what state follows from what a rule said, and which effects a definition can have.

A rule that fires is NonCompliant for every effect that looks at the resource; the IfNotExists pair fires where the
resource that it looks for is not there. `disabled` reports nothing, nor do effects that watch actions rather than
resources (`denyAction`, `auditAction`) or belong to resource providers (`addToNetworkGroup`, `mutate`). `manual`
waits for an attestation, which is not read: Unknown.
Source: learn.microsoft.com/azure/governance/policy/concepts/effect-basics and .../compliance-states.
"""

from collections.abc import Mapping

from muster.language.analysis.references import parameter_of
from muster.language.definition import Definition
from muster.language.outcome import EFFECTS, IF_NOT_EXISTS, RuleOutcome
from muster.language.parse import close_to
from muster.policy.envelope import Item
from muster.policy.passing import template_value
from muster.policy.spelling import Path
from muster.policy.wording import joined, shown
from muster.values.diagnostic import Diagnostic
from muster.values.errors import TemplateError
from muster.values.json import Json
from muster.values.states import State

UNREPORTED = frozenset({"disabled", "denyAction", "auditAction", "addToNetworkGroup", "mutate"})
"""Effects that say nothing about a resource."""


def state_of(outcome: RuleOutcome) -> State | None:
    """The state that follows from an outcome; None where nothing is to be reported."""
    if outcome.effect in UNREPORTED:
        return None
    if outcome.applicable is False:
        return State.NOT_APPLICABLE
    if outcome.error:
        return State.ERROR
    if outcome.effect == "manual":
        return State.UNKNOWN
    if outcome.effect in IF_NOT_EXISTS and outcome.matched is False:
        return State.NOT_APPLICABLE
    fires = outcome.fires
    if fires is None or (outcome.applicable is None and not fires):
        return State.UNKNOWN
    return State.NON_COMPLIANT if fires else State.COMPLIANT


def effect_fault(
    definition: Definition, values: Mapping[str, Json], item: Item, path: Path, given: Mapping[str, Json]
) -> list[Diagnostic]:
    """The fault that parameters lead to an effect that there is not, told at the value that was `given` at `path` of
    an item, or at the item where a default leads there."""
    template = definition.rule.then.effect
    effect: Json = ""
    try:
        effect = template_value(template, values)
    except TemplateError as error:
        wrong = f"The effect of '{shown(definition.name)}' can't be told: {error}."
    else:
        if isinstance(effect, str) and effect.lower() in EFFECTS:
            return []
        wrong = f"'{shown(effect)}' is no effect, so '{shown(definition.name)}' can't be judged."
    name = next((name for name in given if name.lower() == parameter_of(template)), None)
    hint = close_to(str(effect), EFFECTS.values()) or f"One of {joined(tuple(EFFECTS.values()), 'or')}."
    place: Path = (*path, name, "value") if name is not None else path[:-1]
    return [item.fault("unknown-effect", wrong, place, hint)]


def override_fault(definition: Definition, values: Mapping[str, Json], effect: str) -> str:
    """Why a definition can't have another effect; empty where it can.

    Azure allows what the parameter of the effect allows; where the effect is no parameter, effects that are
    interchangeable: the IfNotExists pair among themselves, those that judge the resource itself among themselves.
    """
    then = definition.rule.then
    name = shown(definition.name)
    parameter = definition.parameters.get(parameter_of(then.effect))
    if parameter is not None and parameter.restricted:
        allowed = [option for option in parameter.allowed_values if isinstance(option, str)]
        if effect.lower() not in {option.lower() for option in allowed}:
            return (
                f"'{name}' can't have the effect {effect}; its parameter allows {joined(allowed or ['none'], 'and')}."
            )
        return ""
    if effect == "disabled":
        return ""
    looks_up = (
        then.details is not None
        and isinstance(then.details.value, dict)
        and "type" in {key.lower() for key in then.details.value}
    )
    if (effect in IF_NOT_EXISTS) is not looks_up or effect == "manual" or effect in UNREPORTED:
        try:
            current = str(template_value(then.effect, values))
        except TemplateError:
            current = "another"
        if effect.lower() != current.lower():
            return f"'{name}' can't have the effect {effect}: it is not interchangeable with {shown(current)}."
    return ""
