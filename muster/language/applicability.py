"""Whether a rule applies to a resource at all.

Source: learn.microsoft.com/azure/governance/policy/concepts/policy-applicability. Conditions on type, kind and name
count; every other condition is taken to be as it would have to be for the rule to match, which in three-valued logic
is: unknown, and applicable unless the whole is false. Special cases of the same page: a rule with conditions on kind
alone, or on name alone, applies to everything; beside type alone, kind or name do not count; a rule with an alias
that no type has applies to nothing (the compiler's concern).
"""

from collections.abc import Iterator

from muster.language.compile_condition import Node
from muster.language.frame import Frame
from muster.language.outcome import Truth
from muster.language.syntax import AllOf, AnyOf, Comparison, Not
from muster.values.errors import TemplateError

_DECISIVE = frozenset({"type", "kind", "name"})


class Applicability:
    """The applicability of one compiled condition, remembered by type where only the type matters."""

    def __init__(self, condition: Node) -> None:
        self._condition = condition
        fields = set(_fields(condition))
        others = "" in fields
        decisive = fields & _DECISIVE
        if not others and decisive in ({"kind"}, {"name"}):
            decisive = set()
        elif not others and decisive in ({"type", "kind"}, {"type", "name"}):
            decisive = {"type"}
        self._decisive = decisive
        self._by_type: dict[str, bool] = {}

    def of(self, frame: Frame) -> bool:
        """Whether the rule applies to a frame's resource."""
        if not self._decisive:
            return True
        if self._decisive != {"type"}:
            return self._projected(self._condition, frame) is not False
        resource_type = frame.plan.resource_type
        known = self._by_type.get(resource_type)
        if known is None:
            known = self._projected(self._condition, frame) is not False
            if len(self._by_type) < 1000:
                self._by_type[resource_type] = known
        return known

    def _projected(self, node: Node, frame: Frame) -> Truth:
        syntax = node.syntax
        if isinstance(syntax, Comparison):
            if node.field.lower() not in self._decisive or node.children or node.many:
                return None
            try:
                return node.test(frame)
            except TemplateError:
                return None
        results = [self._projected(child, frame) for child in node.children]
        if isinstance(syntax, Not):
            return None if results[0] is None else not results[0]
        decisive = isinstance(syntax, AnyOf)
        assert isinstance(syntax, AllOf | AnyOf)
        if decisive in results:
            return decisive
        return None if None in results else not decisive


def _fields(node: Node) -> Iterator[str]:
    """The lower-cased decisive fields of a condition's leaves, and an empty text for every other leaf."""
    if isinstance(node.syntax, Comparison):
        name = node.field.lower()
        yield name if name in _DECISIVE and not node.children else ""
    else:
        for child in node.children:
            yield from _fields(child)
