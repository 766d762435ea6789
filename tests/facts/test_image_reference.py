"""Texts that name images: URNs, resource ids with anything in them, nodes of AKS, and what names nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.image_reference import ImageReference, read_image_id, read_image_text, shown

GALLERY = "/subscriptions/{sub}/resourceGroups/{My RG}/providers/Microsoft.Compute/galleries/Gal.1/images/Base-2204"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Canonical:offer:sku", ("Canonical", "offer", "sku", "", "")),
        ("Canonical:offer:sku:latest", ("Canonical", "offer", "sku", "latest", "")),
        ("Canonical:offer:sku:LATEST", ("Canonical", "offer", "sku", "LATEST", "")),
        ("Canonical:offer:sku:1.2.3", ("Canonical", "offer", "sku", "1.2.3", "1.2.3")),
        ("  Canonical : offer :sku ", ("Canonical", "offer", "sku", "", "")),
        ("Canonical::sku", ("Canonical", "", "sku", "", "")),
        ("::", ("", "", "", "", "")),
    ],
)
def test_urns(text: str, parts: tuple[str, ...]) -> None:
    found = read_image_text(text)
    assert found.source == "marketplace"
    assert (found.publisher, found.offer, found.sku, found.version, found.exact_version) == parts


@pytest.mark.parametrize(
    ("text", "source", "gallery", "definition", "exact"),
    [
        (f"{GALLERY}/versions/1.4.0", "gallery", "Gal.1", "Base-2204", "1.4.0"),
        (f"{GALLERY}/versions/latest", "gallery", "Gal.1", "Base-2204", ""),
        (GALLERY, "gallery", "Gal.1", "Base-2204", ""),
        (GALLERY.upper(), "gallery", "GAL.1", "BASE-2204", ""),
        ("/providers/Microsoft.Compute/galleries/g/Images/i", "gallery", "g", "i", ""),
        ("/SharedGalleries/unique/Images/i/Versions/1.0.0", "sharedGallery", "unique", "i", "1.0.0"),
        ("/CommunityGalleries/Name-guid/Images/i/Versions/1.0.0", "communityGallery", "Name-guid", "i", "1.0.0"),
        (
            "/subscriptions/s/providers/Microsoft.Compute/locations/eastus/communityGalleries/Name-guid/images/i",
            "communityGallery",
            "Name-guid",
            "i",
            "",
        ),
        ("AKSUbuntu-2204gen2containerd-202608.06.1", "gallery", "AKSUbuntu", "2204gen2containerd", "202608.06.1"),
        (
            "AKSWindows-2022-containerd-20348.2031.231011",
            "gallery",
            "AKSWindows",
            "2022-containerd",
            "20348.2031.231011",
        ),
        ("AKSAzureContainerLinux-202606.01.0", "gallery", "AKSAzureContainerLinux", "", "202606.01.0"),
    ],
)
def test_images_of_galleries(text: str, source: str, gallery: str, definition: str, exact: str) -> None:
    found = read_image_text(text)
    assert (found.source, found.gallery, found.definition, found.exact_version) == (source, gallery, definition, exact)


def test_the_id_of_a_gallery_image_is_that_of_its_definition() -> None:
    found = read_image_id(f"{GALLERY}/Versions/1.4.0")
    assert found.id == f"{GALLERY}/Versions/1.4.0"
    assert found.gallery_id == GALLERY
    assert found.gallery_group == "{My RG}"


def test_the_id_of_a_marketplace_version_is_taken_apart() -> None:
    text = (
        "/Subscriptions/{s}/Providers/Microsoft.Compute/Locations/eastus/Publishers/Canonical/ArtifactTypes/VMImage"
        "/Offers/UbuntuServer/Skus/12.04.3-LTS/Versions/12.04.201401270"
    )
    wanted = read_image_text("Canonical:UbuntuServer:12.04.3-LTS:12.04.201401270")
    assert read_image_id(text) == wanted
    assert read_image_id(text.lower()).offer == "ubuntuserver"


def test_a_managed_image() -> None:
    text = "/subscriptions/AZURE_SUBSCRIPTION_ID/resourceGroups/rg/providers/Microsoft.Compute/images/img"
    assert read_image_text(text) == ImageReference("managedImage", id=text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing is named"),
        ("   ", "nothing is named"),
        ("ubuntu", "neither"),
        ("a:b", "neither"),
        ("a:b:c:d:e", "neither"),
        ("x" * 5000, "5,000 characters are too long"),
        ("/" * 5000, "too long"),
        ("/", "not the id of an image"),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm", "not the id of an image"),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g", "not the id of an image"),
        ("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/images/i", "Microsoft.Storage"),
        ("/subscriptions/s/resourceGroups/g/providers/Contoso.Compute/galleries/g/images/i", "Contoso.Compute"),
        ("AKSUbuntu-2204", "neither"),
    ],
)
def test_what_names_no_image(text: str, why: str) -> None:
    found = read_image_text(text)
    assert found.source == "unknown"
    assert why.lower() in found.trouble.lower()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read_image_text(text)
    assert found.trouble or found.source != "unknown"
    assert found.trouble.isprintable()


@given(st.lists(st.sampled_from(["", "a", "Images", "galleries", "providers", "Microsoft.Compute", "versions", "\n"])))
def test_any_id_is_read(parts: list[str]) -> None:
    found = read_image_id("/".join(parts))
    assert found.trouble or found.source != "unknown"


def test_a_text_from_outside_is_shown_short_and_harmless() -> None:
    assert shown("a\x1b[2Jb\u202eС") == r"'a\u001b[2Jb\u202e\u0421'"
    assert len(shown("\U0001f600" * 1_000_000)) < 1000
