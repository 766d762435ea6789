"""The names of Azure Policy's aliases, by resource type, in the notation of `alias_tree`.

Names and paths are facts of Azure's published list, as Get-AzPolicyAlias (learn.microsoft.com/powershell/module/
az.resources/get-azpolicyalias) gave it in 2026; those of Microsoft.Network are the property names of its REST
reference (learn.microsoft.com/rest/api/virtualnetwork, api-version 2024-05-01).
"""

from muster.facts.alias_names import disks, hybrid, images, machines, network, placement, scale_sets

CLOSED = {
    name.lower(): text
    for room in (machines, scale_sets, disks, images, hybrid, placement)
    for name, text in room.NAMES.items()
}
"""Lower-cased types of which every alias is listed: what is not there does not exist."""

OPEN = {name.lower(): text for name, text in network.NAMES.items()}
"""Lower-cased types of which only the deviations from the rule and the usual names are listed."""

TYPES = tuple(name for room in (machines, scale_sets, disks, images, hybrid, placement, network) for name in room.NAMES)
"""All these types in Azure's own case."""
