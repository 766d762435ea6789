"""What of a resource changes while the resource does not."""

from typing import Any

import pytest

from muster.facts.stable_state import stable_state


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"etag": "1", "name": "x"}, {"name": "x"}),
        ({"a": [{"ETag": "1", "b": 2}]}, {"a": [{"b": 2}]}),
        ({"systemData": {"createdAt": "t"}}, {}),
        ({"properties": {"provisioningState": "Updating"}}, {"properties": {}}),
        ({"properties": {"provisioningState": "succeeded"}}, {"properties": {}}),
        ({"properties": {"provisioningState": "Failed"}}, {"properties": {"provisioningState": "Failed"}}),
        ({"id": "/A/B", "vmId": "AB"}, {"id": "/a/b", "vmId": "AB"}),
        ({"nics": [{"id": "/A", "primary": True}]}, {"nics": [{"id": "/a", "primary": True}]}),
        (
            {
                "properties": {
                    "instanceView": {
                        "osName": "ubuntu",
                        "vmAgent": {"statuses": [{"time": "t"}]},
                        "statuses": [
                            {"code": "ProvisioningState/succeeded", "time": "t"},
                            {"code": "PowerState/running", "displayStatus": "VM running"},
                        ],
                    }
                }
            },
            {"properties": {"instanceView": {"osName": "ubuntu", "statuses": ["PowerState/running"]}}},
        ),
        ({"properties": {"instanceView": {"statuses": "odd"}}}, {"properties": {"instanceView": {}}}),
        ({"properties": {"timeCreated": "t"}}, {"properties": {"timeCreated": "t"}}),
    ],
)
def test_table(body: Any, state: Any) -> None:
    assert stable_state(body) == state
