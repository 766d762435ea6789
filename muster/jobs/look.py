"""Finding out what is there: the body that came with the request, or a read of Azure, and what could not be had."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.facts.provisioning import state_under_way
from muster.ports import AzureReader
from muster.values.answers import Absent, Forbidden, Found, NotRead, Unsettled
from muster.values.errors import NotThereYet
from muster.values.json import JsonObject
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId

REPLICATION_LAG = timedelta(minutes=10)
"""How long after a write a 404 is taken for Azure's replication lag. Azure Policy waits as long before it looks."""

_AFTER_A_WRITE = frozenset({Cause.WRITTEN, Cause.WRITE_FAILED, Cause.SETTLE})

_ONLY_WHEN_ASKED_FOR = {
    "instanceView": "properties.instanceview",
    "userData": "properties.userdata",
}
"""Properties that Azure gives only to a read that expands them: without them nothing is known of them."""

_SET_IN_THE_GUEST = "osprofile.linuxconfiguration.disablepasswordauthentication"
"""What only the guest knows of a machine whose OS was not set up by Azure: an attached disk, a specialised image."""

EVERYTHING = frozenset(
    {
        "extendedlocation",
        "identity",
        "kind",
        "location",
        "managedby",
        "plan",
        "properties",
        "resources",
        "sku",
        "systemdata",
        "tags",
        "zones",
    }
)
"""The members of a resource, lower-cased, none of which is known where it could not be read."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a resource. `observed_at` is when it was so; `settled` is False while Azure still changes it.

    `unavailable` is as in Document; `obstacle` says in a sentence why the resource could not be read at all.
    """

    body: JsonObject
    observed_at: datetime
    unavailable: frozenset[str]
    settled: bool = True
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Azure says that the resource isn't there, and it isn't replication lag."""

    observed_at: datetime


async def look(request: EvaluationRequest, reader: AzureReader, now: datetime) -> Sight | Gone:
    """See the resource of a request. A body that came complete with an event stands for a read.

    Raises TransientFault where Azure did not answer, NotThereYet where it says 404 within REPLICATION_LAG of a write.
    """
    if request.body is not None:
        # Whoever sends events may date one into the future; `latest` would then never move again.
        return seen(request.body, min(request.time, now), settled=not state_under_way(request.body))
    match await reader.get(request.resource_id):
        case Found(body, observed_at):
            return seen(body, observed_at)
        case Unsettled(_, body, observed_at):
            return seen(body, observed_at, settled=False)
        case Absent(observed_at):
            lags = request.cause in _AFTER_A_WRITE and request.absent_at is None
            if lags and now - request.time < REPLICATION_LAG:
                raise NotThereYet(f"{request.resource_id} was written just now and is not there yet", retry_after=30)
            return Gone(observed_at)
        case Forbidden() | NotRead() if request.cause is Cause.DELETED:
            # A role that was given on a resource or its group is gone with it.
            return Gone(min(request.time, now))
        case Forbidden(permission):
            return _unread(request.resource_id, now, f"Reading the resource needs the permission {permission}.")
        case NotRead(why):
            return _unread(request.resource_id, now, f"The resource could not be read: {why}")


def seen(body: JsonObject, observed_at: datetime, *, settled: bool = True) -> Sight:
    """A body that was had, with what is unknown of it because the read that gave it did not ask for it."""
    return Sight(body, observed_at, _unexpanded(body), settled)


def _unexpanded(body: JsonObject) -> frozenset[str]:
    """The paths of a body that are unknown because the read that gave it did not ask for them, or because Azure never
    learns them."""
    properties = body.get("properties")
    if not isinstance(properties, dict):
        return frozenset()
    profile = properties.get("virtualMachineProfile")
    paths = {path for name, path in _ONLY_WHEN_ASKED_FOR.items() if name not in properties}
    prefix = "properties"
    if isinstance(profile, dict):
        paths = set() if "userData" in profile else {"properties.virtualmachineprofile.userdata"}
        properties, prefix = profile, "properties.virtualmachineprofile"
    storage = properties.get("storageProfile")
    disk = storage.get("osDisk") if isinstance(storage, dict) else None
    if "osProfile" not in properties and isinstance(disk, dict) and disk.get("osType") == "Linux":
        paths.add(f"{prefix}.{_SET_IN_THE_GUEST}")
    return frozenset(paths)


def _unread(resource_id: ResourceId, now: datetime, obstacle: str) -> Sight:
    body: JsonObject = {"id": str(resource_id), "type": resource_id.type, "name": resource_id.name}
    return Sight(body, now, EVERYTHING, obstacle=obstacle)
