"""The comparisons of a rule, each with where it stands: below a not, inside of counts, for which types it matters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from muster.language.analysis.domains import ANY, Domain, World
from muster.language.analysis.possible import Possible, stars_bound
from muster.language.expression import Call, Text, calls
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Field, Not, Rule, Value
from muster.language.template import Template, all_expressions
from muster.values.json import Json


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that a comparison reads. `by` is `field`, `count`, `field()` or `current()`; `column` counts characters
    of the string at `pointer`, as in Diagnostic."""

    text: str
    pointer: str
    by: str
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: `negated` below an odd number of `not`; `related` inside of an existenceCondition,
    where fields are of the related resource; `counts` around it, outermost first; `world` is what the conditions around
    it leave open."""

    world: World
    negated: bool = False
    related: bool = False
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A comparison and its place."""

    comparison: Comparison
    place: Place

    @property
    def types(self) -> frozenset[str] | None:
        """The lower-cased resource types for which the comparison matters; None where they are not limited."""
        values = (self.place.world or {}).get("type", Domain()).values
        return None if values is None else frozenset(value for value in values if value is not None)

    @property
    def positive(self) -> str:
        """The operator without its `not`."""
        operator = self.comparison.operator
        return operator[3].lower() + operator[4:] if operator.startswith("not") else operator

    @property
    def looks_for(self) -> bool:
        """Whether the rule gets nearer to its effect where the operator without its `not` holds."""
        return self.place.negated is self.comparison.operator.startswith("not")

    @property
    def field(self) -> str:
        """The field compared, as written; empty where something else is, or its name is computed."""
        subject = self.comparison.subject
        return str(subject.name.value) if isinstance(subject, Field) and subject.name.constant else ""

    @property
    def loose_stars(self) -> int:
        """How many `[*]` of the field are not those of a count around it."""
        name = self.field.lower()
        return name.count("[*]") - stars_bound(name, self.place.counts)

    @property
    def templates(self) -> Iterator[Template]:
        """What the comparison is written with, but for what a count's `where` has."""
        yield self.comparison.operand
        subject = self.comparison.subject
        if isinstance(subject, Field):
            yield subject.name
        elif isinstance(subject, Value):
            yield subject.template
        else:
            yield from filter(None, (subject.field, subject.value))

    @property
    def operands(self) -> tuple[tuple[Json, str], ...]:
        """The constant values that it compares with, those of a list one by one, each with its pointer; none where
        they are computed."""
        operand = self.comparison.operand
        if not operand.constant:
            return ()
        if isinstance(operand.value, list):
            return tuple((item, f"{operand.pointer}/{at}") for at, item in enumerate(operand.value))
        return ((operand.value, operand.pointer),)

    def fields(self) -> Iterator[FieldUse]:
        """Every field that it reads whose name is known."""
        subject = self.comparison.subject
        if isinstance(subject, Field) and subject.name.constant:
            yield FieldUse(str(subject.name.value), subject.pointer, "field")
        elif isinstance(subject, Count) and subject.field is not None and subject.field.constant:
            yield FieldUse(str(subject.field.value), subject.field.pointer, "count")
        for pointer, expression in all_expressions(self.templates):
            for call in calls(expression):
                if (name := field_named(call)) is not None:
                    yield FieldUse(name.value, pointer, f"{call.key}()", name.column)


def field_named(call: Call) -> Text | None:
    """The name of the field that a call of field() or current() reads, where it is a constant."""
    if call.key not in ("field", "current") or len(call.arguments) != 1 or not isinstance(call.arguments[0], Text):
        return None
    name = call.arguments[0]
    return name if call.key == "field" or "/" in name.value else None


def leaves(rule: Rule, possible: Possible, related_type: str = "") -> tuple[Leaf, ...]:
    """All comparisons of a rule in the order of the text, those of the existenceCondition last. `related_type` is the
    type that then.details looks for, empty where it is not known."""
    found = list(_below(rule.condition, possible, Place(ANY)))
    existence = rule.then.existence_condition
    if existence is not None:
        world = {"type": Domain(frozenset({related_type.lower()}))} if related_type else ANY
        found += _below(existence, possible, Place(world, related=True))
    return tuple(found)


def _below(condition: Condition, possible: Possible, place: Place) -> Iterator[Leaf]:
    if isinstance(condition, Not):
        yield from _below(condition.condition, possible, replace(place, negated=not place.negated))
    elif isinstance(condition, AllOf | AnyOf):
        for part, world in possible.beside(condition, place.world, place.counts):
            yield from _below(part, possible, replace(place, world=world))
    else:
        yield Leaf(condition, place)
        count = condition.subject
        if isinstance(count, Count) and count.where is not None:
            inside = replace(place, negated=False, counts=(*place.counts, count))
            yield from _below(count.where, possible, inside)
