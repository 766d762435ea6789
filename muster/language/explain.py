"""Why a rule came out as it did: the conditions that decided it, asked again one by one.

An explanation evaluates the same compiled conditions as the verdict did, so the two can't disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from muster.language.fields import STAR, Path, path_text
from muster.language.frame import UNKNOWN, UNKNOWN_PART, Frame, Mark, Read, UnknownFact
from muster.language.node import Node
from muster.language.operators import OPERATORS, excerpt
from muster.language.outcome import Truth
from muster.language.syntax import AllOf, AnyOf, Comparison, Count, Field, Not, Value
from muster.values.errors import TemplateError
from muster.values.finding import Reason
from muster.values.json import Json

MEMBERS_SHOWN = 10
"""Of more members of a count no traces are made."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A condition of a rule with how it came out. `decides`: it is on the path that decided the whole rule.

    `error` where the condition itself failed; `reason` for a comparison. The children of a count are its `where` at
    each of the first members.
    """

    label: str
    truth: Truth
    pointer: str
    decides: bool
    error: str = ""
    reason: Reason | None = None
    children: "tuple[Trace, ...]" = ()


def ask(node: Node, frame: Frame) -> tuple[Truth, str]:
    """How a condition comes out; where it fails, None and why."""
    try:
        return node.test(frame), ""
    except TemplateError as error:
        return None, str(error)
    except RecursionError:
        return None, "nested too deep to be evaluated"


def trace(node: Node, frame: Frame, *, decides: bool) -> Trace:
    """A condition and all below it. `decides` as Trace has it."""
    truth, error = ask(node, frame)
    syntax = node.syntax
    if isinstance(syntax, Comparison):
        label = _condition_text(syntax)
        found = reason(node, frame)
        return Trace(label, truth, syntax.pointer, decides, error, found, _members(node, frame))
    chosen = {id(child) for child in _chosen(node, frame, truth, error)} if decides else set()
    label = {AllOf: "allOf", AnyOf: "anyOf", Not: "not"}[type(syntax)]
    children = tuple(trace(child, frame, decides=id(child) in chosen) for child in node.children)
    return Trace(label, truth, syntax.pointer, decides, error, None, children)


def _members(node: Node, frame: Frame) -> tuple[Trace, ...]:
    if node.each is None or not node.children:
        return ()
    found = []
    try:
        for at, _ in zip(range(MEMBERS_SHOWN), node.each(frame), strict=False):
            one = trace(node.children[0], frame, decides=False)
            found.append(replace(one, label=f"[{at}] {one.label}"))
    except (TemplateError, UnknownFact, RecursionError):
        return ()
    return tuple(found)


def _chosen(node: Node, frame: Frame, truth: Truth, error: str) -> list[Node]:
    """The children that decided a logical operator."""
    if isinstance(node.syntax, Not):
        return list(node.children)
    outcomes = [(child, *ask(child, frame)) for child in node.children]
    failed = [child for child, _, failure in outcomes if failure]
    if error:
        return failed[:1]
    same = [child for child, outcome, failure in outcomes if outcome is truth and not failure]
    if truth is None:
        return same
    decisive = isinstance(node.syntax, AnyOf)
    return same[:1] if truth is decisive else same


def deciding(node: Node, frame: Frame) -> Iterator[Node]:
    """The comparisons that decided a condition."""
    if isinstance(node.syntax, Comparison):
        yield node
        return
    truth, error = ask(node, frame)
    for child in _chosen(node, frame, truth, error):
        yield from deciding(child, frame)


def names(node: Node, frame: Frame) -> list[str]:
    """The facts that a comparison lacks."""
    for part in (node.read, node.operand):
        try:
            if part is not None:
                part(frame)
        except UnknownFact as fact:
            return [fact.what]
        except (TemplateError, RecursionError):
            continue
    return [node.field or _subject_text(node)]


def reason(node: Node, frame: Frame) -> Reason:
    """A comparison in a sentence, with what was found and expected."""
    comparison = node.syntax
    assert isinstance(comparison, Comparison)
    truth, error = ask(node, frame)
    expected = _operand(node, frame)
    if error:
        text = f"{_subject_text(node)}: {error}."
        return Reason(text, node.field, "", comparison.operator, expected, None, "unknown", comparison.pointer)
    found, path, state = _found(node, frame, truth)
    text = _sentence(node, frame, truth, found, state, expected, path)
    shown = None if state != "present" else found
    return Reason(text, node.field, path, comparison.operator, expected, shown, state, comparison.pointer)


def _operand(node: Node, frame: Frame) -> Json:
    try:
        return None if node.operand is None else node.operand(frame)
    except (TemplateError, UnknownFact, RecursionError):
        return None


def _found(node: Node, frame: Frame, truth: Truth) -> tuple[Json, str, str]:
    """What a comparison looked at, the path to it, and whether it was present, missing or unknown. For a count of which
    only bounds are known these."""
    path = frame.plan.path(node.slot) if node.slot is not None else None
    place = "" if path is None else path_text(path)
    try:
        value: Read = None if node.read is None else node.read(frame)
    except UnknownFact as fact:
        return None, fact.what, "unknown"
    except TemplateError:
        return None, place, "missing"
    if isinstance(node.syntax, Comparison) and isinstance(node.syntax.subject, Count):
        least, most = value
        return (least, place, "present") if most == least else ([least, most], place, "unknown")
    if node.many and isinstance(value, list):
        return _deciding_member(node, frame, value, path, truth)
    if type(value) is Mark or (isinstance(value, list) and any(type(item) is Mark for item in value)):
        return None, place, _state(value, truth)
    return value, place, "missing" if value is None else "present"


def _state(value: Read, truth: Truth) -> str:
    """Of what could not be had whole: it is there where that was all that was asked."""
    return "unknown" if truth is None or value is UNKNOWN else "present"


def _deciding_member(
    node: Node, frame: Frame, values: list[Read], path: Path | None, truth: Truth
) -> tuple[Json, str, str]:
    """The first member of an array that failed a condition; the whole array where none did."""
    place = "" if path is None else path_text(path)
    if truth is None:
        return None, place, "unknown"
    if truth is False and node.operand is not None and isinstance(node.syntax, Comparison):
        operator = OPERATORS[node.syntax.operator.lower()]
        test = operator.factory(node.operand(frame))
        for index, value in enumerate(values):
            partly = value is UNKNOWN_PART and operator.name == "exists"
            if partly or type(value) is not Mark:
                shown = {} if partly else value
                if not test(shown):
                    one = path is not None and path.count(STAR) == 1
                    at = place.replace("[*]", f"[{index}]") if one else place
                    return shown, at, "missing" if value is None else "present"
    return None if any(type(value) is Mark for value in values) else values, place, "present"


def _subject_text(node: Node) -> str:
    comparison = node.syntax
    assert isinstance(comparison, Comparison)
    subject = comparison.subject
    if isinstance(subject, Count):
        over = subject.field or subject.value
        assert over is not None
        which = " that satisfy the condition" if subject.where is not None else ""
        return f"The number of members of {_shown(over.value)}{which}"
    if isinstance(subject, Value):
        return _shown(subject.template.value)
    return _shown(node.field or subject.name.value)


def _shown(value: Json) -> str:
    return value if isinstance(value, str) and len(value) <= 200 else excerpt(value)


def _condition_text(comparison: Comparison) -> str:
    subject = comparison.subject
    if isinstance(subject, Field):
        what = _shown(subject.name.value)
    elif isinstance(subject, Value):
        what = f"value {_shown(subject.template.value)}"
    else:
        over = subject.field or subject.value
        assert over is not None
        what = f"count of {_shown(over.value)}"
    return f"{what} {comparison.operator} {expected_text(comparison.operand.value)}"


def expected_text(value: Json) -> str:
    """An operand in a sentence: lists of scalars item by item, at most eight."""
    if isinstance(value, list):
        items = ", ".join(excerpt(item) for item in value[:8])
        return f"[{items}{', ...' if len(value) > 8 else ''}]"
    return excerpt(value)


def _sentence(node: Node, frame: Frame, truth: Truth, found: Json, state: str, expected: Json, path: str) -> str:
    comparison = node.syntax
    assert isinstance(comparison, Comparison)
    subject = _subject_text(node)
    if "[" in path and path.split("[")[1][:1].isdigit():
        subject = f"{subject} ({_shown(path)})"
    operator = OPERATORS[comparison.operator.lower()]
    if truth is None:
        lacking = subject if isinstance(comparison.subject, Count) else _shown(names(node, frame)[0])
        whether = "it" if lacking == subject else subject
        wanted = expected_text(comparison.operand.value if expected is None else expected)
        return f"{lacking} could not be had, so it can't be told whether {whether} is {operator.words} {wanted}."
    if operator.name == "exists":
        return f"{subject} {'does not exist' if state == 'missing' else 'exists'}."
    words = operator.words
    if truth is False:
        opposite = OPERATORS.get(operator.opposite.lower())
        words = opposite.words if opposite is not None else f"not {words}"
    if isinstance(comparison.subject, Count) and isinstance(found, list):
        least, most = found
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        return f"{subject} is {bounds}, which is {words} {expected_text(expected)}."
    if state == "missing":
        return f"{subject} is missing, which counts as {words} {expected_text(expected)}."
    return f"{subject} is {expected_text(found)}, which is {words} {expected_text(expected)}."
