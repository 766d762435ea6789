"""Requests' paths, built from parsed ids alone, and those of the two texts of Azure's that are followed: a list's next
page, and where the result of a long-running operation is.

Nothing of an event or of a body reaches a request but through ResourceId or through the names checked here.
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from muster.adapters.arm_types import POLICY_TYPES, TYPES, ArmType
from muster.policy.kinds import PolicyId
from muster.values.errors import BadInput, InvalidResourceId
from muster.values.resource_id import ResourceId

MAX_LINK = 8192

_POLICY_NAME = re.compile(r"(?!\.+$)[^/\\%?#&<>:\x00-\x1f\x7f-\U0010ffff]{1,260}")
"""ASCII but for what separates parts of an address. Source: the names of Microsoft.Authorization in
learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules."""

_MANAGEMENT_GROUP = re.compile(
    r"/providers/microsoft\.management/managementgroups/((?!\.+$)[-\w.()]{1,90})", re.ASCII | re.IGNORECASE
)
_RESULT = re.compile(
    r"/subscriptions/([0-9a-f-]{36})/providers/microsoft\.network/locations/([a-z0-9-]{1,60})/operationresults/([-\w]{1,128})",
    re.ASCII | re.IGNORECASE,
)
_GROUP_SCOPE = re.compile(
    r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/resourcegroups/([-\w.()]{1,90}(?<!\.)))?",
    re.ASCII,
)


def resource_path(resource_id: ResourceId, arm_type: ArmType) -> str:
    """The path of one resource, its type as Azure spells it."""
    pairs = zip(arm_type.segments, resource_id.names, strict=True)
    below = "/".join(f"{kind}/{encoded(name)}" for kind, name in pairs)
    namespace = arm_type.name.partition("/")[0]
    return f"{group_path(resource_id.subscription, resource_id.resource_group)}/providers/{namespace}/{below}"


def group_path(subscription: str, group: str) -> str:
    """The path of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{encoded(group)}"


def policy_path(policy_id: PolicyId) -> str | None:
    """The path of a definition or an initiative: a built-in one, or one of a management group or a subscription; None
    for everything else. Nothing of the id reaches the path unchecked."""
    arm_type = POLICY_TYPES.get(policy_id.kind)
    scope = _policy_scope(policy_id.scope)
    if arm_type is None or scope is None or not _POLICY_NAME.fullmatch(policy_id.name):
        return None
    return f"{scope}/providers/{arm_type.name}/{encoded(policy_id.name)}"


def _policy_scope(scope: str) -> str | None:
    if not scope:
        return ""
    group = _MANAGEMENT_GROUP.fullmatch(scope)
    if group is not None:
        return f"/providers/Microsoft.Management/managementGroups/{encoded(group[1])}"
    place = container(scope.lower())
    return f"/subscriptions/{place[0]}" if place is not None and not place[1] else None


def encoded(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def typed_path(resource_id: ResourceId) -> str | None:
    """The path of a resource whose type muster knows; None for others."""
    arm_type = TYPES.get(resource_id.type)
    return None if arm_type is None else resource_path(resource_id, arm_type)


def container(scope: str) -> tuple[str, str] | None:
    """The subscription and the resource group ("" for the subscription itself) of a lower-cased scope that is one of
    these; None for others."""
    found = _GROUP_SCOPE.fullmatch(scope)
    return None if found is None else (found[1], found[2] or "")


def parse_scope(scope: str) -> ResourceId | None:
    """The resource that a scope is; None where it is none."""
    try:
        return ResourceId.parse(scope)
    except InvalidResourceId:
        return None


def next_target(link: object, cloud_url: str, path: str) -> str:
    """Path and query of the next page, from a list's nextLink.

    The link is taken apart and built anew: it must lead to the same endpoint and continue the list at `path` (in any
    case). Raises BadInput for every other.
    """
    there = _taken_apart(link, cloud_url)
    if there is None:
        raise BadInput("a list's next page has no link that can be followed", reason="foreignNextLink")
    found, query, same = there
    if not same or unquote(found).lower() != unquote(path).lower():
        raise BadInput("a list's next page is not of the same list", reason="foreignNextLink")
    return f"{path}?{urlencode(query)}"


def result_target(link: object, cloud_url: str, subscription: str) -> str:
    """Path and query of the result of an operation of Microsoft.Network, from the Location of the answer 202.

    As with next_target: it must be a result of the (lower-cased) subscription at the same endpoint. Raises BadInput for
    every other.
    """
    there = _taken_apart(link, cloud_url)
    if there is None:
        raise BadInput("an operation has no link to its result that can be followed", reason="foreignResult")
    path, query, same = there
    found = _RESULT.fullmatch(path)
    if not same or found is None or found[1].lower() != subscription:
        raise BadInput("the link to an operation's result leads elsewhere", reason="foreignResult")
    below = f"locations/{found[2]}/operationResults/{found[3]}"
    return f"/subscriptions/{subscription}/providers/Microsoft.Network/{below}?{urlencode(query)}"


def _taken_apart(link: object, cloud_url: str) -> tuple[str, list[tuple[str, str]], bool] | None:
    """A link's path and query, and whether it is a plain one to an endpoint; None where it can't be read."""
    if not isinstance(link, str) or not link or len(link) > MAX_LINK or not link.isascii():
        return None
    try:
        here, there = urlsplit(cloud_url), urlsplit(link)
        same = _origin(there) == _origin(here)
        query = parse_qsl(there.query, keep_blank_values=True, max_num_fields=32)
    except ValueError:
        return None
    plain = there.username is None and there.password is None and not there.fragment
    return there.path, query, same and plain


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    """Some providers write the port that https has anyway."""
    return url.scheme.lower(), url.hostname, url.port or (443 if url.scheme.lower() == "https" else 80)
