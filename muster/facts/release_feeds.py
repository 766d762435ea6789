"""Public data sets of release dates: endoflife.date's API and Debian's distro-info-data, read with bounds.

Sources: endoflife.date/docs/api/v1 (schema 1.x: a product or all products under `result`, dates that may be absent or
null where they are not stated); salsa.debian.org/debian/distro-info-data (a table a distribution, ISC).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject

MAX_RELEASES = 2000
"""Of one product. No product of the data sets has a tenth of that."""


@dataclass(frozen=True, slots=True)
class FeedRelease:
    """A cycle as a data set has it: the days it states, by its own names of them."""

    cycle: str
    codename: str
    days: Mapping[str, date]


FeedProducts: TypeAlias = Mapping[str, tuple[FeedRelease, ...]]
"""The data set's name of a product -> its releases."""

_CODENAME = re.compile(r"[\w .'-]{1,60}")
_CYCLE = re.compile(r"[0-9A-Za-z][\w.-]{0,40}", re.ASCII)
_ENDOFLIFE_DAYS = ("releaseDate", "eoasFrom", "eolFrom", "eoesFrom")
_NOT_A_DAY = ("version", "codename", "series")


def read_endoflife_date(value: Json) -> FeedProducts:
    """Products from an answer of endoflife.date's API v1: one product, or `products/full`.

    Raises BadInput where it is of another form, or a date is none.
    """
    result = value.get("result") if isinstance(value, dict) else None
    products = result if isinstance(result, list) else [result]
    found: dict[str, tuple[FeedRelease, ...]] = {}
    for product in products:
        if not isinstance(product, dict) or not isinstance(product.get("name"), str):
            raise _unfit("it is no answer of endoflife.date's API v1 with products under 'result'")
        releases = product.get("releases")
        if not isinstance(releases, list) or len(releases) > MAX_RELEASES:
            raise _unfit(f"product {str(product['name'])[:40]!r} has no list of releases, or too long a one")
        found[str(product["name"])] = tuple(map(_endoflife_release, releases))
    return found


def _endoflife_release(release: Json) -> FeedRelease:
    if not isinstance(release, dict) or not isinstance(name := release.get("name"), str) or not _CYCLE.fullmatch(name):
        raise _unfit("a release has no name that could be a cycle's")
    codename = release.get("codename")
    return FeedRelease(
        name,
        codename if isinstance(codename, str) and _CODENAME.fullmatch(codename) else "",
        {member: day for member in _ENDOFLIFE_DAYS if (day := _stated(release, member)) is not None},
    )


def _stated(release: JsonObject, member: str) -> date | None:
    value = release.get(member)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _unfit(f"'{member}' of a release is {value!r:.40}, not a day")
    return _day(value)


def read_distro_info(text: str) -> tuple[FeedRelease, ...]:
    """The releases of a table of distro-info-data, days by the names of its columns.

    Raises BadInput where it is no such table, or a date is none. A series without a version number is left out.
    """
    lines = text.splitlines()
    if len(lines) > MAX_RELEASES:
        raise _unfit(f"it has more than {MAX_RELEASES:,} releases")
    try:
        columns, *rows = csv.reader(lines)
    except (csv.Error, ValueError):
        columns, rows = [], []
    if not {"version", "codename", "release", "eol"} <= set(columns):
        raise _unfit("it is no table of distro-info-data with columns version, codename, release and eol")
    cells = (dict(zip(columns, row, strict=False)) for row in rows)
    return tuple(release for row in cells if (release := _distro_release(row)) is not None)


def _distro_release(row: Mapping[str, str]) -> FeedRelease | None:
    cycle, codename = row.get("version", "").removesuffix(" LTS").strip(), row.get("codename", "")
    if not _CYCLE.fullmatch(cycle):
        return None
    days = {column: _day(cell) for column, cell in row.items() if column not in _NOT_A_DAY and cell}
    return FeedRelease(cycle, codename if _CODENAME.fullmatch(codename) else "", days)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _unfit(f"{text[:40]!r} is no day of the calendar") from None
    if day.isoformat() != text:
        raise _unfit(f"{text[:40]!r} is not written YYYY-MM-DD")
    return day


def _unfit(why: str) -> BadInput:
    return BadInput(f"Release data that can't be used: {why}.", reason="unfitReleaseData")
