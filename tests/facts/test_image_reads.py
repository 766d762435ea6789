"""Which other resources tell what an image is."""

from typing import Any

import pytest

from muster.facts.image_reads import image_parts, image_query, image_reads, unpublished_reads
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.needs import EVERYTHING, Needs
from muster.values.resource_id import ResourceId

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


SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"


def machine(reference: Any, location: Any = "West Europe") -> dict[str, Any]:
    return {
        "id": f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm",
        "location": location,
        "properties": {"storageProfile": {"imageReference": reference}},
    }


def marketplace(**changed: Any) -> dict[str, Any]:
    return {
        "publisher": "Canonical",
        "offer": "o",
        "sku": "s_1",
        "version": "latest",
        "exactVersion": "1.2.3",
        **changed,
    }


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (
            marketplace(),
            ImageQuery(ImageHome.MARKETPLACE, SUBSCRIPTION, "westeurope", ("Canonical", "o", "s_1"), "1.2.3"),
        ),
        (
            marketplace(exactVersion=None),
            ImageQuery(ImageHome.MARKETPLACE, SUBSCRIPTION, "westeurope", ("Canonical", "o", "s_1"), ""),
        ),
        (
            {"communityGalleryImageId": "/communityGalleries/pub-1/images/i/versions/1.0.0"},
            ImageQuery(ImageHome.COMMUNITY_GALLERY, SUBSCRIPTION, "westeurope", ("pub-1", "i"), "1.0.0"),
        ),
        (
            {"sharedGalleryImageId": "/sharedGalleries/uniq/images/i/versions/latest", "exactVersion": "2.0.0"},
            ImageQuery(ImageHome.SHARED_GALLERY, SUBSCRIPTION, "westeurope", ("uniq", "i"), "2.0.0"),
        ),
        (
            {"id": f"{GALLERY}/versions/1.2.3"},
            ImageQuery(
                ImageHome.GALLERY, SUBSCRIPTION, "westeurope", (), "1.2.3", definition=ResourceId.parse(GALLERY)
            ),
        ),
        (marketplace(sku="../../x"), None),
        (marketplace(offer="o?x=1"), None),
        (marketplace(publisher=".."), None),
        (marketplace(publisher="Canonicаl"), None),
        ({"id": MANAGED}, None),
        ({"id": f"{GROUP}/providers/Microsoft.Compute/galleries/../images/x"}, None),
        (None, None),
    ],
)
def test_what_to_ask_about_a_published_image(reference: Any, expected: ImageQuery | None) -> None:
    assert image_query(machine(reference)) == expected


@pytest.mark.parametrize("location", [None, 7, "", "west/europe", "west?x", "wéstus"])
def test_without_a_place_nothing_is_asked_of_the_marketplace(location: Any) -> None:
    assert image_query(machine(marketplace(), location)) is None


@pytest.mark.parametrize(
    ("reference", "fields", "parts"),
    [
        (marketplace(), (), set()),
        (marketplace(), ("muster.lifecycle/phase", "muster.image/product"), set()),
        (marketplace(), ("muster.image/deprecation.state",), {ImagePart.VERSION}),
        (marketplace(exactVersion=""), ("muster.image/deprecation.state",), set()),
        (marketplace(), ("muster.image/versionsbehind",), {ImagePart.VERSIONS}),
        (marketplace(), ("muster.image/securitytypes[*]",), {ImagePart.VERSION}),
        ({"id": f"{GALLERY}/versions/1.2.3"}, (), {ImagePart.VERSION, ImagePart.DEFINITION}),
        ({"id": GALLERY}, ("muster.image/latestversion",), {ImagePart.DEFINITION, ImagePart.VERSIONS}),
    ],
)
def test_no_more_is_read_of_an_image_than_rules_ask(
    reference: Any, fields: tuple[str, ...], parts: set[ImagePart]
) -> None:
    query = image_query(machine(reference))
    assert query is not None
    assert image_parts(query, Needs(fields=frozenset(fields))) == parts


def test_a_rule_that_computes_its_field_may_ask_for_anything() -> None:
    query = image_query(machine(marketplace()))
    assert query is not None
    assert image_parts(query, EVERYTHING) == {ImagePart.VERSION, ImagePart.VERSIONS}


def test_what_a_gallery_tells_is_not_read_twice() -> None:
    assert image_reads(machine({"id": GALLERY})) == (ResourceId.parse(GALLERY),)
    assert unpublished_reads(machine({"id": GALLERY})) == ()
    assert unpublished_reads(machine({"id": MANAGED})) == (ResourceId.parse(MANAGED),)
