"""The one document that policies read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from muster.values.answers import ListAnswer
from muster.values.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class RelatedQuery:
    """A question for related resources, as the IfNotExists effects ask it. All parts lower-cased.

    `resource_type` is the wanted type; `scope` the id in which to look: a resource (for its children or extensions),
    a resource group or a subscription; `name` an exact full name, or a pattern with `*` or `?` for whole segments,
    or None for any.
    """

    resource_type: str
    scope: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A resource and all that was found out about it.

    `resource` is Azure's REST JSON, whole. `image`, `lifecycle` and `network` hold the facts behind `Muster.Image/...`,
    `Muster.Lifecycle/...` and `Muster.Network/...`, nested by the dots of the field's name: a member that is None is
    unknown; a member that is not there is known not to exist (behaves as a missing property), but below `traits`, and
    where nothing at all was gathered, it is unknown too.
    `unavailable` has paths into `resource` that could not be had, lower-cased, dots between properties and `[*]` for
    members of an array (`properties.instanceview`, `properties.networkprofile.networkinterfaces[*].properties`):
    they and everything below are unknown. `related` holds answered queries; one that is not there is unknown.
    `subscription`, `resource_group` and `request_context` answer the template functions of these names; None is
    unknown. `now` answers utcNow().
    """

    resource: JsonObject
    image: Mapping[str, Json] = field(default_factory=dict)
    lifecycle: Mapping[str, Json] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()
    related: Mapping[RelatedQuery, ListAnswer] = field(default_factory=dict)
    subscription: JsonObject | None = None
    resource_group: JsonObject | None = None
    request_context: JsonObject | None = None
    management_groups: tuple[str, ...] = ()
    network: Mapping[str, Json] = field(default_factory=dict)
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
