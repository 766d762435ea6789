"""Which other resources tell what an image is."""

from typing import Any

import pytest

from muster.facts.image_reads import image_reads

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/RG"
GALLERY = f"{GROUP}/providers/Microsoft.Compute/galleries/Golden/images/Ubuntu"
MANAGED = f"{GROUP}/providers/Microsoft.Compute/images/Built"
DISK = f"{GROUP}/providers/Microsoft.Compute/disks/Restored"


def reference(**members: Any) -> dict[str, Any]:
    return {"storageProfile": {"imageReference": members, "osDisk": {"managedDisk": {"id": DISK}}}}


@pytest.mark.parametrize(
    ("properties", "ids"),
    [
        (reference(id=f"{GALLERY}/versions/1.2.3"), [f"{GALLERY}/versions/1.2.3", GALLERY]),
        (reference(id=GALLERY), [GALLERY]),
        (reference(id=MANAGED), [MANAGED]),
        ({"virtualMachineProfile": reference(id=GALLERY)}, [GALLERY]),
        (reference(publisher="Canonical", offer="o", sku="s"), []),
        (reference(communityGalleryImageId="/communityGalleries/x/images/y"), []),
        (reference(id="/subscriptions/{subscription-id}/resourceGroups/g/providers/Microsoft.Compute/images/x"), []),
        (reference(id=f"{GROUP}/providers/Microsoft.Storage/storageAccounts/x"), []),
        (reference(id=f"{GALLERY}/../../../x"), []),
        (reference(id=7), []),
        ({"storageProfile": {"osDisk": {"createOption": "Attach", "managedDisk": {"id": DISK}}}}, [DISK]),
        ({"storageProfile": {"osDisk": {"createOption": "Attach", "managedDisk": {"id": MANAGED}}}}, []),
        ({"storageProfile": {"osDisk": {"vhd": {"uri": "https://x"}}}}, []),
        ({"storageProfile": {"osDisk": []}}, []),
        ({"storageProfile": None}, []),
        ({"virtualMachineProfile": 7}, []),
        ({}, []),
    ],
)
def test_table(properties: Any, ids: list[str]) -> None:
    assert [str(found) for found in image_reads({"properties": properties})] == [one.lower() for one in ids]


def test_without_properties_there_is_nothing_to_read() -> None:
    assert image_reads({}) == image_reads({"properties": []}) == ()
