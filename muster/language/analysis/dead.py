"""Conditions that can come out one way only."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from muster.language.analysis.domains import ANY, World, both
from muster.language.analysis.possible import Possible
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Not


class Death(Enum):
    """What is wrong with a condition."""

    TRUE = "it holds for every resource"
    FALSE = "it holds for no resource"
    UNREACHABLE = "it could hold, but not where the conditions around it do"
    COVERED = "where it holds, a condition before it in the same anyOf does"


@dataclass(frozen=True, slots=True)
class Dead:
    """A condition that can come out one way only. `field` is the one, lower-cased, of which nothing remains possible;
    empty where a condition is constant by itself."""

    death: Death
    condition: Condition
    field: str = ""


def dead(condition: Condition, possible: Possible, around: World = ANY) -> Iterator[Dead]:
    """All such conditions in one, outermost first, each fault once at its most specific place. `around` is what is
    known of the resource beforehand."""
    yield from _dead(condition, possible, around, around, ())


def _dead(
    condition: Condition, possible: Possible, around: World, uncovered: World, counts: tuple[Count, ...]
) -> Iterator[Dead]:
    """`around` is what the conditions around leave open, `uncovered` what of it no alternative before has taken."""
    holds = possible.world(condition, True, counts)
    constant = _constant(condition, possible, counts)
    if constant is not None:
        yield from _fixed(condition, possible, counts, outcome=constant)
    elif both(around, holds) is None:
        yield Dead(Death.UNREACHABLE, condition, _conflict(around, holds))
    elif both(uncovered, holds) is None:
        yield Dead(Death.COVERED, condition, _conflict(uncovered, holds))
    elif isinstance(condition, Not):
        yield from _dead(condition.condition, possible, around, uncovered, counts)
    elif isinstance(condition, AllOf):
        for part, others in possible.beside(condition, ANY, counts):
            narrow, open_to = both(around, others), both(uncovered, others)
            yield from _dead(
                part,
                possible,
                around if narrow is None else narrow,
                uncovered if open_to is None else open_to,
                counts,
            )
    elif isinstance(condition, AnyOf):
        for part in condition.conditions:
            yield from _dead(part, possible, around, uncovered, counts)
            left = both(uncovered, possible.world(part, False, counts))
            uncovered = uncovered if left is None else left
    elif isinstance(condition.subject, Count) and condition.subject.where is not None:
        yield from _dead(condition.subject.where, possible, around, around, (*counts, condition.subject))


def _fixed(condition: Condition, possible: Possible, counts: tuple[Count, ...], *, outcome: bool) -> Iterator[Dead]:
    """The most specific place of a condition that always comes out as `outcome`."""
    death = Death.TRUE if outcome else Death.FALSE
    if isinstance(condition, Comparison):
        yield Dead(death, condition)
        return
    if isinstance(condition, Not):
        yield from _fixed(condition.condition, possible, counts, outcome=not outcome)
        return
    if not condition.conditions:
        yield Dead(death, condition)
        return
    constants = [(part, _constant(part, possible, counts)) for part in condition.conditions]
    if any(constant is not None for _, constant in constants):
        for part, constant in constants:
            if constant is not None:
                yield from _fixed(part, possible, counts, outcome=constant)
        return
    # No part is constant, so that they exclude one another: the first that does not go with those before it.
    so_far: World = ANY
    for part in condition.conditions:
        world = possible.world(part, not outcome, counts)
        joined = both(so_far, world)
        if joined is None:
            yield Dead(death, part, _conflict(so_far, world))
            return
        so_far = joined


def _constant(condition: Condition, possible: Possible, counts: tuple[Count, ...]) -> bool | None:
    if possible.world(condition, False, counts) is None:
        return True
    return False if possible.world(condition, True, counts) is None else None


def _conflict(left: World, right: World) -> str:
    left, right = left or {}, right or {}
    return next((name for name in left if name in right and both({name: left[name]}, {name: right[name]}) is None), "")
