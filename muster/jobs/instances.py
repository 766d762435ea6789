"""The instances of a Uniform scale set: no event names them, and each may lag behind the set's model.

Whenever the set is looked at, each instance is looked at as a resource of its own; so is each that has an open finding
and is listed no more, whose own 404 then closes it.
"""

from muster.facts.scale_sets import INSTANCE
from muster.ports import AzureReader, FindingStore, PolicyJudge
from muster.values.answers import Forbidden, FoundMany
from muster.values.document import RelatedQuery
from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId


async def listed_instances(
    scale_set: ResourceId, *, reader: AzureReader, policies: PolicyJudge
) -> tuple[list[ResourceId], str]:
    """The instances that Azure lists, none where no definition judges any; with why they could not be listed in a
    sentence, "" where they were. Raises TransientFault where Azure did not answer."""
    if not policies.judges(INSTANCE):
        return [], ""
    match await reader.related(RelatedQuery(INSTANCE, str(scale_set))):
        case FoundMany(bodies, _):
            return [one for body in bodies if (one := _instance(body.get("id"), scale_set))], ""
        case Forbidden(permission):
            return [], f"listing the instances of {scale_set} needs the permission {permission}"
        case other:
            return [], f"the instances of {scale_set} could not be listed: {other.why}"


async def known_instances(scale_set: ResourceId, store: FindingStore) -> list[ResourceId]:
    """The instances that have an open finding. Raises TransientFault where the store did not answer."""
    return [one async for one in store.open_ids(below=scale_set) if one.type == INSTANCE]


def _instance(identifier: object, scale_set: ResourceId) -> ResourceId | None:
    try:
        found = ResourceId.parse(identifier)
    except InvalidResourceId:
        return None
    return found if found.type == INSTANCE and str(found).startswith(f"{scale_set}/") else None
