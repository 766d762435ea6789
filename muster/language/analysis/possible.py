"""The worlds in which a condition comes out one way: what it says of the fields that it compares with constants."""

from collections.abc import Iterator, Sequence

from muster.language.analysis.domains import ANY, Domain, Texts, World, all_of, any_of, both
from muster.language.analysis.fixed import fixed
from muster.language.operators import instant, text_form
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Field, Not
from muster.values.json import Json

_NOTHING: Texts = frozenset()
_MISSING: Texts = frozenset({None})


class Possible:
    """The worlds of one rule's conditions, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], World] = {}

    def world(self, condition: Condition, outcome: bool, counts: Sequence[Count] = ()) -> World:
        """What must be so for a condition to come out as `outcome`. `counts` are those around it: a field of an array
        that one of them goes over has one value there."""
        key = (id(condition), outcome)
        if key not in self._known:
            self._known[key] = self._world(condition, outcome, counts)
        return self._known[key]

    def _world(self, condition: Condition, outcome: bool, counts: Sequence[Count]) -> World:
        if isinstance(condition, Not):
            return self.world(condition.condition, not outcome, counts)
        if isinstance(condition, AllOf | AnyOf):
            every = isinstance(condition, AllOf) is outcome
            worlds = (self.world(part, outcome, counts) for part in condition.conditions)
            return all_of(worlds) if every else any_of(worlds)
        return _compared(condition, outcome, counts)

    def beside(
        self, condition: AllOf | AnyOf, around: World, counts: Sequence[Count]
    ) -> Iterator[tuple[Condition, World]]:
        """Each part of a junction with the world in which it matters: where those beside it do not decide already.
        Where they always do, it is the world around."""
        worlds = [self.world(part, isinstance(condition, AllOf), counts) for part in condition.conditions]
        after: list[World] = [ANY]
        for world in reversed(worlds):
            after.append(both(world, after[-1]))
        before = around
        for part, own, rest in zip(condition.conditions, worlds, after[-2::-1], strict=True):
            world = both(before, rest)
            yield part, around if world is None else world
            before = both(before, own)


def single_field(comparison: Comparison, counts: Sequence[Count]) -> str:
    """The lower-cased field of which a comparison reads one value; empty where it reads something else."""
    if not isinstance(comparison.subject, Field) or not comparison.subject.name.constant:
        return ""
    name = str(comparison.subject.name.value).lower()
    return name if name.count("[*]") <= stars_bound(name, counts) else ""


def stars_bound(name: str, counts: Sequence[Count]) -> int:
    """How many `[*]` of a lower-cased field stand for the members that the counts around it are at."""
    for count in reversed(counts):
        if count.field is not None and count.field.constant:
            base = str(count.field.value).lower()
            if name == base or name.startswith((f"{base}.", f"{base}[")):
                return base.count("[*]")
    return 0


def _compared(comparison: Comparison, outcome: bool, counts: Sequence[Count]) -> World:
    constant = fixed(comparison)
    if constant is not None:
        return ANY if constant is outcome else None
    name = single_field(comparison, counts)
    if not name or not comparison.operand.constant:
        return ANY
    operator = comparison.operator
    if operator.startswith("not"):
        operator, outcome = operator[3].lower() + operator[4:], not outcome
    domain = _domain(operator, comparison.operand.value, outcome, location=name == "location")
    return None if domain.empty else {name: domain}


def _domain(operator: str, operand: Json, outcome: bool, *, location: bool) -> Domain:
    if operator == "exists":
        return Domain(_MISSING) if (text_form(operand) or "").lower() == str(not outcome).lower() else _there()
    texts = _texts(operator, operand, location=location)
    if texts is None:
        # Every other operator is false for a missing property.
        return _there() if outcome and operator not in ("equals", "in") else Domain()
    return Domain(texts) if outcome else Domain(None, texts)


def _there() -> Domain:
    return Domain(None, _MISSING)


def _texts(operator: str, operand: Json, *, location: bool) -> Texts | None:
    """The values that an operator is true for; None where they can't be listed."""
    if operator == "in" and isinstance(operand, list):
        items = operand
    elif operator == "equals" or (operator == "like" and isinstance(operand, str) and "*" not in operand):
        items = [operand]
    else:
        return None
    found: set[str | None] = set()
    for item in items:
        text = text_form(item)
        # Times compare by what they mean, arrays and objects by their parts.
        if text is None or instant(text) is not None:
            return None
        folded = text.casefold()
        found.add(folded.replace(" ", "") if location else folded)
    return frozenset(found) | (_MISSING if operator == "equals" and "" in found else _NOTHING)
