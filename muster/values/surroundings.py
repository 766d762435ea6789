"""What stands above a resource: its resource group, its subscription, the management groups."""

from dataclasses import dataclass
from enum import StrEnum

from muster.values.json import JsonObject


class Surrounding(StrEnum):
    """One kind of what stands above a resource."""

    RESOURCE_GROUP = "resourceGroup"
    SUBSCRIPTION = "subscription"
    MANAGEMENT_GROUPS = "managementGroups"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was read of what stands above a resource; None for what was not asked for or could not be had.

    Resource group and subscription are Azure's REST JSON. `management_groups` are the names of all groups above the
    subscription, the nearest first; () where they could not be had. `hindrances` are sentences about the latter.
    """

    resource_group: JsonObject | None = None
    subscription: JsonObject | None = None
    management_groups: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()
