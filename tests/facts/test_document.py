"""The document: all facts together, for what runs an image or is one, whatever is in it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.adapters.fact_sources import load_fact_sources
from muster.facts.document import FactSources, build_document
from muster.facts.field_table import FIELDS
from muster.facts.image_reads import image_reads
from muster.values.answers import Forbidden, Found, FoundMany
from muster.values.image_query import ImageAnswer
from muster.values.json import Json, JsonObject, as_object

if TYPE_CHECKING:
    from muster.values.resource_id import ResourceId

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
GALLERY = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/RG/providers/Microsoft.Compute/galleries/g"
)


@pytest.fixture(scope="module")
def sources() -> FactSources:
    return load_fact_sources(ROOT / "policies")


def ubuntu(**reference: Json) -> JsonObject:
    named: JsonObject = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    return {
        "id": "x",
        "type": "Microsoft.Compute/virtualMachines",
        "properties": {"storageProfile": {"imageReference": reference or named}},
    }


def test_image_and_lifecycle_come_together(sources: FactSources) -> None:
    document = build_document(ubuntu(), sources=sources, now=NOW)
    assert (document.image["product"], document.image["release"]) == ("ubuntu", "24.04")
    assert document.lifecycle["phase"] == "supported"
    days, end = document.lifecycle["daysToEndOfSupport"], document.lifecycle["endOfSupportDate"]
    assert isinstance(end, str)
    assert days == (datetime.fromisoformat(end).date() - NOW.date()).days
    assert as_object(document.image["traits"])["init"] == "systemd"
    assert document.now == NOW


def test_a_licence_counts_as_evidence_of_extended_support(sources: FactSources) -> None:
    body = ubuntu(publisher="RedHat", offer="RHEL", sku="79-gen2", version="latest")
    as_object(body["properties"])["licenseType"] = "RHEL_ELS_6"
    entitled = build_document(body, sources=sources, now=NOW).lifecycle["entitled"]
    del as_object(body["properties"])["licenseType"]
    assert (entitled, build_document(body, sources=sources, now=NOW).lifecycle["entitled"]) == (True, None)


def test_the_bodies_of_a_gallery_say_what_its_image_is_and_when_it_ends(sources: FactSources) -> None:
    body = ubuntu(id=f"{GALLERY}/images/i/versions/1.2.3")
    version, definition = image_reads(body)
    bodies: dict[ResourceId, JsonObject | None] = {
        definition: {
            "id": str(definition),
            "properties": {
                "identifier": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server"},
                "endOfLifeDate": "2027-03-01T00:00:00+00:00",
            },
        },
        version: {
            "id": str(version),
            "properties": {"publishingProfile": {"endOfLifeDate": "2026-12-31T00:00:00+00:00"}},
        },
    }
    image = build_document(body, sources=sources, now=NOW, image_bodies=bodies).image
    assert image["galleryEndOfLifeDate"] == "2026-12-31"
    assert image["excludedFromLatest"] is False
    without = build_document(body, sources=sources, now=NOW, image_bodies=dict.fromkeys(bodies)).image
    assert without["galleryEndOfLifeDate"] is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"imageState": "Active"}, {"state": "Active"}),
        (
            {
                "imageState": "ScheduledForDeprecation",
                "scheduledDeprecationTime": "2027-01-31T00:00:00+00:00",
                "alternativeOption": {"type": "Offer", "value": "ubuntu-26_04-lts"},
            },
            {"state": "ScheduledForDeprecation", "date": "2027-01-31", "alternative": "ubuntu-26_04-lts"},
        ),
        (
            {"imageState": "Deprecated", "scheduledDeprecationTime": None, "alternativeOption": None},
            {"state": "Deprecated", "date": None, "alternative": None},
        ),
    ],
)
def test_the_marketplace_says_what_becomes_of_an_image(
    status: JsonObject, expected: JsonObject, sources: FactSources
) -> None:
    version: JsonObject = {
        "name": "24.04.202510010",
        "properties": {
            "imageDeprecationStatus": status,
            "architecture": "Arm64",
            "hyperVGeneration": "V2",
            "features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}],
        },
    }
    versions = FoundMany(tuple({"name": f"24.04.2025{month}010"} for month in ("0901", "1001", "1101")), NOW)
    named: JsonObject = {
        "publisher": "Canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
        "exactVersion": "24.04.20251001010",
    }
    published = ImageAnswer(version=Found(version, NOW), versions=versions)
    image = build_document(ubuntu(**named), sources=sources, now=NOW, published=published).image
    assert image["deprecation"] == expected
    assert (image["latestVersion"], image["versionsBehind"]) == ("24.04.20251101010", 1)
    assert (image["architecture"], image["generation"]) == ("arm64", "V2")
    assert image["securityTypes"] == ["TrustedLaunch"]
    hidden = ImageAnswer(version=Forbidden("x/read"), versions=Forbidden("x/read"))
    unread = build_document(ubuntu(**named), sources=sources, now=NOW, published=hidden).image
    assert unread["deprecation"] == {"state": None, "date": None, "alternative": None}
    assert (unread["latestVersion"], unread["versionsBehind"]) == (None, None)


def test_a_gallery_version_is_an_image_itself(sources: FactSources) -> None:
    body: JsonObject = {
        "id": f"{GALLERY}/images/i/versions/1.2.3",
        "type": "Microsoft.Compute/galleries/images/versions",
        "properties": {"publishingProfile": {"excludeFromLatest": True, "publishedDate": "2026-11-13T00:00:00Z"}},
    }
    image = build_document(body, sources=sources, now=NOW).image
    assert (image["excludedFromLatest"], image["publishedDate"], image["ageInDays"]) == (True, "2026-11-13", 10)


def test_what_could_not_be_read_has_every_field_unknown(sources: FactSources) -> None:
    body: JsonObject = {"id": "x", "type": "microsoft.compute/virtualmachines"}
    document = build_document(body, sources=sources, now=NOW, readable=False)
    for field in FIELDS:
        room, _, name = field.name.partition("/")
        if room == "Muster.Network":
            assert document.network == {}
            continue
        value: Any = document.image if room == "Muster.Image" else document.lifecycle
        for part in name.removesuffix("[*]").split("."):
            assert part in value, field.name
            value = value[part]
        assert value is None


@pytest.mark.parametrize("kind", ["Microsoft.Network/networkInterfaces", None, 7])
def test_what_runs_no_image_has_none_of_musters_fields(sources: FactSources, kind: Json) -> None:
    document = build_document({**ubuntu(), "type": kind}, sources=sources, now=NOW)
    assert document.image == document.lifecycle == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "storageProfile",
                    "imageReference",
                    "osDisk",
                    "managedDisk",
                    "virtualMachineProfile",
                    "licenseType",
                    "publisher",
                    "offer",
                    "sku",
                    "id",
                    "plan",
                    "instanceView",
                    "osName",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(properties=JSON, plan=JSON)
def test_whatever_a_body_holds_its_document_is_json(properties: Json, plan: Json, sources: FactSources) -> None:
    body: JsonObject = {"type": "Microsoft.Compute/virtualMachines", "properties": properties, "plan": plan}
    image_reads(body)
    document = build_document(body, sources=sources, now=NOW)
    facts = {"image": document.image, "lifecycle": document.lifecycle}
    assert json.loads(json.dumps(facts)) == facts
