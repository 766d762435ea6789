"""Whether a rule applies to a resource at all.

Source: learn.microsoft.com/azure/governance/policy/concepts/policy-applicability. Conditions on type, kind and name
count; every other condition is taken to be as it would have to be for the rule to match, which in three-valued logic
is: unknown, and applicable unless the whole is false. Special cases of the same page: a rule with conditions on kind
alone, or on name alone, applies to everything; beside type alone, kind or name do not count; a rule with an alias
that no type has applies to nothing (the compiler's concern).
"""

from collections.abc import Callable, Iterator

from muster.language.frame import Frame
from muster.language.node import Node
from muster.language.outcome import Truth
from muster.language.syntax import AnyOf, Comparison, Not
from muster.values.errors import TemplateError

_TYPES_REMEMBERED = 1000

_DECISIVE = frozenset({"type", "kind", "name"})


def applicability(condition: Node) -> Callable[[Frame], bool]:
    """A test of whether a rule with this condition applies to a frame's resource."""
    fields = set(_fields(condition))
    others = "" in fields
    decisive = fields & _DECISIVE
    if not others and decisive in ({"kind"}, {"name"}):
        decisive = set()
    elif not others and decisive in ({"type", "kind"}, {"type", "name"}):
        decisive = {"type"}
    if not decisive:
        return lambda _frame: True
    if decisive == {"type"} and _fixed(condition):
        return _by_type(condition)
    return lambda frame: _projected(condition, decisive, frame) is not False


def _by_type(condition: Node) -> Callable[[Frame], bool]:
    """Where only the type matters, the answer is remembered by type."""
    remembered: dict[str, bool] = {}

    def applies(frame: Frame) -> bool:
        resource_type = frame.plan.resource_type
        known = remembered.get(resource_type)
        if known is None:
            known = _projected(condition, {"type"}, frame) is not False
            if len(remembered) < _TYPES_REMEMBERED:
                remembered[resource_type] = known
        return known

    return applies


def _projected(node: Node, decisive: set[str], frame: Frame) -> Truth:
    """A condition with everything but the decisive fields unknown."""
    syntax = node.syntax
    if isinstance(syntax, Comparison):
        if node.field.lower() not in decisive or node.children or node.many:
            return None
        try:
            return node.test(frame)
        except TemplateError:
            return None
    results = [_projected(child, decisive, frame) for child in node.children]
    if isinstance(syntax, Not):
        return None if results[0] is None else not results[0]
    winning = isinstance(syntax, AnyOf)
    if winning in results:
        return winning
    return None if None in results else not winning


def _fixed(node: Node) -> bool:
    """Whether all that types are compared with is the same for every document."""
    return (node.fixed or node.field.lower() != "type") and all(map(_fixed, node.children))


def _fields(node: Node) -> Iterator[str]:
    """The lower-cased decisive fields of a condition's leaves, and an empty text for every other leaf."""
    if isinstance(node.syntax, Comparison):
        name = node.field.lower()
        yield name if name in _DECISIVE and not node.children else ""
    else:
        for child in node.children:
            yield from _fields(child)
