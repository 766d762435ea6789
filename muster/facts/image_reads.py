"""Which other resources tell what image a VM or scale set was made from."""

from muster.values.errors import InvalidResourceId
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId

GALLERY_VERSION = "microsoft.compute/galleries/images/versions"
GALLERY_IMAGE = "microsoft.compute/galleries/images"
MANAGED_IMAGE = "microsoft.compute/images"
DISK = "microsoft.compute/disks"


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
