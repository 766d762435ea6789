"""Bring the catalogue up to date from public data sets, as a proposal: the new files, and what differs.

A file says itself which data sets have its product and which of their members hold which of its dates; where both have
one, distro-info-data counts before endoflife.date. What the data sets do not state stays as it is. A date that was
changed by hand (`byHand`) is kept unless forced.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from muster.facts.catalogue import Catalogue
from muster.facts.catalogue_change import Change
from muster.facts.catalogue_reading import DATE_MEMBERS
from muster.facts.release import Feed, Product
from muster.facts.release_feeds import FeedProducts, FeedRelease
from muster.values.json import Json, JsonObject

ROW_ORDER = (
    *("cycle", "release", "channel", "codename", "label", "status"),
    *DATE_MEMBERS,
    *("programme", "expectation", "successor", "exceptVariants", "source", "seen", "byHand", "note"),
)
"""The order of a row's members in a file."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The files of products that a data set has, by name, as they would be, and every difference."""

    files: Mapping[str, JsonObject]
    changes: tuple[Change, ...]


def refresh(
    catalogue: Catalogue,
    files: Mapping[str, JsonObject],
    *,
    endoflife_date: FeedProducts,
    distro_info: FeedProducts,
    today: date,
    force: bool = False,
) -> Refreshed:
    """Merge newer data into the files that `catalogue` was read from."""
    renewed: dict[str, JsonObject] = {}
    changes: list[Change] = []
    for product in catalogue.products.values():
        stated = _stated(product, endoflife_date, distro_info)
        if stated is None:
            continue
        file = copy.deepcopy(files[product.file])
        changes += _merge(product, file, stated, today, force=force)
        file["refreshed"] = today.isoformat()
        renewed[product.file] = file
    return Refreshed(renewed, tuple(changes))


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the data sets state of a cycle: our member -> its day and the data set that has it."""

    codename: str
    days: Mapping[str, tuple[date, str]]


def _stated(product: Product, endoflife_date: FeedProducts, distro_info: FeedProducts) -> dict[str, _Stated] | None:
    """By cycle; None where no data set that was given has the product."""
    found: dict[str, _Stated] | None = None
    for feed, products, source in (
        (product.endoflife_date, endoflife_date, "endoflife.date/{}"),
        (product.distro_info, distro_info, "distro-info-data ({}.csv)"),
    ):
        if feed is None or feed.name not in products:
            continue
        found = found or {}
        for release in products[feed.name]:
            days = dict(_days(feed, release, source.format(feed.name)))
            known = found.get(release.cycle)
            found[release.cycle] = _Stated(
                release.codename or (known.codename if known else ""), {**(known.days if known else {}), **days}
            )
    return {cycle: _with_phases_of_their_own(stated) for cycle, stated in found.items()} if found else found


def _days(feed: Feed, release: FeedRelease, source: str) -> Iterator[tuple[str, tuple[date, str]]]:
    for ours, theirs in feed.members:
        if theirs in release.days:
            yield ours, (release.days[theirs], source)


def _with_phases_of_their_own(stated: _Stated) -> _Stated:
    """Without an end of active support that is the end of support, or an extended one that is not after it: data sets
    repeat a date where a product has no such phase."""
    end = stated.days.get("endOfSupport")
    days = dict(stated.days)
    if end is not None:
        if "activeSupportEnd" in days and days["activeSupportEnd"][0] >= end[0]:
            del days["activeSupportEnd"]
        if "extendedSupportEnd" in days and days["extendedSupportEnd"][0] <= end[0]:
            del days["extendedSupportEnd"]
    return _Stated(stated.codename, days)


def _merge(
    product: Product, file: JsonObject, stated: Mapping[str, _Stated], today: date, *, force: bool
) -> Iterator[Change]:
    rows = file["releases"]
    assert isinstance(rows, list)
    held = [row for row in rows if isinstance(row, dict) and "release" not in row and row.get("channel", "vm") == "vm"]
    by_cycle = {row.get("cycle"): row for row in held}
    for cycle, found in stated.items():
        row = by_cycle.get(cycle)
        if row is not None:
            yield from _merge_row(product, row, cycle, found, today, force=force)
    oldest = min((str(row["releaseDate"]) for row in held if row.get("releaseDate")), default=None)
    for cycle, found in stated.items():
        released = found.days.get("releaseDate")
        if cycle not in by_cycle and released is not None and oldest is not None and released[0].isoformat() > oldest:
            yield from _add_row(product, rows, cycle, found, today)


def _merge_row(
    product: Product, row: JsonObject, cycle: str, stated: _Stated, today: date, *, force: bool
) -> Iterator[Change]:
    by_hand = row.get("byHand", [])
    assert isinstance(by_hand, list)
    sources: list[str] = []
    for member, (day, source) in stated.days.items():
        before = row.get(member)
        if before == day.isoformat():
            continue
        kept = member in by_hand and not force
        shown = before if isinstance(before, str) else None
        yield Change(product.name, cycle, member, shown, day.isoformat(), source, kept=kept)
        if kept:
            continue
        row[member] = day.isoformat()
        if member in by_hand:
            by_hand.remove(member)
        if source not in sources:
            sources.append(source)
    if sources:
        _name_programme(product, row)
        row.update(source="; ".join(sources), seen=today.isoformat())
        if not by_hand:
            row.pop("byHand", None)
        _put_in_order(row)


def _add_row(product: Product, rows: list[Json], cycle: str, stated: _Stated, today: date) -> Iterator[Change]:
    """A release that is new, before the first that is older."""
    row: JsonObject = {"cycle": cycle, "endOfSupport": None}
    if stated.codename:
        row["codename"] = stated.codename
    for member, (day, source) in stated.days.items():
        row[member] = day.isoformat()
        yield Change(product.name, cycle, member, None, day.isoformat(), source, added=True)
    _name_programme(product, row)
    row.update(source="; ".join(dict.fromkeys(source for _, source in stated.days.values())), seen=today.isoformat())
    _put_in_order(row)
    released = str(row["releaseDate"])
    older = (index for index, other in enumerate(rows) if isinstance(other, dict) and _released(other) < released)
    rows.insert(next(older, len(rows)), row)


def _released(row: JsonObject) -> str:
    day = row.get("releaseDate")
    return day if isinstance(day, str) else "9999"


def _name_programme(product: Product, row: JsonObject) -> None:
    """An end of extended support that is new is that of the product's programme, where it has one only."""
    if "extendedSupportEnd" in row and "programme" not in row and len(product.programmes) == 1:
        row["programme"] = product.programmes[0].name


def _put_in_order(row: JsonObject) -> None:
    ordered = {name: row[name] for name in ROW_ORDER if name in row}
    row.clear()
    row.update(ordered)
