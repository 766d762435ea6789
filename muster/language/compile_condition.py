"""Conditions as closures over a frame, in Kleene's three-valued logic.

Each compiled condition is a Node: its test, and enough of its parts for an explanation to ask again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from muster.language.environment import Environment
from muster.language.evaluate import below, compile_template, field_text
from muster.language.fields import Special, parse_field
from muster.language.frame import (
    UNKNOWN_MANY,
    UNKNOWN_PART,
    UNREAD,
    Evaluator,
    Frame,
    Mark,
    Read,
    Tester,
    UnknownFact,
)
from muster.language.limits import VALUE_COUNT_ITERATIONS
from muster.language.operators import OPERATORS, Operator, Test, excerpt
from muster.language.outcome import Truth
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Field, Not, Value
from muster.values.errors import TemplateError
from muster.values.json import Json


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled condition.

    `test` decides it. `read` gives what a comparison looks at: a value, a Mark, or with `many` a list of these
    (a count gives its number as a pair of least and greatest possible). `operand` gives what it compares with.
    `field` is the text of the field, where that is known beforehand.
    """

    syntax: Condition
    test: Tester
    children: "tuple[Node, ...]" = ()
    read: Callable[[Frame], Read] | None = None
    operand: Evaluator | None = None
    many: bool = False
    field: str = ""
    slot: int | None = None


def compile_condition(condition: Condition, env: Environment) -> Node:
    """Compile a condition and all below it."""
    if isinstance(condition, AllOf):
        return _junction(condition, condition.conditions, env, decisive=False)
    if isinstance(condition, AnyOf):
        return _junction(condition, condition.conditions, env, decisive=True)
    if isinstance(condition, Not):
        return _not(condition, env)
    try:
        return _comparison(condition, env)
    except TemplateError as error:
        return _failing(condition, str(error))


def _failing(condition: Condition, message: str) -> Node:
    def test(_frame: Frame) -> Truth:
        raise TemplateError(message)

    return Node(condition, test)


def _junction(condition: Condition, parts: Sequence[Condition], env: Environment, *, decisive: bool) -> Node:
    """allOf (False decides) and anyOf (True decides). They stop at what decides, as Azure Policy does; after an
    unknown part a failure of a later one is no failure, since the unknown might have kept it from being reached."""
    children = tuple(compile_condition(part, env) for part in parts)
    tests = tuple(child.test for child in children)
    otherwise = not decisive

    def test(frame: Frame) -> Truth:
        remaining = iter(tests)
        for part in remaining:
            result = part(frame)
            if result is decisive:
                return decisive
            if result is None:
                return _undecided(remaining, frame, decisive)
        return otherwise

    return Node(condition, test, children)


def _undecided(remaining: Iterator[Tester], frame: Frame, decisive: bool) -> Truth:
    """The rest of a junction after an unknown part."""
    for part in remaining:
        try:
            if part(frame) is decisive:
                return decisive
        except TemplateError:
            continue
    return None


def _not(condition: Not, env: Environment) -> Node:
    child = compile_condition(condition.condition, env)
    inner = child.test

    def test(frame: Frame) -> Truth:
        result = inner(frame)
        return None if result is None else not result

    return Node(condition, test, (child,))


def _comparison(comparison: Comparison, env: Environment) -> Node:
    operator = OPERATORS[comparison.operator.lower()]
    subject = comparison.subject
    if isinstance(subject, Count):
        return _count(comparison, subject, operator, env)
    operand, constant = compile_template(comparison.operand, env)
    if isinstance(subject, Value):
        return _value(comparison, subject, operator, operand, env)
    return _field(comparison, subject, operator, operand, constant, env)


def _prepare(
    operator: Operator, operand: Evaluator, template_is_literal: bool, location: bool
) -> Callable[[Frame], Test]:
    """The test for an operand that is evaluated for each document."""

    def prepare(frame: Frame) -> Test:
        value = operand(frame)
        if value is None and not template_is_literal:
            raise TemplateError(f"the operand of {operator.name} evaluates to null")
        return _located(operator, value) if location else operator.factory(value)

    return prepare


def _squeezed(value: Json) -> Json:
    """A location as its name: `East US 2` is eastus2."""
    if isinstance(value, list):
        return [_squeezed(item) for item in value]
    return value.replace(" ", "") if isinstance(value, str) else value


def _located(operator: Operator, operand: Json) -> Test:
    test = operator.factory(_squeezed(operand))
    return lambda value: test(_squeezed(value))


def _value(comparison: Comparison, subject: Value, operator: Operator, operand: Evaluator, env: Environment) -> Node:
    value, _ = compile_template(subject.template, env)
    prepare = _prepare(operator, operand, comparison.operand.constant, False)
    empty_for_null = operator.null_is_empty

    def test(frame: Frame) -> Truth:
        try:
            found = value(frame)
            return prepare(frame)("" if found is None and empty_for_null else found)
        except UnknownFact:
            return None

    return Node(comparison, test, read=value, operand=operand)


def _field(
    comparison: Comparison, subject: Field, operator: Operator, operand: Evaluator, constant: bool, env: Environment
) -> Node:
    name, name_constant = compile_template(subject.name, env)
    if not name_constant:
        return _computed_field(comparison, operator, name, operand)
    text = field_text(name(None))  # type: ignore[arg-type] # a constant reads no frame
    slot = env.slot(text)
    field = env.fields.names[slot]
    location = field.special is Special.LOCATION
    prepare = _prepare(operator, operand, comparison.operand.constant, location)
    scope = env.scope_of(text)
    read = _slot_reader(slot) if scope is None else below(slot, scope)
    many = field.stars > (0 if scope is None else _stars_bound(env, text))
    if constant:
        try:
            ready = prepare(None)  # type: ignore[arg-type] # a constant reads no frame
        except TemplateError as error:
            return _failing(comparison, str(error))
        part = _with_unknown_part(operator, ready)
        if many:
            test = _all_of(read, lambda _frame: ready, part)
        elif scope is None:
            test = _plain(slot, ready, part)
        else:
            test = _one_of(read, lambda _frame: ready, part)
    else:
        test = _all_of(read, prepare) if many else _one_of(read, prepare)
    return Node(comparison, test, read=read, operand=operand, many=many, field=text, slot=slot)


def _stars_bound(env: Environment, text: str) -> int:
    scope = env.scope_of(text)
    return env.fields.names[scope.slot].stars if scope is not None and scope.slot is not None else 0


def _slot_reader(slot: int) -> Callable[[Frame], Read]:
    def read(frame: Frame) -> Read:
        value = frame.values[slot]
        return frame.read(slot) if value is UNREAD else value

    return read


def _with_unknown_part(operator: Operator, ready: Test) -> Truth:
    """What an operator says of an object of which a part could not be had: whether it exists is known."""
    return ready({}) if operator.name == "exists" else None


def _plain(slot: int, ready: Test, with_unknown_part: Truth) -> Tester:
    """The common case, on the shortest way: one property against a constant."""

    def test(frame: Frame) -> Truth:
        value = frame.values[slot]
        if value is UNREAD:
            value = frame.read(slot)
        if type(value) is Mark:
            return with_unknown_part if value is UNKNOWN_PART else None
        return ready(value)

    return test


def _one_of(read: Callable[[Frame], Read], prepare: Callable[[Frame], Test], with_unknown_part: Truth = None) -> Tester:
    def test(frame: Frame) -> Truth:
        value = read(frame)
        if type(value) is Mark:
            return with_unknown_part if value is UNKNOWN_PART else None
        try:
            return prepare(frame)(value)
        except UnknownFact:
            return None

    return test


def _all_of(read: Callable[[Frame], Read], prepare: Callable[[Frame], Test], with_unknown_part: Truth = None) -> Tester:
    """A field with [*]: every member satisfies the condition; true for none."""

    def test(frame: Frame) -> Truth:
        members = read(frame)
        if type(members) is not list:
            return None if type(members) is Mark else True
        if not members:
            return True
        try:
            ready = prepare(frame)
        except UnknownFact:
            return None
        known = True
        for value in members:
            if type(value) is Mark:
                one = with_unknown_part if value is UNKNOWN_PART else None
                if one is False:
                    return False
                known = known and one is not None
            elif known:
                if not ready(value):
                    return False
            else:
                try:
                    if not ready(value):
                        return False
                except TemplateError:
                    continue
        return True if known else None

    return test


def _computed_field(comparison: Comparison, operator: Operator, name: Evaluator, operand: Evaluator) -> Node:
    """A field whose name depends on the document."""

    def named(frame: Frame) -> str:
        return field_text(name(frame))

    def read(frame: Frame) -> Read:
        return frame.read_named(named(frame))

    one = _one_of(read, _prepare(operator, operand, comparison.operand.constant, False))
    every = _all_of(read, _prepare(operator, operand, comparison.operand.constant, False))
    located = _one_of(read, _prepare(operator, operand, comparison.operand.constant, True))

    def test(frame: Frame) -> Truth:
        try:
            text = named(frame)
        except UnknownFact:
            return None
        if text.lower() == "location":
            return located(frame)
        return every(frame) if parse_field(text).stars else one(frame)

    return Node(comparison, test, read=read, operand=operand)


def _count(comparison: Comparison, subject: Count, operator: Operator, env: Environment) -> Node:
    operand, _ = compile_template(comparison.operand, env)
    prepare = _prepare(operator, operand, comparison.operand.constant, False)
    members, inner, text, slot = _counted(subject, env)
    where = None if subject.where is None else compile_condition(subject.where, inner)
    depth = len(env.scopes)

    def bounds(frame: Frame) -> Read:
        """The least and the greatest number of members that satisfy `where`; a greatest of None has no bound."""
        found = members(frame)
        if subject.value is not None and where is not None and len(found) > VALUE_COUNT_ITERATIONS:
            raise TemplateError(f"a count over {len(found)} values; Azure Policy allows {VALUE_COUNT_ITERATIONS}")
        least = unknown = 0
        unbounded = False
        failure: TemplateError | None = None
        for value in found:
            if value is UNKNOWN_MANY:
                unbounded = True
                continue
            if where is None:
                least += 1
                continue
            del frame.scopes[depth:]
            frame.scopes.append(value)
            try:
                result = where.test(frame)
            except TemplateError as error:
                failure = error
                break
            if result is None:
                unknown += 1
            else:
                least += result
        del frame.scopes[depth:]
        if failure is not None:
            raise failure
        return least, None if unbounded else least + unknown

    def test(frame: Frame) -> Truth:
        try:
            least, most = bounds(frame)
            ready = prepare(frame)
            return _same_for_all(ready, least, most, operand(frame) if most is None else None)
        except UnknownFact:
            return None

    children = () if where is None else (where,)
    return Node(comparison, test, children, read=bounds, operand=operand, field=text, slot=slot)


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


def _counted(subject: Count, env: Environment) -> tuple[Callable[[Frame], list[Read]], Environment, str, int | None]:
    """What a count goes over: the members, the environment of its `where`, the field's text and slot."""
    if subject.value is not None:
        value, _ = compile_template(subject.value, env)

        def values(frame: Frame) -> list[Read]:
            found = value(frame)
            if not isinstance(found, list):
                raise TemplateError(f"a count goes over an array, not over {excerpt(found)}")
            return list(found)

        return values, env.inside(None, subject.name), "", None
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

    return members, env.inside(slot, text), text, slot
