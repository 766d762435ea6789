"""Fields of muster's own that there are not."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": ▸"Muster.Lifecycle/phse", "equals": "ended"}',
    '{"field": ▸"Muster.Images/product", "equals": "ubuntu"}',
    '{"value": "[field(▸\'Muster.Image/traits.selinus\')]", "equals": true}',
    '{"field": ▸"Muster.Image/evidence", "contains": "x"}',
)
SILENT = (
    '{"field": "muster.lifecycle/PHASE", "equals": "ended"}',
    '{"field": "Muster.Image/traits.selinux", "equals": "x"}',
    '{"field": "Muster.Image/evidence[*]", "contains": "x"}',
    '{"field": "Microsoft.Compute/nothing", "equals": "x"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_name(condition: str) -> None:
    check("unknown-muster-field", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_fields_that_there_are_are_no_fault(condition: str) -> None:
    check("unknown-muster-field", rule(condition))


def test_it_tells_what_was_meant() -> None:
    condition = '{"field": ▸"Muster.Lifecycle/phse", "equals": "ended"}'
    assert check("unknown-muster-field", rule(condition)) == ["Did you mean 'Muster.Lifecycle/phase'?"]
