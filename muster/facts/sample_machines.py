"""Machines that run an image: what a rule would see of a plain one, where only the image is known."""

from collections.abc import Iterator, Mapping

from muster.facts.image_reference import MARKETPLACE, ImageReference, read_image_text
from muster.facts.image_rules import ImageRules
from muster.values.json import Json, JsonObject

MACHINE = "Microsoft.Compute/virtualMachines"
SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"

_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example"


def example_machines(rules: ImageRules) -> Iterator[JsonObject]:
    """A machine and a scale set for every Marketplace image that the rules for images give as an example."""
    for examples in rules.examples:
        for example in examples.value if isinstance(examples.value, list) else ():
            written = example.get("image") if isinstance(example, dict) else None
            reference = read_image_text(written) if isinstance(written, str) else ImageReference()
            if reference.source == MARKETPLACE:
                for resource_type in (MACHINE, SCALE_SET):
                    yield machine_with(reference, examples.rule.product.os_type, resource_type)


def machine_of_finding(finding: Mapping[str, Json], systems: Mapping[str, str]) -> JsonObject | None:
    """What a stored finding tells of the machine that it is about; None where it tells of no image. `systems` has the
    osType of products by name."""
    resource, image = finding.get("resource"), finding.get("image")
    if not isinstance(resource, dict) or not isinstance(image, dict) or not image:
        return None
    reference = ImageReference(
        source=_text(image, "source"),
        publisher=_text(image, "publisher"),
        offer=_text(image, "offer"),
        sku=_text(image, "sku"),
        version=_text(image, "version"),
        id=_text(image, "id"),
    )
    body = machine_with(reference, systems.get(_text(image, "product"), ""), _text(resource, "type") or MACHINE)
    return {**body, **{name: value for name, value in resource.items() if name in ("id", "name", "location", "tags")}}


def systems_of(rules: ImageRules) -> dict[str, str]:
    """The osType of each product by its name."""
    return {one.rule.product.name: one.rule.product.os_type for one in rules.examples}


def machine_with(reference: ImageReference, os_type: str, resource_type: str) -> JsonObject:
    """A plain machine or scale set that was made from an image."""
    image: JsonObject = {
        name: text
        for name, text in (
            ("publisher", reference.publisher),
            ("offer", reference.offer),
            ("sku", reference.sku),
            ("version", reference.version or ("latest" if reference.publisher else "")),
            ("id", reference.id),
        )
        if text
    }
    profile: JsonObject = {
        "storageProfile": {"imageReference": image, "osDisk": {"osType": os_type} if os_type else {}},
        "osProfile": {f"{os_type.lower()}Configuration": {}} if os_type else {},
    }
    properties = {"virtualMachineProfile": profile} if resource_type.lower() == SCALE_SET.lower() else profile
    return {
        "id": f"{_GROUP}/providers/{resource_type}/example",
        "name": "example",
        "type": resource_type,
        "location": "westeurope",
        "properties": {**properties},
    }


def image_in_words(image: Mapping[str, Json]) -> str:
    """What the members of Muster.Image call the image: `publisher:offer:sku`, else its id, else what it is."""
    parts = [_text(image, name) for name in ("publisher", "offer", "sku")]
    if any(parts):
        return ":".join(parts)
    return (
        _text(image, "galleryId") or _text(image, "id") or f"an image of source {_text(image, 'source') or 'unknown'}"
    )


def _text(owner: Mapping[str, Json], member: str) -> str:
    value = owner.get(member)
    return value if isinstance(value, str) else ""
