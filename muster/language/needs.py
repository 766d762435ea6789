"""What a rule needs to know of a resource beyond its own body, read off its syntax."""

from collections.abc import Iterator

from muster.language.expression import Call, Expression, Index, Member, Text
from muster.language.syntax import Comparison, Condition, Count, Field, Rule, conditions, templates
from muster.language.template import Template
from muster.values.needs import Needs
from muster.values.surroundings import Surrounding

_OWN = "muster."
_SURROUNDINGS = {
    "subscription": Surrounding.SUBSCRIPTION,
    "resourcegroup": Surrounding.RESOURCE_GROUP,
}


def rule_needs(rule: Rule) -> Needs:
    """The needs of a rule with any parameters. A field whose name is computed may be any field, unless its name begins
    with a text that no field of muster's begins with (`[concat('tags[', ...)]`)."""
    needs = Needs()
    parts: list[Condition] = [rule.condition]
    if rule.then.existence_condition is not None:
        parts.append(rule.then.existence_condition)
    found = [template for part in parts for template in templates(part)]
    if rule.then.details is not None:
        found.append(rule.then.details)
    for part in parts:
        for name in _fields(part):
            needs |= _named(name)
    for template in found:
        for expression in template.expressions.values():
            needs |= _of_expression(expression)
    return needs


def _fields(condition: Condition) -> Iterator[Template]:
    for node in conditions(condition):
        if not isinstance(node, Comparison):
            continue
        if isinstance(node.subject, Field):
            yield node.subject.name
        elif isinstance(node.subject, Count) and node.subject.field is not None:
            yield node.subject.field


def _named(name: Template) -> Needs:
    if name.expression is not None:
        return _computed(name.expression)
    return _field(name.value) if isinstance(name.value, str) else Needs()


def _field(text: str) -> Needs:
    lowered = text.lower()
    return Needs(fields=frozenset({lowered})) if lowered.startswith(_OWN) else Needs()


def _computed(expression: Expression) -> Needs:
    if isinstance(expression, Text):
        return _field(expression.value)
    if isinstance(expression, Call) and expression.key == "concat" and expression.arguments:
        first = expression.arguments[0]
        if isinstance(first, Text) and first.value and not _may_begin_own(first.value.lower()):
            return Needs()
    return Needs(computed_fields=True)


def _may_begin_own(text: str) -> bool:
    return text.startswith(_OWN) or _OWN.startswith(text)


def _of_expression(expression: Expression) -> Needs:
    needs = Needs()
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            if node.key in _SURROUNDINGS:
                needs |= Needs(surroundings=frozenset({_SURROUNDINGS[node.key]}))
            elif node.key == "field" and node.arguments:
                needs |= _computed(node.arguments[0])
            pending.extend(node.arguments)
        elif isinstance(node, Member):
            pending.append(node.of)
        elif isinstance(node, Index):
            pending.extend((node.of, node.index))
    return needs
