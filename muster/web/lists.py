"""The lists of resources and of findings."""

from collections.abc import Mapping

from muster.values.json import JsonObject
from muster.values.listing import Listing, Row
from muster.values.selection import Facet, Order, Selection
from muster.web.exports import FINDINGS_EXPORT, command_line, export_links, fits
from muster.web.links import address, chosen_links, facet_blocks, headings, kept_fields, pager
from muster.web.page import Page, Sources, View
from muster.web.query import Parameters
from muster.web.request import BadQuery, Fault
from muster.web.shapes import (
    FINDING_COLUMNS,
    RESOURCE_COLUMNS,
    envelope,
    facets_json,
    finding_cells,
    finding_json,
    resource_cells,
    resource_json,
)

_RESOURCE_HEADS = (
    ("Resource", Order.NAME),
    ("State", Order.SEVERITY),
    ("System", Order.SYSTEM),
    ("Support ends", Order.SUPPORT),
    ("Owner", None),
    ("Location", Order.LOCATION),
    ("Changed", Order.CHANGED),
)
_FINDING_HEADS = (
    ("State", Order.SEVERITY),
    ("Policy", Order.POLICY),
    ("Resource", Order.NAME),
    ("System", Order.SYSTEM),
    ("Owner", None),
)


def _resources(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    listing = sources.index.resources(selection, sources.viewer.subscriptions, sources.today)
    _refuse_past_the_end(selection, listing.total)
    return View(
        shown={
            **_shown(RESOURCES.path, selection, listing),
            "headings": headings(RESOURCES.path, selection, _RESOURCE_HEADS, Order.SEVERITY),
        },
        data=_data(sources, RESOURCES.path, selection, listing, [resource_json(row) for row in listing.rows]),
        columns=RESOURCE_COLUMNS,
        rows=map(resource_cells, listing.rows),
    )


def _findings(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    listing = sources.index.findings(selection, sources.viewer.subscriptions, sources.today)
    _refuse_past_the_end(selection, listing.total)
    return View(
        shown={
            **_shown(FINDINGS.path, selection, listing),
            "headings": headings(FINDINGS.path, selection, _FINDING_HEADS, Order.SEVERITY),
            "exports": export_links(FINDINGS_EXPORT, selection) if fits(listing.resources, listing.total) else [],
            "command": command_line(selection),
        },
        data=_data(sources, FINDINGS.path, selection, listing, [finding_json(row) for row in listing.rows]),
        columns=FINDING_COLUMNS,
        rows=map(finding_cells, listing.rows),
    )


def _shown(path: str, selection: Selection, listing: Listing[Row]) -> dict[str, object]:
    return {
        "listing": listing,
        "path": path,
        "selection": selection,
        "facets": facet_blocks(path, selection, listing.facets),
        "chosen": chosen_links(path, selection),
        "everything": address(path),
        "pager": pager(path, selection, listing.total, len(listing.rows)),
        "kept": kept_fields(selection, without="q"),
        "kept_for_day": kept_fields(selection, without="asOf"),
    }


def _data(
    sources: Sources, path: str, selection: Selection, listing: Listing[Row], items: list[JsonObject]
) -> JsonObject:
    place = pager(f"{path}.json", selection, listing.total, len(listing.rows))
    return envelope(
        sources,
        selection,
        page=selection.page,
        pages=place.pages,
        size=selection.size,
        total=listing.total,
        next=place.next or None,
        items=[*items],
        facets=facets_json(listing.facets),
    )


def _refuse_past_the_end(selection: Selection, total: int) -> None:
    pages = max(-(-total // selection.size), 1)
    if selection.page > pages:
        there = "there is 1 page" if pages == 1 else f"there are {pages:,} pages"
        raise BadQuery([Fault("page", f"{selection.page:,} is past the end: {there} of {selection.size} rows")])


RESOURCES = Page(
    "resources",
    "/resources",
    "Resources",
    "Resources with the facets of a query. Severity, policy and control are those of one result that is "
    "NonCompliant, Error or Unknown.",
    Parameters(
        tuple(Facet),
        tuple(order for _, order in _RESOURCE_HEADS if order),
        paged=True,
        dated=True,
    ),
    _resources,
)
FINDINGS = Page(
    "findings",
    "/findings",
    "Findings",
    "Results of policies with the facets of a query, one for each resource and definition.",
    Parameters(
        tuple(Facet),
        (*(order for _, order in _FINDING_HEADS if order), Order.LOCATION, Order.SUPPORT, Order.CHANGED),
        paged=True,
        dated=True,
    ),
    _findings,
)
