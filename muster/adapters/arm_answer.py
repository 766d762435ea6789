"""From a body of Azure Resource Manager to an answer."""

from datetime import datetime

from muster.facts.provisioning import state_under_way
from muster.values.answers import Found, Unsettled
from muster.values.json import JsonObject


def answer_of(body: JsonObject, observed_at: datetime) -> Found | Unsettled:
    """Unsettled while the resource's provisioningState says that Azure still works on it, else Found."""
    state = state_under_way(body)
    return Unsettled(state, body, observed_at) if state else Found(body, observed_at)
