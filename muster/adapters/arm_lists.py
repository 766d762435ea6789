"""How each related resource is looked up: which list has it, or where the name is known, which resource it is.

Source: the resource types' REST reference. A child is listed in its parent, an extension resource at what it extends,
any other type in its resource group or subscription; a vault's items are found by Resource Graph.
"""

from dataclasses import dataclass
from typing import TypeAlias

from muster.adapters.arm_paths import container, group_path, parse_scope, typed_path
from muster.adapters.arm_types import BACKUP_ITEMS, PROTECTED_ITEM, TYPES, ArmType
from muster.values.document import RelatedQuery
from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId


@dataclass(frozen=True, slots=True)
class ReadList:
    """Page through the list at `path`."""

    path: str
    arm_type: ArmType


@dataclass(frozen=True, slots=True)
class ReadOne:
    """Read the one resource that has the name."""

    resource_id: ResourceId


@dataclass(frozen=True, slots=True)
class AskGraph:
    """Ask Resource Graph in a subscription. `query` in its language, `action` what reading the rows needs."""

    query: str
    subscription: str
    action: str


@dataclass(frozen=True, slots=True)
class CanNot:
    """There is no such list; `why` in a sentence."""

    why: str


Plan: TypeAlias = ReadList | ReadOne | AskGraph | CanNot


def plan(query: RelatedQuery) -> Plan:
    """How to answer a query. Nothing in it is trusted: its scope is parsed, its type looked up, its name checked."""
    resource = parse_scope(query.scope)
    if query.resource_type == BACKUP_ITEMS and resource is not None:
        return AskGraph(backup_query(resource), resource.subscription, PROTECTED_ITEM.action)
    arm_type = TYPES.get(query.resource_type)
    if arm_type is None:
        return CanNot(f"muster does not know how {query.resource_type[:120]} is read")
    if resource is not None:
        return _at_resource(resource, arm_type)
    place = container(query.scope)
    if place is None:
        return CanNot("its scope is neither a resource nor a resource group nor a subscription")
    subscription, group = place
    if group and query.name is not None and not set("*?") & set(query.name):
        named = _named(subscription, group, arm_type, query.name)
        if named is not None:
            return ReadOne(named)
    if len(arm_type.segments) > 1:
        return CanNot(f"{arm_type.name} can be listed in one resource only")
    path = group_path(subscription, group) if group else f"/subscriptions/{subscription}"
    return ReadList(f"{path}/providers/{arm_type.name}", arm_type)


def backup_query(resource: ResourceId) -> str:
    """Asks which items of backup vaults protect a resource."""
    return (
        f"recoveryservicesresources | where type =~ {kusto_text(PROTECTED_ITEM.name)}"
        f" | where properties.sourceResourceId =~ {kusto_text(str(resource))}"
        " | project id, name, type, properties | order by id asc"
    )


def kusto_text(text: str) -> str:
    """A string literal of the query language."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _at_resource(resource: ResourceId, arm_type: ArmType) -> Plan:
    own = typed_path(resource)
    if own is None:
        return CanNot(f"muster does not know how {resource.type[:120]} is read")
    parent, _, child = arm_type.name.rpartition("/")
    if parent.lower() == resource.type:
        return ReadList(f"{own}/{child}", arm_type)
    if len(arm_type.segments) > 1:
        return CanNot(f"{arm_type.name} is not listed in {resource.type}")
    return ReadList(f"{own}/providers/{arm_type.name}", arm_type)


def _named(subscription: str, group: str, arm_type: ArmType, name: str) -> ResourceId | None:
    """The resource of a full name, `parent/child`; None where the name can't be one."""
    names = name.split("/")
    if len(names) != len(arm_type.segments):
        return None
    pairs = "/".join(f"{kind}/{one}" for kind, one in zip(arm_type.segments, names, strict=True))
    namespace = arm_type.name.partition("/")[0]
    try:
        return ResourceId.parse(f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{pairs}")
    except InvalidResourceId:
        return None
