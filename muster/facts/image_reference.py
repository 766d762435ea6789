"""What names an image: a Marketplace URN, an image's resource id, or AKS's name of a node image.

Read leniently, for identification only: ids contain placeholders and odd names, and people type URNs.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from muster.values.resource_id import segments

MARKETPLACE, GALLERY, SHARED_GALLERY, COMMUNITY_GALLERY, MANAGED_IMAGE, ATTACHED_DISK, UNKNOWN = (
    "marketplace",
    "gallery",
    "sharedGallery",
    "communityGallery",
    "managedImage",
    "attachedDisk",
    "unknown",
)
GALLERIES = (GALLERY, SHARED_GALLERY, COMMUNITY_GALLERY)

LATEST = "latest"
MAX_TEXT = 4096
"""Longer texts name nothing. A resource id has at most 2,048 characters, and JSON may escape some of them."""

_NODE_IMAGE = re.compile(r"(AKS[A-Za-z]+)(?:-([A-Za-z0-9-]+))?-([0-9]+(?:\.[0-9]+){2})", re.ASCII)
"""AKS's nodeImageVersion: gallery, definition, version (`AKSUbuntu-2204gen2containerd-202608.06.1`)."""


class Plan(NamedTuple):
    """A purchase plan. Its product is the Marketplace offer, its name the SKU."""

    publisher: str
    product: str
    name: str


@dataclass(frozen=True, slots=True)
class ImageReference:
    """What is said of an image, as written; "" is not said, None not known to be there or not.

    `id` is the image's resource id; `gallery`, `gallery_group` and `definition` are parts of it, `gallery_id` the id of
    the image definition. publisher, offer and sku are the Marketplace's, or for a gallery's image what its definition
    calls them. `version` may be `latest`, `exact_version` never is. `plan` is None where there is none, `plan_known`
    says whether that is known. `os_name` and `os_version` are what the agent in the running machine says. `trouble`
    says why nothing could be read.
    """

    source: str = UNKNOWN
    publisher: str = ""
    offer: str = ""
    sku: str = ""
    version: str = ""
    exact_version: str = ""
    plan: Plan | None = None
    plan_known: bool = False
    id: str = ""
    gallery_id: str = ""
    gallery: str = ""
    gallery_group: str = ""
    definition: str = ""
    architecture: str = ""
    generation: str = ""
    security_types: tuple[str, ...] = ()
    os_type: str = ""
    os_name: str = ""
    os_version: str = ""
    trouble: str = ""


def read_image_text(text: str) -> ImageReference:
    """What a text names: `publisher:offer:sku[:version]`, an image's resource id, or a node image of AKS."""
    text = text.strip() if len(text) <= MAX_TEXT else text
    if len(text) > MAX_TEXT:
        return ImageReference(trouble=f"{len(text):,} characters are too long for the name of an image")
    if "/" in text:
        return read_image_id(text)
    parts = [part.strip() for part in text.split(":")]
    if len(parts) in (3, 4):
        return _marketplace(parts[0], parts[1], parts[2], parts[3] if len(parts) == 4 else "")
    node_image = _NODE_IMAGE.fullmatch(text)
    if node_image is not None:
        gallery, definition, version = node_image.groups()
        return ImageReference(
            GALLERY, version=version, exact_version=version, gallery=gallery, definition=definition or ""
        )
    if not text:
        return ImageReference(trouble="nothing is named")
    return ImageReference(trouble=f"{shown(text)} is neither publisher:offer:sku[:version] nor the id of an image")


def read_image_id(text: str) -> ImageReference:
    """What an image's resource id names, in a gallery or not; a Marketplace image version's id is taken apart too."""
    if len(text) > MAX_TEXT:
        return ImageReference(trouble=f"{len(text):,} characters are too long for a resource id")
    parts = segments(text)
    provider = parts.get("providers", "microsoft.compute").lower()
    if provider != "microsoft.compute":
        return ImageReference(id=text, trouble=f"{shown(text)} belongs to {shown(provider)}, which has no images")
    version = parts.get("versions", "")
    exact = "" if version.lower() == LATEST else version
    if all(parts.get(key) for key in ("publishers", "offers", "skus")):
        return _marketplace(parts["publishers"], parts["offers"], parts["skus"], version)
    for key, source in (
        ("communitygalleries", COMMUNITY_GALLERY),
        ("sharedgalleries", SHARED_GALLERY),
        ("galleries", GALLERY),
    ):
        if parts.get(key) and parts.get("images"):
            return ImageReference(
                source,
                version=version,
                exact_version=exact,
                id=text,
                gallery_id=re.split(r"/versions(?:/|$)", text, maxsplit=1, flags=re.IGNORECASE)[0],
                gallery=parts[key],
                gallery_group=parts.get("resourcegroups", ""),
                definition=parts["images"],
            )
    if parts.get("images"):
        return ImageReference(MANAGED_IMAGE, id=text)
    return ImageReference(id=text, trouble=f"{shown(text)} is not the id of an image")


def _marketplace(publisher: str, offer: str, sku: str, version: str) -> ImageReference:
    exact = "" if version.lower() == LATEST else version
    return ImageReference(MARKETPLACE, publisher, offer, sku, version, exact)


def shown(text: str) -> str:
    """A text from outside as a message may hold it: short, and with escapes for what is not printable ASCII, so that
    a letter that only looks like another can be told from it."""
    clean = "".join(character if " " <= character <= "~" else f"\\u{ord(character):04x}" for character in text[:80])
    return f"'{clean}{'...' if len(text) > 80 else ''}'"
