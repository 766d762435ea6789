"""From a body of Azure Resource Manager to an answer."""

from datetime import datetime

from muster.values.answers import Found, Unsettled
from muster.values.json import JsonObject

_TERMINAL = frozenset({"succeeded", "failed", "canceled"})
"""learn.microsoft.com/azure/azure-resource-manager/management/async-operations: all other states are on the way."""


def answer_of(body: JsonObject, observed_at: datetime) -> Found | Unsettled:
    """Unsettled while the resource's provisioningState says that Azure still works on it, else Found."""
    properties = body.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    if isinstance(state, str) and state.lower() not in _TERMINAL:
        return Unsettled(state, body, observed_at)
    return Found(body, observed_at)
