"""Which values of fields a condition leaves open.

A world says for fields, by lower-cased name, which values they may have; a field that is not in it may have any. None
stands for no world at all: it can't be. Worlds are never too small: what they exclude is impossible, what they leave
open may be impossible all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import TypeAlias

Texts: TypeAlias = frozenset[str | None]
"""Values as the texts that they compare as, without case. None is the property that is missing or null."""

MOST_VALUES = 2_000
MOST_FIELDS = 200
"""Beyond so many values of a field, and so many fields, worlds are larger than they need be: the largest rule that
Azure takes is looked at in a second or two."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that a field may have: those in `only` (any where it is None) that are not in `never`."""

    only: Texts | None = None
    never: Texts = frozenset()

    @property
    def empty(self) -> bool:
        """Whether there is no such value."""
        return self.only is not None and self.only <= self.never

    @property
    def values(self) -> Texts | None:
        """All such values; None where they can't be listed."""
        return None if self.only is None else self.only - self.never

    def __and__(self, other: "Domain") -> "Domain":
        if self.only is None or other.only is None:
            only = other.only if self.only is None else self.only
        else:
            only = self.only & other.only
        never = self.never | other.never
        return Domain(only, never if len(never) <= MOST_VALUES else self.never)

    def __or__(self, other: "Domain") -> "Domain":
        mine, others = self.values, other.values
        if mine is not None and others is not None:
            together = mine | others
            return Domain(together) if len(together) <= MOST_VALUES else Domain()
        if mine is None and others is None:
            return Domain(None, self.never & other.never)
        return Domain(None, (self.never - others) if others is not None else (other.never - (mine or frozenset())))


World: TypeAlias = Mapping[str, Domain] | None

ANY: World = MappingProxyType({})
"""The world that excludes nothing."""


def both(left: World, right: World) -> World:
    """What is in both worlds."""
    if left is None or right is None:
        return None
    if not left or not right:
        return left or right
    found = dict(left)
    for name, domain in right.items():
        if name in found:
            found[name] &= domain
            if found[name].empty:
                return None
        elif len(found) < MOST_FIELDS:
            found[name] = domain
    return found


def either(left: World, right: World) -> World:
    """What is in one of two worlds."""
    if left is None or right is None:
        return right if left is None else left
    return {name: domain | right[name] for name, domain in left.items() if name in right}


def all_of(worlds: Iterable[World]) -> World:
    """What is in all of them."""
    return reduce(both, worlds, ANY)


def any_of(worlds: Iterable[World]) -> World:
    """What is in any of them."""
    return reduce(either, worlds, None)
