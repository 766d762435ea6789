"""Which scale sets have their instances below them."""

import pytest

from muster.facts.scale_sets import has_instances_below
from muster.values.json import Json, JsonObject

SET = "Microsoft.Compute/virtualMachineScaleSets"


@pytest.mark.parametrize(
    ("body", "below"),
    [
        ({"type": SET, "properties": {"orchestrationMode": "Uniform"}}, True),
        ({"type": SET.upper(), "properties": {"orchestrationMode": "uniform"}}, True),
        ({"type": SET, "properties": {}}, True),
        ({"type": SET, "properties": {"orchestrationMode": "Flexible"}}, False),
        ({"type": SET, "properties": {"orchestrationMode": 7}}, False),
        ({"type": SET, "properties": None}, False),
        ({"type": "Microsoft.Compute/virtualMachines", "properties": {}}, False),
        ({"properties": {}}, False),
    ],
)
def test_uniform_scale_sets_have(body: JsonObject, below: Json) -> None:
    assert has_instances_below(body) is below
