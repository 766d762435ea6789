"""From what image a resource was made: its ImageReference, from the JSON of Azure.

Reads virtual machines, scale sets and their instances, managed images, gallery image definitions and versions,
Marketplace image versions, a bare imageReference, and the flattened form in which `az vm list` prints them. Wrong types
anywhere are as good as absent. Source of the shapes: learn.microsoft.com/rest/api/compute (2024-11-01; galleries
2024-03-03).
"""

from collections.abc import Iterable
from dataclasses import replace

from muster.facts.image_reference import (
    ATTACHED_DISK,
    GALLERIES,
    LATEST,
    MARKETPLACE,
    ImageReference,
    Plan,
    read_image_id,
)
from muster.values.json import Json, JsonObject

_SECURITY_TYPES = {
    "trustedlaunch": ("TrustedLaunch",),
    "trustedlaunchsupported": ("TrustedLaunch",),
    "confidentialvm": ("ConfidentialVm",),
    "confidentialvmsupported": ("ConfidentialVm",),
    "trustedlaunchandconfidentialvmsupported": ("TrustedLaunch", "ConfidentialVm"),
}
"""A securityProfile's securityType and the values of an image's SecurityType feature, lower-cased."""

_ARCHITECTURES = {"x64": "x64", "arm64": "arm64"}
_GENERATIONS = {"v1": "V1", "v2": "V2"}
_OS_TYPES = {"linux": "Linux", "windows": "Windows"}


def read_image(body: JsonObject, related: Iterable[JsonObject] = ()) -> ImageReference:
    """What is said of the image that a body was made from, or is.

    `related` are the bodies that were read for it (image_reads says which): a gallery's image definition and version,
    a managed image, a Marketplace image version, the disk that was attached.
    """
    reference = _own(body)
    for other in related:
        reference = _completed(reference, other)
    return reference


def _own(body: JsonObject) -> ImageReference:
    properties = _properties(body)
    of_gallery = "/galleries/" in _text(body, "id").lower()
    if of_gallery or not ("storageProfile" in properties or "virtualMachineProfile" in properties):
        return _image(body)
    profile = _object(properties, "virtualMachineProfile") or properties
    storage = _object(profile, "storageProfile")
    disk = _object(storage, "osDisk")
    reference = _referred(_object(storage, "imageReference"))
    if _is_managed_image(body):
        return replace(
            read_image_id(_text(body, "id")),
            plan_known=True,
            os_type=_one_of(disk, "osType", _OS_TYPES),
            generation=_one_of(properties, "hyperVGeneration", _GENERATIONS),
        )
    if reference == ImageReference() and _text(disk, "createOption").lower() == "attach":
        reference = ImageReference(ATTACHED_DISK)
    view = _object(properties, "instanceView")
    security = _text(_object(profile, "securityProfile"), "securityType").lower()
    types = _SECURITY_TYPES.get(security, ())
    generation = _one_of(view, "hyperVGeneration", _GENERATIONS)
    return replace(
        reference,
        plan=_plan(_object(body, "plan")),
        plan_known=True,
        os_type=_one_of(disk, "osType", _OS_TYPES) or _os_of(profile),
        # Both security types need a virtual machine of generation 2.
        generation=generation or ("V2" if types else ""),
        security_types=types,
        os_name=_text(view, "osName"),
        os_version=_text(view, "osVersion"),
    )


def _os_of(profile: JsonObject) -> str:
    """A scale set says its machines' system only by which configuration they get."""
    configured = _object(profile, "osProfile")
    known = {"linuxConfiguration": "Linux", "windowsConfiguration": "Windows"}
    found = [name for member, name in known.items() if isinstance(configured.get(member), dict)]
    return found[0] if len(found) == 1 else ""


def _referred(image: JsonObject) -> ImageReference:
    """An imageReference."""
    version = _text(image, "version")
    exact = _text(image, "exactVersion") or ("" if version.lower() == LATEST else version)
    if _text(image, "publisher") or _text(image, "offer"):
        return ImageReference(
            MARKETPLACE, _text(image, "publisher"), _text(image, "offer"), _text(image, "sku"), version, exact
        )
    for member in ("communityGalleryImageId", "sharedGalleryImageId", "id"):
        if _text(image, member):
            found = read_image_id(_text(image, member))
            return replace(found, exact_version=_text(image, "exactVersion") or found.exact_version)
    return ImageReference()


def _image(body: JsonObject) -> ImageReference:
    """A body that is an image, or a bare reference to one."""
    reference = read_image_id(_text(body, "id")) if _text(body, "id") else ImageReference()
    if reference.source not in (MARKETPLACE, *GALLERIES):
        reference = _referred(body)
    return _completed(reference, body)


def _completed(reference: ImageReference, body: JsonObject) -> ImageReference:
    """A reference with what the body of its image, or of its disk, says."""
    properties = _properties(body)
    identifier = _object(properties, "identifier")
    plan = _plan(_object(properties, "plan")) or _plan(_object(properties, "purchasePlan"))
    disk_image = _object(properties, "osDiskImage")
    if reference.source == ATTACHED_DISK:
        created = _object(properties, "creationData")
        reference = _made_of(reference, _object(created, "imageReference") or _object(created, "galleryImageReference"))
    of_gallery = reference.source in GALLERIES
    capabilities = _object(properties, "supportedCapabilities")
    return replace(
        reference,
        publisher=reference.publisher or (_text(identifier, "publisher") if of_gallery else ""),
        offer=reference.offer or (_text(identifier, "offer") if of_gallery else ""),
        sku=reference.sku or (_text(identifier, "sku") if of_gallery else ""),
        plan=reference.plan or plan,
        plan_known=reference.plan_known or bool(identifier or plan),
        architecture=reference.architecture
        or _one_of(properties, "architecture", _ARCHITECTURES)
        or _one_of(capabilities, "architecture", _ARCHITECTURES),
        generation=reference.generation or _one_of(properties, "hyperVGeneration", _GENERATIONS),
        security_types=tuple(dict.fromkeys((*reference.security_types, *_supported(properties)))),
        os_type=reference.os_type
        or _one_of(properties, "osType", _OS_TYPES)
        or _one_of(disk_image, "operatingSystem", _OS_TYPES),
    )


def _made_of(reference: ImageReference, image: JsonObject) -> ImageReference:
    """An attached disk with the image that it was once made of, which is what the machine runs."""
    found = _referred(image)
    return replace(
        reference,
        publisher=found.publisher,
        offer=found.offer,
        sku=found.sku,
        version=found.version,
        exact_version=found.exact_version,
        id=found.id,
        gallery_id=found.gallery_id,
        gallery=found.gallery,
        gallery_group=found.gallery_group,
        definition=found.definition,
    )


def _supported(properties: JsonObject) -> Iterable[str]:
    features = properties.get("features")
    for feature in features if isinstance(features, list) else ():
        if isinstance(feature, dict) and _text(feature, "name").lower() == "securitytype":
            yield from _SECURITY_TYPES.get(_text(feature, "value").lower(), ())


def _plan(value: JsonObject) -> Plan | None:
    plan = Plan(_text(value, "publisher"), _text(value, "product"), _text(value, "name"))
    return plan if any(plan) else None


def _is_managed_image(body: JsonObject) -> bool:
    kind = _text(body, "type").lower()
    return kind == "microsoft.compute/images" or (
        not kind and "/providers/microsoft.compute/images/" in _text(body, "id").lower()
    )


def _properties(body: JsonObject) -> JsonObject:
    """The properties of a body; a flattened one has them itself."""
    found = body.get("properties")
    return found if isinstance(found, dict) else body


def _object(value: JsonObject, member: str) -> JsonObject:
    found: Json = value.get(member)
    return found if isinstance(found, dict) else {}


def _text(value: JsonObject, member: str) -> str:
    found = value.get(member)
    return found.strip() if isinstance(found, str) else ""


def _one_of(value: JsonObject, member: str, known: dict[str, str]) -> str:
    return known.get(_text(value, member).lower(), "")
