"""The syntax tree of a policy rule. Every node knows its JSON pointer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from muster.language.template import Template


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every condition holds; true for none."""

    conditions: "tuple[Condition, ...]"
    pointer: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some condition holds; false for none."""

    conditions: "tuple[Condition, ...]"
    pointer: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: "Condition"
    pointer: str


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the resource. `name` is the text after `field`, an expression where it is computed."""

    name: Template
    pointer: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an expression or a literal gives."""

    template: Template
    pointer: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many members of an array satisfy `where`. One of `field` and `value` is set; `name` names the
    iteration over a value and is `default` where none is given."""

    field: Template | None
    value: Template | None
    name: str
    where: "Condition | None"
    pointer: str


Subject: TypeAlias = Field | Value | Count


@dataclass(frozen=True, slots=True)
class Comparison:
    """A subject compared with an operand. `operator` in the documented spelling."""

    subject: Subject
    operator: str
    operand: Template
    pointer: str


Condition: TypeAlias = AllOf | AnyOf | Not | Comparison


@dataclass(frozen=True, slots=True)
class Then:
    """The `then` part. The IfNotExists members are None or empty for other effects.

    `details` is the whole of `then.details`, with its expressions. `evaluation_delay` as written.
    """

    effect: Template
    details: Template | None
    existence_condition: Condition | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`policyRule`."""

    condition: Condition
    then: Then
    pointer: str


def conditions(condition: Condition) -> Iterator[Condition]:
    """A condition and all below it, outermost first, in the order of the text; into the `where` of counts too."""
    pending = [condition]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, AllOf | AnyOf):
            pending.extend(reversed(node.conditions))
        elif isinstance(node, Not):
            pending.append(node.condition)
        elif isinstance(node.subject, Count) and node.subject.where is not None:
            pending.append(node.subject.where)


def templates(condition: Condition) -> Iterator[Template]:
    """Every template in a condition."""
    for node in conditions(condition):
        if not isinstance(node, Comparison):
            continue
        yield node.operand
        if isinstance(node.subject, Field):
            yield node.subject.name
        elif isinstance(node.subject, Value):
            yield node.subject.template
        else:
            yield from filter(None, (node.subject.field, node.subject.value))
