"""Effective rules as the loopback server works them out."""

import pytest

from muster.local.arm.effective import effective_entries, runs
from muster.local.arm.estate import Estate
from muster.values.json import JsonObject, as_list, as_object
from tests.adapters.test_arm_effective import GROUP_ID, NIC_ID, SUBNET_ID, networked

DEFAULTS = ["AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound"]


def interface(estate: Estate) -> JsonObject:
    found = estate.one(NIC_ID)
    assert found is not None
    return found


def test_rules_are_written_as_azure_writes_them_here() -> None:
    estate = networked()
    [entry] = effective_entries(estate, interface(estate))
    assert entry["association"] == {"networkInterface": {"id": NIC_ID}}
    rules = [as_object(one) for one in as_list(entry["effectiveSecurityRules"])]
    names = [f"securityRules/open-{port}" for port in (22, 80)] + [f"defaultSecurityRules/{one}" for one in DEFAULTS]
    assert [one["name"] for one in rules] == names
    assert rules[0] == {
        "name": "securityRules/open-22",
        "protocol": "Tcp",
        "access": "Allow",
        "priority": 22,
        "direction": "Inbound",
        "sourcePortRange": "0-65535",
        "sourcePortRanges": ["0-65535"],
        "destinationPortRange": "22",
        "destinationPortRanges": ["22"],
        "sourceAddressPrefix": "0.0.0.0/0",
        "sourceAddressPrefixes": ["0.0.0.0/0"],
        "destinationAddressPrefix": "0.0.0.0/0",
        "destinationAddressPrefixes": ["0.0.0.0/0"],
    }
    assert (rules[-1]["protocol"], rules[-1]["access"]) == ("All", "Deny")


def test_the_group_of_a_subnet_counts_too() -> None:
    estate = networked()
    estate.put({"id": SUBNET_ID, "properties": {"networkSecurityGroup": {"id": GROUP_ID}}})
    kinds = [next(iter(as_object(one["association"]))) for one in effective_entries(estate, interface(estate))]
    assert kinds == ["networkInterface", "subnet"]


@pytest.mark.parametrize("path", [SUBNET_ID, GROUP_ID])
def test_what_the_estate_lacks_is_not_made_up(path: str) -> None:
    estate = networked()
    estate.remove(path)
    with pytest.raises(LookupError, match=path):
        effective_entries(estate, interface(estate))


@pytest.mark.parametrize(("power", "expected"), [("running", True), ("stopped", False), ("deallocated", False)])
def test_a_machine_runs_where_its_instance_view_says_so(power: str, expected: bool) -> None:
    estate = networked(power)
    assert runs(estate, interface(estate)) is expected
    assert not runs(estate, {"id": NIC_ID, "properties": {}})
