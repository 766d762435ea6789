"""What a rule can ask about a resource's surroundings: requestContext(), subscription(), resourceGroup(), utcNow().

What was gathered need not be all that Azure would answer: a property that was not is unknown, never missing. The ids of
subscription and resource group are told by the resource's own id.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from muster.language.frame import Evaluator, Frame, UnknownFact, member
from muster.values.document import Document
from muster.values.json import JsonObject
from muster.values.resource_id import segments

_GATHERED: Mapping[str, Callable[[Document], JsonObject | None]] = {
    "requestcontext": lambda document: document.request_context,
    "subscription": lambda document: document.subscription,
    "resourcegroup": lambda document: document.resource_group,
}

SURROUNDINGS = frozenset(_GATHERED)
"""The lower-cased names of the functions that give an object of the resource's surroundings."""


def whole(name: str) -> Evaluator:
    """The object that a function of SURROUNDINGS gives; unknown where it was not gathered."""

    def evaluate(frame: Frame) -> JsonObject:
        frame = frame.outer or frame
        gathered = _GATHERED[name.lower()](frame.document)
        if gathered is None:
            raise UnknownFact(f"{name}()")
        return {**_told_by_id(name, frame), **gathered}

    return evaluate


def known_part(name: str) -> Evaluator:
    """As whole, but what is known of it even where it was not gathered: for one who asks for a property of it."""

    def evaluate(frame: Frame) -> JsonObject:
        frame = frame.outer or frame
        return {**_told_by_id(name, frame), **(_GATHERED[name.lower()](frame.document) or {})}

    return evaluate


def _told_by_id(name: str, frame: Frame) -> JsonObject:
    identity = member(frame.resource, "id")
    told = segments(identity) if isinstance(identity, str) else {}
    subscription = told.get("subscriptions")
    if subscription is None:
        return {}
    if name.lower() == "subscription":
        return {"subscriptionId": subscription, "id": f"/subscriptions/{subscription}"}
    group = told.get("resourcegroups")
    if name.lower() == "resourcegroup" and group is not None:
        return {"name": group, "id": f"/subscriptions/{subscription}/resourceGroups/{group}"}
    return {}


def now(frame: Frame) -> str:
    """What utcNow() gives."""
    return instant_text((frame.outer or frame).document.now)


def instant_text(moment: datetime) -> str:
    """A time as .NET's round-trip format writes it: in UTC, with seven digits of fraction."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"
