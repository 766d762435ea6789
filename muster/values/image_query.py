"""A question for what Azure publishes about an image, and its answer."""

from dataclasses import dataclass
from enum import StrEnum

from muster.values.answers import Answer, ListAnswer
from muster.values.resource_id import ResourceId


class ImageHome(StrEnum):
    """Where an image is published."""

    MARKETPLACE = "marketplace"
    GALLERY = "gallery"
    SHARED_GALLERY = "sharedGallery"
    COMMUNITY_GALLERY = "communityGallery"


class ImagePart(StrEnum):
    """What there is to read of an image: the version, what it is a version of, and all versions beside it."""

    VERSION = "version"
    DEFINITION = "definition"
    VERSIONS = "versions"


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """An image as the resource in `subscription` and `location` sees it.

    `names` are (publisher, offer, sku), or (gallery, image) of a shared or community gallery, () for a gallery of one's
    own, which `definition` names instead: the id of the image definition. `version` is the exact version, "" where
    none is known. Location lower-cased and without spaces; names as written, of letters, digits, dots, hyphens and
    underscores only, so that a request may be built from them.
    """

    home: ImageHome
    subscription: str
    location: str
    names: tuple[str, ...] = ()
    version: str = ""
    definition: ResourceId | None = None


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """What was read of an image. None for a part that was not asked for or that such an image does not have.

    A Marketplace version that Azure refuses to show because it is deprecated is Found, with a body that says that its
    imageState is Deprecated, and null for what the refusal does not tell.
    """

    version: Answer | None = None
    definition: Answer | None = None
    versions: ListAnswer | None = None
