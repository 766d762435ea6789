"""Rules that look for the resource that they judge: all their conditions say whether they apply."""

from typing import Any

import pytest

from muster.values.document import Document
from muster.values.states import State
from tests.policy.sets import HOST_ENCRYPTION, VM_ID, VM_TYPE, bound, machine, only, single

LINUX = {"field": "Microsoft.Compute/virtualMachines/storageProfile.osDisk.osType", "equals": "Linux"}


def _looking(name: str = "[field('name')]", **details: Any) -> dict[str, Any]:
    existence = {"field": HOST_ENCRYPTION, "equals": True}
    wanted = {"type": "Microsoft.Compute/virtualMachines", "name": name, **details, "existenceCondition": existence}
    return single({"if": {"allOf": [VM_TYPE, LINUX]}, "then": {"effect": "auditIfNotExists", "details": wanted}})


def _linux(encrypted: bool | None = None, unavailable: frozenset[str] = frozenset(), name: str = "vm-one") -> Document:
    profile: dict[str, Any] = {} if encrypted is None else {"securityProfile": {"encryptionAtHost": encrypted}}
    return machine(
        unavailable=unavailable,
        name=name,
        properties={"storageProfile": {"osDisk": {"osType": "Linux"}}, **profile},
    )


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (_linux(True), State.COMPLIANT),
        (_linux(False), State.NON_COMPLIANT),
        (_linux(), State.NON_COMPLIANT),
        (_linux(unavailable=frozenset({"properties.securityprofile"})), State.UNKNOWN),
        (_linux(unavailable=frozenset({"properties"})), State.UNKNOWN),
    ],
)
def test_the_resource_itself_is_looked_at_without_asking_for_it(document: Document, state: State) -> None:
    policies = _looking()
    assert bound(policies).related_queries(document) == ()
    assert only(policies, document).state is state


def test_what_is_not_meant_says_which_condition_does_not_hold() -> None:
    windows = machine(properties={"storageProfile": {"osDisk": {"osType": "Windows"}}})
    result = only(_looking(), windows)
    assert result.state is State.NOT_APPLICABLE
    assert "Windows" in result.message
    assert len(result.reasons) == 2


@pytest.mark.parametrize(
    "policies",
    [
        _looking("vm-two"),
        _looking(resourceGroupName="rg-two"),
        _looking(existenceScope="subscription"),
        _looking(kind="other"),
    ],
)
def test_another_resource_of_the_same_type_is_asked_for(policies: dict[str, Any]) -> None:
    (query,) = bound(policies).related_queries(_linux(True))
    assert query.resource_type == "microsoft.compute/virtualmachines"
    assert query.scope != VM_ID.lower()
    assert only(policies, _linux(True)).state is State.UNKNOWN
