"""What a body does not tell."""

from datetime import UTC, datetime

import pytest

from muster.jobs.look import seen
from muster.values.json import JsonObject

WHOLE: JsonObject = {
    "instanceView": {},
    "userData": "",
    "osProfile": {"computerName": "vm1"},
    "storageProfile": {"osDisk": {"osType": "Linux", "createOption": "FromImage"}},
}
PASSWORDS = "osprofile.linuxconfiguration.disablepasswordauthentication"


def _unknown(body: JsonObject) -> frozenset[str]:
    return seen(body, datetime(2026, 11, 16, tzinfo=UTC)).unavailable


def _without(*names: str) -> JsonObject:
    return {name: value for name, value in WHOLE.items() if name not in names}


@pytest.mark.parametrize(
    ("properties", "unknown"),
    [
        (WHOLE, set()),
        (_without("instanceView"), {"properties.instanceview"}),
        (_without("userData"), {"properties.userdata"}),
        (_without("osProfile"), {f"properties.{PASSWORDS}"}),
        (_without("osProfile", "storageProfile"), set()),
        ({**_without("osProfile"), "storageProfile": {"osDisk": {"osType": "Windows"}}}, set()),
        ({**_without("osProfile"), "storageProfile": None}, set()),
        ({"virtualMachineProfile": WHOLE}, set()),
        ({"virtualMachineProfile": _without("userData")}, {"properties.virtualmachineprofile.userdata"}),
        ({"virtualMachineProfile": _without("osProfile")}, {f"properties.virtualmachineprofile.{PASSWORDS}"}),
    ],
)
def test_what_was_not_asked_for_or_only_the_guest_knows_is_unknown(properties: JsonObject, unknown: set[str]) -> None:
    assert _unknown({"properties": properties}) == unknown


def test_a_body_without_properties_tells_nothing_of_this_kind() -> None:
    assert _unknown({"properties": [1]}) == frozenset()
