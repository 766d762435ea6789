"""What policies/lifecycle says in two places agrees: rules for images, and the catalogue of releases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.adapters.fact_sources import load_fact_sources
from muster.facts.document import FactSources
from muster.facts.image_identity import identify
from muster.facts.image_reference import read_image_text
from muster.facts.image_rules import Product
from muster.facts.release import Channel

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sources() -> FactSources:
    return load_fact_sources(ROOT / "policies")


def ruled(sources: FactSources) -> Iterator[Product]:
    rules = sources.rules
    for held in (rules.publishers, rules.galleries, rules.communities, rules.anyone):
        for found in held.values():
            yield from (rule.product for rule in found)


def test_every_successor_is_an_image_that_is_recognised_as_that_release(sources: FactSources) -> None:
    wrong = []
    for product in sources.catalogue.products.values():
        for row in product.releases:
            if row.successor is not None and row.channel is not Channel.AKS:
                found = identify(read_image_text(row.successor.image), sources.rules)
                said = (found.product, found.cycle, found.confidence)
                if said != (row.successor.product, row.successor.cycle, "sure"):
                    wrong.append((row.successor.image, said))
    assert wrong == []


def test_a_successor_has_not_ended_when_the_catalogue_was_made(sources: FactSources) -> None:
    for product in sources.catalogue.products.values():
        for row in product.releases:
            if row.successor is not None:
                target = sources.catalogue.release(row.successor.product, row.successor.cycle, None, row.channel)
                assert target is not None
                assert target.end_of_support is None or target.end_of_support > product.refreshed, row.successor.image


def test_images_and_traits_agree_on_what_can_be_changed_in_place(sources: FactSources) -> None:
    for product in ruled(sources):
        held = sources.catalogue.products.get(product.name)
        for cycle in {row.cycle for row in held.releases} if held else ():
            nature = product.natured(cycle)
            traits = {trait.name: trait.value for trait in sources.catalogue.traits(product.name, cycle)}
            for name, value in (("immutable", nature.immutable), ("packageManager", nature.package_manager)):
                assert name not in traits or value is None or traits[name] == value, f"{product.name} {cycle} {name}"


def test_whatever_images_run_has_a_release(sources: FactSources) -> None:
    assert {product.name for product in ruled(sources)} <= sources.catalogue.products.keys()
