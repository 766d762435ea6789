"""The links of a page: every state of it is an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from muster.values.listing import FacetValue
from muster.values.selection import OF_RESULTS, SKIPS_IMAGE, Facet, Order, Selection
from muster.web.query import query_of

SHOWN_VALUES = 8
"""Values of a facet that are seen at once; MAX_VALUES are one click away, the rest in the JSON."""
MAX_VALUES = 60

FACET_TITLES: Mapping[Facet, str] = {
    Facet.STATE: "State",
    Facet.SEVERITY: "Severity",
    Facet.POLICY: "Policy",
    Facet.CONTROL: "Control",
    Facet.DISTRIBUTION: "Distribution",
    Facet.RELEASE: "Release",
    Facet.PHASE: "Support phase",
    Facet.SUBSCRIPTION: "Subscription",
    Facet.RESOURCE_GROUP: "Resource group",
    Facet.LOCATION: "Location",
    Facet.OWNER: "Owner",
}

WORDS: Mapping[str, str] = {
    "NonCompliant": "Non-compliant",
    "NotApplicable": "Not applicable",
    SKIPS_IMAGE: "Skips the image",
    "attemptsSpent": "All attempts failed",
    "brokenPolicies": "Policies that can’t be used",
    "internalError": "A fault of muster’s own",
    "invalidEvent": "Not a well-formed event",
    "invalidJson": "Not JSON",
    "invalidMessage": "Not a well-formed message",
    "invalidResourceId": "Not a resource id",
    "notificationRefused": "The topic refused it",
    "tooDeep": "Nested too deeply",
    "tooLarge": "Too large",
    "unknownSchema": "An unknown schema",
    "unknownVersion": "An unknown version",
    "unwatchedSubscription": "A subscription that is not watched",
    "preview": "Preview",
    "supported": "Supported",
    "security": "Security only",
    "extended": "Extended support",
    "ended": "Ended",
    "rolling": "Rolling",
    "unknown": "Not known",
    "none": "No machine",
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "info": "Info",
}
"""What people call the values of muster's own lists, where it is not the value itself."""


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet: the address with it added or taken away."""

    value: str
    label: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class FacetBlock:
    """A facet with the values that are seen at once and the others; `hidden` counts those that are not here at all."""

    name: str
    title: str
    first: tuple[FacetLink, ...]
    rest: tuple[FacetLink, ...]
    hidden: int
    chosen: int
    open: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head; `href` "" where the list can't be sorted by it. `sorted` as aria-sort has it."""

    label: str
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list a page is. Addresses are "" where there is nothing."""

    first: int
    last: int
    total: int
    page: int
    pages: int
    previous: str
    next: str


def address(path: str, selection: Selection | None = None, extra: Mapping[str, str] | None = None) -> str:
    """A page's address."""
    query = query_of(selection or Selection(), extra=extra)
    return f"{path}?{query}" if query else path


def resource_address(identifier: str) -> str:
    """The page of a resource."""
    return f"/resource?id={quote(identifier, safe='')}"


def facet_blocks(
    path: str, selection: Selection, facets: Mapping[Facet, Iterable[FacetValue]]
) -> tuple[FacetBlock, ...]:
    """All facets with links. Those of results, phase and distribution begin open, and whatever is chosen."""
    begin_open = (*OF_RESULTS, Facet.DISTRIBUTION, Facet.PHASE)
    blocks = []
    for facet, values in facets.items():
        links = [
            FacetLink(
                one.value,
                WORDS.get(one.label, one.label),
                one.count,
                one.value in selection.of(facet),
                address(path, selection.toggled(facet, one.value)),
            )
            for one in values
        ]
        seen = links[:SHOWN_VALUES]
        rest = links[SHOWN_VALUES:MAX_VALUES]
        late = [link for link in links[MAX_VALUES:] if link.chosen]
        chosen = len(selection.of(facet))
        blocks.append(
            FacetBlock(
                facet,
                FACET_TITLES[facet],
                tuple(seen),
                (*rest, *late),
                max(len(links) - MAX_VALUES - len(late), 0),
                chosen,
                bool(chosen) or facet in begin_open,
            )
        )
    return tuple(blocks)


def chosen_links(path: str, selection: Selection) -> tuple[FacetLink, ...]:
    """What is chosen, each with the address without it."""
    found = [
        FacetLink(
            value,
            f"{FACET_TITLES[facet]}: {WORDS.get(value, value)}",
            0,
            True,
            address(path, selection.toggled(facet, value)),
        )
        for facet in Facet
        for value in selection.of(facet)
    ]
    if selection.text:
        found.append(
            FacetLink("", f"Search: {selection.text}", 0, True, address(path, replace(selection, text="", page=1)))
        )
    return tuple(found)


def headings(
    path: str, selection: Selection, columns: Iterable[tuple[str, Order | None]], default: Order
) -> tuple[Heading, ...]:
    """Columns' heads; the one that is sorted by turns the order round."""
    now = selection.order or default
    found = []
    for label, order in columns:
        if order is None:
            found.append(Heading(label))
            continue
        turned = replace(selection, order=order, descending=order is now and not selection.descending, page=1)
        direction = ("descending" if selection.descending else "ascending") if order is now else "none"
        found.append(Heading(label, address(path, turned), direction))
    return tuple(found)


def pager(path: str, selection: Selection, total: int, shown: int) -> Pager:
    """The place of a page."""
    pages = max(-(-total // selection.size), 1)
    first = (selection.page - 1) * selection.size

    def at(page: int) -> str:
        return address(path, replace(selection, page=page)) if 1 <= page <= pages and page != selection.page else ""

    return Pager(
        first + 1 if shown else 0,
        first + shown,
        total,
        selection.page,
        pages,
        at(selection.page - 1),
        at(selection.page + 1),
    )


def kept_fields(selection: Selection, *, without: str) -> list[tuple[str, str]]:
    """Names and values that a form carries along as hidden fields."""
    fields = [(str(facet), value) for facet in Facet for value in selection.of(facet)]
    if selection.text and without != "q":
        fields.append(("q", selection.text))
    if selection.order is not None:
        fields.append(("sort", f"{'-' * selection.descending}{selection.order}"))
    if selection.as_of is not None and without != "asOf":
        fields.append(("asOf", str(selection.as_of)))
    return fields
