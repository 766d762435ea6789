"""The members of `Muster.Image`: which are unknown, and which are known not to exist."""

from dataclasses import replace
from typing import Any

import pytest

from muster.facts.field_table import BY_NAME
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import ImageIdentity
from muster.facts.image_reference import ImageReference, Plan

UBUNTU = ImageIdentity(
    product="ubuntu",
    release="22.04",
    cycle="22.04",
    variant=("pro", "fips"),
    channel="vm",
    image_class="generalPurpose",
    immutable=False,
    package_manager="apt",
    generation="V2",
    confidence="sure",
    evidence=("sku x: release 22.04",),
)
MARKET = ImageReference("marketplace", "Canonical", "o", "s", "latest", plan_known=True)


def test_a_marketplace_image() -> None:
    assert image_facts(UBUNTU, MARKET) == {
        "source": "marketplace",
        "publisher": "Canonical",
        "offer": "o",
        "sku": "s",
        "version": "latest",
        "exactVersion": None,
        "product": "ubuntu",
        "release": "22.04",
        "cycle": "22.04",
        "variant": "pro fips",
        "channel": "vm",
        "class": "generalPurpose",
        "immutable": False,
        "packageManager": "apt",
        "architecture": None,
        "generation": "V2",
        "securityTypes": None,
        "confidence": "sure",
        "evidence": ["sku x: release 22.04"],
    }


@pytest.mark.parametrize(
    ("reference", "absent", "unknown"),
    [
        (MARKET, {"id", "galleryId", "plan"}, {"exactVersion"}),
        (ImageReference("marketplace", "p", "o", "s"), {"id", "galleryId"}, {"plan", "version", "exactVersion"}),
        (ImageReference("gallery", id="/i", gallery_id="/g"), {"publisher", "offer", "sku"}, {"version", "plan"}),
        (ImageReference("communityGallery", id="/i"), {"publisher", "offer", "sku"}, {"galleryId", "plan"}),
        (
            ImageReference("managedImage", id="/i", plan_known=True),
            {"publisher", "offer", "sku", "version", "exactVersion", "galleryId", "plan"},
            set(),
        ),
        (
            ImageReference("attachedDisk", "p", "o", "s", plan_known=True),
            {"publisher", "offer", "sku", "version", "exactVersion", "galleryId", "plan", "id"},
            set(),
        ),
        (
            ImageReference(),
            set(),
            {"publisher", "offer", "sku", "version", "exactVersion", "galleryId", "plan", "id"},
        ),
    ],
)
def test_what_does_not_exist_and_what_is_not_known(
    reference: ImageReference, absent: set[str], unknown: set[str]
) -> None:
    facts = image_facts(UBUNTU, reference)
    assert facts.keys() & absent == set()
    assert {name for name in facts.keys() & unknown if facts[name] is None} == unknown


def test_a_plan_by_its_name() -> None:
    assert image_facts(UBUNTU, replace(MARKET, plan=Plan("p", "o", "n")))["plan"] == "n"


def test_a_product_without_cycles_and_an_image_without_variant() -> None:
    facts = image_facts(replace(UBUNTU, cycle=None, has_cycles=False, variant=()), MARKET)
    assert "cycle" not in facts
    assert "variant" not in facts
    assert image_facts(replace(UBUNTU, cycle=None), MARKET)["cycle"] is None


def test_an_unknown_product_leaves_everything_unknown() -> None:
    facts = image_facts(ImageIdentity(evidence=("nothing",)), MARKET)
    members = ("product", "release", "cycle", "variant", "channel", "class", "immutable", "packageManager")
    assert [facts[name] for name in members] == [None] * len(members)
    assert facts["confidence"] == "none"


@pytest.mark.parametrize("reference", [MARKET, ImageReference(), ImageReference("gallery", id="/i", gallery_id="/g")])
def test_every_member_is_a_field(reference: ImageReference) -> None:
    facts: dict[str, Any] = image_facts(UBUNTU, reference)
    for name, value in facts.items():
        field = BY_NAME.get(f"muster.image/{name}".lower()) or BY_NAME[f"muster.image/{name}[*]".lower()]
        assert value is not None or not field.always_known
        assert value is None or not field.values or value in field.values
