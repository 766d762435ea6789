"""What `az vm show` prints, back in the REST API's form."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muster.facts.rest_shape import resource_type, rest_shape

VM = "/subscriptions/1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/vm"


@pytest.mark.parametrize(
    ("printed", "shaped"),
    [
        (
            {
                "id": VM,
                "name": "vm",
                "type": "Microsoft.Compute/virtualMachines",
                "location": "westeurope",
                "resourceGroup": "RG",
                "identity": None,
                "zones": ["1"],
                "tags": {"a": "b"},
                "vmId": "v",
                "powerState": "VM running",
                "licenseType": None,
                "storageProfile": {
                    "dataDisks": [],
                    "imageReference": {"publisher": "p", "id": None},
                    "osDisk": {"managedDisk": {"id": "d", "resourceGroup": "RG"}},
                },
                "networkProfile": {"networkInterfaces": [{"id": "n", "primary": True, "resourceGroup": "RG"}]},
            },
            {
                "id": VM,
                "name": "vm",
                "type": "Microsoft.Compute/virtualMachines",
                "location": "westeurope",
                "zones": ["1"],
                "tags": {"a": "b"},
                "properties": {
                    "vmId": "v",
                    "storageProfile": {
                        "dataDisks": [],
                        "imageReference": {"publisher": "p"},
                        "osDisk": {"managedDisk": {"id": "d"}},
                    },
                    "networkProfile": {"networkInterfaces": [{"id": "n", "properties": {"primary": True}}]},
                },
            },
        ),
        (
            {
                "id": "s",
                "sku": {"name": "Standard_D2s_v5", "capacity": 2},
                "orchestrationMode": "Uniform",
                "virtualMachineProfile": {
                    "extensionProfile": {
                        "extensions": [{"name": "e", "publisher": "p", "typePropertiesType": "T", "settings": {}}]
                    },
                    "networkProfile": {
                        "networkInterfaceConfigurations": [
                            {
                                "name": "n",
                                "primary": True,
                                "ipConfigurations": [
                                    {
                                        "name": "i",
                                        "subnet": {"id": "x"},
                                        "publicIpAddressConfiguration": {"name": "p", "idleTimeoutInMinutes": 4},
                                    }
                                ],
                            }
                        ]
                    },
                },
            },
            {
                "id": "s",
                "sku": {"name": "Standard_D2s_v5", "capacity": 2},
                "properties": {
                    "orchestrationMode": "Uniform",
                    "virtualMachineProfile": {
                        "extensionProfile": {
                            "extensions": [{"name": "e", "properties": {"publisher": "p", "type": "T", "settings": {}}}]
                        },
                        "networkProfile": {
                            "networkInterfaceConfigurations": [
                                {
                                    "name": "n",
                                    "properties": {
                                        "primary": True,
                                        "ipConfigurations": [
                                            {
                                                "name": "i",
                                                "properties": {
                                                    "subnet": {"id": "x"},
                                                    "publicIpAddressConfiguration": {
                                                        "name": "p",
                                                        "properties": {"idleTimeoutInMinutes": 4},
                                                    },
                                                },
                                            }
                                        ],
                                    },
                                }
                            ]
                        },
                    },
                },
            },
        ),
        ({"id": VM, "name": "vm"}, {"id": VM, "name": "vm"}),
    ],
    ids=["vm", "scale set", "nothing to move"],
)
def test_table(printed: Any, shaped: Any) -> None:
    assert rest_shape(printed) == shaped


def test_what_is_in_the_rest_form_stays_as_it_is(shared: Path) -> None:
    paths = sorted((shared / "azure" / "resources").glob("*.json"))
    assert paths
    for path in paths:
        body = json.loads(path.read_text(encoding="utf-8"))
        assert rest_shape(body) is body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"type": "A.B/c", "id": VM}, "A.B/c"),
        ({"id": VM}, "microsoft.compute/virtualmachines"),
        ({"id": f"{VM}/extensions/e", "type": None}, "microsoft.compute/virtualmachines/extensions"),
        (
            {"id": "/Subscriptions/1/Providers/Microsoft.Compute/Locations/x/Publishers/p"},
            "microsoft.compute/locations/publishers",
        ),
        ({"id": "vm"}, ""),
        ({"id": 7}, ""),
        ({}, ""),
    ],
)
def test_types(body: Any, expected: str) -> None:
    assert resource_type(body) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "properties", "networkInterfaces", "resources", "x"]), inner)
    ),
)


@example({"resources": {"properties": None, "networkInterfaces": False}})
@given(st.dictionaries(st.sampled_from(["id", "properties", "networkInterfaces", "resources", "x"]), JSON))
def test_shaping_twice_is_shaping_once(body: Any) -> None:
    once = rest_shape(body)
    assert rest_shape(once) == once
