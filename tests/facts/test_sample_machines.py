"""Machines made of an image alone."""

from typing import Any

import pytest

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import own_policies
from muster.facts.image_reference import read_image_text
from muster.facts.image_source import read_image
from muster.facts.sample_machines import (
    MACHINE,
    SCALE_SET,
    example_machines,
    image_in_words,
    machine_of_finding,
    machine_with,
    systems_of,
)

SOURCES = load_fact_sources(own_policies())


@pytest.mark.parametrize("resource_type", [MACHINE, SCALE_SET])
def test_a_machine_is_read_as_the_image_that_it_was_made_of(resource_type: str) -> None:
    made = machine_with(read_image_text("Canonical:ubuntu-24_04-lts:server"), "Linux", resource_type)
    found = read_image(made, [])
    assert (found.publisher, found.offer, found.sku, found.os_type) == (
        *("Canonical", "ubuntu-24_04-lts", "server"),
        "Linux",
    )


def test_the_catalogue_s_examples_have_every_product_that_is_in_the_marketplace() -> None:
    bodies = list(example_machines(SOURCES.rules))
    images = {read_image(body, []).offer for body in bodies}
    assert {body["type"] for body in bodies} == {MACHINE, SCALE_SET}
    assert {"WindowsServer", "ubuntu-24_04-lts", "RHEL"} <= images


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ({"publisher": "a", "offer": "b", "sku": "c"}, "a:b:c"),
        ({"source": "gallery", "galleryId": "/g/i", "id": "/g/i/v"}, "/g/i"),
        ({"source": "managedImage", "id": "/i"}, "/i"),
        ({"source": "attachedDisk"}, "an image of source attachedDisk"),
        ({}, "an image of source unknown"),
    ],
)
def test_what_an_image_is_called(image: dict[str, Any], words: str) -> None:
    assert image_in_words(image) == words


def test_a_finding_tells_of_its_machine() -> None:
    finding: dict[str, Any] = {
        "resource": {"id": "/x", "name": "vm", "type": MACHINE, "location": "north", "tags": {"a": "b"}},
        "image": {"source": "marketplace", "publisher": "RedHat", "offer": "RHEL", "sku": "9_5", "product": "rhel"},
    }
    body = machine_of_finding(finding, systems_of(SOURCES.rules))
    assert body is not None
    assert (body["id"], body["location"], body["tags"]) == ("/x", "north", {"a": "b"})
    assert read_image(body, []).os_type == "Linux"


@pytest.mark.parametrize("finding", [{}, {"resource": {}}, {"resource": {}, "image": {}}, {"resource": 1, "image": 2}])
def test_a_finding_without_an_image_tells_of_none(finding: dict[str, Any]) -> None:
    assert machine_of_finding(finding, {}) is None
