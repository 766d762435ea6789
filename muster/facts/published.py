"""When an image was made, from a version that carries its day, and how a version list is ordered."""

import re
from collections.abc import Callable, Iterable
from datetime import date

_NUMBERS = re.compile(r"[0-9]{1,18}", re.ASCII)
_EARLIEST = date(2010, 1, 1)
"""Azure's first virtual machine images are younger; a day before that is a number that only looks like one."""


def _day(text: str) -> date | None:
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
    return found if found >= _EARLIEST else None


def _yyyymmdd(segments: list[str]) -> date | None:
    """A segment of eight digits, perhaps with a build number of up to four behind (`22.04.202310040`)."""
    return next((day for text in segments if 8 <= len(text) <= 12 and (day := _day(text))), None)


def _yyyymm_dd(segments: list[str]) -> date | None:
    """`202608.06.1`"""
    return _day(segments[0] + segments[1].zfill(2)) if len(segments) > 1 and len(segments[0]) == 6 else None


def _yyyy_mm_dd(segments: list[str]) -> date | None:
    """`2024.12.11`"""
    if len(segments) < 3 or len(segments[0]) != 4:
        return None
    return _day(segments[0] + segments[1].zfill(2) + segments[2].zfill(2))


def _yymmdd(segments: list[str]) -> date | None:
    """A last segment of six digits, as Windows images have (`20348.1487.230106`)."""
    return _day("20" + segments[-1]) if len(segments) > 1 and len(segments[-1]) == 6 else None


_FORMS: dict[str, Callable[[list[str]], date | None]] = {
    "yyyymmdd": _yyyymmdd,
    "yyyymm.dd": _yyyymm_dd,
    "yyyy.mm.dd": _yyyy_mm_dd,
    "yymmdd": _yymmdd,
}

VERSION_DATES = tuple(_FORMS)
"""The forms in which a publisher can write the day into an image's version."""


def version_day(version: str, forms: Iterable[str]) -> date | None:
    """The day that a version carries in one of a publisher's forms; None where it carries none."""
    segments = version.split(".")
    if not 1 <= len(segments) <= 8 or not all(map(_NUMBERS.fullmatch, segments)):
        return None
    return next((day for form in forms if (day := _FORMS[form](segments))), None)


def version_order(version: str) -> tuple[int, ...] | None:
    """Azure's order of image versions, number by number; None for what is no version."""
    segments = version.split(".")
    if not 1 <= len(segments) <= 8 or not all(map(_NUMBERS.fullmatch, segments)):
        return None
    return tuple(map(int, segments))
