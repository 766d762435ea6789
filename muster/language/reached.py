"""Which comparisons of a rule were asked for a resource, and how each came out.

A rule stops where it is decided, so that a comparison may not be asked at all. Which are is told by asking again in
the same order.
"""

from collections.abc import Iterator
from typing import TypeAlias

from muster.language.compile import CompiledRule
from muster.language.explain import ask
from muster.language.frame import Frame, UnknownFact
from muster.language.lookup import Lookup
from muster.language.node import Node
from muster.language.outcome import Truth
from muster.language.syntax import AllOf, Comparison, Not
from muster.values.errors import TemplateError

Decision: TypeAlias = tuple[str, Truth]
"""The JSON pointer of a comparison, and how it came out."""


def decisions(rule: CompiledRule, frame: Frame) -> Iterator[Decision]:
    """Every comparison that was asked, as often as it was: in a count once for each member, in an existenceCondition
    once for each related resource. One that fails ends the rule and gives nothing."""
    yield from _below(rule.condition, frame)
    if rule.lookup is not None and rule.lookup.existence is not None:
        truth, error = ask(rule.condition, frame)
        if not error and truth is not False:
            yield from _of_related(rule.lookup, rule.lookup.existence, frame)


def _of_related(lookup: Lookup, existence: Node, frame: Frame) -> Iterator[Decision]:
    try:
        related = lookup.frames(frame) or []
    except (TemplateError, UnknownFact):
        return
    for one in related:
        yield from _below(existence, one)
        if ask(existence, one)[0] is True:
            return


def _below(node: Node, frame: Frame) -> Iterator[Decision]:
    if isinstance(node.syntax, Comparison):
        truth, error = ask(node, frame)
        if not error:
            yield node.syntax.pointer, truth
            yield from _of_members(node, frame)
    elif isinstance(node.syntax, Not):
        yield from _below(node.children[0], frame)
    else:
        decisive = not isinstance(node.syntax, AllOf)
        for child in node.children:
            yield from _below(child, frame)
            truth, error = ask(child, frame)
            if error or truth is decisive:
                return


def _of_members(node: Node, frame: Frame) -> Iterator[Decision]:
    if node.each is None or not node.children:
        return
    try:
        for _ in node.each(frame):
            yield from _below(node.children[0], frame)
    except (TemplateError, UnknownFact):
        return
