"""What muster can do with a definition: which of the resources that it judges the definition is for, and what of it
muster can't tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from muster.language.aliases import AliasTable
from muster.language.analysis.references import parameter_of
from muster.language.compile import CompiledRule, Compiler
from muster.language.definition import Definition
from muster.language.frame import UnknownFact
from muster.language.lint.linted import Linted
from muster.language.lint.request_context import RULE as REQUEST_CONTEXT
from muster.language.lint.vocabulary import Vocabulary
from muster.language.outcome import EFFECTS
from muster.policy.binding import RESOURCE_MANAGER_MODES, may_be_for
from muster.policy.effects import UNREPORTED
from muster.policy.wording import joined, shown
from muster.values.document import Document, RelatedQuery
from muster.values.errors import TemplateError
from muster.values.json import Json

JUDGED: Mapping[str, str] = MappingProxyType(
    {
        "Microsoft.Compute/virtualMachines": "virtual machines",
        "Microsoft.Compute/virtualMachineScaleSets": "scale sets",
        "Microsoft.Compute/disks": "disks",
    }
)
"""The resource types that muster has facts about, and what sentences call them."""

_NOTHING: Mapping[str, Json] = MappingProxyType(
    {"string": "", "array": [], "object": {}, "boolean": False, "integer": 0, "float": 0, "dateTime": "1970-01-01"}
)
_TYPES_NAMED = 3
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example"


@dataclass(frozen=True, slots=True)
class Standing:
    """`types` are those of JUDGED, in words, that the definition can be for; where there is none, `why` says why, else
    it is empty. `gaps` are sentences about what muster can't tell. `effect` is the one that the definition has, or the
    first that reports anything where its default does not."""

    definition: Definition
    effect: str
    types: tuple[str, ...] = ()
    why: str = ""
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A definition compiled with its default values, or with None where it can't be for any resource (`standing` says
    why)."""

    standing: Standing
    rule: CompiledRule | None = None


def candidate(definition: Definition, compiler: Compiler) -> Candidate:
    """A definition, compiled. Parameters without a default are taken to be empty."""
    values, gaps = _values(definition)
    mode = definition.mode.strip()
    rule = compiler.compile(definition, values)
    found = Standing(definition, rule.effect, gaps=gaps)
    if mode.lower() not in RESOURCE_MANAGER_MODES:
        why = f"Its mode {shown(mode)} judges what is inside of a resource, which is not read."
    elif rule.effect in UNREPORTED:
        why = f"Its effect {rule.effect} says nothing about a resource."
    elif rule.unknown_aliases:
        why = f"No resource type that muster knows has the alias {shown(rule.unknown_aliases[0])}."
    else:
        return Candidate(found, rule)
    return Candidate(replace(found, why=why))


def standing(
    one: Candidate,
    compiler: Compiler,
    aliases: AliasTable,
    vocabulary: Vocabulary,
    hindrance: Callable[[RelatedQuery], str],
) -> Standing:
    """What muster can do with it. All that is to be judged was compiled before. `hindrance` says why a look-up can't be
    answered, "" where it can."""
    found, rule = one.standing, one.rule
    if rule is None:
        return found
    linted = Linted(found.definition, aliases, vocabulary)
    types = []
    gaps: dict[str, None] = dict.fromkeys(found.gaps)
    for name, words in JUDGED.items():
        if not may_be_for(rule, compiler, name):
            continue
        types.append(words)
        if why := _not_looked_up(rule, compiler, name, hindrance):
            gaps[f"What it looks up can't be read: {why}."] = None
    if not types:
        return replace(found, why=_for_others(linted))
    if rule.effect == "manual":
        gaps["A person attests it (effect manual), which is not read: it is always Unknown."] = None
    if any(REQUEST_CONTEXT.check(linted)):
        gaps["It asks for the request (requestContext()), which muster never sees."] = None
    return replace(found, types=tuple(types), gaps=tuple(gaps))


def _values(definition: Definition) -> tuple[dict[str, Json], tuple[str, ...]]:
    values: dict[str, Json] = {}
    for key, parameter in definition.parameters.items():
        empty = parameter.allowed_values[0] if parameter.allowed_values else _NOTHING[parameter.type]
        values[key] = parameter.default if parameter.has_default else empty
    effect = definition.parameters.get(parameter_of(definition.rule.then.effect))
    if effect is None or _effect(values[effect.name.lower()]) not in UNREPORTED:
        return values, ()
    reporting = next((one for one in effect.allowed_values if _effect(one) not in UNREPORTED), None)
    if reporting is None:
        return values, ()
    default = values[effect.name.lower()]
    values[effect.name.lower()] = reporting
    return values, (f"Its effect is {shown(default)} unless it is assigned with another.",)


def _effect(value: Json) -> str:
    return EFFECTS.get(str(value).lower(), "")


def _not_looked_up(
    rule: CompiledRule, compiler: Compiler, resource_type: str, hindrance: Callable[[RelatedQuery], str]
) -> str:
    if rule.lookup is None:
        return ""
    body: dict[str, Json] = {
        "id": f"{_GROUP}/providers/{resource_type}/example",
        "name": "example",
        "type": resource_type,
        "location": "westeurope",
    }
    try:
        queries = rule.lookup.queries(compiler.frame(Document(body)))
    except (TemplateError, UnknownFact):
        return ""
    return next((why for query in queries if (why := hindrance(query))), "")


def _for_others(linted: Linted) -> str:
    """Why a definition is for none of the types: those that it asks for."""
    asked: dict[str, None] = {}
    for leaf in linted.leaves:
        if leaf.field.lower() == "type" and not leaf.place.related and leaf.looks_for:
            asked |= {shown(value): None for value, _ in leaf.operands if isinstance(value, str)}
    if not asked:
        return "Its conditions on type, kind and name rule out what muster judges."
    names = list(asked)
    more = len(names) - _TYPES_NAMED
    told = [*names[:_TYPES_NAMED], f"{more} more"] if more > 0 else names
    return f"It is for {joined(told, 'and')}."
