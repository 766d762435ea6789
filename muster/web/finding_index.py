"""What pages need of the index of findings, as a protocol. muster.adapters.index_reader implements it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Protocol

from muster.values.listing import (
    ChangeRow,
    Damaged,
    FacetValue,
    FindingRow,
    Listing,
    Overview,
    PolicyCount,
    ResourceRow,
    Selected,
    SystemCount,
    Unprocessed,
)
from muster.values.selection import Facet, Selection


class FindingIndex(Protocol):
    """What pages ask of all findings at once. `subscriptions` are those that the viewer may see, None for all; today
    and other days are UTC."""

    @property
    def size(self) -> int:
        """How many resources there are."""
        ...

    def noted(self, name: str) -> str:
        """A fact about the index itself; "" where there is none."""
        ...

    def damaged(self) -> tuple[Damaged, ...]:
        """Blobs that are no findings."""
        ...

    def unprocessed(self, subscriptions: Collection[str] | None, most: int) -> Unprocessed:
        """What could not be processed and is of these subscriptions, the newest `most` in rows; the others are only
        counted."""
        ...

    def resources(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> Listing[ResourceRow]:
        """A page of resources, and the counts of all facets."""
        ...

    def findings(self, selection: Selection, subscriptions: Collection[str] | None, today: date) -> Listing[FindingRow]:
        """A page of findings, and the counts of all facets."""
        ...

    def selected(self, selection: Selection, subscriptions: Collection[str] | None, today: date, most: int) -> Selected:
        """The resources with a finding of a selection, by name; their ids only where they are at most `most`."""
        ...

    def overview(self, subscriptions: Collection[str] | None, since: str) -> Overview:
        """Counts of everything; `since` is when what counts as changed was first seen, as text."""
        ...

    def changes(self, subscriptions: Collection[str] | None, since: str, most: int) -> tuple[ChangeRow, ...]:
        """Results that changed with the latest evaluation of their resource, newest first."""
        ...

    def by_policy(self, states: Iterable[str], subscriptions: Collection[str] | None) -> tuple[PolicyCount, ...]:
        """How many results of each policy have one of these values of Facet.STATE, most first."""
        ...

    def exempted(self, subscriptions: Collection[str] | None, today: date) -> tuple[FindingRow, ...]:
        """A result for each exemption that is used, those that end first at the beginning."""
        ...

    def systems(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> tuple[SystemCount, ...]:
        """How many of the selected machines run what."""
        ...

    def resource_facets(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> Mapping[Facet, tuple[FacetValue, ...]]:
        """The counts of all facets, of resources."""
        ...
