"""From what image a resource was made, read from every kind of body, and from bodies with anything in them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.image_reference import ImageReference, Plan
from muster.facts.image_source import read_image
from muster.facts.rest_shape import rest_shape

VM_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"
GALLERY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/img"
IMAGE: dict[str, Any] = {
    "publisher": "Canonical",
    "offer": "offer",
    "sku": "sku",
    "version": "latest",
    "exactVersion": "1.2.3",
}


def vm(image: Any = None, *, disk: Any = None, **properties: Any) -> dict[str, Any]:
    storage: dict[str, Any] = {"osDisk": {"osType": "Linux", "createOption": "FromImage"} if disk is None else disk}
    if image is not None:
        storage["imageReference"] = image
    return {
        "id": VM_ID,
        "type": "Microsoft.Compute/virtualMachines",
        "properties": {"storageProfile": storage, **properties},
    }


def test_a_virtual_machine() -> None:
    body = vm(
        IMAGE,
        securityProfile={"securityType": "TrustedLaunch"},
        instanceView={"osName": "ubuntu", "osVersion": "24.04", "hyperVGeneration": "V2"},
    )
    assert read_image({**body, "plan": {"name": "n", "publisher": "p", "product": "o"}}) == ImageReference(
        "marketplace",
        "Canonical",
        "offer",
        "sku",
        "latest",
        "1.2.3",
        plan=Plan("p", "o", "n"),
        plan_known=True,
        generation="V2",
        security_types=("TrustedLaunch",),
        os_type="Linux",
        os_name="ubuntu",
        os_version="24.04",
    )


def test_a_flattened_virtual_machine_is_read_like_one_of_the_rest_api() -> None:
    body = vm(IMAGE, securityProfile={"securityType": "ConfidentialVM"})
    flat: dict[str, Any] = {"id": VM_ID, "type": body["type"], "plan": None, "instanceView": None, **body["properties"]}
    assert read_image(flat) == read_image(body) == read_image(rest_shape(flat))
    assert read_image(flat).security_types == ("ConfidentialVm",)


def test_a_scale_set_and_its_instance() -> None:
    profile: dict[str, Any] = {"storageProfile": {"imageReference": IMAGE, "osDisk": {"createOption": "FromImage"}}}
    scale_set: dict[str, Any] = {
        "properties": {"virtualMachineProfile": {**profile, "osProfile": {"linuxConfiguration": {}}}}
    }
    assert read_image(scale_set).sku == "sku"
    assert read_image(scale_set).os_type == "Linux"
    assert read_image({"properties": profile}).exact_version == "1.2.3"
    assert read_image({"properties": {"virtualMachineProfile": {}}}) == ImageReference(plan_known=True)


@pytest.mark.parametrize(
    ("image", "source", "exact"),
    [
        ({"id": f"{GALLERY}/versions/1.0.0"}, "gallery", "1.0.0"),
        ({"id": GALLERY, "exactVersion": "1.0.1"}, "gallery", "1.0.1"),
        ({"sharedGalleryImageId": "/SharedGalleries/u/Images/i/Versions/latest"}, "sharedGallery", ""),
        ({"communityGalleryImageId": "/CommunityGalleries/u/Images/i/Versions/2.0.0"}, "communityGallery", "2.0.0"),
        ({"id": VM_ID.replace("virtualMachines", "images")}, "managedImage", ""),
        ({**IMAGE, "version": "9.9", "exactVersion": None}, "marketplace", "9.9"),
        ({**IMAGE, "id": ""}, "marketplace", "1.2.3"),
        ({}, "unknown", ""),
        ({"id": VM_ID}, "unknown", ""),
    ],
)
def test_image_references(image: Any, source: str, exact: str) -> None:
    found = read_image(vm(image))
    assert (found.source, found.exact_version) == (source, exact)


def test_an_attached_disk_and_what_it_was_made_of() -> None:
    body = vm(disk={"osType": "Linux", "createOption": "Attach"}, instanceView={"osName": "ubuntu"})
    assert read_image(body).source == "attachedDisk"
    market = (
        "/Subscriptions/s/Providers/Microsoft.Compute/Locations/x/Publishers/P/ArtifactTypes/VMImage/Offers/O/Skus/S"
    )
    disk: dict[str, Any] = {
        "type": "Microsoft.Compute/disks",
        "properties": {
            "creationData": {"createOption": "FromImage", "imageReference": {"id": f"{market}/Versions/1.0.0"}},
            "hyperVGeneration": "V2",
            "supportedCapabilities": {"architecture": "Arm64"},
        },
    }
    found = read_image(body, [disk])
    assert (found.source, found.publisher, found.offer, found.sku) == ("attachedDisk", "P", "O", "S")
    assert (found.exact_version, found.generation, found.architecture) == ("1.0.0", "V2", "arm64")
    assert (found.os_type, found.os_name) == ("Linux", "ubuntu")
    disk["properties"]["creationData"] = {"galleryImageReference": {"id": f"{GALLERY}/versions/3.0.0"}}
    assert read_image(body, [disk]).definition == "img"
    disk["properties"]["creationData"] = {"createOption": "Empty"}
    assert read_image(body, [disk]).source == "attachedDisk"


DEFINITION: dict[str, Any] = {
    "id": GALLERY,
    "type": "Microsoft.Compute/galleries/images",
    "properties": {
        "osType": "Linux",
        "hyperVGeneration": "V2",
        "architecture": "Arm64",
        "features": [{"name": "SecurityType", "value": "TrustedLaunchAndConfidentialVmSupported"}, 7, {"name": 1}],
        "identifier": {"publisher": "p", "offer": "o", "sku": "s"},
        "purchasePlan": {"name": "n", "publisher": "pp", "product": "po"},
    },
}


def test_a_gallery_image_says_more_of_itself_than_its_id() -> None:
    own = read_image(DEFINITION)
    assert (own.source, own.gallery_id, own.publisher, own.offer, own.sku) == ("gallery", GALLERY, "p", "o", "s")
    assert (own.os_type, own.generation, own.architecture) == ("Linux", "V2", "arm64")
    assert own.security_types == ("TrustedLaunch", "ConfidentialVm")
    assert own.plan == Plan("pp", "po", "n")
    used = read_image(vm({"id": f"{GALLERY}/versions/1.0.0"}), [DEFINITION])
    assert (used.publisher, used.architecture, used.exact_version) == ("p", "arm64", "1.0.0")
    assert used.security_types == own.security_types


def test_a_gallery_image_version() -> None:
    version: dict[str, Any] = {
        "id": f"{GALLERY}/versions/1.0.0",
        "properties": {"publishingProfile": {}, "storageProfile": {"osDiskImage": {"sizeInGB": 30}}},
    }
    found = read_image(version, [DEFINITION])
    assert (found.source, found.exact_version, found.publisher) == ("gallery", "1.0.0", "p")


def test_a_managed_image() -> None:
    body: dict[str, Any] = {
        "id": VM_ID.replace("virtualMachines", "images"),
        "properties": {"hyperVGeneration": "V1", "storageProfile": {"osDisk": {"osType": "Windows"}}},
    }
    found = read_image(body)
    assert (found.source, found.os_type, found.generation) == ("managedImage", "Windows", "V1")
    assert read_image({**body, "type": "Microsoft.Compute/images"}) == found
    assert read_image(body, [DEFINITION]).publisher == ""


def test_a_marketplace_image_version() -> None:
    market = (
        "/Subscriptions/s/Providers/Microsoft.Compute/Locations/x/Publishers/P/ArtifactTypes/VMImage/Offers/O/Skus/S"
    )
    body: dict[str, Any] = {
        "id": f"{market}/Versions/1.0.0",
        "properties": {
            "plan": {"publisher": "P", "product": "O", "name": "S"},
            "osDiskImage": {"operatingSystem": "Linux"},
            "architecture": "x64",
            "features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}],
        },
    }
    found = read_image(body)
    assert (found.source, found.publisher, found.exact_version) == ("marketplace", "P", "1.0.0")
    assert (found.os_type, found.architecture, found.security_types) == ("Linux", "x64", ("TrustedLaunch",))
    assert found.plan == Plan("P", "O", "S")


def test_a_bare_reference() -> None:
    assert read_image(dict(IMAGE)) == ImageReference("marketplace", "Canonical", "offer", "sku", "latest", "1.2.3")
    assert read_image({"id": GALLERY}).source == "gallery"


RESOURCES = sorted((Path(__file__).parents[3] / "shared" / "azure" / "resources").glob("*.json"))


def test_recorded_bodies(shared: Path) -> None:
    sources = {path.name: read_image(json.loads(path.read_text("utf-8"))).source for path in RESOURCES}
    assert len(sources) == len(list((shared / "azure" / "resources").glob("*.json")))
    kinds = {"image-": {"managedImage"}, "galleryImage-": {"gallery"}, "marketplaceImageVersion-": {"marketplace"}}
    for prefix, wanted in kinds.items():
        assert {source for name, source in sources.items() if name.startswith(prefix)} == wanted
    assert {source for name, source in sources.items() if name.startswith("vm")} >= {"marketplace", "managedImage"}


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([GALLERY, VM_ID, "Attach"])
NAMES = st.sampled_from(
    (
        *("id", "type", "properties", "storageProfile", "imageReference", "osDisk", "publisher", "offer", "plan"),
        *("features", "virtualMachineProfile", "instanceView", "osName", "identifier", "creationData"),
        *("createOption", "exactVersion"),
    )
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(NAMES, ANY_JSON), st.lists(st.dictionaries(NAMES, ANY_JSON), max_size=2))
def test_wrong_types_are_as_good_as_absent(body: dict[str, Any], related: list[dict[str, Any]]) -> None:
    found = read_image(body, related)
    assert all(isinstance(getattr(found, name), str) for name in ("publisher", "offer", "sku", "os_name", "trouble"))
