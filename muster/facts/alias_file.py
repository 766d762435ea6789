"""Alias tables from elsewhere: an export of Azure's list, the bare rule, or no aliases at all."""

from collections.abc import Iterator

from muster.facts.alias_tree import closest
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject


class AliasFile:
    """The aliases of an export: `az provider list --expand resourceTypes/aliases`, or one provider of it.

    With an api version a path that the export gives for that version wins over the alias's default path. An alias of a
    parent that names the child (`networkSecurityGroups/securityRules/access`) is good for the child's type too.
    """

    def __init__(self, paths: dict[str, dict[str, str]], names: dict[str, str], modifiable: dict[str, bool]) -> None:
        self._paths = paths
        self._names = names
        self._modifiable = modifiable

    @classmethod
    def from_json(cls, value: Json, api_version: str | None = None) -> "AliasFile":
        """Read an export: an array of `{namespace, resourceTypes: [{resourceType, aliases: [...]}]}`, or one of these.

        Raises BadInput where it is not one.
        """
        paths: dict[str, dict[str, str]] = {}
        names: dict[str, str] = {}
        modifiable: dict[str, bool] = {}
        for resource_type, alias in _aliases(value):
            name = _text(alias, "name")
            path = _path(alias, api_version)
            for text, leads in _with_arrays(name, path):
                paths.setdefault(text.lower(), {}).setdefault(resource_type.lower(), leads)
                names.setdefault(text.lower(), text)
            metadata = alias.get("defaultMetadata")
            if isinstance(metadata, dict) and "attributes" in metadata:
                modifiable[name.lower()] = str(metadata["attributes"]).lower() == "modifiable"
        return cls(paths, names, modifiable)

    def path(self, alias: str, resource_type: str) -> str | None:
        """Where an alias leads in a resource of that type; None where it is not one of that type's."""
        lowered, wanted = alias.lower(), resource_type.lower()
        by_type = self._paths.get(lowered)
        if by_type is None:
            return None
        if wanted in by_type:
            return by_type[wanted]
        if not lowered.startswith(f"{wanted}/"):
            return None
        return next((path for owner, path in by_type.items() if wanted.startswith(f"{owner}/")), None)

    def known(self, alias: str) -> bool:
        """Whether the export has such an alias, of any type."""
        return alias.lower() in self._paths

    def modifiable(self, alias: str) -> bool | None:
        """Whether the export marks it as one that the modify effect may set; None where it says nothing of it."""
        return self._modifiable.get(alias.lower())

    def suggestions(self, alias: str) -> tuple[str, ...]:
        """At most three aliases of the export that are close to one that it lacks."""
        owner = alias.lower().rpartition("/")[0]
        return closest(alias, [name for lowered, name in self._names.items() if lowered.rpartition("/")[0] == owner])


class PrefixAliases:
    """The rule alone: whatever begins with the resource's type leads below `properties`."""

    def path(self, alias: str, resource_type: str) -> str | None:
        """`properties.` and what follows the type; None where the alias begins with another type."""
        head = f"{resource_type}/"
        return f"properties.{alias[len(head) :]}" if alias.lower().startswith(head.lower()) else None

    def known(self, alias: str) -> bool:
        """Whether it looks like an alias: a namespace, a type, a property."""
        return alias.count("/") >= 2

    def modifiable(self, alias: str) -> bool | None:
        """False for what is no alias, else None: the rule does not say."""
        return None if self.known(alias) else False

    def suggestions(self, alias: str) -> tuple[str, ...]:  # noqa: ARG002 the rule knows no names
        """Nothing."""
        return ()


class RawPaths:
    """No aliases: a field is the path itself, for documents that are no Azure resources."""

    def path(self, alias: str, resource_type: str) -> str | None:  # noqa: ARG002 every type is read alike
        """The text itself."""
        return alias

    def known(self, alias: str) -> bool:
        """True of everything but an empty text."""
        return alias != ""

    def modifiable(self, alias: str) -> bool | None:
        """Whether there is anything to set."""
        return alias != ""

    def suggestions(self, alias: str) -> tuple[str, ...]:  # noqa: ARG002 nothing is ever unknown
        """Nothing."""
        return ()


def _aliases(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Each alias of an export with the full type it stands under."""
    for provider in value if isinstance(value, list) else [value]:
        namespace = _text(provider, "namespace")
        for kind in _objects(provider, "resourceTypes"):
            resource_type = f"{namespace}/{_text(kind, 'resourceType')}"
            for alias in _objects(kind, "aliases"):
                yield resource_type, alias


def _objects(value: Json, name: str) -> list[JsonObject]:
    members = value.get(name) if isinstance(value, dict) else None
    if members is None:
        return []
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise BadInput(f"not an export of aliases: '{name}' is not an array of objects", reason="invalidAliasFile")
    return [member for member in members if isinstance(member, dict)]


def _text(value: Json, name: str) -> str:
    text = value.get(name) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text:
        raise BadInput(f"not an export of aliases: '{name}' is missing or no text", reason="invalidAliasFile")
    return text


def _path(alias: JsonObject, api_version: str | None) -> str:
    if api_version is not None:
        for entry in _objects(alias, "paths"):
            versions = entry.get("apiVersions")
            if isinstance(versions, list) and api_version.lower() in [str(version).lower() for version in versions]:
                return _text(entry, "path")
    return _text(alias, "defaultPath")


def _with_arrays(name: str, path: str) -> Iterator[tuple[str, str]]:
    """An alias, and each array that it passes through, with and without `[*]`: exports may list the members only."""
    yield name, path
    names, paths = name.split("[*]"), path.split("[*]")
    if len(names) == len(paths):
        for depth in range(1, len(names)):
            array, leads = "[*]".join(names[:depth]), "[*]".join(paths[:depth])
            yield array, leads
            yield f"{array}[*]", f"{leads}[*]"
