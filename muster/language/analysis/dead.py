"""Conditions that can come out one way only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from muster.language.analysis.domains import World, all_of, both
from muster.language.analysis.possible import possible
from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Not


class Death(Enum):
    """What is wrong with a condition."""

    TRUE = "it holds for every resource"
    FALSE = "it holds for no resource"
    UNREACHABLE = "it could hold, but not where the conditions around it do"


@dataclass(frozen=True, slots=True)
class Dead:
    """A condition that can come out one way only. `field` is the one, lower-cased, of which nothing remains possible;
    empty where a condition is constant by itself."""

    death: Death
    condition: Condition
    field: str = ""


def dead(condition: Condition, around: World = None, counts: Sequence[Count] = ()) -> Iterator[Dead]:
    """All such conditions in one, outermost first, each fault once at its most specific place. `around` is what the
    conditions around it leave open."""
    around = {} if around is None else around
    holds, fails = possible(condition, True, counts), possible(condition, False, counts)
    if holds is None or fails is None:
        yield from _fixed(condition, counts, outcome=fails is None)
    elif both(around, holds) is None:
        yield Dead(Death.UNREACHABLE, condition, _conflict(around, holds))
    elif isinstance(condition, Not):
        yield from dead(condition.condition, around, counts)
    elif isinstance(condition, AllOf | AnyOf):
        for part, world in beside(condition, around, counts):
            yield from dead(part, world, counts)
    elif isinstance(condition.subject, Count) and condition.subject.where is not None:
        yield from dead(condition.subject.where, around, (*counts, condition.subject))


def beside(condition: AllOf | AnyOf, around: World, counts: Sequence[Count]) -> Iterator[tuple[Condition, World]]:
    """Each part of a junction with the world in which it matters: where those beside it do not decide already. Where
    they always do, it is the world around."""
    matters = isinstance(condition, AllOf)
    worlds = [possible(part, matters, counts) for part in condition.conditions]
    for at, part in enumerate(condition.conditions):
        world = all_of((around, *worlds[:at], *worlds[at + 1 :]))
        yield part, around if world is None else world


def _fixed(condition: Condition, counts: Sequence[Count], *, outcome: bool) -> Iterator[Dead]:
    """The most specific place of a condition that always comes out as `outcome`."""
    death = Death.TRUE if outcome else Death.FALSE
    if isinstance(condition, Comparison):
        yield Dead(death, condition)
        return
    if isinstance(condition, Not):
        yield from _fixed(condition.condition, counts, outcome=not outcome)
        return
    inner = [part for part in condition.conditions if _constant(part, counts) is not None]
    if inner or not condition.conditions:
        for part in inner:
            yield from _fixed(part, counts, outcome=_constant(part, counts) is True)
        if not inner:
            yield Dead(death, condition)
        return
    # No part is constant, so that they exclude one another: the first that does not go with those before it.
    so_far: World = {}
    for part in condition.conditions:
        world = possible(part, not outcome, counts)
        joined = both(so_far, world)
        if joined is None:
            yield Dead(death, part, _conflict(so_far, world))
            return
        so_far = joined


def _constant(condition: Condition, counts: Sequence[Count]) -> bool | None:
    if possible(condition, False, counts) is None:
        return True
    return False if possible(condition, True, counts) is None else None


def _conflict(left: World, right: World) -> str:
    shared = [name for name in left or {} if name in (right or {})]
    return next((name for name in shared if both({name: (left or {})[name]}, {name: (right or {})[name]}) is None), "")
