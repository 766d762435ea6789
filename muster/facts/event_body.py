"""Whether the body that came with an event can stand in for a read of Azure.

Microsoft.ResourceNotifications events carry the resource, but perhaps of an old api-version, while it is still
changing, or with booleans as 0 and 1 (as in the documented sample). A body that is not used costs one read; a body
that is used wrongly costs a wrong verdict. So it has to be beyond doubt.
"""

import re

from muster.values.json import Json, JsonObject

OLDEST_API_VERSION = "2024-11-01"
"""The api-version that muster reads with. An older one may lack properties, which would then be judged missing."""

_API_VERSION = re.compile(r"(\d{4}-\d\d-\d\d)(-\w+)?", re.ASCII)
_NUMBERS = frozenset(
    {
        "lun",
        "capacity",
        "disksizegb",
        "maxprice",
        "platformfaultdomain",
        "platformfaultdomaincount",
        "platformupdatedomain",
        "priority",
        "order",
        "diskiopsreadwrite",
        "diskmbpsreadwrite",
        "vcpusavailable",
        "vcpuspercore",
        "rank",
        "baseregularprioritycount",
        "regularprioritypercentageabovebase",
        "idletimeoutinminutes",
        "maxbatchinstancepercent",
        "maxunhealthyinstancepercent",
        "maxunhealthyupgradedinstancepercent",
    }
)
"""Members of a virtual machine or scale set, lower-cased, whose 0 or 1 is a number and not a boolean."""


def complete_body(info: JsonObject, api_version: Json) -> JsonObject | None:
    """The `resourceInfo` of an event if it is as good as Azure's answer to a GET, else None.

    It is when it has id, name, type, location and properties with a storage profile, says that provisioning
    Succeeded, has an api-version not older than OLDEST_API_VERSION, and no 0 or 1 where a boolean may be meant.
    """
    properties = info.get("properties")
    if not isinstance(properties, dict) or not isinstance(api_version, str):
        return None
    version = _API_VERSION.fullmatch(api_version)
    if version is None or version[1] < OLDEST_API_VERSION:
        return None
    if not all(isinstance(info.get(name), str) and info[name] for name in ("id", "name", "type", "location")):
        return None
    state = properties.get("provisioningState")
    if not isinstance(state, str) or state.lower() != "succeeded":
        return None
    profile = properties.get("virtualMachineProfile", properties)
    if not isinstance(profile, dict) or not isinstance(profile.get("storageProfile"), dict):
        return None
    return None if _doubtful_booleans(info) else info


def _doubtful_booleans(value: Json, name: str = "") -> bool:
    if isinstance(value, dict):
        return any(_doubtful_booleans(child, key) for key, child in value.items() if key != "tags")
    if isinstance(value, list):
        return any(_doubtful_booleans(child, name) for child in value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and value in (0, 1) and name.lower() not in _NUMBERS
