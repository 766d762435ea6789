"""What somebody wants to see of the findings: facets, words, order, page, and as of which day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Facet(StrEnum):
    """A property that findings are chosen and counted by. The value is its name in addresses and options."""

    STATE = "state"
    SEVERITY = "severity"
    POLICY = "policy"
    CONTROL = "control"
    DISTRIBUTION = "distribution"
    RELEASE = "release"
    PHASE = "phase"
    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resourceGroup"
    LOCATION = "location"
    OWNER = "owner"


OF_RESULTS = (Facet.STATE, Facet.SEVERITY, Facet.POLICY, Facet.CONTROL)
"""Facets of a finding itself; the others are its resource's."""

PHASES = ("preview", "supported", "security", "extended", "ended", "rolling", "unknown", "none")
"""The phases of Muster.Lifecycle in the order of a release's life, what is not known, and what has no life."""

NONE = "(none)"
"""The value of a facet for what has none: no owner, no control."""

SKIPS_IMAGE = "SkipsImage"
"""A value of Facet.STATE beside the six states: NotApplicable because the rule silently skips the image."""


class Order(StrEnum):
    """What a list is sorted by."""

    SEVERITY = "severity"
    NAME = "name"
    POLICY = "policy"
    SYSTEM = "system"
    LOCATION = "location"
    SUPPORT = "support"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted. Values of one facet are alternatives; facets, and words of `text`, must all be met.

    `order` None is the list's own; `page` counts from 1. `as_of` is the day that phases are of, None for today.
    """

    chosen: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    order: Order | None = None
    descending: bool = False
    page: int = 1
    size: int = 50
    as_of: date | None = None

    def of(self, facet: Facet) -> tuple[str, ...]:
        """The values that were chosen of a facet; none means any."""
        return self.chosen.get(facet, ())

    def toggled(self, facet: Facet, value: str) -> "Selection":
        """With a value added or taken away, at the first page."""
        before = self.of(facet)
        after = tuple(one for one in before if one != value) if value in before else (*before, value)
        return self.only(facet, *after)

    def only(self, facet: Facet, *values: str) -> "Selection":
        """With these values of a facet, at the first page."""
        chosen = {name: kept for name, kept in self.chosen.items() if name is not facet}
        if values:
            chosen[facet] = values
        return replace(self, chosen=chosen, page=1)

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.chosen or self.text)
