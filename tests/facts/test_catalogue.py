"""The catalogue: which row counts, what is refused and where, and the data that ships."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from muster.adapters.catalogue_files import LoadedCatalogue, load_catalogue
from muster.facts.catalogue import Catalogue, read_catalogue
from muster.facts.field_table import BY_NAME
from muster.language.source import Source
from muster.values.json import Json

ROOT = Path(__file__).parents[2]


def row(cycle: str | None, end: str | None, **members: Json) -> dict[str, Json]:
    return {"cycle": cycle, "endOfSupport": end, "source": "its page", "seen": "2026-11-01", **members}


def product(*releases: dict[str, Json], **members: Json) -> dict[str, Json]:
    return {"product": "distro", "title": "Distro", "refreshed": "2026-11-01", "releases": list(releases), **members}


def catalogue(*releases: dict[str, Json], **members: Json) -> Catalogue:
    read, faults = read_catalogue({"distro.json": product(*releases, **members)})
    assert not faults
    return read


@pytest.fixture(scope="module")
def shipped() -> LoadedCatalogue:
    return load_catalogue(ROOT / "policies")


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        (("distro", "8"), "2029-05-31"),
        (("distro", "8", "8"), "2029-05-31"),
        (("distro", "8", "8.6"), "2024-05-31"),
        (("distro", "8", "8.7"), "2029-05-31"),
        (("distro", "8", "8.6", "vm", "byos"), "2029-05-31"),
        (("distro", "8", "8.6", "vm", ["arm64", "byos"]), "2029-05-31"),
        (("distro", "8", "8.6", "vm", "SAP eus"), "2024-05-31"),
        (("distro", "8", "8.6", "aks"), "2028-01-31"),
        (("distro", "8", None, "batch"), "2029-05-31"),
        (("distro", "8", None, "moon"), "2029-05-31"),
        (("distro", "9"), None),
        (("distro", None), None),
        (("other", "8"), None),
        ((None, None), None),
        (([], {}), None),
    ],
)
def test_the_row_that_counts(asked: tuple[Json, ...], end: str | None) -> None:
    held = catalogue(
        row("8", "2029-05-31"),
        row("8", "2024-05-31", release="8.6", exceptVariants=["byos"]),
        row("8", "2028-01-31", channel="aks"),
        row("7", "2024-06-30"),
    )
    found = held.release(*asked)
    assert (str(found.end_of_support) if found else None) == end


def test_a_product_without_cycles_has_one_row_for_any() -> None:
    held = catalogue(row(None, None, status="rolling"))
    assert held.release("distro", None) is held.release("distro", "2024.3") is not None


def test_an_unknown_cycle_of_a_product_with_only_one_is_that_one() -> None:
    assert catalogue(row("3.0", "2026-12-10")).release("distro", None) is not None


def test_its_date_is_that_of_its_oldest_file() -> None:
    read, _ = read_catalogue(
        {"a.json": product(), "b.json": {**product(), "product": "other", "refreshed": "2026-03-04"}}
    )
    assert (read.date, read.refreshed("distro"), read.refreshed("none")) == (
        date(2026, 3, 4),
        date(2026, 11, 1),
        date(2026, 3, 4),
    )


def trait(value: Json, **members: Json) -> dict[str, Json]:
    return {"trait": "fips", "value": value, "source": "its page", "seen": "2026-11-01", **members}


@pytest.mark.parametrize(
    ("cycle", "variant", "channel", "value"),
    [
        ("1", None, None, "none"),
        ("2", None, None, "available"),
        ("1", "arm64 FIPS", None, "enabled"),
        ("2", "fips", "aks", "enabled"),
        ("2", None, "aks", "none"),
        (None, None, None, "none"),
    ],
)
def test_of_several_traits_the_most_specific_counts(
    cycle: str | None, variant: str | None, channel: str | None, value: str
) -> None:
    rows: list[Json] = [
        trait("none"),
        trait("available", cycles=["2"]),
        trait("none", channel="aks"),
        trait("enabled", variants=["fips"]),
    ]
    (found,) = catalogue(row("1", None), row("2", None), traits=rows).traits("distro", cycle, variant, channel)
    assert found.value == value


def faulty(change: dict[str, Any]) -> dict[str, Json]:
    """A good file with one change: members of the row, of a trait, or of the file."""
    good = product(row("1", "2027-01-01", releaseDate="2020-01-01"))
    good["programmes"] = [{"name": "LTS", "title": "Long", "source": "its page", "seen": "2026-11-01"}]
    good["traits"] = [trait("none")]
    for place, members in change.items():
        target: Any = {"row": good["releases"], "trait": good["traits"], "programme": good["programmes"]}.get(place)
        target = target[0] if target else good
        for name, value in members.items():
            if value == "REMOVED":
                del target[name]
            else:
                target[name] = value
    return good


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"row": {"source": "REMOVED"}}, "catalogue-without-source", "/releases/0"),
    ({"row": {"source": " "}}, "catalogue-without-source", "/releases/0/source"),
    ({"row": {"seen": "REMOVED"}}, "catalogue-without-seen", "/releases/0"),
    ({"row": {"cycle": "REMOVED"}}, "catalogue-shape", "/releases/0"),
    ({"row": {"endOfSupport": "REMOVED"}}, "catalogue-shape", "/releases/0"),
    ({"row": {"endOfSupport": "2019-12-31"}}, "catalogue-order", "/releases/0/endOfSupport"),
    ({"row": {"activeSupportEnd": "2027-01-02"}}, "catalogue-order", "/releases/0/endOfSupport"),
    ({"row": {"extendedSupportEnd": "2026-12-31"}}, "catalogue-order", "/releases/0/extendedSupportEnd"),
    ({"row": {"endOfSupport": "2027-02-30"}}, "catalogue-date", "/releases/0/endOfSupport"),
    ({"row": {"endOfSupport": "2027-W01-1"}}, "catalogue-date", "/releases/0/endOfSupport"),
    ({"row": {"endOfSupport": "soon"}}, "catalogue-date", "/releases/0/endOfSupport"),
    ({"row": {"endOfSupport": 2027}}, "catalogue-date", "/releases/0/endOfSupport"),
    ({"row": {"status": "fine"}}, "catalogue-value", "/releases/0/status"),
    ({"row": {"channel": "moon"}}, "catalogue-value", "/releases/0/channel"),
    ({"row": {"programme": "ELS", "extendedSupportEnd": None}}, "catalogue-value", "/releases/0/programme"),
    ({"row": {"programme": "LTS"}}, "catalogue-programme", "/releases/0/programme"),
    ({"row": {"byHand": ["seen"]}}, "catalogue-value", "/releases/0/byHand"),
    ({"row": {"eol": "2027-01-01"}}, "catalogue-member", "/releases/0/eol"),
    ({"row": {"successor": "the next"}}, "catalogue-shape", "/releases/0/successor"),
    (
        {"row": {"successor": {"image": "a:b:c:latest", "product": "nowhere", "cycle": "1"}}},
        "catalogue-successor",
        "/releases/0/successor/product",
    ),
    (
        {"row": {"successor": {"image": "a:b:c", "product": "distro", "cycle": "1"}}},
        "catalogue-successor",
        "/releases/0/successor/image",
    ),
    (
        {"row": {"successor": {"image": "a:b:c:latest", "product": "distro", "cycle": "1"}}},
        "catalogue-successor",
        "/releases/0/successor/cycle",
    ),
    ({"trait": {"source": "REMOVED"}}, "catalogue-without-source", "/traits/0"),
    ({"trait": {"trait": "magic"}}, "catalogue-value", "/traits/0/trait"),
    ({"trait": {"value": "maybe"}}, "catalogue-value", "/traits/0/value"),
    ({"trait": {"value": None}}, "catalogue-value", "/traits/0/value"),
    ({"trait": {"trait": "secureBoot", "value": "yes"}}, "catalogue-value", "/traits/0/value"),
    ({"programme": {"included": "yes"}}, "catalogue-shape", "/programmes/0/included"),
    ({"file": {"refreshed": "2026-13-01"}}, "catalogue-date", "/refreshed"),
    ({"file": {"versionDates": ["ddmmyy"]}}, "catalogue-value", "/versionDates"),
    ({"file": {"endoflifeDate": {"name": "d", "members": {"eol": "eolFrom"}}}}, "catalogue-member", "/eol"),
    ({"file": {"releases": {}}}, "catalogue-shape", "/releases"),
    ({"file": {"releases": [1]}}, "catalogue-shape", "/releases/0"),
]


@pytest.mark.parametrize(("change", "rule", "pointer"), FAULTS, ids=lambda case: str(case)[:60])
def test_a_fault_is_named_with_its_place(change: dict[str, Any], rule: str, pointer: str) -> None:
    value = faulty(change)
    source = Source("distro.json", json.dumps(value, indent=2))
    _, faults = read_catalogue({"distro.json": value})
    (fault,) = (fault for fault in faults if fault.rule == rule and fault.pointer.endswith(pointer))
    line, _ = source.place(fault)
    name = pointer.rpartition("/")[2]
    assert fault.file == "distro.json"
    assert line > 1
    assert name.isdigit() or f'"{name}"' in source.line(line)


def test_the_good_file_of_the_fault_table_has_no_fault() -> None:
    assert not read_catalogue({"distro.json": faulty({})})[1]


def test_a_faulty_row_is_left_out_and_the_others_stay() -> None:
    read, faults = read_catalogue({"f": product(row("1", "nonsense"), row("2", "2027-01-01"))})
    assert len(faults) == 1
    assert read.release("distro", "1") is None
    assert read.release("distro", "2") is not None


@pytest.mark.parametrize(
    ("files", "pointer"),
    [
        ({"a": product(row("1", None), row("1", "2027-01-01"))}, "/releases/1"),
        ({"a": product(row("1", None, release="1.2"), row("1", None, release="1.2"))}, "/releases/1"),
        ({"a": product(), "b": product()}, "/product"),
        ({"a": product(traits=[trait("none"), trait("enabled")])}, "/traits/1"),
        ({"a": product(traits=[trait("none", cycles=["1", "2"]), trait("enabled", cycles=["2"])])}, "/traits/1"),
    ],
)
def test_what_stands_twice_is_refused(files: dict[str, Json], pointer: str) -> None:
    _, faults = read_catalogue(files)
    assert [(fault.rule, fault.pointer) for fault in faults] == [("catalogue-duplicate", pointer)]


def test_rows_of_other_channels_and_minor_releases_are_no_duplicates() -> None:
    held = (row("1", None), row("1", None, channel="aks"), row("1", None, release="1.1"))
    assert not read_catalogue({"a": product(*held)})[1]


@pytest.mark.parametrize("value", [None, [], "text", {}, {"product": 1}, {"product": "x", "refreshed": None}])
def test_any_json_is_refused_without_a_crash(value: Json) -> None:
    read, faults = read_catalogue({"f": value})
    assert faults
    assert not read.products


def test_the_catalogue_that_ships_has_no_fault(shipped: LoadedCatalogue) -> None:
    assert not shipped.faults
    assert len(shipped.catalogue.products) >= 20


def test_the_catalogue_that_ships_fits_its_schema(shipped: LoadedCatalogue) -> None:
    schema = json.loads((ROOT / "policies/schemas/releases.schema.json").read_text())
    validator = Draft202012Validator(schema)
    assert [error.message for value in shipped.values.values() for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize("change", [change for change, rule, _ in FAULTS if rule == "catalogue-member"], ids=str)
def test_the_schema_refuses_unknown_members_too(change: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "policies/schemas/releases.schema.json").read_text())
    assert not Draft202012Validator(schema).is_valid(faulty(change))
    assert Draft202012Validator(schema).is_valid(faulty({}))


def test_its_file_names_are_its_products(shipped: LoadedCatalogue) -> None:
    for name, held in shipped.catalogue.products.items():
        assert Path(held.file).stem == name


def test_every_trait_that_ships_is_a_field(shipped: LoadedCatalogue) -> None:
    for held in shipped.catalogue.products.values():
        for found in held.traits:
            assert f"muster.image/traits.{found.name.lower()}" in BY_NAME
            cycles = {release.cycle for release in held.releases}
            assert found.cycles <= cycles, f"{held.name} {found.name} of a cycle that is not held"


def test_every_identified_image_has_a_row(shared: Path, shipped: LoadedCatalogue) -> None:
    """Except where the image does not say which release it is."""
    lost = set()
    for line in (shared / "azure/image-identities.jsonl").read_text().splitlines():
        image = json.loads(line)
        name, cycle, variant = image["product"], image.get("cycle"), image.get("variant")
        found = shipped.catalogue.release(name, cycle, image.get("release"), None, variant)
        if name != "unknown" and image["confidence"] != "uncertain" and found is None:
            lost.add((name, cycle))
    assert lost == {("flatcar", None)}
