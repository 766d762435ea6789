"""Azure Resource Manager ids as values.

Strict here: a ResourceId is what a request URL or a blob name may be built from. Where an id is only looked at
(image ids with placeholders, odd names), `segments` reads it leniently instead.

Source of the shape: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules; names are
allowed what any resource type allows (letters of any script are not).
"""

import re
from dataclasses import dataclass

from muster.values.errors import InvalidResourceId

MAX_LENGTH = 2048
MAX_NAME = 260
MAX_TYPE_DEPTH = 8

_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_GROUP = re.compile(r"[-\w.()]{1,90}(?<!\.)", re.ASCII)
_NAMESPACE = re.compile(r"[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+", re.ASCII)
_TYPE = re.compile(r"[a-z][a-z0-9]{0,79}", re.ASCII)
_NAME = re.compile(rf"(?!\.+$)[-\w.()@+~!$' ]{{1,{MAX_NAME}}}(?<![. ])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ResourceId:
    """A resource in a resource group. Equality and hash ignore case because all parts are kept lower-cased."""

    subscription: str
    resource_group: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: object) -> "ResourceId":
        """Read `/subscriptions/S/resourceGroups/G/providers/NS/type/name[/type/name...]`, any case.

        Raises InvalidResourceId on anything else: dots as a segment, a host, escapes, control characters, long names.
        """
        if not isinstance(text, str):
            raise InvalidResourceId(f"a resource id is a string, not {type(text).__name__}")
        if len(text) > MAX_LENGTH:
            raise InvalidResourceId(f"a resource id of {len(text)} characters (at most {MAX_LENGTH})")
        if not text.isascii():
            raise InvalidResourceId("a resource id has ASCII characters only")
        parts = text.lower().split("/")
        if len(parts) < 9 or len(parts) % 2 == 0 or parts[0]:
            raise InvalidResourceId(
                "not of the form /subscriptions/ID/resourceGroups/NAME/providers/NAMESPACE/type/name"
            )
        _, keyword, subscription, group_keyword, group, providers, namespace, *rest = parts
        types, names = tuple(rest[0::2]), tuple(rest[1::2])
        if (keyword, group_keyword, providers) != ("subscriptions", "resourcegroups", "providers"):
            raise InvalidResourceId("segments subscriptions, resourceGroups and providers expected in this order")
        if not _SUBSCRIPTION.fullmatch(subscription):
            raise InvalidResourceId("the subscription is not a GUID")
        if not _GROUP.fullmatch(group) or not group.strip("."):
            raise InvalidResourceId("not a resource group's name")
        if not _NAMESPACE.fullmatch(namespace):
            raise InvalidResourceId("not a provider namespace")
        if len(types) > MAX_TYPE_DEPTH:
            raise InvalidResourceId(f"nested deeper than {MAX_TYPE_DEPTH} types")
        if not all(map(_TYPE.fullmatch, types)):
            raise InvalidResourceId("not a resource type")
        if not all(map(_NAME.fullmatch, names)):
            raise InvalidResourceId("not a resource's name")
        return cls(subscription, group, namespace, types, names)

    @property
    def type(self) -> str:
        """`microsoft.compute/virtualmachines`, child types appended."""
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        """The last name."""
        return self.names[-1]

    @property
    def full_name(self) -> str:
        """All names, `parent/child`."""
        return "/".join(self.names)

    @property
    def parent(self) -> "ResourceId | None":
        """The resource that this one is a child of."""
        if len(self.types) == 1:
            return None
        return ResourceId(self.subscription, self.resource_group, self.namespace, self.types[:-1], self.names[:-1])

    @property
    def scope(self) -> str:
        """The resource group's id, lower-cased."""
        return f"/subscriptions/{self.subscription}/resourcegroups/{self.resource_group}"

    def child(self, child_type: str, name: str) -> "ResourceId":
        """The id of a child. Raises InvalidResourceId where type or name can't be one."""
        return ResourceId.parse(f"{self}/{child_type}/{name}")

    def __str__(self) -> str:
        pairs = "/".join(f"{kind}/{name}" for kind, name in zip(self.types, self.names, strict=True))
        return f"{self.scope}/providers/{self.namespace}/{pairs}"


def segments(text: str) -> dict[str, str]:
    """Read any id-like text leniently: lower-cased key -> value as written, for each key/value pair of segments.

    For identification only, never to build a request or a path from.
    """
    parts = [part for part in text.strip().split("/") if part]
    return {parts[i].lower(): parts[i + 1] for i in range(0, len(parts) - 1, 2)}
