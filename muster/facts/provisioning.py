"""Whether Azure is done with a resource."""

from muster.values.json import JsonObject

_TERMINAL = frozenset({"succeeded", "failed", "canceled"})
"""learn.microsoft.com/azure/azure-resource-manager/management/async-operations: all other states are on the way."""


def state_under_way(body: JsonObject) -> str:
    """The provisioningState (`Creating`) while Azure still works on a resource; empty where it is done."""
    properties = body.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return state if isinstance(state, str) and state.lower() not in _TERMINAL else ""
