"""Which other resources tell what image a VM or scale set was made from, and what to ask about a published image."""

import re

from muster.facts.image_reference import COMMUNITY_GALLERY, GALLERY, MARKETPLACE, SHARED_GALLERY, ImageReference
from muster.facts.image_source import read_image
from muster.values.errors import InvalidResourceId
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.json import Json, JsonObject
from muster.values.needs import Needs
from muster.values.resource_id import ResourceId, segments

GALLERY_VERSION = "microsoft.compute/galleries/images/versions"
GALLERY_IMAGE = "microsoft.compute/galleries/images"
MANAGED_IMAGE = "microsoft.compute/images"
DISK = "microsoft.compute/disks"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?<!\.)", re.ASCII)
_LOCATION = re.compile(r"[a-z0-9]{1,60}", re.ASCII)
_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

_OF_THE_VERSION = tuple(
    f"muster.image/{name}" for name in ("deprecation", "architecture", "generation", "securitytypes", "plan")
)
_OF_ALL_VERSIONS = ("muster.image/latestversion", "muster.image/versionsbehind")


def image_reads(body: JsonObject) -> tuple[ResourceId, ...]:
    """The ids to read: a gallery image's version and definition, a managed image, or the disk that was attached.

    Ids that are not those of such resources in a resource group (community and shared galleries, placeholders) can't be
    read and are left out.
    """
    profile = _storage_profile(body)
    reference = profile.get("imageReference")
    if isinstance(reference, dict):
        image = _parse(reference.get("id"))
        if image is None or image.type not in (GALLERY_VERSION, GALLERY_IMAGE, MANAGED_IMAGE):
            return ()
        definition = image.parent if image.type == GALLERY_VERSION else None
        return (image,) if definition is None else (image, definition)
    disk = profile.get("osDisk")
    managed = disk.get("managedDisk") if isinstance(disk, dict) else None
    attached = _parse(managed.get("id")) if isinstance(managed, dict) else None
    return (attached,) if attached is not None and attached.type == DISK else ()


def unpublished_reads(body: JsonObject) -> tuple[ResourceId, ...]:
    """Those of image_reads that image_query does not ask for."""
    return tuple(found for found in image_reads(body) if found.type in (MANAGED_IMAGE, DISK))


def image_query(body: JsonObject) -> ImageQuery | None:
    """What to ask about the published image that a VM or scale set was made from; None where it was made from none, or
    where its names are none that Azure gives."""
    reference = read_image(body)
    written = body.get("id")
    subscription = segments(written.lower()).get("subscriptions", "") if isinstance(written, str) else ""
    place = body.get("location")
    location = place.replace(" ", "").lower() if isinstance(place, str) else ""
    version = reference.exact_version if _NAME.fullmatch(reference.exact_version) else ""
    if reference.source == GALLERY:
        definition = _parse(reference.gallery_id)
        if definition is None or definition.type != GALLERY_IMAGE:
            return None
        return ImageQuery(ImageHome.GALLERY, subscription, location, version=version, definition=definition)
    home, names = _home(reference)
    if home is None or not all(map(_NAME.fullmatch, names)):
        return None
    if not _SUBSCRIPTION.fullmatch(subscription) or not _LOCATION.fullmatch(location):
        return None
    return ImageQuery(home, subscription, location, names, version)


def image_parts(query: ImageQuery, needs: Needs) -> frozenset[ImagePart]:
    """What to read of an image. What a gallery's image is, only its version and definition tell; of a Marketplace image
    the names do, so that its version is read for what rules ask beyond them."""
    parts = set()
    if query.version and (query.home is not ImageHome.MARKETPLACE or needs.any_of(_OF_THE_VERSION)):
        parts.add(ImagePart.VERSION)
    if query.home is not ImageHome.MARKETPLACE:
        parts.add(ImagePart.DEFINITION)
    if needs.any_of(_OF_ALL_VERSIONS):
        parts.add(ImagePart.VERSIONS)
    return frozenset(parts)


def _home(reference: ImageReference) -> tuple[ImageHome | None, tuple[str, ...]]:
    if reference.source == MARKETPLACE:
        return ImageHome.MARKETPLACE, (reference.publisher, reference.offer, reference.sku)
    homes = {SHARED_GALLERY: ImageHome.SHARED_GALLERY, COMMUNITY_GALLERY: ImageHome.COMMUNITY_GALLERY}
    return homes.get(reference.source), (reference.gallery, reference.definition)


def _storage_profile(body: JsonObject) -> JsonObject:
    """A VM's, or that of the machines that a scale set makes."""
    holder: Json = body.get("properties")
    if isinstance(holder, dict):
        holder = holder.get("virtualMachineProfile", holder)
    profile = holder.get("storageProfile") if isinstance(holder, dict) else None
    return profile if isinstance(profile, dict) else {}


def _parse(text: Json) -> ResourceId | None:
    try:
        return ResourceId.parse(text)
    except InvalidResourceId:
        return None
