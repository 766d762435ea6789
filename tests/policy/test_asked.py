"""What the assigned policies ask for, told without a resource."""

from typing import Any

import pytest

from muster.policy.asked import Asked, asked_by
from muster.values.needs import NOTHING, Needs
from tests.policy.sets import definition, load, rule, single

PHASE = {"field": "Muster.Lifecycle/phase", "equals": "ended"}
READ = Needs(fields=frozenset({"muster.lifecycle/phase"}))
EXTENSIONS = "Microsoft.Compute/virtualMachines/extensions"


def missing(kind: Any) -> dict[str, Any]:
    return definition(rule("auditIfNotExists", details={"type": kind}))


@pytest.mark.parametrize(
    ("files", "needs", "types"),
    [
        (single(), NOTHING, set()),
        (single(definition(rule("audit", PHASE))), READ, set()),
        (single(missing(EXTENSIONS)), NOTHING, {EXTENSIONS.lower()}),
        ({"definitions/encrypt.json": definition(rule("audit", PHASE))}, NOTHING, set()),
    ],
    ids=["nothing", "a field of muster's", "a look-up", "not assigned"],
)
def test_what_is_assigned_is_asked_for(files: dict[str, Any], needs: Needs, types: set[str]) -> None:
    assert asked_by(load(files)) == Asked(needs, frozenset(types))
