"""What is known of an image version beside its release, with and without the bodies that would say it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.catalogue_files import load_catalogue
from muster.facts.catalogue import Catalogue
from muster.facts.publication import NOTHING_READ, ImageBodies, publication_facts
from muster.facts.published import VERSION_DATES, version_day, version_order
from muster.values.json import Json, JsonObject

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue(ROOT / "policies").catalogue


@pytest.mark.parametrize(
    ("product", "version", "day"),
    [
        ("ubuntu", "22.04.202310040", "2023-10-04"),
        ("ubuntu", "16.04.201708151", "2017-08-15"),
        ("ubuntu", "202608.06.1", "2026-08-06"),
        ("debian", "0.20231004.1523", "2023-10-04"),
        ("rhel", "8.6.2022052801", "2022-05-28"),
        ("rhel", "7.9.2023032012", "2023-03-20"),
        ("centos", "7.9.2022020700", "2022-02-07"),
        ("windows-server", "20348.1487.230106", "2023-01-06"),
        ("windows-server", "17763.2019.221114", "2022-11-14"),
        ("windows", "22631.4751.250109", "2025-01-09"),
        ("azure-linux", "3.20240727.01", "2024-07-27"),
        ("azure-container-linux", "202608.06.1", "2026-08-06"),
        ("sles", "2024.12.11", "2024-12-11"),
        ("rocky-linux", "9.2.20230513", "2023-05-13"),
        ("almalinux", "8.7.2022122801", "2022-12-28"),
        # Numbers that are no days, and products whose versions carry none.
        ("ubuntu", "1.4.0", None),
        ("ubuntu", "latest", None),
        ("ubuntu", "22.04.202313040", None),
        ("ubuntu", "22.04.19700101", None),
        ("ubuntu", "2024.01.15", None),
        ("windows-server", "14393.8594.261341", None),
        ("windows-server", "261111", None),
        ("flatcar", "4593.2.5", None),
        ("oracle-linux", "8.6.3", None),
        ("debian", "0.20231004" + "9" * 400, None),
        ("debian", "٠.٢٠٢٣١٠٠٤.١", None),
        ("unknown", "22.04.202310040", None),
    ],
)
def test_the_day_in_a_version(shipped: Catalogue, product: str, version: str, day: str | None) -> None:
    image: dict[str, Json] = {"source": "marketplace", "product": product, "exactVersion": version}
    found = publication_facts(shipped, image, as_of=TODAY)
    assert found["publishedDate"] == day
    assert found["ageInDays"] == ((TODAY - date.fromisoformat(day)).days if day else None)


def test_an_image_from_tomorrow_is_new(shipped: Catalogue) -> None:
    image: dict[str, Json] = {"source": "marketplace", "product": "debian", "exactVersion": "0.20261124.1"}
    assert publication_facts(shipped, image, as_of=TODAY)["ageInDays"] == 0


@given(st.text(max_size=60), st.lists(st.sampled_from(VERSION_DATES)))
def test_any_text_is_a_version_with_a_day_or_not(version: str, forms: list[str]) -> None:
    day = version_day(version, forms)
    assert day is None or day.year >= 2010


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=4), st.lists(st.integers(0, 10**12), min_size=1, max_size=4)
)
def test_versions_order_number_by_number(one: list[int], other: list[int]) -> None:
    orders = [version_order(".".join(map(str, numbers))) for numbers in (one, other)]
    assert orders == [tuple(one), tuple(other)]


GALLERY: dict[str, Json] = {"source": "gallery", "product": "ubuntu", "exactVersion": "1.4.0"}
MARKETPLACE: dict[str, Json] = {"source": "marketplace", "product": "ubuntu", "exactVersion": "22.04.202310040"}


def facts(image: dict[str, Json], **bodies: Any) -> JsonObject:
    catalogue = load_catalogue(ROOT / "policies").catalogue
    return publication_facts(catalogue, image, ImageBodies(**bodies), as_of=TODAY)


def deprecated(**status: Json) -> JsonObject:
    return {"name": "22.04.202310040", "properties": {"imageDeprecationStatus": status}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, {"state": None, "date": None, "alternative": None}),
        ({"properties": {}}, {"state": None, "date": None, "alternative": None}),
        ({"properties": {"imageDeprecationStatus": "gone"}}, {"state": None, "date": None, "alternative": None}),
        (deprecated(imageState="Active"), {"state": "Active"}),
        (
            deprecated(
                imageState="ScheduledForDeprecation",
                scheduledDeprecationTime="2027-01-31T23:30:00-02:00",
                alternativeOption={"type": "Plan", "value": "22_04-lts-gen2"},
            ),
            {"state": "ScheduledForDeprecation", "date": "2027-02-01", "alternative": "22_04-lts-gen2"},
        ),
        (
            deprecated(imageState="Deprecated", scheduledDeprecationTime="soon", alternativeOption={"type": "None"}),
            {"state": "Deprecated", "date": None},
        ),
        (
            deprecated(imageState="Deprecated", scheduledDeprecationTime="0001-01-01T00:00:00+14:00"),
            {"state": "Deprecated", "date": None},
        ),
    ],
)
def test_deprecation(body: JsonObject | None, expected: JsonObject) -> None:
    assert facts(MARKETPLACE, marketplace=body)["deprecation"] == expected


def version(name: str, **profile: Json) -> JsonObject:
    return {"name": name, "properties": {"publishingProfile": profile}}


@pytest.mark.parametrize(
    ("definition", "profile", "expected"),
    [
        ({"properties": {}}, {}, "absent"),
        ({"properties": {"endOfLifeDate": "2027-03-01T00:00:00+00:00"}}, {}, "2027-03-01"),
        ({"properties": {}}, {"endOfLifeDate": "2026-12-01T00:00:00Z"}, "2026-12-01"),
        (
            {"properties": {"endOfLifeDate": "2027-03-01T00:00:00Z"}},
            {"endOfLifeDate": "2026-12-01T00:00:00Z"},
            "2026-12-01",
        ),
        ({"properties": {"endOfLifeDate": "some day"}}, {}, None),
        (None, {}, None),
        (None, {"endOfLifeDate": "2026-12-01T00:00:00Z"}, "2026-12-01"),
    ],
)
def test_a_gallerys_end_of_life(definition: JsonObject | None, profile: JsonObject, expected: str | None) -> None:
    found = facts(GALLERY, gallery_image=definition, gallery_version=version("1.4.0", **profile))
    assert found.get("galleryEndOfLifeDate", "absent") == expected


def test_a_gallery_that_was_not_read_is_unknown() -> None:
    found = facts(GALLERY)
    assert (found["galleryEndOfLifeDate"], found["excludedFromLatest"], found["publishedDate"]) == (None, None, None)


def test_a_gallery_version_says_when_it_was_published_and_what_latest_skips() -> None:
    body = version("1.4.0", publishedDate="2026-09-17T08:00:00.1234567+00:00", excludeFromLatest=True)
    found = facts(GALLERY, gallery_version=body)
    assert (found["publishedDate"], found["ageInDays"], found["excludedFromLatest"]) == ("2026-09-17", 67, True)
    assert facts(GALLERY, gallery_version=version("1.4.0"))["excludedFromLatest"] is False


@pytest.mark.parametrize(
    ("names", "exact", "latest", "behind"),
    [
        (["1.4.0", "1.10.0", "1.9.9"], "1.4.0", "1.10.0", 2),
        (["1.4.0"], "1.4.0", "1.4.0", 0),
        (["1.4.0", "1.5.0!"], "1.5.0", "1.4.0", 0),
        (["1.4.0", "latest", ""], "1.3.0", "1.4.0", 1),
        (["1.4.0"], "latest", "1.4.0", None),
        (["1.4.0!"], "1.4.0", None, None),
    ],
)
def test_versions_behind(names: list[str], exact: str, latest: str | None, behind: int | None) -> None:
    """A name that ends in ! is kept out of latest."""
    versions = tuple(version(name.rstrip("!"), excludeFromLatest=name.endswith("!")) for name in names)
    found = facts({**GALLERY, "exactVersion": exact}, versions=versions)
    assert (found["latestVersion"], found["versionsBehind"]) == (latest, behind)


def test_where_no_version_is_offered_there_is_no_newest_one() -> None:
    found = facts({**GALLERY, "exactVersion": "1.4.0"}, versions=())
    assert "latestVersion" not in found
    assert found["versionsBehind"] is None
    assert facts(GALLERY)["latestVersion"] is None


@pytest.mark.parametrize(
    ("source", "gone"),
    [
        ("marketplace", {"galleryEndOfLifeDate", "excludedFromLatest"}),
        ("gallery", {"deprecation"}),
        ("sharedGallery", {"deprecation"}),
        ("communityGallery", {"deprecation"}),
        ("managedImage", {"deprecation", "galleryEndOfLifeDate", "excludedFromLatest"}),
        ("attachedDisk", {"deprecation", "galleryEndOfLifeDate", "excludedFromLatest"}),
        ("unknown", set()),
        (None, set()),
    ],
)
def test_what_a_source_can_not_have_is_not_there(shipped: Catalogue, source: Json, gone: set[str]) -> None:
    found = publication_facts(shipped, {"source": source}, as_of=TODAY)
    everything = {"publishedDate", "ageInDays", "latestVersion", "versionsBehind"} | {
        "deprecation",
        "galleryEndOfLifeDate",
        "excludedFromLatest",
    }
    assert everything - found.keys() == gone


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMED = st.dictionaries(
    st.sampled_from(("name", "properties", "publishingProfile", "endOfLifeDate", "imageDeprecationStatus")),
    ANY_JSON,
    max_size=4,
)


@given(_NAMED, _NAMED, st.dictionaries(st.sampled_from(("source", "product", "exactVersion")), ANY_JSON))
def test_no_body_makes_it_raise(one: JsonObject, other: JsonObject, image: JsonObject) -> None:
    nested: JsonObject = {"properties": other}
    for body in (one, nested):
        publication_facts(
            _EMPTY,
            image,
            ImageBodies(marketplace=body, gallery_image=body, gallery_version=body, versions=(body,)),
            as_of=TODAY,
        )


_EMPTY = Catalogue({}, {}, {})


def test_nothing_read_is_the_same_as_no_bodies(shipped: Catalogue) -> None:
    assert publication_facts(shipped, GALLERY, NOTHING_READ, as_of=TODAY) == publication_facts(
        shipped, GALLERY, as_of=TODAY
    )
