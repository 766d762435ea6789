"""Counts: how many members of an array satisfy a condition, as bounds where some of it is unknown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from muster.language.environment import Environment
from muster.language.evaluate import below, compile_template
from muster.language.frame import UNKNOWN_MANY, Frame, Mark, Read, UnknownFact
from muster.language.limits import NESTED_ITERATIONS, VALUE_COUNT_ITERATIONS
from muster.language.node import Node, prepared
from muster.language.operators import OPERATORS, Test, excerpt
from muster.language.outcome import Truth
from muster.language.syntax import Comparison, Count
from muster.values.errors import TemplateError
from muster.values.json import Json

_TELLING = frozenset(
    ("equals", "notEquals", "in", "notIn", "less", "lessOrEquals", "greater", "greaterOrEquals", "exists")
)
"""Operators for which all numbers beyond the operand are alike; `like` and its kin see digits."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count goes over: its members (which raises TemplateError and UnknownFact), the environment of its
    `where`, and, for a field, its text and slot."""

    members: Callable[[Frame], list[Read]]
    inside: Environment
    field: str = ""
    slot: int | None = None


def counted(subject: Count, env: Environment) -> Counted:
    """Compile what a count goes over. Raises TemplateError."""
    if subject.value is not None:
        value, _ = compile_template(subject.value, env)

        def values(frame: Frame) -> list[Read]:
            found = value(frame)
            if not isinstance(found, list):
                raise TemplateError(f"a count goes over an array, not over {excerpt(found)}")
            return list(found)

        return Counted(values, env.inside(None, subject.name))
    assert subject.field is not None
    name, constant = compile_template(subject.field, env)
    text = name(None) if constant else None  # type: ignore[arg-type] # a constant reads no frame
    if not isinstance(text, str):
        raise TemplateError("a count goes over a field whose name is known beforehand")
    slot = env.slot(text)
    scope = env.scope_of(text)
    inner = None if scope is None else below(slot, scope, whole=False)

    def members(frame: Frame) -> list[Read]:
        found = frame.members(slot) if inner is None else inner(frame)
        if type(found) is Mark:
            return [UNKNOWN_MANY]
        return found if isinstance(found, list) else []

    return Counted(members, env.inside(slot, text), text, slot)


def count_node(comparison: Comparison, subject: Count, over: Counted, where: Node | None, env: Environment) -> Node:
    """Compile a comparison of a count, its `where` compiled already."""
    operand, _ = compile_template(comparison.operand, env)
    operator = OPERATORS[comparison.operator.lower()]
    prepare = prepared(operator, operand, comparison.operand.constant, False)
    depth = len(env.scopes)
    bounded = subject.value is not None and where is not None

    def bounds(frame: Frame) -> Read:
        """The least and the greatest number of members that satisfy `where`; a greatest of None has no bound."""
        found = over.members(frame)
        frame.nested = frame.nested + len(found) if depth else 0
        if frame.nested > NESTED_ITERATIONS:
            raise TemplateError(f"counts inside a count go over more than {NESTED_ITERATIONS:,} members")
        if bounded and len(found) > VALUE_COUNT_ITERATIONS:
            raise TemplateError(f"a count over {len(found)} values; Azure Policy allows {VALUE_COUNT_ITERATIONS}")
        many = sum(value is UNKNOWN_MANY for value in found)
        if where is None:
            least, unknown = len(found) - many, 0
        else:
            results = [_at(value, where, depth, frame) for value in found if value is not UNKNOWN_MANY]
            least, unknown = results.count(True), results.count(None)
        return least, None if many else least + unknown

    def test(frame: Frame) -> Truth:
        try:
            least, most = bounds(frame)
            ready = prepare(frame)
            if most is None and operator.name not in _TELLING:
                return None
            return _same_for_all(ready, least, most, operand(frame) if most is None else None)
        except UnknownFact:
            return None

    def each(frame: Frame) -> Iterator[Read]:
        for value in over.members(frame):
            if value is not UNKNOWN_MANY:
                frame.scopes[depth:] = [value]
                yield value
        del frame.scopes[depth:]

    children = () if where is None else (where,)
    return Node(comparison, test, children, read=bounds, operand=operand, field=over.field, slot=over.slot, each=each)


def _at(value: Read, where: Node, depth: int, frame: Frame) -> Truth:
    """`where` with the count at one member."""
    frame.scopes[depth:] = [value]
    try:
        return where.test(frame)
    finally:
        del frame.scopes[depth:]


def _same_for_all(ready: Test, least: int, most: int | None, operand: Json) -> Truth:
    """The comparison's result where it is the same for every possible number, else unknown. Without a bound, numbers
    beyond the operand all compare alike."""
    if most is None:
        beyond = [item for item in (operand if isinstance(operand, list) else [operand]) if _is_number(item)]
        most = max([least, *(int(item) for item in beyond)]) + 1  # type: ignore[arg-type]
        if most - least > 1_000_000:
            return None
    first = ready(least)
    for number in range(least + 1, most + 1):
        if ready(number) is not first:
            return None
    return first


def _is_number(value: Json) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
    )
