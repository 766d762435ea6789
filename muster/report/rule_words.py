"""A rule in words: its conditions as a nested list in Markdown, without any resource."""

from collections.abc import Iterator

from muster.language.analysis.domains import Domain
from muster.language.analysis.possible import Possible, stars_bound
from muster.language.analysis.references import parameter_of
from muster.language.expression import Call, Expression, Text
from muster.language.operators import OPERATORS, text_form
from muster.language.related import EXTENSION_TYPES, read_details
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Not, Rule, Value, conditions
from muster.language.template import Template
from muster.report.markdown_text import code
from muster.values.errors import TemplateError
from muster.values.json import Json, canonical

_INDENT = "    "
_ITEMS_SHOWN = 12
"""Of a longer list of operands the rest is counted."""

_SOME = frozenset({("greater", 0), ("greaterorequals", 1), ("notequals", 0)})
_NO = frozenset({("equals", 0), ("less", 1), ("lessorequals", 0)})
"""Operators and operands with which a count asks whether there is any member, and whether there is none."""


def condition_list(condition: Condition) -> list[str]:
    """The lines of a list with one condition in it, its parts below it."""
    return list(_item(condition, "", ()))


def lookup_sentence(rule: Rule) -> str:
    """What related resource the rule looks for; empty where it looks for none."""
    details = rule.then.details
    if details is None:
        return ""
    try:
        wanted = read_details(details.value)
    except TemplateError:
        return ""
    inside = wanted.type.lower() in EXTENSION_TYPES or any(
        wanted.type.lower().startswith(f"{one.lower()}/") for one in resource_types(rule)
    )
    if inside:
        where = " of the resource"
    elif wanted.resource_group_name:
        where = f" in the resource group {_detail(details, wanted.resource_group_name, '', 'that ')}"
    elif wanted.existence_scope.lower() == "subscription":
        where = " in the subscription"
    else:
        where = " in the resource's resource group"
    name = _detail(details, wanted.name, ", named ", ", whose name ")
    kind = _detail(details, wanted.kind, ", of the kind ", ", whose kind ")
    return f"{code(wanted.type)}{where}{name}{kind}"


def resource_types(rule: Rule) -> tuple[str, ...]:
    """The resource types for which the condition can hold, in the order in which the rule names them; empty where they
    are not limited."""
    world = Possible().world(rule.condition, True)
    possible = (world or {}).get("type", Domain()).values
    spelt = {text.lower(): text for text in _texts(rule.condition)}
    return tuple(text for lowered, text in spelt.items() if possible is not None and lowered in possible)


def _texts(condition: Condition) -> Iterator[str]:
    """What fields are compared with."""
    for node in conditions(condition):
        if isinstance(node, Comparison) and node.operand.constant:
            operand = node.operand.value
            yield from (item for item in (operand if isinstance(operand, list) else [operand]) if isinstance(item, str))


def _item(condition: Condition, indent: str, counts: tuple[Count, ...]) -> Iterator[str]:
    parts: tuple[Condition, ...] = ()
    match condition:
        case AllOf(conditions=(one,)) | AnyOf(conditions=(one,)):
            yield from _item(one, indent, counts)
            return
        case AllOf(conditions=parts):
            words = "all of these hold:" if parts else "always"
        case AnyOf(conditions=parts):
            words = "at least one of these holds:" if parts else "never"
        case Not(condition=AnyOf(conditions=parts)):
            words = "none of these holds:"
        case Not(condition=AllOf(conditions=parts)):
            words = "not all of these hold:"
        case Not(condition=inner):
            words, parts = "this does not hold:", (inner,)
        case Comparison(subject=Count() as count):
            words, parts = _counted(condition, count), (count.where,) if count.where is not None else ()
            counts = (*counts, count)
        case Comparison():
            words = _compared(condition, counts)
    yield f"{indent}- {words}"
    for part in parts:
        yield from _item(part, indent + _INDENT, counts)


def _compared(comparison: Comparison, counts: tuple[Count, ...]) -> str:
    subject = comparison.subject
    assert not isinstance(subject, Count)
    if isinstance(subject, Value):
        what = _operand(subject.template)
    else:
        name = str(subject.name.value).lower()
        every = subject.name.constant and name.count("[*]") > stars_bound(name, counts)
        what = f"every {_field(subject.name)}" if every else _field(subject.name)
    operator = OPERATORS[comparison.operator.lower()]
    if operator.name == "exists" and comparison.operand.constant:
        return f"{what} {'exists' if text_form(comparison.operand.value) == 'true' else 'does not exist'}"
    values = "the values of " if operator.name in ("in", "notIn") and parameter_of(comparison.operand) else ""
    return f"{what} is {operator.words} {values}{_operand(comparison.operand)}"


def _counted(comparison: Comparison, count: Count) -> str:
    over = count.field or count.value
    assert over is not None
    item = "member" if count.field is not None else "item" if count.name == "default" else f"{code(count.name)} item"
    of = f"of {_field(over) if count.field is not None else _operand(over)}"
    operand = comparison.operand.value if comparison.operand.constant else None
    number = operand if isinstance(operand, int) and not isinstance(operand, bool) else None
    asked = (comparison.operator.lower(), number)
    for pairs, word in ((_SOME, "some"), (_NO, "no")):
        if asked in pairs:
            return f"there is {word} {item} {of}" if count.where is None else f"{word} {item} {of} satisfies:"
    words = OPERATORS[comparison.operator.lower()].words
    which, end = ("", "") if count.where is None else (" that satisfy what follows", ":")
    return f"the number of {item}s {of}{which} is {words} {_operand(comparison.operand)}{end}"


def _field(name: Template) -> str:
    return code(str(name.value)) if name.constant else f"the field that {code(str(name.value))} names"


def _operand(template: Template) -> str:
    if parameter_of(template):
        assert isinstance(template.expression, Call)
        return f"the parameter {code(_argument(template.expression))}"
    if template.expression is not None:
        return _expression(template.expression, str(template.value))
    if not isinstance(template.value, list):
        return _constant(template.value)
    shown = ", ".join(map(_constant, template.value[:_ITEMS_SHOWN]))
    more = len(template.value) - _ITEMS_SHOWN
    return f"{shown}, and {more} more" if more > 0 else shown or "an empty list"


def _expression(expression: Expression, written: str) -> str:
    if isinstance(expression, Call) and expression.key == "field" and _argument(expression):
        return f"the value of {code(_argument(expression))}"
    if isinstance(expression, Call) and expression.key == "current" and _argument(expression):
        return f"the {code(_argument(expression))} that is looked at"
    return code(written)


def _argument(call: Call) -> str:
    """The only argument of a call, where it is a text."""
    first = call.arguments[0] if len(call.arguments) == 1 else None
    return first.value if isinstance(first, Text) else ""


def _constant(value: Json) -> str:
    text = text_form(value)
    if value is None or text == "":
        return "null" if value is None else "an empty text"
    return code(canonical(value) if text is None else text)


def _detail(details: Template, text: str, written: str, computed: str) -> str:
    """A member of the details behind what stands before one that is written, or one that an expression gives."""
    if not text:
        return ""
    given = text.startswith("[") and not details.constant
    return f"{computed}{code(text)} gives" if given else f"{written}{code(text)}"
