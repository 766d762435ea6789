"""The table of muster's fields agrees with what the builders give, and its page with the table."""

from datetime import date
from pathlib import Path

import pytest

from muster.adapters.catalogue_files import load_catalogue
from muster.facts.catalogue import Catalogue
from muster.facts.field_table import BY_NAME, FIELDS
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import ImageIdentity
from muster.facts.image_reference import ImageReference
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.publication import ImageBodies, publication_facts
from muster.facts.traits import TRAITS, trait_facts
from muster.values.json import Json, JsonObject

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue(ROOT / "policies").catalogue


def paths(facts: JsonObject, prefix: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            found |= paths(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def images(catalogue: Catalogue) -> list[JsonObject]:
    return [
        {"source": "marketplace", "product": row.product, "cycle": row.cycle, "channel": row.channel.value}
        for product in catalogue.products.values()
        for row in product.releases
    ]


TYPES = {"string": str, "boolean": bool, "integer": int, "date": str}


def check(found: dict[str, Json]) -> None:
    """Every member is a field, of its type and values, and known where it always is."""
    for name, value in found.items():
        field = BY_NAME[name.lower()]
        assert field.name == name
        assert value is not None or not field.always_known, name
        assert value is None or isinstance(value, TYPES[field.type]), name
        assert value is None or not field.values or value in field.values, f"{name}: {value}"
        if field.type == "date" and isinstance(value, str):
            date.fromisoformat(value)


def test_the_builders_give_fields_of_the_table_only(shipped: Catalogue) -> None:
    bodies = ImageBodies(
        marketplace={"properties": {"imageDeprecationStatus": {"imageState": "Active"}}},
        gallery_version={"properties": {"publishingProfile": {"excludeFromLatest": True}}},
    )
    nothing: JsonObject = {"source": None}
    for image in [*images(shipped), nothing]:
        check(paths(lifecycle_facts(shipped, image, as_of=TODAY), "Muster.Lifecycle/"))
        check(paths(publication_facts(shipped, image, bodies, as_of=TODAY), "Muster.Image/"))
        check(paths({"traits": trait_facts(shipped, image)}, "Muster.Image/"))


def test_what_is_missing_may_be_missing(shipped: Catalogue) -> None:
    lifecycle = {field.name for field in FIELDS if field.name.startswith("Muster.Lifecycle/")}
    for image in images(shipped):
        found = paths(lifecycle_facts(shipped, image, as_of=TODAY), "Muster.Lifecycle/")
        for name in lifecycle - found.keys():
            assert BY_NAME[name.lower()].absent, f"{name} of {image}"


def test_every_lifecycle_field_is_given_by_some_release(shipped: Catalogue) -> None:
    given: set[str] = set()
    for image in images(shipped):
        found = paths(lifecycle_facts(shipped, image, as_of=TODAY), "Muster.Lifecycle/")
        given |= {name for name, value in found.items() if value is not None}
    assert given == {field.name for field in FIELDS if field.name.startswith("Muster.Lifecycle/")}


@pytest.mark.parametrize("source", BY_NAME["muster.image/source"].values)
@pytest.mark.parametrize("product", [None, "ubuntu"])
def test_what_identity_gives_is_in_the_table(source: str, product: str | None) -> None:
    identity = ImageIdentity(product=product, has_cycles=product is None)
    found = image_facts(identity, ImageReference(source=source, plan_known=True))
    first = list(BY_NAME).index("muster.image/publisheddate")
    of_identity = {field.name.removesuffix("[*]") for field in FIELDS[:first]}
    given = {f"Muster.Image/{name}" for name in found}
    assert given <= of_identity
    for name in of_identity - given:
        assert BY_NAME[name.lower()].absent, name


def test_what_follows_from_the_clock_is_marked(shipped: Catalogue) -> None:
    """What changes with the day alone is marked, so that a history can leave it out."""
    moved: set[str] = set()
    for image in ({**image, "exactVersion": "22.04.202310040"} for image in images(shipped)):
        for prefix, build in (("Muster.Lifecycle/", lifecycle_facts), ("Muster.Image/", publication_facts)):
            one, other = (paths(build(shipped, image, as_of=day), prefix) for day in (TODAY, date(2031, 1, 1)))
            moved |= {name for name in one if one[name] != other.get(name)}
    assert moved == {field.name for field in FIELDS if field.from_clock}


def test_names_are_unique_in_any_case() -> None:
    assert len(BY_NAME) == len(FIELDS)


def test_every_trait_is_a_field() -> None:
    assert {f"Muster.Image/traits.{name}" for name in TRAITS} == {
        field.name for field in FIELDS if ".Image/traits." in field.name
    }
