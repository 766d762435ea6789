"""Why a whole rule came out as it did: its conditions, and what its look-up found."""

from dataclasses import replace

from muster.language.explain import Trace, ask, deciding, names, reason, trace
from muster.language.frame import Frame, UnknownFact, member
from muster.language.lookup import Lookup
from muster.language.node import Node
from muster.values.answers import Forbidden, NotRead
from muster.values.errors import TemplateError
from muster.values.finding import Reason

_REASONS = 12
"""More reasons than a person reads are not given."""


def reasons(condition: Node, lookup: Lookup | None, frame: Frame) -> tuple[Reason, ...]:
    """The reasons for a rule's outcome, the most telling first: conditions on the type alone come last, and only
    where there is nothing else."""
    truth, error = ask(condition, frame)
    found = [reason(node, frame) for node in deciding(condition, frame)]
    if error and not found:
        return (Reason(text=f"The rule failed: {error}.", pointer=condition.syntax.pointer),)
    if truth is not False and lookup is not None:
        found = [*_of_lookup(lookup, frame), *found]
    telling = [one for one in found if one.field.lower() != "type"]
    return tuple((telling or found)[:_REASONS])


def missing(condition: Node, lookup: Lookup | None, frame: Frame) -> tuple[str, ...]:
    """What could not be had, where an outcome is unknown."""
    found: list[str] = []
    truth, _ = ask(condition, frame)
    if truth is None:
        found += [name for node in deciding(condition, frame) for name in names(node, frame)]
    if lookup is not None and truth is not False:
        found += _missing_of_lookup(lookup, frame)
    return tuple(dict.fromkeys(found))


def trace_related(lookup: Lookup, frame: Frame) -> list[tuple[str, Trace]]:
    """The existenceCondition for every related resource: its id or name, and the tree."""
    if lookup.existence is None:
        return []
    try:
        frames = lookup.frames(frame) or []
    except (TemplateError, UnknownFact):
        return []
    return [(_identity(related), trace(lookup.existence, related, decides=True)) for related in frames]


def _missing_of_lookup(lookup: Lookup, frame: Frame) -> list[str]:
    try:
        related = lookup.frames(frame)
        if related is None:
            asked = lookup.query(frame)
            return [f"{asked.resource_type} in {asked.scope}"]
    except UnknownFact as fact:
        return [fact.what]
    except TemplateError:
        return []
    if lookup.existence is None:
        return []
    unknown = [one for one in related if ask(lookup.existence, one)[0] is None]
    return [name for one in unknown for node in deciding(lookup.existence, one) for name in names(node, one)]


def _of_lookup(lookup: Lookup, frame: Frame) -> list[Reason]:
    try:
        related, details, scope = lookup.frames(frame), lookup.details(frame), lookup.query(frame).scope
    except (UnknownFact, TemplateError) as error:
        return [Reason(text=f"The look-up of the related resource failed: {error}.", pointer=lookup.pointer)]
    what = f"{details.type}{f' named {details.name}' if details.name else ''}"
    if related is None:
        text = f"Whether there is a {what} could not be had: {_why_not(lookup, frame)}."
        return [Reason(text=text, path=scope, found_state="unknown", pointer=lookup.pointer)]
    if not related:
        text = f"There is no {what} in {scope or 'the resource'}."
        return [Reason(text=text, path=scope, found_state="missing", pointer=lookup.pointer)]
    if lookup.existence is None:
        return [Reason(text=f"There is a {what}: {_identity(related[0])}.", path=scope, pointer=lookup.pointer)]
    return [
        replace(found, text=f"{_identity(one)}: {found.text}")
        for one in related
        for found in (reason(node, one) for node in deciding(lookup.existence, one))
    ]


def _why_not(lookup: Lookup, frame: Frame) -> str:
    answer = lookup.answer(frame)
    if isinstance(answer, NotRead):
        return answer.why
    return f"permission {answer.permission} is missing" if isinstance(answer, Forbidden) else "not read"


def _identity(frame: Frame) -> str:
    found = member(frame.resource, "id") or member(frame.resource, "name")
    return found if isinstance(found, str) else "a related resource"
