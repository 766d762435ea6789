"""Azure Policy's aliases: which there are, and where they lead in a resource's REST JSON.

Source of the rule: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-alias; of the names, see
`alias_names`. For the types that are listed whole an alias that is not there does not exist. For every other type an
alias that is well formed is taken to exist, and to lead where the rule says: below `properties`, or to the root for
the names that every resource keeps there.
"""

import re
from difflib import get_close_matches
from functools import cache, lru_cache

from muster.facts.alias_names import CLOSED, OPEN, TYPES
from muster.facts.alias_tree import Branch, closest, read_tree

MAX_LENGTH = 1024
"""Longer texts are no aliases; Azure's longest has some 170 characters."""

_IMAGE = "storageProfile.imageReference"
_MACHINE, _SCALE_SET, _DISK = (
    f"microsoft.compute/{name}" for name in ("virtualmachines", "virtualmachinescalesets", "disks")
)
_ARC = "microsoft.hybridcompute/machines"


def _of_image(member: str) -> dict[str, str]:
    return {
        _MACHINE: f"properties.{_IMAGE}.{member}",
        _SCALE_SET: f"properties.virtualMachineProfile.{_IMAGE}.{member}",
        _DISK: "properties.creationData.imageReference.id",
    }


SHARED = {
    "Microsoft.Compute/imagePublisher": _of_image("publisher"),
    "Microsoft.Compute/imageOffer": _of_image("offer"),
    "Microsoft.Compute/imageSku": _of_image("sku"),
    "Microsoft.Compute/imageVersion": _of_image("version"),
    "Microsoft.Compute/imageId": _of_image("id"),
    "Microsoft.Compute/licenseType": {
        _MACHINE: "properties.licenseType",
        _SCALE_SET: "properties.virtualMachineProfile.licenseType",
    },
    "Microsoft.HybridCompute/imageOffer": {_ARC: "properties.osName"},
    "Microsoft.HybridCompute/imageSKU": {_ARC: "properties.osVersion"},
}
"""Aliases that no type owns: name -> lower-cased type -> path. On a disk all of an image's are the image's id."""

_STRAY = "Microsoft.GuestConfiguration/guestConfigurationAssignments/guestConfiguration.configurationParameter.value"
"""Listed beside `configurationParameter[*].value`, as if the array were an object. Kept, because Azure knows it."""

_SHARED = {name.lower(): paths for name, paths in SHARED.items()}
_CLOSED_NAMESPACES = frozenset(name.partition("/")[0] for name in CLOSED)
_ROOT = frozenset(
    ("extendedlocation", "identity", "kind", "location", "managedby", "plan", "sku", "systemdata", "tags", "zones")
)
_SPELLING = {name.lower(): name for name in TYPES}
_FORM = re.compile(
    r"[a-z][\w.]*\.[a-z]\w*(?:/[a-z]\w*)+/[\w@$-]+(?:\[\*\])?(?:\.[\w@$-]+(?:\[\*\])?)*", re.I | re.ASCII
)


class AzureAliases:
    """The aliases that Azure publishes."""

    def path(self, alias: str, resource_type: str) -> str | None:
        """Where an alias leads in a resource of that type; None where it is not one of that type's."""
        return _path(alias.lower(), alias, resource_type.lower()) if len(alias) <= MAX_LENGTH else None

    def known(self, alias: str) -> bool:
        """Whether there is such an alias, of any type."""
        if len(alias) > MAX_LENGTH:
            return False
        lowered = alias.lower()
        return lowered in _SHARED or _path(lowered, alias, lowered.rpartition("/")[0]) is not None

    def modifiable(self, alias: str) -> bool | None:
        """False for an alias that does not exist, else None: only an exported list says it (`alias_file`)."""
        return None if self.known(alias) else False

    def suggestions(self, alias: str) -> tuple[str, ...]:
        """At most three aliases that are close to one that does not exist."""
        owner = alias[:MAX_LENGTH].lower().rpartition("/")[0]
        if "/" not in owner:
            return closest(alias, SHARED)
        near = owner if owner in CLOSED else next(iter(get_close_matches(owner, CLOSED, 1, 0.8)), "")
        return closest(alias, [f"{_SPELLING[near]}/{name}" for name in _tree(near).names()]) if near else ()


@lru_cache(maxsize=16384)
def _path(lowered: str, alias: str, resource_type: str) -> str | None:
    if lowered in _SHARED:
        return _SHARED[lowered].get(resource_type)
    if not lowered.startswith(f"{resource_type}/"):
        return None
    names = alias[len(resource_type) + 1 :]
    if resource_type in CLOSED:
        return _tree(resource_type).resolve(names) or _stray(lowered)
    if not _FORM.fullmatch(alias) or "/" in names or resource_type.partition("/")[0] in _CLOSED_NAMESPACES:
        return None
    tree = _tree(resource_type)
    first = re.split(r"[.\[]", names.lower(), maxsplit=1)[0]
    return names if first in _ROOT and first not in tree.below else tree.follow(names)


def _stray(lowered: str) -> str | None:
    rest = lowered.removeprefix(_STRAY.lower())
    known = rest != lowered and rest in ("", "[*]", "[*].name", "[*].value")
    return f"properties.{_STRAY.rpartition('/')[2]}{rest}" if known else None


@cache
def _tree(resource_type: str) -> Branch:
    return read_tree(CLOSED.get(resource_type) or OPEN.get(resource_type) or "")
