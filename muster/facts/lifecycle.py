"""How long what a VM runs is supported, on any date: the members behind `Muster.Lifecycle/...`.

A member that is None is unknown; one that is not there is known not to exist (see muster.values.document). `basis`,
`catalogueDate` and `catalogueAgeInDays` are known of every image, so that a rule can ask whether anything is known.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from muster.facts.catalogue import STALE_AFTER_DAYS, Catalogue
from muster.facts.release import Programme, Release, Status
from muster.values.json import Json

_WORD = re.compile(r"[a-z0-9]+", re.ASCII)
_MAX_TEXT = 512
"""Longer names than Azure gives to offers, SKUs and plans are not searched for words."""


def lifecycle_facts(
    catalogue: Catalogue, image: Mapping[str, Json], *, as_of: date, license_type: str = ""
) -> dict[str, Json]:
    """The lifecycle of an image on a day (UTC).

    `image` has the members of `Muster.Image` as identity gives them: product, cycle, release, variant, channel and,
    as evidence of entitlement, offer, sku and plan. `license_type` is the resource's licenseType.
    """
    product = image.get("product")
    facts: dict[str, Json] = {**_catalogue_facts(catalogue.refreshed(product), as_of)}
    row = catalogue.release(product, *map(image.get, ("cycle", "release", "channel", "variant")))
    if row is None:
        return {**dict.fromkeys(_OF_A_RELEASE), "basis": "none", **facts}
    facts["phase"] = phase(row, as_of)
    facts["basis"] = _basis(row)
    facts["source"] = row.source
    if row.status is not Status.ROLLING or row.end_of_support is not None:
        facts["endOfSupportDate"] = _text(row.end_of_support)
        facts["daysToEndOfSupport"] = _days_to(row.end_of_support, as_of)
    if row.active_end_exists:
        facts["activeSupportEndDate"] = _text(row.active_support_end)
    if row.extended is not None:
        facts["extendedProgramme"] = row.extended.programme or None
        facts["extendedEndDate"] = _text(row.extended.end)
        facts["daysToExtendedEnd"] = _days_to(row.extended.end, as_of)
    entitled = _entitled(row, catalogue.programme(row), image, license_type)
    facts["entitled"] = entitled
    facts["entitlementShown"] = entitled is True
    if row.successor is not None:
        facts["successor"] = row.successor.image
    if row.expectation:
        facts["expectation"] = row.expectation
    return facts


_OF_A_RELEASE = (
    "phase",
    "endOfSupportDate",
    "daysToEndOfSupport",
    "activeSupportEndDate",
    "extendedProgramme",
    "extendedEndDate",
    "daysToExtendedEnd",
    "entitled",
    "entitlementShown",
    "successor",
    "source",
    "expectation",
)


def phase(row: Release, as_of: date) -> str | None:
    """The phase of a release on a day: preview, supported, security, extended, ended, rolling; None is unknown.

    The last day of a phase is still in it. A release that is said to be supported without a published end is believed
    for as long as the catalogue is fresh after that was seen, and is unknown afterwards: no end is not for ever.
    """
    end = row.end_of_support
    if end is not None and as_of > end:
        return _phase_after_end(row, as_of)
    if row.status is Status.ENDED and end is None:
        return "ended"
    if row.status is Status.ROLLING:
        return "rolling"
    if row.status is Status.PREVIEW or (row.release_date is not None and as_of < row.release_date):
        return "preview"
    if row.active_support_end is not None and as_of <= row.active_support_end:
        return "supported"
    if row.active_end_exists:
        return None if end is None or row.active_support_end is None else "security"
    if end is not None:
        return "supported"
    believed = row.status is Status.SUPPORTED and as_of <= row.seen + timedelta(days=STALE_AFTER_DAYS)
    return "supported" if believed else None


def _phase_after_end(row: Release, as_of: date) -> str | None:
    if row.extended is None:
        return "ended"
    if row.extended.end is None:
        return None
    return "extended" if as_of <= row.extended.end else "ended"


def _basis(row: Release) -> str:
    if row.end_of_support is not None:
        return "published"
    if row.status is Status.ROLLING:
        return "rolling"
    return "announced" if row.expectation else "none"


def _entitled(row: Release, programme: Programme | None, image: Mapping[str, Json], license_type: str) -> bool | None:
    """Whether the VM shows a right to extended support.

    False only where there is no extended support; otherwise True or unknown, since a subscription can be attached
    inside the guest without Azure's knowing.
    """
    if row.extended is None:
        return False
    if programme is None:
        return None
    shown = (
        programme.included
        or license_type.lower() in programme.license_types
        or not programme.words.isdisjoint(_words(image))
    )
    return True if shown else None


def _words(image: Mapping[str, Json]) -> Iterator[str]:
    """The words of all names that say what was bought."""
    for member in ("offer", "sku", "plan", "variant"):
        value = image.get(member)
        texts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else (value,)
        for text in texts:
            if isinstance(text, str) and len(text) <= _MAX_TEXT:
                yield from _WORD.findall(text.lower())


def _catalogue_facts(refreshed: date | None, as_of: date) -> dict[str, Json]:
    age = max((as_of - refreshed).days, 0) if refreshed else None
    return {"catalogueDate": _text(refreshed), "catalogueAgeInDays": age}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _days_to(day: date | None, as_of: date) -> int | None:
    return (day - as_of).days if day else None
