"""Lifecycle facts: the phase on every side of every boundary, what is unknown, what does not exist, who is entitled."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.catalogue_files import load_catalogue
from muster.facts.catalogue import Catalogue, read_catalogue
from muster.facts.field_table import FIELDS
from muster.facts.lifecycle import lifecycle_facts, phase
from muster.facts.release import Channel, Extension, Release, Status
from muster.values.json import Json

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue(ROOT / "policies").catalogue


PROGRAMMES: list[Json] = [
    {
        "name": "ESM",
        "title": "E",
        "source": "s",
        "seen": "2026-11-01",
        "words": ["pro"],
        "licenseTypes": ["UBUNTU_PRO"],
    },
    {"name": "ESU", "title": "U", "source": "s", "seen": "2026-11-01", "included": True},
]


def facts(on: str, image: dict[str, Json] | None = None, license_type: str = "", **members: Json) -> dict[str, Json]:
    """The facts of a release with these members on a day."""
    held = {"cycle": "1", "endOfSupport": None, "source": "its page", "seen": "2026-11-01", **members}
    read, faults = read_catalogue(
        {
            "f": {
                "product": "distro",
                "title": "Distro",
                "refreshed": "2026-11-01",
                "programmes": PROGRAMMES,
                "releases": [held],
            }
        }
    )
    assert not faults
    asked = {"product": "distro", "cycle": "1", **(image or {})}
    return lifecycle_facts(read, asked, as_of=date.fromisoformat(on), license_type=license_type)


FULL: dict[str, Json] = {
    "releaseDate": "2020-02-01",
    "activeSupportEnd": "2022-03-31",
    "endOfSupport": "2025-04-30",
    "extendedSupportEnd": "2028-05-31",
    "programme": "ESM",
}


@pytest.mark.parametrize(
    ("members", "on", "expected"),
    [
        (FULL, "2020-01-31", "preview"),
        (FULL, "2020-02-01", "supported"),
        (FULL, "2022-03-31", "supported"),
        (FULL, "2022-04-01", "security"),
        (FULL, "2025-04-30", "security"),
        (FULL, "2025-05-01", "extended"),
        (FULL, "2028-05-31", "extended"),
        (FULL, "2028-06-01", "ended"),
        ({"endOfSupport": "2025-04-30"}, "2025-04-30", "supported"),
        ({"endOfSupport": "2025-04-30"}, "2025-05-01", "ended"),
        # After the end it is not known whether extended support has ended as well.
        ({"endOfSupport": "2025-04-30", "extendedSupportEnd": None}, "2025-04-30", "supported"),
        ({"endOfSupport": "2025-04-30", "extendedSupportEnd": None}, "2025-05-01", None),
        # Null is unknown, never supported.
        ({}, "2026-11-23", None),
        ({"releaseDate": "2020-02-01"}, "2020-02-01", None),
        ({"releaseDate": "2020-02-01"}, "2020-01-31", "preview"),
        ({"activeSupportEnd": "2022-03-31"}, "2022-03-31", "supported"),
        ({"activeSupportEnd": "2022-03-31"}, "2022-04-01", None),
        ({"activeSupportEnd": None, "endOfSupport": "2025-04-30"}, "2025-04-30", None),
        ({"activeSupportEnd": None, "endOfSupport": "2025-04-30"}, "2025-05-01", "ended"),
        # Said to be supported, without an end: believed while what was seen is fresh.
        ({"status": "supported"}, "2026-11-23", "supported"),
        ({"status": "supported"}, "2027-01-30", "supported"),
        ({"status": "supported"}, "2027-01-31", None),
        ({"status": "supported", "endOfSupport": "2025-04-30"}, "2025-05-01", "ended"),
        ({"status": "preview"}, "2030-01-01", "preview"),
        ({"status": "preview", "endOfSupport": "2026-12-10"}, "2026-12-10", "preview"),
        ({"status": "preview", "endOfSupport": "2026-12-10"}, "2026-12-11", "ended"),
        ({"status": "rolling"}, "2035-01-01", "rolling"),
        ({"status": "rolling", "endOfSupport": "2026-05-15"}, "2026-05-16", "ended"),
        ({"status": "ended"}, "2001-01-01", "ended"),
    ],
)
def test_phase(members: dict[str, Json], on: str, expected: str | None) -> None:
    assert facts(on, None, "", **members)["phase"] == expected


def test_all_members_of_a_release_with_everything() -> None:
    successor: dict[str, Json] = {"image": "a:b:c:latest", "product": "distro", "cycle": "2"}
    read, _ = read_catalogue(
        {
            "f": {
                "product": "distro",
                "title": "Distro",
                "refreshed": "2026-11-01",
                "programmes": PROGRAMMES,
                "releases": [
                    {
                        "cycle": "1",
                        **FULL,
                        "expectation": "longer",
                        "successor": successor,
                        "source": "its page",
                        "seen": "2026-10-01",
                    },
                    {"cycle": "2", "endOfSupport": None, "source": "its page", "seen": "2026-11-01"},
                ],
            }
        }
    )
    found = lifecycle_facts(read, {"product": "distro", "cycle": "1"}, as_of=date(2026, 11, 23))
    assert found == {
        "phase": "extended",
        "basis": "published",
        "endOfSupportDate": "2025-04-30",
        "daysToEndOfSupport": -572,
        "activeSupportEndDate": "2022-03-31",
        "extendedProgramme": "ESM",
        "extendedEndDate": "2028-05-31",
        "daysToExtendedEnd": 555,
        "entitled": None,
        "entitlementShown": False,
        "successor": "a:b:c:latest",
        "expectation": "longer",
        "source": "its page",
        "catalogueDate": "2026-11-01",
        "catalogueAgeInDays": 22,
    }


def test_what_is_known_not_to_exist_is_not_there() -> None:
    found = facts("2026-11-23", endOfSupport="2027-01-01")
    assert found.keys().isdisjoint(
        {
            "activeSupportEndDate",
            "extendedProgramme",
            "extendedEndDate",
            "daysToExtendedEnd",
            "successor",
            "expectation",
        }
    )
    rolling = facts("2026-11-23", status="rolling")
    assert rolling.keys().isdisjoint({"endOfSupportDate", "daysToEndOfSupport"})


def test_what_is_not_known_is_there_and_null() -> None:
    found = facts("2026-11-23", extendedSupportEnd=None, activeSupportEnd=None)
    unknown = {name for name, value in found.items() if value is None}
    assert unknown == {
        "phase",
        "endOfSupportDate",
        "daysToEndOfSupport",
        "activeSupportEndDate",
        "extendedProgramme",
        "extendedEndDate",
        "daysToExtendedEnd",
        "entitled",
    }


@pytest.mark.parametrize(
    ("members", "basis"),
    [
        ({"endOfSupport": "2027-01-01", "expectation": "perhaps longer"}, "published"),
        ({"expectation": "two years"}, "announced"),
        ({"status": "preview", "expectation": "two years"}, "announced"),
        ({"status": "rolling"}, "rolling"),
        ({"status": "supported"}, "none"),
        ({}, "none"),
    ],
)
def test_basis(members: dict[str, Json], basis: str) -> None:
    assert facts("2026-11-23", None, "", **members)["basis"] == basis


@pytest.mark.parametrize(
    ("programme", "image", "license_type", "entitled"),
    [
        ("ESM", {}, "", None),
        ("ESM", {"sku": "22_04-lts"}, "RHEL_BYOS", None),
        ("ESM", {"sku": "pro-22_04-lts-gen2"}, "", True),
        ("ESM", {"offer": "0001-com-ubuntu-pro-jammy"}, "", True),
        ("ESM", {"sku": "server", "plan": "ubuntu-PRO"}, "", True),
        ("ESM", {"plan": {"name": "pro", "product": "x"}}, "", True),
        ("ESM", {"variant": "pro fips"}, "", True),
        ("ESM", {"variant": ["fips", "pro"]}, "", True),
        ("ESM", {}, "ubuntu_pro", True),
        ("ESM", {"sku": "production"}, "", None),
        ("ESM", {"sku": "pro" * 1000}, "", None),
        ("ESM", {"sku": 5, "offer": None, "plan": [["pro"]]}, "", None),
        ("ESU", {}, "", True),
        (None, {}, "UBUNTU_PRO", None),
    ],
)
def test_entitlement(programme: str | None, image: dict[str, Json], license_type: str, entitled: bool | None) -> None:
    named: dict[str, Json] = {"programme": programme} if programme else {}
    found = facts(
        "2026-11-23", image, license_type, endOfSupport="2025-01-01", extendedSupportEnd="2028-01-01", **named
    )
    assert found["entitled"] is entitled
    assert found["entitlementShown"] is (entitled is True)


def test_nothing_to_be_entitled_to() -> None:
    assert facts("2026-11-23", {"sku": "pro"}, endOfSupport="2025-01-01")["entitled"] is False


@pytest.mark.parametrize("image", [{}, {"product": "unknown"}, {"product": None, "cycle": None}, {"product": ["x"]}])
def test_of_an_image_that_is_not_known_nothing_is_known_but_that(shipped: Catalogue, image: dict[str, Json]) -> None:
    found = lifecycle_facts(shipped, image, as_of=TODAY)
    known = {name for name, value in found.items() if value is not None}
    assert known == {"basis", "catalogueDate", "catalogueAgeInDays"}
    assert found["basis"] == "none"
    assert len(found) == sum(field.name.startswith("Muster.Lifecycle/") for field in FIELDS)


def test_the_catalogue_is_never_younger_than_today() -> None:
    assert facts("2020-01-01")["catalogueAgeInDays"] == 0
    assert facts("2027-11-01")["catalogueAgeInDays"] == 365


SHIPPED: list[tuple[dict[str, Json], str, dict[str, Json]]] = [
    (
        {"product": "azure-linux", "cycle": "4.0"},
        "2026-11-23",
        {"phase": "preview", "endOfSupportDate": None, "basis": "announced"},
    ),
    # Not Fedora 43's end.
    ({"product": "azure-linux", "cycle": "4.0"}, "2026-12-10", {"phase": "preview", "daysToEndOfSupport": None}),
    ({"product": "azure-linux", "cycle": "3.0"}, "2026-11-23", {"phase": "supported", "endOfSupportDate": None}),
    ({"product": "azure-linux", "cycle": "3.0"}, "2028-11-23", {"phase": None, "basis": "none"}),
    ({"product": "cbl-mariner", "cycle": "2.0"}, "2025-07-31", {"phase": "supported", "daysToEndOfSupport": 0}),
    ({"product": "cbl-mariner", "cycle": "2.0"}, "2025-08-01", {"phase": "ended"}),
    ({"product": "cbl-mariner", "cycle": "2.0", "channel": "aks"}, "2025-08-01", {"phase": "supported"}),
    ({"product": "cbl-mariner", "cycle": "2.0", "channel": "aks"}, "2025-12-01", {"phase": "ended"}),
    ({"product": "cbl-mariner", "cycle": "2.0", "channel": "batch"}, "2025-07-31", {"phase": "ended"}),
    ({"product": "azure-container-linux", "channel": "aks"}, "2026-11-23", {"phase": "rolling", "basis": "rolling"}),
    (
        {"product": "azure-linux-os-guard", "channel": "aks"},
        "2026-12-10",
        {"phase": "preview", "successor": "osSKU=AzureContainerLinux"},
    ),
    ({"product": "azure-linux-os-guard", "channel": "aks"}, "2026-12-11", {"phase": "ended"}),
    ({"product": "flatcar", "cycle": "stable"}, "2026-11-23", {"phase": "rolling"}),
    ({"product": "flatcar", "channel": "aks"}, "2026-11-23", {"phase": "ended", "endOfSupportDate": "2026-06-08"}),
    ({"product": "rhel", "cycle": "8", "release": "8.6"}, "2024-05-31", {"phase": "supported"}),
    (
        {"product": "rhel", "cycle": "8", "release": "8.6"},
        "2024-06-01",
        {"phase": "extended", "extendedProgramme": "E4S", "entitled": None},
    ),
    (
        {"product": "rhel", "cycle": "8", "release": "8.6", "offer": "rhel-sap-ha"},
        "2024-06-01",
        {"phase": "extended", "entitled": True},
    ),
    ({"product": "rhel", "cycle": "8", "release": "8.6"}, "2026-11-23", {"phase": "ended"}),
    ({"product": "rhel", "cycle": "8", "release": "8"}, "2026-11-23", {"phase": "security"}),
    ({"product": "rhel", "cycle": "8", "release": "8.10"}, "2026-11-23", {"endOfSupportDate": "2029-05-31"}),
    ({"product": "ubuntu", "cycle": "22.04"}, "2026-11-23", {"endOfSupportDate": "2027-06-01"}),
    (
        {"product": "ubuntu", "cycle": "24.04"},
        "2026-11-23",
        {"extendedEndDate": "2034-04-25", "extendedProgramme": "ESM"},
    ),
    ({"product": "ubuntu", "cycle": "22.04", "channel": "aks"}, "2026-11-23", {"endOfSupportDate": "2027-06-30"}),
    ({"product": "debian", "cycle": "12"}, "2026-11-23", {"phase": "extended", "entitled": True}),
    (
        {"product": "windows-server", "cycle": "2012-r2"},
        "2026-10-13",
        {"phase": "extended", "entitled": True, "extendedProgramme": "ESU"},
    ),
    ({"product": "windows-server", "cycle": "2012-r2"}, "2026-10-14", {"phase": "ended"}),
    ({"product": "windows-server", "cycle": "2008-r2-sp1"}, "2023-06-01", {"phase": "extended"}),
    ({"product": "windows-server", "cycle": "2022"}, "2026-11-23", {"phase": "security"}),
    ({"product": "windows", "cycle": "10-22h2"}, "2026-11-23", {"phase": "extended", "entitled": True}),
    ({"product": "sles", "cycle": "15.5"}, "2026-11-23", {"phase": "extended", "extendedProgramme": "LTSS"}),
    ({"product": "centos", "cycle": "7"}, "2026-11-23", {"phase": "ended", "entitled": False}),
    ({"product": "rancheros"}, "2026-11-23", {"phase": "ended", "endOfSupportDate": None, "entitled": False}),
    ({"product": "rhcos"}, "2026-11-23", {"phase": None, "basis": "announced"}),
    ({"product": "oracle-linux", "cycle": "10"}, "2026-11-23", {"phase": None, "basis": "none"}),
]


@pytest.mark.parametrize(("image", "on", "expected"), SHIPPED, ids=str)
def test_what_the_catalogue_that_ships_says(
    shipped: Catalogue, image: dict[str, Json], on: str, expected: dict[str, Json]
) -> None:
    found = lifecycle_facts(shipped, image, as_of=date.fromisoformat(on))
    assert {name: found.get(name) for name in expected} == expected


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1))


@st.composite
def releases(draw: st.DrawFn) -> Release:
    """Rows as the catalogue lets them be: known days in their order."""
    days: list[date | None] = [*sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))]
    for index in range(4):
        if draw(st.booleans()):
            days[index] = None
    return Release(
        product="distro",
        cycle="1",
        release=None,
        channel=Channel.VM,
        source="its page",
        seen=draw(DAYS),
        status=draw(st.none() | st.sampled_from(Status)),
        release_date=days[0],
        active_support_end=days[1],
        active_end_exists=days[1] is not None or draw(st.booleans()),
        end_of_support=days[2],
        extended=Extension("", days[3]) if draw(st.booleans()) else None,
    )


_AGES = ("preview", "supported", "security", "extended", "ended")


@given(releases(), DAYS, DAYS)
def test_a_phase_never_goes_back(release: Release, one: date, other: date) -> None:
    earlier, later = (phase(release, day) for day in sorted((one, other)))
    if earlier in _AGES and later in _AGES:
        assert _AGES.index(earlier) <= _AGES.index(later)
    if earlier == "ended":
        assert later == "ended"


@given(releases(), DAYS)
def test_no_end_of_support_is_never_supported_for_ever(release: Release, on: date) -> None:
    if phase(release, on) in ("supported", "security"):
        bounds = (release.end_of_support, release.active_support_end, release.seen + timedelta(days=90))
        assert any(bound is not None and on <= bound for bound in bounds)


@given(on=DAYS, end=DAYS, extended=DAYS)
def test_days_agree_with_dates(on: date, end: date, extended: date) -> None:
    end, extended = sorted((end, extended))
    found = facts(on.isoformat(), endOfSupport=end.isoformat(), extendedSupportEnd=extended.isoformat())
    for days, day in (("daysToEndOfSupport", "endOfSupportDate"), ("daysToExtendedEnd", "extendedEndDate")):
        left, text = found[days], found[day]
        assert isinstance(left, int)
        assert isinstance(text, str)
        assert on + timedelta(days=left) == date.fromisoformat(text)
    assert (found["phase"] == "ended") == (on > extended)
