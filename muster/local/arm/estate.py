"""What the loopback server has: recorded REST bodies by their path, and the lists that follow from them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from muster.local.errors import UnusableApp
from muster.values.json import JsonObject

_LISTED_BARE = "/artifacttypes/vmimage/"
"""Lists of Marketplace images are bare arrays."""


_HANDED_DOWN = tuple(
    f"/microsoft.authorization/{name}"
    for name in ("policyassignments", "policydefinitions", "policyexemptions", "policysetdefinitions")
)


class Estate:
    """Bodies by lower-cased path. What is listed below a path is every body whose id continues it by one name."""

    def __init__(
        self, bodies: Iterable[JsonObject] = (), management_groups: Mapping[str, tuple[str, ...]] | None = None
    ):
        """`management_groups`: the names above a subscription, the nearest first."""
        self._bodies: dict[str, JsonObject] = {}
        self._lists: dict[str, dict[str, JsonObject]] = {}
        self._groups: dict[str, JsonObject] = {}
        self._rows: dict[str, dict[str, JsonObject]] = {}
        self.management_groups = dict(management_groups or {})
        for body in bodies:
            self.put(body)

    @classmethod
    def from_folders(cls, folders: Iterable[Path]) -> Self:
        """Every `*.json` below some folders. Raises UnusableApp naming a file that is no resource's body."""
        estate = cls()
        for folder in folders:
            for path in sorted(folder.rglob("*.json")):
                estate.put(_read(path))
        return estate

    def put(self, body: JsonObject) -> None:
        """Add or replace a body; its `id` is its path. A subscription or resource group that nobody gave is made up."""
        path = _path_of(body)
        self._forget_row(path)
        self._bodies[path] = body
        if "/resourcegroups/" in path:
            self._rows.setdefault(_type_of(body), {})[path] = body
        parent = path.rpartition("/")[0]
        self._lists.setdefault(parent, {})[path] = body
        parts = path.split("/")
        if len(parts) > 2 and parts[1] == "subscriptions":
            self._stand_in(f"/subscriptions/{parts[2]}", parts[2])
            if len(parts) > 4 and parts[3] == "resourcegroups":
                self._stand_in(f"/subscriptions/{parts[2]}/resourcegroups/{parts[4]}", parts[4], body)
                self._whole_subscription(parts, path, body)

    def remove(self, path: str) -> None:
        """Take a body away, as a deletion does."""
        lowered = path.lower()
        self._forget_row(lowered)
        self._bodies.pop(lowered, None)
        for members in self._lists.values():
            members.pop(lowered, None)

    def one(self, path: str) -> JsonObject | None:
        """The body at a path in any case."""
        return self._bodies.get(path.lower()) or self._groups.get(path.lower())

    def many(self, path: str) -> list[JsonObject] | None:
        """The members of the list at a path; None where there is no such list because its parent is not there."""
        lowered = path.lower()
        if lowered == "/subscriptions":
            return [body for body in self._groups.values() if "subscriptionId" in body]
        found = [*self._lists.get(lowered, {}).values(), *self._handed_down(lowered)]
        if found or lowered in self._lists:
            return found
        before, _, after = lowered.rpartition("/providers/")
        parent = before if after.count("/") == 1 else lowered.rpartition("/")[0]
        known = _LISTED_BARE in lowered or self.one(parent) is not None
        return [] if known else None

    def _handed_down(self, path: str) -> Iterator[JsonObject]:
        """What a subscription's lists of Azure Policy have of the management groups above it."""
        parts = path.split("/")
        if len(parts) == 6 and path.endswith(_HANDED_DOWN):
            for group in self.management_groups.get(parts[2], ()):
                above = (
                    f"/providers/microsoft.management/managementgroups/{group.lower()}/providers/{parts[4]}/{parts[5]}"
                )
                yield from self._lists.get(above, {}).values()

    def is_bare(self, path: str) -> bool:
        """Whether the list at a path is an array without an object around it."""
        return _LISTED_BARE in path.lower()

    def rows(self, of: Callable[[str], bool] = lambda _type: True) -> Iterator[JsonObject]:
        """Every resource in a resource group whose type, lower-cased, is one `of` those asked for; type by type."""
        return (body for kind, bodies in self._rows.items() if of(kind) for body in bodies.values())

    def containers(self) -> Iterator[JsonObject]:
        """Every subscription and resource group."""
        return iter(self._groups.values())

    def __len__(self) -> int:
        return len(self._bodies)

    def _forget_row(self, path: str) -> None:
        before = self._bodies.get(path)
        if before is not None:
            self._rows.get(_type_of(before), {}).pop(path, None)

    def _whole_subscription(self, parts: list[str], path: str, body: JsonObject) -> None:
        """A top-level resource is in the list of its subscription too."""
        if len(parts) == 9 and parts[5] == "providers":
            listed = f"/subscriptions/{parts[2]}/providers/{parts[6]}/{parts[7]}"
            self._lists.setdefault(listed, {})[path] = body

    def _stand_in(self, path: str, name: str, body: JsonObject | None = None) -> None:
        if path in self._groups or path in self._bodies:
            return
        of_group = body is not None
        made: JsonObject = {"id": path, "name": name, "tags": {}}
        if of_group and body is not None:
            made |= {"type": "Microsoft.Resources/resourceGroups", "location": body.get("location")}
            made["properties"] = {"provisioningState": "Succeeded"}
        else:
            made |= {"subscriptionId": name, "displayName": name, "state": "Enabled"}
        self._groups[path] = made


def _path_of(body: JsonObject) -> str:
    path = body.get("id")
    if not isinstance(path, str) or not path.startswith("/"):
        raise ValueError("a body without an id")
    return path.lower().rstrip("/")


def _type_of(body: JsonObject) -> str:
    return str(body.get("type", "")).lower()


def _read(path: Path) -> JsonObject:
    try:
        body = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(body, dict):
            raise ValueError("not the JSON object of one resource")
        _path_of(body)
    except (ValueError, RecursionError) as error:
        raise UnusableApp(f"{path}: {error}") from error
    return body
