"""What Azure publishes about images: Marketplace versions, galleries of one's own, shared and community galleries.

Source: learn.microsoft.com/rest/api/compute, virtual machine images, gallery images and gallery image versions, shared
and community gallery images.
"""

from dataclasses import dataclass

from muster.adapters.arm_failure import IMAGE_DEPRECATED
from muster.adapters.arm_paths import encoded, resource_path
from muster.adapters.arm_types import TYPES, ArmType
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.json import JsonObject

_COMPUTE = "2024-07-01"
_GALLERIES = "2024-03-03"
_AT = "Microsoft.Compute/locations"

MARKETPLACE = ArmType(f"{_AT}/publishers/artifacttypes/offers/skus/versions", _COMPUTE)
SHARED_IMAGE = ArmType(f"{_AT}/sharedGalleries/images", _GALLERIES)
SHARED_VERSION = ArmType(f"{_AT}/sharedGalleries/images/versions", _GALLERIES)
COMMUNITY_IMAGE = ArmType(f"{_AT}/communityGalleries/images", _GALLERIES)
COMMUNITY_VERSION = ArmType(f"{_AT}/communityGalleries/images/versions", _GALLERIES)

IMAGE_TYPES = (MARKETPLACE, SHARED_IMAGE, SHARED_VERSION, COMMUNITY_IMAGE, COMMUNITY_VERSION)
"""What is read of images beside the resources in TYPES; each `name` with `/read` is the permission that it needs."""

_OWN_IMAGE = TYPES["microsoft.compute/galleries/images"]
_OWN_VERSION = TYPES["microsoft.compute/galleries/images/versions"]

_PUBLIC = {
    ImageHome.SHARED_GALLERY: ("sharedGalleries", SHARED_IMAGE, SHARED_VERSION),
    ImageHome.COMMUNITY_GALLERY: ("communityGalleries", COMMUNITY_IMAGE, COMMUNITY_VERSION),
}


@dataclass(frozen=True, slots=True)
class ImageRead:
    """One request for a part of an image. `single`: a resource, not a list."""

    path: str
    arm_type: ArmType
    single: bool


def image_read(query: ImageQuery, part: ImagePart) -> ImageRead | None:
    """The request for a part; None where such an image does not have it, or its version is not known."""
    if part is ImagePart.VERSION and not query.version:
        return None
    version = f"/{encoded(query.version)}" if part is ImagePart.VERSION else ""
    single = part is not ImagePart.VERSIONS
    at = f"/subscriptions/{query.subscription}/providers/{_AT}/{encoded(query.location)}"
    names = [encoded(name) for name in query.names]
    if query.home is ImageHome.MARKETPLACE:
        if part is ImagePart.DEFINITION:
            return None
        publisher, offer, sku = names
        path = f"{at}/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions"
        return ImageRead(path + version, MARKETPLACE, single)
    if query.home is ImageHome.GALLERY:
        assert query.definition is not None
        base, image, versions = resource_path(query.definition, _OWN_IMAGE), _OWN_IMAGE, _OWN_VERSION
    else:
        kind, image, versions = _PUBLIC[query.home]
        base = f"{at}/{kind}/{names[0]}/images/{names[1]}"
    if part is ImagePart.DEFINITION:
        return ImageRead(base, image, single)
    return ImageRead(f"{base}/versions{version}", versions, single)


def deprecated_version(code: str, query: ImageQuery) -> JsonObject | None:
    """The body that stands for a version that Azure no longer shows: it says that it is deprecated, and null for what
    the refusal leaves untold. None for a refusal with another code."""
    if code.lower() != IMAGE_DEPRECATED:
        return None
    status: JsonObject = {"imageState": "Deprecated", "scheduledDeprecationTime": None, "alternativeOption": None}
    return {"name": query.version, "properties": {"imageDeprecationStatus": status}}
