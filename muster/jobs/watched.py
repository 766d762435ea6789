"""Which subscriptions are watched. Whoever may send events could otherwise have muster read, and write findings about,
any subscription that its identity can see."""

from collections.abc import Set as AbstractSet

from muster.values.errors import BadInput
from muster.values.resource_id import ResourceId


def refuse_unwatched(resource_id: ResourceId, subscriptions: AbstractSet[str] | None) -> None:
    """Raise BadInput (unwatchedSubscription) for a resource of a subscription that is not among these (lower-cased ids;
    None is every one)."""
    if subscriptions is not None and resource_id.subscription not in subscriptions:
        raise BadInput(f"subscription {resource_id.subscription} is not watched", reason="unwatchedSubscription")
