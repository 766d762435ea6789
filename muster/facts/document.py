"""The one document that policies read, from what was read of Azure and what muster knows itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from muster.facts.catalogue import Catalogue
from muster.facts.field_table import FIELDS
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import identify
from muster.facts.image_reads import GALLERY_IMAGE, GALLERY_VERSION, MANAGED_IMAGE
from muster.facts.image_reference import MARKETPLACE
from muster.facts.image_rules import ImageRules
from muster.facts.image_source import read_image
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.publication import ImageBodies, publication_facts
from muster.facts.traits import trait_facts
from muster.values.answers import Answer, Found, FoundMany
from muster.values.document import Document
from muster.values.image_query import ImageAnswer
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId


@dataclass(frozen=True, slots=True)
class FactSources:
    """What muster knows itself: how images are named, and how long releases are supported."""

    rules: ImageRules
    catalogue: Catalogue


NOTHING_PUBLISHED = ImageAnswer()

_WITH_IMAGE = frozenset(
    {
        "microsoft.compute/virtualmachines",
        "microsoft.compute/virtualmachinescalesets",
        "microsoft.compute/virtualmachinescalesets/virtualmachines",
        MANAGED_IMAGE,
        GALLERY_IMAGE,
        GALLERY_VERSION,
    }
)
"""Types, lower-cased, that run an image or are one. All other resources have none of muster's fields."""


def build_document(
    body: JsonObject,
    *,
    sources: FactSources,
    now: datetime,
    unavailable: frozenset[str] = frozenset(),
    image_bodies: Mapping[ResourceId, JsonObject | None] = MappingProxyType({}),
    published: ImageAnswer = NOTHING_PUBLISHED,
    readable: bool = True,
) -> Document:
    """The document of a resource, without its related resources.

    `image_bodies` are the answers to image_reads, None where there was none; `published` that to image_query, which
    may stand for those of a gallery. Where the resource itself could not be
    read (`readable` is False, `body` has its id, type and name), all of muster's fields are unknown.
    """
    resource_type = body.get("type")
    if not isinstance(resource_type, str) or resource_type.lower() not in _WITH_IMAGE:
        return Document(body, unavailable=unavailable, now=now)
    if not readable:
        return Document(body, *_unknown_facts(), unavailable, now=now)
    today = now.date()
    version, definition = _body(published.version), _body(published.definition)
    told = (*image_bodies.values(), version, definition)
    reference = read_image(body, [found for found in told if found is not None])
    image = image_facts(identify(reference, sources.rules), reference)
    by_type = {resource_id.type: found for resource_id, found in image_bodies.items()} | {resource_type.lower(): body}
    versions = published.versions
    bodies = ImageBodies(
        marketplace=version if image["source"] == MARKETPLACE else None,
        gallery_image=by_type.get(GALLERY_IMAGE) or definition,
        gallery_version=by_type.get(GALLERY_VERSION) or version,
        versions=versions.bodies if isinstance(versions, FoundMany) else None,
    )
    image |= publication_facts(sources.catalogue, image, bodies, as_of=today)
    image["traits"] = trait_facts(sources.catalogue, image)
    lifecycle = lifecycle_facts(sources.catalogue, image, as_of=today, license_type=_license(body))
    return Document(body, image, lifecycle, unavailable, now=now)


def _body(answer: Answer | None) -> JsonObject | None:
    """What an image is may also be told by other facts, so one that can't be read is no fault here."""
    return answer.body if isinstance(answer, Found) else None


def _license(body: JsonObject) -> str:
    properties = body.get("properties")
    if isinstance(properties, dict):
        profile = properties.get("virtualMachineProfile", properties)
        license_type = profile.get("licenseType") if isinstance(profile, dict) else None
        if isinstance(license_type, str):
            return license_type
    return ""


def _unknown_facts() -> tuple[JsonObject, JsonObject]:
    """All of muster's fields, unknown; those of the network are as long as nothing of it was read."""
    image: JsonObject = {}
    lifecycle: JsonObject = {}
    for field in FIELDS:
        room, _, name = field.name.partition("/")
        holder = {"Muster.Image": image, "Muster.Lifecycle": lifecycle}.get(room)
        if holder is None:
            continue
        first, _, rest = name.removesuffix("[*]").partition(".")
        if rest:
            nested = holder.setdefault(first, {})
            assert isinstance(nested, dict)
            nested[rest] = None
        else:
            holder[first] = None
    return image, lifecycle
