"""Azure's aliases and where they lead."""

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.alias_names import CLOSED, TYPES
from muster.facts.aliases import SHARED, AzureAliases
from muster.language.aliases import AliasTable

ALIASES: AliasTable = AzureAliases()
MACHINE = "microsoft.compute/virtualmachines"
SCALE_SET = "microsoft.compute/virtualmachinescalesets"


@pytest.fixture(scope="module")
def published(shared: Path) -> list[tuple[str, str, str]]:
    """Type, alias and path of every row of the published list."""
    with (shared / "azure-policy" / "compute-aliases.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["resourceType"], row["alias"], row["defaultPath"]) for row in csv.DictReader(file)]


def test_every_published_alias_leads_to_its_path(published: list[tuple[str, str, str]]) -> None:
    assert len(published) > 2700
    wrong = [
        (alias, path, found)
        for resource_type, alias, path in published
        if (found := ALIASES.path(alias, resource_type.lower())) != path
    ]
    # The list spells these two with osdisk, which the REST JSON never does.
    assert {path for _, path, _ in wrong} == {
        "properties.virtualMachineProfile.storageProfile.osdisk.image.url",
        "properties.virtualMachineProfile.storageProfile.osdisk.vhdContainers",
    }
    assert all(found and found.lower() == path.lower() for _, path, found in wrong)


def test_case_does_not_matter(published: list[tuple[str, str, str]]) -> None:
    for resource_type, alias, _ in published:
        path = ALIASES.path(alias, resource_type.lower())
        assert path == ALIASES.path(alias.upper(), resource_type.upper())
        assert path == ALIASES.path(alias.lower(), resource_type)
        assert ALIASES.known(alias.swapcase())


def test_nothing_else_is_an_alias_of_those_types(published: list[tuple[str, str, str]]) -> None:
    listed = {alias.lower() for _, alias, _ in published}
    types = {resource_type.lower() for resource_type, _, _ in published}
    assert types == set(CLOSED)
    ours = {f"{name}/{rest}".lower() for name in CLOSED for rest in _names(name)}
    # An array of which the list has the members and `[*]` but not the array itself.
    assert ours - listed == {"microsoft.compute/virtualmachinescalesets/extensionprofile.extensions"}
    stray = "microsoft.guestconfiguration/guestconfigurationassignments/guestconfiguration.configurationparameter.value"
    assert {alias for alias in listed - ours if not alias.startswith(stray)} == {name.lower() for name in SHARED}


def _names(resource_type: str) -> Iterator[str]:
    from muster.facts.alias_tree import read_tree

    return read_tree(CLOSED[resource_type]).names()


def test_the_aliases_of_shared_built_ins_all_exist(shared: Path) -> None:
    used: set[str] = set()
    for file in sorted((shared / "azure-policy" / "builtins").rglob("*.json")):
        definition = json.loads(file.read_text(encoding="utf-8-sig"))
        used |= set(_fields(definition.get("properties", definition)["policyRule"]))
    assert len(used) > 80
    assert [alias for alias in sorted(used) if not ALIASES.known(alias)] == []


def _fields(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key.lower() == "field" and isinstance(member, str) and "/" in member and not member.startswith("["):
                yield member
            yield from _fields(member)
    elif isinstance(value, list):
        for member in value:
            yield from _fields(member)


@pytest.mark.parametrize(
    ("alias", "resource_type", "path"),
    [
        ("Microsoft.Compute/imagePublisher", MACHINE, "properties.storageProfile.imageReference.publisher"),
        (
            "Microsoft.Compute/imagePUBLISHER",
            SCALE_SET,
            "properties.virtualMachineProfile.storageProfile.imageReference.publisher",
        ),
        ("Microsoft.Compute/imageSKU", "microsoft.compute/disks", "properties.creationData.imageReference.id"),
        ("Microsoft.Compute/imageOffer", "microsoft.hybridcompute/machines", None),
        ("Microsoft.HybridCompute/imageOffer", "microsoft.hybridcompute/machines", "properties.osName"),
        ("Microsoft.Compute/virtualMachines/sku.name", MACHINE, "properties.hardwareProfile.vmSize"),
        ("Microsoft.Compute/virtualMachines/sku.name", SCALE_SET, None),
        ("Microsoft.Compute/virtualMachines/zones[*]", MACHINE, "zones[*]"),
        (
            "Microsoft.Compute/VirtualMachineScaleSets/extensions/publisher",
            f"{SCALE_SET}/extensions",
            "properties.publisher",
        ),
        (
            "Microsoft.Network/networkInterfaces/ipconfigurations[*].publicIpAddress.id",
            "microsoft.network/networkinterfaces",
            "properties.ipConfigurations[*].properties.publicIPAddress.id",
        ),
        (
            "Microsoft.Network/networkInterfaces/ipConfigurations[*].subnet.networkSecurityGroup.id",
            "microsoft.network/networkinterfaces",
            "properties.ipConfigurations[*].properties.subnet.properties.networkSecurityGroup.id",
        ),
        (
            "Microsoft.Network/networkSecurityGroups/securityRules[*].destinationPortRanges[*]",
            "microsoft.network/networksecuritygroups",
            "properties.securityRules[*].properties.destinationPortRanges[*]",
        ),
        (
            "Microsoft.Network/networkSecurityGroups/securityRules/access",
            "microsoft.network/networksecuritygroups/securityrules",
            "properties.access",
        ),
        (
            "Microsoft.Network/networkSecurityGroups/securityRules/access",
            "microsoft.network/networksecuritygroups",
            None,
        ),
        (
            "Microsoft.Network/virtualNetworks/subnets[*].delegations[*].serviceName",
            "microsoft.network/virtualnetworks",
            "properties.subnets[*].properties.delegations[*].properties.serviceName",
        ),
        (
            "Microsoft.Network/virtualNetworks/subnets/networkSecurityGroup.id",
            "microsoft.network/virtualnetworks/subnets",
            "properties.networkSecurityGroup.id",
        ),
        ("Microsoft.Network/publicIPAddresses/sku.name", "microsoft.network/publicipaddresses", "sku.name"),
        ("Microsoft.Network/loadBalancers/sku.name", "microsoft.network/loadbalancers", "sku.name"),
        ("Microsoft.KeyVault/vaults/sku.name", "microsoft.keyvault/vaults", "properties.sku.name"),
        ("Microsoft.Security/assessments/status.code", "microsoft.security/assessments", "properties.status.code"),
    ],
)
def test_an_alias_on_a_type(alias: str, resource_type: str, path: str | None) -> None:
    assert ALIASES.known(alias)
    assert ALIASES.path(alias, resource_type) == path


@pytest.mark.parametrize(
    ("alias", "meant"),
    [
        (
            "Microsoft.Compute/virtualMachines/encryptionAtHost",
            "Microsoft.Compute/virtualMachines/securityProfile.encryptionAtHost",
        ),
        (
            "Microsoft.Compute/virtualMachines/networkProfile.networkInterfaces.id",
            "Microsoft.Compute/virtualMachines/networkProfile.networkInterfaces[*].id",
        ),
        (
            "Microsoft.Compute/virtualMachine/osProfile.computerName",
            "Microsoft.Compute/virtualMachines/osProfile.computerName",
        ),
        (
            "Microsoft.Compute/virtualMachineScaleSets/storageProfile.imageReference.sku",
            "Microsoft.Compute/virtualMachineScaleSets/virtualMachineProfile.storageProfile.imageReference.sku",
        ),
        ("Microsoft.Compute/imagePublishr", "Microsoft.Compute/imagePublisher"),
    ],
)
def test_what_does_not_exist_is_unknown_with_what_was_meant(alias: str, meant: str) -> None:
    assert not ALIASES.known(alias)
    assert ALIASES.modifiable(alias) is False
    assert ALIASES.path(alias, alias.rpartition("/")[0].lower()) is None
    assert ALIASES.suggestions(alias)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "Microsoft.Compute",
        "Microsoft.Compute/",
        "Microsoft.Compute/virtualMachines/",
        "Microsoft.Compute/virtualMachines/storageProfile..osDisk",
        "Microsoft.Compute/unheardOf/name",
        "Microsoft.Network/networkInterfaces/",
        "Microsoft.Network/networkInterfaces/a b",
        "Microsoft.Network/networkInterfaces/a[0]",
        "Microsoft.Network//x",
        "Microsoft.Network/networkInterfaces/" + "a." * 5000 + "a",
        "ﬁ" * 10,
    ],
)
def test_what_is_no_alias_at_all_is_unknown(text: str) -> None:
    assert not ALIASES.known(text)
    assert ALIASES.path(text, text.rpartition("/")[0].lower()) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_raises(alias: str, resource_type: str) -> None:
    for text in (alias, f"Microsoft.Compute/virtualMachines/{alias}", f"{resource_type}/{alias}"):
        ALIASES.path(text, resource_type)
        ALIASES.known(text)
        assert isinstance(ALIASES.suggestions(text), tuple)


def test_all_types_are_read_quickly() -> None:
    from muster.facts.alias_tree import read_tree

    start = time.process_time()
    for text in CLOSED.values():
        read_tree(text)
    assert time.process_time() - start < 0.1
    assert len(TYPES) == len({name.lower() for name in TYPES})
