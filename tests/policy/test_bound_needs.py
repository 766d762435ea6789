"""What a policy set says beforehand that it has to know."""

from typing import Any

import pytest

from muster.values.needs import NOTHING, Needs
from muster.values.surroundings import Surrounding
from tests.policy.sets import GROUP, bound, definition, exemption, machine, rule, single

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"
ABOVE = Needs(surroundings=frozenset({Surrounding.MANAGEMENT_GROUPS}))
PHASE = {"field": "Muster.Lifecycle/phase", "equals": "ended"}
DISKS = {"field": "type", "equals": "Microsoft.Compute/disks"}
READ = Needs(fields=frozenset({"muster.lifecycle/phase"}))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (single(), NOTHING),
        (single(definition(rule("audit", PHASE))), READ),
        (single(definition(rule("disabled", PHASE))), NOTHING),
        (single(definition(rule("audit", PHASE)), scope=f"{GROUP}-two"), NOTHING),
        (single(definition({"if": {"allOf": [DISKS, PHASE]}, "then": {"effect": "audit"}})), NOTHING),
        (single(scope=MANAGEMENT), ABOVE),
        (single(notScopes=[MANAGEMENT]), ABOVE),
        (single() | {"exemptions/waived.json": exemption(scope=MANAGEMENT)}, ABOVE),
        (single(definition(rule("audit", PHASE)), scope=MANAGEMENT), ABOVE | READ),
    ],
)
def test_needs_are_those_of_what_is_for_the_resource(files: dict[str, Any], expected: Needs) -> None:
    assert bound(files).needs(machine()) == expected
