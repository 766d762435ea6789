"""Compiled expressions.

An expression becomes a closure over a frame; one that needs nothing of the document is evaluated once, when it is
compiled. Strict functions come from the table in `functions`; those that need context or must not evaluate all
their arguments are here.
"""

from collections.abc import Callable, Sequence
from typing import NoReturn

from muster.language.context import SURROUNDINGS, known_part, now, whole
from muster.language.environment import Environment, Scope
from muster.language.expression import Call, Expression, Index, Member, Number, Text
from muster.language.fields import STAR, parse_field
from muster.language.frame import UNREAD, Evaluator, Frame, Mark, Read, UnknownFact, member
from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS
from muster.language.functions.equality import deep_equals
from muster.language.operators import excerpt
from muster.language.template import Template, fill
from muster.values.errors import TemplateError
from muster.values.json import Json


def compile_template(template: Template, env: Environment) -> tuple[Evaluator, bool]:
    """A template as a closure, and whether its value is the same for every document. A constant one that fails
    raises its TemplateError when it is evaluated, since a condition before it may keep it from being reached."""
    if template.constant:
        value = template.value
        return (lambda _frame: value), True
    parts = {at: compile_expression(expression, env) for at, expression in template.expressions.items()}
    if template.expression is not None:
        return parts[""]
    return (lambda frame: fill(template, lambda at: parts[at][0](frame))), all(fixed for _, fixed in parts.values())


def compile_expression(expression: Expression, env: Environment) -> tuple[Evaluator, bool]:
    """An expression as a closure, and whether its value is the same for every document."""
    if isinstance(expression, Text | Number):
        value = expression.value
        return (lambda _frame: value), True
    if isinstance(expression, Member):
        owner, constant = _owner(expression.of, env)
        return _folded(_member(owner, expression.name, _kind_of_owner(expression.of)), constant)
    if isinstance(expression, Index):
        owner, constant = _owner(expression.of, env)
        index, index_constant = compile_expression(expression.index, env)
        return _folded(_index(owner, index, _kind_of_owner(expression.of)), constant and index_constant)
    return _call(expression, env)


def _owner(expression: Expression, env: Environment) -> tuple[Evaluator, bool]:
    """What a property is asked of. Of a resource's surroundings the part that is known will do."""
    if isinstance(expression, Call) and expression.key in SURROUNDINGS:
        arity(expression)
        return known_part(expression.name), False
    return compile_expression(expression, env)


def _folded(evaluate: Evaluator, constant: bool) -> tuple[Evaluator, bool]:
    """A constant expression evaluated now."""
    if not constant:
        return evaluate, False
    try:
        value = evaluate(None)  # type: ignore[arg-type] # a constant reads no frame
    except TemplateError as error:
        message = str(error)

        def fail(_frame: Frame) -> NoReturn:
            raise TemplateError(message)

        return fail, True
    return (lambda _frame: value), True


def _call(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    special = _SPECIAL.get(call.key)
    if special is not None:
        arity(call)
        return special(call, env)
    function = FUNCTIONS.get(call.key)
    if function is None:
        raise TemplateError(unavailable(call.name))
    arity(call)
    compiled = [compile_expression(argument, env) for argument in call.arguments]
    arguments = [evaluate for evaluate, _ in compiled]
    apply = function.call

    def evaluate(frame: Frame) -> Json:
        return apply([argument(frame) for argument in arguments])

    return _folded(evaluate, all(constant for _, constant in compiled))


def unavailable(name: str) -> str:
    """Why a function can't be called."""
    if name.lower() in EXCLUDED:
        return f"{name}() can't be used in a policy rule: {EXCLUDED[name.lower()]}"
    return f"{name}() is no template function"


def arity(call: Call) -> None:
    """Raise TemplateError where a known function has the wrong number of arguments."""
    row = FUNCTIONS.get(call.key) or CONTEXTUAL.get(call.key)
    if row is None:
        return
    given = len(call.arguments)
    if given < row.least or (row.most is not None and given > row.most):
        wanted = str(row.least) if row.least == row.most else f"{row.least} to {row.most}"
        wanted = f"at least {row.least}" if row.most is None else wanted
        raise TemplateError(f"{row.name}() takes {wanted} arguments, not {given}: {row.parameters}")


def _kind_of_owner(owner: Expression) -> str:
    """`resourceGroup()` and its like for a resource's surroundings, `tags` for the tags of anything, else nothing."""
    if isinstance(owner, Call):
        if owner.key in SURROUNDINGS:
            return f"{owner.name}()"
        first = owner.arguments[0] if owner.arguments else None
        if owner.key == "field" and isinstance(first, Text) and first.value.lower() == "tags":
            return "tags"
    return "tags" if isinstance(owner, Member) and owner.name.lower() == "tags" else ""


def _member(owner: Evaluator, name: str, kind: str) -> Evaluator:
    return lambda frame: _property(owner(frame), name, kind)


def _property(owner: Json, name: str, kind: str) -> Json:
    """A property by name. A tag that is not there is null, as Azure's own tag rules rely on; what a resource's
    surroundings are not known to have is unknown; any other missing property fails."""
    surroundings = kind.endswith("()")
    if isinstance(owner, dict):
        value = member(owner, name)
        if value is not None:
            return value  # type: ignore[no-any-return]
        if surroundings:
            raise UnknownFact(f"{kind}.{name[:60]}")
        if kind == "tags" or any(key.lower() == name.lower() for key in owner):
            return None
        raise TemplateError(f"the object has no property '{name[:60]}'")
    # field() gives the empty string for tags that are not there.
    if kind == "tags" and owner in (None, ""):
        return None
    raise TemplateError(f"there is no property '{name[:60]}' in {excerpt(owner)}")


def _index(owner: Evaluator, index: Evaluator, kind: str) -> Evaluator:
    def evaluate(frame: Frame) -> Json:
        value, at = owner(frame), index(frame)
        if isinstance(at, str):
            return _property(value, at, kind)
        if not isinstance(value, list) or not isinstance(at, int) or isinstance(at, bool):
            raise TemplateError(f"{excerpt(at)} is no index into {excerpt(value)}")
        if not 0 <= at < len(value):
            raise TemplateError(f"index {at} is outside an array of {len(value)}")
        return value[at]

    return evaluate


Special = Callable[[Call, Environment], tuple[Evaluator, bool]]


def _if(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    parts = [compile_expression(argument, env) for argument in call.arguments]
    (condition, _), (yes, _), (no, _) = parts

    def evaluate(frame: Frame) -> Json:
        try:
            chosen = condition(frame)
        except UnknownFact:
            # Where both ways give the same, the condition need not be known.
            if _alike(yes, no, frame):
                return yes(frame)
            raise
        if not isinstance(chosen, bool):
            raise TemplateError(f"if() wants true or false as its condition, not {excerpt(chosen)}")
        return yes(frame) if chosen else no(frame)

    return _folded(evaluate, all(constant for _, constant in parts))


def _alike(yes: Evaluator, no: Evaluator, frame: Frame) -> bool:
    try:
        return deep_equals(yes(frame), no(frame))
    except TemplateError:
        # The way that fails may not be the one taken.
        return False


def _junction(name: str, decisive: bool) -> Special:
    def build(call: Call, env: Environment) -> tuple[Evaluator, bool]:
        parts = [compile_expression(argument, env) for argument in call.arguments]

        def evaluate(frame: Frame) -> Json:
            decided, unknown = False, None
            for argument, _ in parts:
                try:
                    value = argument(frame)
                except UnknownFact as fact:
                    unknown = fact
                    continue
                if not isinstance(value, bool):
                    raise TemplateError(f"{name}() wants true or false, not {excerpt(value)}")
                decided = decided or value is decisive
            if decided:
                return decisive
            if unknown is not None:
                raise unknown
            return not decisive

        return _folded(evaluate, all(constant for _, constant in parts))

    return build


def _coalesce(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    parts = [compile_expression(argument, env) for argument in call.arguments]

    def evaluate(frame: Frame) -> Json:
        for argument, _ in parts:
            value = argument(frame)
            if value is not None:
                return value
        return None

    return _folded(evaluate, all(constant for _, constant in parts))


def _parameters(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    name, constant = compile_expression(call.arguments[0], env)

    def evaluate(frame: Frame) -> Json:
        wanted = name(frame)
        if not isinstance(wanted, str) or wanted.lower() not in env.parameters:
            raise TemplateError(f"there is no parameter {excerpt(wanted)}")
        return env.parameters[wanted.lower()]

    return _folded(evaluate, constant)


def _policy(_call: Call, env: Environment) -> tuple[Evaluator, bool]:
    value = env.policy
    return (lambda _frame: value), True


def _known(value: Read, what: str) -> Json:
    if type(value) is Mark or (type(value) is list and any(type(item) is Mark for item in value)):
        raise UnknownFact(what)
    return value  # type: ignore[no-any-return]


def _as_function_value(value: Read, text: str, stars: bool) -> Json:
    """What field() gives: the empty string for a missing property; with [*], the members that are there."""
    known = _known(value, text)
    if stars:
        return [item for item in known if item is not None] if isinstance(known, list) else []
    return "" if known is None else known


def _field(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    name, constant = compile_expression(call.arguments[0], env)

    def subject(frame: Frame) -> Frame:
        return frame.outer if env.related and frame.outer is not None else frame

    if not constant:

        def computed(frame: Frame) -> Json:
            text = field_text(name(frame))
            return _as_function_value(subject(frame).read_named(text), text, parse_field(text).stars > 0)

        return computed, False
    text = field_text(name(None))  # type: ignore[arg-type] # a constant reads no frame
    slot = env.slot(text)
    stars = env.fields.names[slot].stars > 0
    scope = None if env.related else env.scope_of(text)
    if scope is not None:
        base, read = _array(scope), below(slot, scope)

        def bound(frame: Frame) -> Json:
            value = read(frame)
            several = STAR in (frame.path_below(slot, base) or ())
            return _as_function_value(value if several else [value], text, True)

        return bound, False

    def evaluate(frame: Frame) -> Json:
        frame = subject(frame)
        value = frame.values[slot]
        return _as_function_value(frame.read(slot) if value is UNREAD else value, text, stars)

    return evaluate, False


def field_text(value: Json) -> str:
    """The name of a field that was computed. Raises TemplateError where it is none."""
    if not isinstance(value, str) or not value:
        raise TemplateError(f"a field is named by a string, not by {excerpt(value)}")
    return value


def _array(scope: Scope) -> int:
    assert scope.slot is not None
    return scope.slot


def below(slot: int, scope: Scope, *, whole: bool = True) -> Callable[[Frame], Read]:
    """Reads a field below the member that a count is at."""
    base = _array(scope)

    def read(frame: Frame) -> Read:
        path = frame.path_below(slot, base)
        return None if path is None else frame.walk_from(frame.scopes[scope.depth], path, base, whole=whole)

    return read


def _current(call: Call, env: Environment) -> tuple[Evaluator, bool]:
    if not call.arguments:
        innermost = env.innermost()
        if innermost is None:
            raise TemplateError("current() is used outside of a count")
        return _member_of(innermost, "current()"), False
    argument = call.arguments[0]
    if not isinstance(argument, Text):
        raise TemplateError("current() wants a name in quotes")
    text = argument.value
    for scope in reversed(env.scopes):
        if scope.slot is None and scope.name.lower() == text.lower():
            return _member_of(scope, text), False
    found = env.scope_of(text)
    if found is None:
        raise TemplateError(f"current({excerpt(text)}) names no count around it")
    read = below(env.slot(text), found)
    return (lambda frame: _known(read(frame), text)), False


def _member_of(scope: Scope, what: str) -> Evaluator:
    if scope.slot is not None:
        read = below(scope.slot, scope)
        return lambda frame: _known(read(frame), what)
    depth = scope.depth
    return lambda frame: _known(frame.scopes[depth], what)


def _surroundings(call: Call, _env: Environment) -> tuple[Evaluator, bool]:
    return whole(call.name), False


def _utc_now(_call: Call, _env: Environment) -> tuple[Evaluator, bool]:
    return now, False


_SPECIAL: dict[str, Special] = {
    "if": _if,
    "and": _junction("and", False),
    "or": _junction("or", True),
    "coalesce": _coalesce,
    "parameters": _parameters,
    "field": _field,
    "current": _current,
    "policy": _policy,
    "utcnow": _utc_now,
    **dict.fromkeys(SURROUNDINGS, _surroundings),
}


def special_functions() -> Sequence[str]:
    """The lower-cased names of the functions that are evaluated here."""
    return tuple(_SPECIAL)
