"""Rules that know machines by the names of their images."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    """{"allOf": [
        {"field": ▸"Microsoft.Compute/imagePublisher", "in": ["Canonical", "RedHat"]},
        {"field": "Microsoft.Compute/imageOffer", "like": "ubuntu*"}
    ]}""",
    """{"not": {
        "field": ▸"Microsoft.Compute/virtualMachines/storageProfile.imageReference.offer", "notLike": "ubuntu*"
    }}""",
    '{"field": ▸"Muster.Image/sku", "equals": "22_04-lts"}',
)
SILENT = (
    '{"field": "Microsoft.Compute/imagePublisher", "notIn": ["Canonical", "RedHat"]}',
    '{"not": {"field": "Microsoft.Compute/imagePublisher", "in": ["Canonical", "RedHat"]}}',
    '{"field": "Microsoft.Compute/imagePublisher", "exists": false}',
    '{"field": "Muster.Image/product", "equals": "ubuntu"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_first_name(condition: str) -> None:
    check("image-names-only", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_lists_of_approved_images_and_other_fields_are_no_fault(condition: str) -> None:
    check("image-names-only", rule(condition))
