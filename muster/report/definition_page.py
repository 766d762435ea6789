"""The reference page of a policy definition, from its file and its cases."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from muster.language.analysis.references import parameter_of
from muster.language.parameters import Parameter
from muster.report.described import Described, Example
from muster.report.markdown_text import block, code, inline, web_link
from muster.report.rule_words import condition_list, lookup_sentence, resource_types
from muster.values.json import Json, canonical
from muster.values.states import Severity, State

EXAMPLES_OF = (State.NON_COMPLIANT, State.COMPLIANT, State.NOT_APPLICABLE, State.UNKNOWN)
"""The states of which a page has an example each, in this order."""

FAMILIES = (
    ("Microsoft cloud security benchmark", re.compile(r"MCSB (.+)")),
    ("CIS Microsoft Azure Foundations Benchmark", re.compile(r"CIS Azure (.+)")),
    ("Azure Policy built-in definition", re.compile(r"Built-in (.+)")),
    ("Check in the comparison with others", re.compile(r"([A-Z]{3}-\d{3})", re.ASCII)),
)
"""Who names a reference, and how it begins; what is of none of them stands for itself."""

_MOST_REASONS = 3
_LONGEST_VALUE = 300
_POLICIES = "../../policies"


def definition_page(one: Described) -> str:
    """The page in Markdown, with a line end at its end. Links lead from docs/policies/."""
    definition = one.definition
    parts = [
        f"# {inline(definition.display_name or definition.name)}",
        _kind(one),
        inline(definition.description),
        inline(one.stated("rationale")),
        "## What to do",
        *_remedy(one),
        "## The rule",
        *_rule(one),
        "## Effect and parameters",
        _effect(one),
        *_parameters(definition.parameters.values()),
        "## Examples",
        *_examples(one),
        "## Where it is used",
        *_memberships(one),
        "## References",
        *_references(one),
        "## What it reads",
        *_fields(one),
        "## In Azure Policy",
        *_azure_policy(one),
        f"*Written by `scripts/write-reference.py` from {_source(one.file)}; edits here are lost.*",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def families(references: Iterable[str]) -> dict[str, list[str]]:
    """References by who names them, in the order of FAMILIES; under an empty name what is of none."""
    found: dict[str, list[str]] = {name: [] for name in (*(name for name, _ in FAMILIES), "")}
    for reference in references:
        for name, pattern in FAMILIES:
            if match := pattern.fullmatch(reference):
                found[name].append(match[1])
                break
        else:
            found[""].append(reference)
    return {name: members for name, members in found.items() if members}


def _source(file: str) -> str:
    return f"[{inline(file)}]({_POLICIES}/{quote(file)})"


def _kind(one: Described) -> str:
    severity, version = one.stated("severity") or Severity.MEDIUM, one.definition.version or "none"
    return (
        f"{code(one.definition.name)}: {inline(one.area)}, severity **{inline(severity)}**, version {inline(version)}."
    )


def _remedy(one: Described) -> Iterator[str]:
    yield inline(one.stated("remediation")) or "Its author did not say."
    if command := one.stated("command"):
        yield block(command, "sh")
    if documentation := one.stated("documentation"):
        yield f"Read more: {web_link(documentation)}"


def _rule(one: Described) -> Iterator[str]:
    rule = one.definition.rule
    lookup = lookup_sentence(rule)
    if types := resource_types(rule):
        yield f"For {', '.join(map(code, types))}; NotApplicable to everything else."
    if not lookup:
        yield "A resource is **NonCompliant** where this holds, else Compliant:"
        yield "\n".join(condition_list(rule.condition))
        return
    yield "The rule is about a resource where this holds, and NotApplicable to others:"
    yield "\n".join(condition_list(rule.condition))
    existence = rule.then.existence_condition
    if existence is None:
        yield f"It is **NonCompliant** where there is no {lookup}, else Compliant."
        return
    yield f"It is Compliant where there is a {lookup}, for which this holds, and **NonCompliant** where there is none:"
    yield "\n".join(condition_list(existence))


def _effect(one: Described) -> str:
    effect = one.definition.rule.then.effect
    parameter = one.definition.parameters.get(parameter_of(effect))
    if parameter is None:
        return f"Its effect is {code(str(effect.value))}."
    default = f", {_value(parameter.default)} where nothing is given" if parameter.has_default else ""
    return f"Its effect is the parameter {code(parameter.name)}{default}."


def _parameters(parameters: Iterable[Parameter]) -> Iterator[str]:
    rows = [
        f"| {code(one.name)} | {inline(one.type)} | {_default(one)} | {_allowed(one)} | {_what(one)} |"
        for one in parameters
    ]
    if not rows:
        yield "None."
        return
    head = "| parameter | type | default | allowed | what it is |\n|---|---|---|---|---|\n"
    yield head + "\n".join(rows)


def _default(parameter: Parameter) -> str:
    return _value(parameter.default) if parameter.has_default else "none: it has to be given"


def _allowed(parameter: Parameter) -> str:
    return ", ".join(map(_value, parameter.allowed_values)) if parameter.restricted else "any"


def _what(parameter: Parameter) -> str:
    texts = (parameter.metadata.get(name) for name in ("displayName", "description"))
    return ": ".join(inline(text) for text in texts if isinstance(text, str) and text)


def _value(value: Json) -> str:
    """A value in a cell. Lists item by item; what is long is cut."""
    if isinstance(value, list):
        return "<br>".join(map(_value, value)) or "*an empty list*"
    text = value if isinstance(value, str) else canonical(value)
    return code(text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "...")


def _examples(one: Described) -> Iterator[str]:
    by_state = {example.state: example for example in one.examples}
    shown = [by_state[state] for state in EXAMPLES_OF if state in by_state]
    if not shown:
        yield "It has no cases."
        return
    yield f"From [its cases]({_POLICIES}/{quote(one.cases)}), which `muster test` runs."
    yield "\n".join(line for example in shown for line in _example(example))


def _example(example: Example) -> Iterator[str]:
    case = example.case
    yield f"- **{example.state}**: {inline(case.name)}"
    if case.parameters:
        given = ", ".join(f"{code(name)} is {_value(value)}" for name, value in case.parameters.items())
        yield f"    - with parameters: {given}"
    if case.unavailable:
        yield f"    - not readable: {', '.join(map(code, case.unavailable))}"
    yield from (f"    - {inline(reason)}" for reason in example.reasons[:_MOST_REASONS])


def _memberships(one: Described) -> Iterator[str]:
    rows = [
        f"| {code(member.initiative)} | {inline(member.title)} | {', '.join(map(inline, member.groups)) or 'none'} |"
        for member in one.memberships
    ]
    if not rows:
        yield "In no initiative."
        return
    yield "| initiative | title | group |\n|---|---|---|\n" + "\n".join(rows)


def _references(one: Described) -> Iterator[str]:
    lines = []
    for name, members in families(one.references).items():
        shown = ", ".join(map(code, members))
        lines.append(f"- {inline(name)}: {shown}" if name else f"- {shown}")
    yield "\n".join(lines) or "None."


def _fields(one: Described) -> Iterator[str]:
    lines = [f"- {_field(name)}" for name in one.fields]
    lines += [f"- {_field(name)} of the related resource" for name in one.related_fields]
    yield "\n".join(lines) or "Nothing of the resource."
    yield "Where one of these could not be had, the result is Unknown unless the others decide it."


def _field(name: str) -> str:
    return f"{code(name)}, one of [muster's own fields](../reference/fields.md)" if _is_own(name) else code(name)


def _is_own(name: str) -> bool:
    return name.lower().startswith("muster.")


def _azure_policy(one: Described) -> Iterator[str]:
    if not one.obstacles:
        yield "It can be deployed as it is: it reads nothing that Azure Policy does not have."
        return
    yield "It can't be deployed as it is:"
    own = dict.fromkeys(name for name in (*one.fields, *one.related_fields) if _is_own(name))
    lines = [f"- Azure Policy does not have {code(name)}, a field of muster's own." for name in own]
    others = dict.fromkeys(found.message for found in one.obstacles if found.rule != "muster-field")
    yield "\n".join([*lines, *(f"- {inline(message)}" for message in others)])
