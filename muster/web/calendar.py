"""The lifecycle calendar: what falls out of support in which month, seen from any day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from muster.values.json import JsonObject
from muster.values.listing import SystemCount
from muster.values.selection import Facet, Selection
from muster.web.drawing import month_columns
from muster.web.links import address, chosen_links, facet_blocks, kept_fields
from muster.web.page import Page, Sources, View
from muster.web.query import Parameters
from muster.web.shapes import envelope, facets_json, lifetime_json

MONTHS = 36
_FACETS = (Facet.DISTRIBUTION, Facet.PHASE, Facet.SUBSCRIPTION, Facet.RESOURCE_GROUP, Facet.LOCATION, Facet.OWNER)


def _calendar(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    day = selection.as_of or sources.today
    subscriptions = sources.viewer.subscriptions
    counts = sources.index.systems(selection, subscriptions, sources.today)
    facets = sources.index.resource_facets(selection, subscriptions, sources.today)
    months = _months(day)
    by_month: dict[str, list[SystemCount]] = {month: [] for month in months}
    others: dict[str, list[SystemCount]] = {"ended": [], "later": [], "rolling": [], "unknown": []}
    for one in sorted(counts, key=lambda one: (str(one.lifetime.last_day or "9999"), one.lifetime.system)):
        last = one.lifetime.last_day
        if last is None:
            others[one.lifetime.phase if one.lifetime.phase in ("rolling", "ended") else "unknown"].append(one)
        elif last < day:
            others["ended"].append(one)
        else:
            by_month.get(f"{last:%Y-%m}", others["later"]).append(one)
    totals = {month: sum(one.machines for one in ones) for month, ones in by_month.items()}
    sums = {name: sum(one.machines for one in ones) for name, ones in others.items()}
    data = envelope(
        sources,
        selection,
        machines=sum(one.machines for one in counts),
        months=[
            {"month": month, "machines": totals[month], "systems": [*map(_json, ones)]}
            for month, ones in by_month.items()
            if ones
        ],
    )
    data |= {name: {"machines": sums[name], "systems": [*map(_json, ones)]} for name, ones in others.items()}
    data["facets"] = facets_json({facet: facets[facet] for facet in _FACETS})
    in_view = sum(totals.values())
    shown = {
        "day": day,
        "selection": selection,
        "columns": month_columns([(month, total, f"#m{month}" if total else "") for month, total in totals.items()]),
        "months": [(month, totals[month], ones) for month, ones in by_month.items() if ones],
        "others": others,
        "sums": sums,
        "in_view": in_view,
        "until": months[-1],
        "machines": sum(one.machines for one in counts),
        "facets": facet_blocks(CALENDAR.path, selection, {facet: facets[facet] for facet in _FACETS}),
        "chosen": chosen_links(CALENDAR.path, selection),
        "everything": address(CALENDAR.path, Selection(as_of=selection.as_of)),
        "kept": kept_fields(selection, without="asOf"),
        "path": CALENDAR.path,
        "jumps": [
            (
                label,
                address(CALENDAR.path, replace(selection, as_of=None if years == 0 else _later(sources.today, years))),
            )
            for label, years in (("Today", 0), ("In a year", 1), ("In two years", 2), ("In three years", 3))
        ],
        "list_day": str(day) if selection.as_of else "",
    }
    columns = (
        "month",
        "lastDay",
        "system",
        "product",
        "release",
        "phase",
        "machines",
        "extendedProgramme",
        "successor",
    )
    return View(
        shown,
        data,
        columns,
        [
            (
                f"{last:%Y-%m}" if (last := one.lifetime.last_day) else "",
                last or "",
                one.lifetime.system,
                one.lifetime.product,
                one.lifetime.release,
                one.lifetime.phase,
                one.machines,
                one.lifetime.programme,
                one.lifetime.successor,
            )
            for one in sorted(counts, key=lambda one: (str(one.lifetime.last_day or "9999"), one.lifetime.system))
        ],
    )


def _months(day: date) -> list[str]:
    """The names of MONTHS months from a day on."""
    first = day.year * 12 + day.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, first + MONTHS)]


def _later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _json(one: SystemCount) -> JsonObject:
    return {"machines": one.machines, **lifetime_json(one.lifetime)}


CALENDAR = Page(
    "lifecycle",
    "/lifecycle",
    "Lifecycle",
    "How many machines fall out of support in which month, from the day asOf on.",
    Parameters(tuple(Facet), dated=True),
    _calendar,
)
