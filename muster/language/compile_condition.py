"""Conditions as closures over a frame, in Kleene's three-valued logic."""

from collections.abc import Callable, Iterator, Sequence

from muster.language.compile_count import count_node, counted
from muster.language.environment import Environment
from muster.language.evaluate import below, compile_template, field_text
from muster.language.fields import Special, parse_field
from muster.language.frame import UNKNOWN_PART, UNREAD, Evaluator, Frame, Mark, Read, Tester, UnknownFact
from muster.language.node import Node, prepared
from muster.language.operators import OPERATORS, Operator, Test
from muster.language.outcome import Truth
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Field, Not, Value
from muster.values.errors import TemplateError


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
    """allOf (False decides) and anyOf (True decides). They stop at what decides, as Azure Policy does; where a part
    fails after an unknown one the whole is unknown, since the unknown one might have kept it from being reached."""
    children = tuple(compile_condition(part, env) for part in parts)
    return Node(condition, _junction_test(children, decisive), children)


def _junction_test(children: Sequence[Node], decisive: bool) -> Tester:
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

    return test


def beyond_type(condition: Node) -> Tester:
    """A test of a condition for resources that it applies to: what an allOf says of their type holds for them, so
    that it need not be asked again."""
    if not isinstance(condition.syntax, AllOf):
        return condition.test
    rest = [child for child in condition.children if not _is_about_type(child)]
    return rest[0].test if len(rest) == 1 else _junction_test(rest, False)


def _is_about_type(node: Node) -> bool:
    comparison = node.syntax
    return (
        isinstance(comparison, Comparison)
        and node.field.lower() == "type"
        and not node.children
        and comparison.operator in ("equals", "in")
        and comparison.operand.constant
    )


def _undecided(remaining: Iterator[Tester], frame: Frame, decisive: bool) -> Truth:
    """The rest of a junction after an unknown part."""
    for part in remaining:
        try:
            if part(frame) is decisive:
                return decisive
        except TemplateError:
            return None
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
        over = counted(subject, env)
        where = None if subject.where is None else compile_condition(subject.where, over.inside)
        return count_node(comparison, subject, over, where, env)
    operand, constant = compile_template(comparison.operand, env)
    if isinstance(subject, Value):
        return _value(comparison, subject, operator, operand, constant, env)
    return _field(comparison, subject, operator, operand, constant, env)


def _value(
    comparison: Comparison, subject: Value, operator: Operator, operand: Evaluator, constant: bool, env: Environment
) -> Node:
    value, _ = compile_template(subject.template, env)
    prepare = prepared(operator, operand, comparison.operand.constant, False)
    if constant:
        prepare = _once(prepare)
    empty_for_null = operator.null_is_empty

    def test(frame: Frame) -> Truth:
        try:
            found = value(frame)
            return prepare(frame)("" if found is None and empty_for_null else found)
        except UnknownFact:
            return None

    return Node(comparison, test, read=value, operand=operand)


def _once(prepare: Callable[[Frame], Test]) -> Callable[[Frame], Test]:
    """The test of an operand that is the same for every document, made ready now. One that fails fails later, when it
    is asked for."""
    try:
        ready = prepare(None)  # type: ignore[arg-type] # a constant reads no frame
    except TemplateError:
        return prepare
    return lambda _frame: ready


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
    prepare = prepared(operator, operand, comparison.operand.constant, location)
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
    return Node(comparison, test, read=read, operand=operand, many=many, field=text, slot=slot, fixed=constant)


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
                    return None
        return True if known else None

    return test


def _computed_field(comparison: Comparison, operator: Operator, name: Evaluator, operand: Evaluator) -> Node:
    """A field whose name depends on the document."""

    def named(frame: Frame) -> str:
        return field_text(name(frame))

    def read(frame: Frame) -> Read:
        return frame.read_named(named(frame))

    one = _one_of(read, prepared(operator, operand, comparison.operand.constant, False))
    every = _all_of(read, prepared(operator, operand, comparison.operand.constant, False))
    located = _one_of(read, prepared(operator, operand, comparison.operand.constant, True))

    def test(frame: Frame) -> Truth:
        try:
            text = named(frame)
        except UnknownFact:
            return None
        if text.lower() == "location":
            return located(frame)
        return every(frame) if parse_field(text).stars else one(frame)

    return Node(comparison, test, read=read, operand=operand)
