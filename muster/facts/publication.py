"""What is known of an image version beside its release: its age, newer versions, deprecation, a gallery's end of life.

The members of `Muster.Image` that depend on the day or on bodies that had to be read; without a body they are unknown.
Source of the bodies' form: learn.microsoft.com/rest/api/compute, virtual machine images (2024-11-01), galleries,
gallery images and gallery image versions (2024-03-03).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from muster.facts.catalogue import Catalogue
from muster.facts.published import version_day, version_order
from muster.values.json import Json, JsonObject

_GALLERIES = ("gallery", "sharedGallery", "communityGallery")


@dataclass(frozen=True, slots=True)
class ImageBodies:
    """What was read about an image, each as Azure's REST JSON, None where it was not or could not be read.

    `marketplace` is the image version's body; `gallery_image` and `gallery_version` the definition's and the
    version's; `versions` all versions of the same image: bodies of gallery versions, or of a Marketplace list.
    """

    marketplace: JsonObject | None = None
    gallery_image: JsonObject | None = None
    gallery_version: JsonObject | None = None
    versions: tuple[JsonObject, ...] | None = None


NOTHING_READ = ImageBodies()


def publication_facts(
    catalogue: Catalogue, image: Mapping[str, Json], bodies: ImageBodies = NOTHING_READ, *, as_of: date
) -> dict[str, Json]:
    """The members of `Muster.Image` from `publishedDate` to `excludedFromLatest`.

    `image` has the members that identity gives: source, product and exactVersion.
    """
    source = image.get("source")
    from_anywhere = not isinstance(source, str) or source == "unknown"
    published = _published(catalogue, image, bodies)
    facts: dict[str, Json] = {
        "publishedDate": published.isoformat() if published else None,
        "ageInDays": max((as_of - published).days, 0) if published else None,
        **_newer(image.get("exactVersion"), bodies.versions),
    }
    if from_anywhere or source == "marketplace":
        facts["deprecation"] = _deprecation(bodies.marketplace)
    if from_anywhere or source in _GALLERIES:
        facts.update(_gallery(bodies.gallery_image, bodies.gallery_version))
    return facts


def _published(catalogue: Catalogue, image: Mapping[str, Json], bodies: ImageBodies) -> date | None:
    """The gallery's word for it, else the day that the version carries in its publisher's form."""
    said = _day(_member(_profile(bodies.gallery_version), "publishedDate"))
    product, version = image.get("product"), image.get("exactVersion")
    held = catalogue.products.get(product) if isinstance(product, str) else None
    if said is not None or held is None or not isinstance(version, str):
        return said
    return version_day(version, held.version_dates)


def _newer(exact: Json, versions: Sequence[JsonObject] | None) -> dict[str, Json]:
    """The newest version that `latest` may stand for, and how many of those are newer than the deployed one. Where
    there are no versions at all, there is no newest one."""
    if versions is None:
        return {"latestVersion": None, "versionsBehind": None}
    if not versions:
        return {"versionsBehind": None}
    offered = dict(_offered(versions))
    latest = offered[max(offered)] if offered else None
    deployed = version_order(exact) if isinstance(exact, str) else None
    behind = None if deployed is None or not offered else sum(order > deployed for order in offered)
    return {"latestVersion": latest, "versionsBehind": behind}


def _offered(versions: Iterable[JsonObject]) -> Iterator[tuple[tuple[int, ...], str]]:
    for body in versions:
        name = body.get("name")
        order = version_order(name) if isinstance(name, str) else None
        if isinstance(name, str) and order is not None and _member(_profile(body), "excludeFromLatest") is not True:
            yield order, name


def _deprecation(body: JsonObject | None) -> dict[str, Json]:
    """From a Marketplace image version's `imageDeprecationStatus`; a body without one is of an older api-version.
    A null in it is what Azure did not tell."""
    status = _member(_member(body, "properties"), "imageDeprecationStatus")
    if not isinstance(status, dict):
        return {"state": None, "date": None, "alternative": None}
    state = status.get("imageState")
    facts: dict[str, Json] = {"state": state if isinstance(state, str) else None}
    if "scheduledDeprecationTime" in status:
        day = _day(status["scheduledDeprecationTime"])
        facts["date"] = day.isoformat() if day else None
    option = status.get("alternativeOption", {})
    if option is None:
        facts["alternative"] = None
    if isinstance(option, dict) and isinstance(option.get("value"), str):
        facts["alternative"] = option["value"]
    return facts


def _gallery(definition: JsonObject | None, version: JsonObject | None) -> dict[str, Json]:
    """The earlier of two ends of life; known not to exist only where both bodies were read and name none."""
    facts: dict[str, Json] = {"excludedFromLatest": None}
    ends = [
        _member(_member(definition, "properties"), "endOfLifeDate"),
        _member(_profile(version), "endOfLifeDate"),
    ]
    days = [day for day in map(_day, ends) if day is not None]
    if days:
        facts["galleryEndOfLifeDate"] = min(days).isoformat()
    elif definition is None or version is None or any(end is not None for end in ends):
        facts["galleryEndOfLifeDate"] = None
    if version is not None:
        facts["excludedFromLatest"] = _member(_profile(version), "excludeFromLatest") is True
    return facts


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _profile(version: JsonObject | None) -> Json:
    return _member(_member(version, "properties"), "publishingProfile")


def _day(value: Json) -> date | None:
    """The day in UTC of an ISO 8601 time, with or without a zone (without one it is UTC)."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        time = datetime.fromisoformat(value)
        return (time if time.tzinfo is None else time.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        return None
