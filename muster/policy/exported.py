"""Policies as tools export them: from a file's JSON to its items, each in the REST API's form and Azure's spelling.

Read are what the REST API answers, what `az policy ... list` and `show` print (all members at the top), rows of
Resource Graph's `policyresources`, what Az PowerShell makes of its objects, and the files of Azure's own repository,
alone or in a list (`[...]`, `value`, `data`); kinds may be mixed. Sources of the shapes:
learn.microsoft.com/rest/api/policy, learn.microsoft.com/cli/azure/policy,
learn.microsoft.com/azure/governance/resource-graph/samples/samples-by-table and
learn.microsoft.com/azure/governance/policy/how-to/export-resources.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from muster.language.source import Source, escape
from muster.policy.kinds import Kind, PolicyId, parse_policy_id
from muster.policy.recognition import recognised
from muster.policy.schemas import PolicySchemas
from muster.policy.spelling import Path, Spelling, respell
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

_BESIDE = frozenset(
    {
        *(
            "$schema",
            "apiversion",
            "extendedlocation",
            "id",
            "identity",
            "kind",
            "location",
            "managedby",
            "name",
            "plan",
        ),
        *("resourcegroup", "resourceid", "resourcename", "resourcetype", "sku", "subscriptionid", "systemdata", "tags"),
        *("tenantid", "type", "zones"),
    }
)
"""What stands beside `properties`, lower-cased: members of any resource, and what the tools add."""

_LISTS = ("value", "data")
_MORE = ("nextlink", "$skiptoken", "skip_token", "skiptoken")
_GENERIC = frozenset({"policy", "policyset", "azurepolicy", "azurepolicyset", "rules"})
"""Files that are named for what they are, in a folder that is named for whom they are of."""

_SET_OF_NAMES = "policydefinitionname"
"""How Enterprise Policy as Code refers to a custom definition in an initiative."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One item. `content` has `name`, `properties` and, where it has one, `id`, spelt as in `spelling`; `pointer` leads
    to the item in `file`, `inside` from it to what the members of `properties` are there. `bare`: it is a rule alone.
    """

    kind: Kind
    name: str
    id: PolicyId | None
    file: str
    pointer: str
    inside: str
    bare: bool
    content: JsonObject
    spelling: Spelling

    @property
    def properties(self) -> JsonObject:
        """What describes the item."""
        found = self.content["properties"]
        assert isinstance(found, dict)
        return found

    @property
    def title(self) -> str:
        """The display name, else the name."""
        found = self.properties.get("displayName")
        return found if isinstance(found, str) and found.strip() else self.name

    @property
    def key(self) -> str:
        """What two exports of the same thing have in common: its kind, its id or name, its version."""
        own = self.id.version if self.id else ""
        version = own or self.properties.get("version")
        name = self.id.key if self.id else self.name.lower()
        return f"{self.kind}:{name}:{version if isinstance(version, str) else ''}"

    def told(self, fault: Diagnostic) -> Diagnostic:
        """A fault of `content`, at its place in the file."""
        path = self.spelling.original(tuple(map(_segment, fault.pointer.split("/")[1:])))
        within = path[:1] == ("properties",)
        below = path[2 if self.bare else 1 :] if within else path
        head = f"{self.pointer}{self.inside}" if within else self.pointer
        pointer = head + "".join(f"/{escape(str(segment))}" for segment in below)
        return replace(fault, file=self.file, pointer=pointer)


@dataclass(frozen=True, slots=True)
class Export:
    """What a file has: items, how many entries of other kinds by what they are, and faults."""

    items: tuple[Exported, ...]
    others: Mapping[str, int]
    faults: tuple[Diagnostic, ...]


def read_export(source: Source, value: Json, schemas: PolicySchemas, *, trusted: bool = False) -> Export:
    """The items of a file's value. Members that muster does not know are left out; unless the file is `trusted` to be
    Azure's own, one that resembles a known member is kept, to be told as a fault."""
    items: list[Exported] = []
    others: dict[str, int] = {}
    faults: list[Diagnostic] = []
    found, alone = _entries(source, value, faults)
    for pointer, entry in found:
        kind = _kind(entry)
        if kind is None or not isinstance(entry, dict):
            what = _what(entry)
            others[what] = others.get(what, 0) + 1
            continue
        item = _item(source, pointer, entry, kind, schemas, alone=alone, trusted=trusted)
        if item is None:
            message = f"This {kind} has neither 'name' nor 'id', so nothing can refer to it."
            faults.append(Diagnostic("no-name", Level.ERROR, message, source.name, pointer, 'Add "name": "...".'))
        else:
            items.append(item)
    return Export(tuple(items), others, tuple(faults))


def _entries(source: Source, value: Json, faults: list[Diagnostic]) -> tuple[list[tuple[str, Json]], bool]:
    """The entries of a file with their pointers, and whether there is but one, which is no list's."""
    if isinstance(value, list):
        return [(f"/{at}", entry) for at, entry in enumerate(value)], False
    if isinstance(value, dict):
        names = {name.lower(): name for name in value}
        for listed in _LISTS:
            entries = value[names[listed]] if listed in names else None
            if isinstance(entries, list) and "properties" not in names and "policyrule" not in names:
                more = next((names[name] for name in _MORE if name in names and value[names[name]]), None)
                if more is not None:
                    message, hint = "This is one page of a list that goes on elsewhere.", "Export the list to its end."
                    pointer = f"/{escape(more)}"
                    fault = Diagnostic("incomplete-list", Level.ERROR, message, source.name, pointer, hint)
                    faults.append(fault)
                return [(f"/{escape(names[listed])}/{at}", entry) for at, entry in enumerate(entries)], False
    return [("", value)], True


def _kind(entry: Json) -> Kind | None:
    if not isinstance(entry, dict):
        return None
    names = {name.lower(): item for name, item in entry.items()}
    policy_id = parse_policy_id(_text(names, "id") or _text(names, "resourceid"))
    if policy_id is not None:
        return policy_id.kind
    written = _text(names, "type") or _text(names, "resourcetype")
    if "/" in written:
        last = written.lower().rpartition("/")[2]
        return next((kind for kind in Kind if kind.resource_type.lower() == last), None)
    found = recognised(entry)
    return found if isinstance(found, Kind) else None


def _what(entry: Json) -> str:
    names = {name.lower(): item for name, item in entry.items()} if isinstance(entry, dict) else {}
    written = _text(names, "type") or _text(names, "resourcetype")
    return shown(written) if "/" in written else "without a type"


def _item(
    source: Source, pointer: str, entry: JsonObject, kind: Kind, schemas: PolicySchemas, *, alone: bool, trusted: bool
) -> Exported | None:
    names = {name.lower(): name for name in entry}
    folded = {name.lower(): item for name, item in entry.items()}
    wrapped, inside = folded.get("properties"), ""
    bare = {"if", "then"} <= folded.keys()
    if isinstance(wrapped, dict):
        inside, members, bare = f"/{escape(names['properties'])}", wrapped, False
    elif bare:
        members = {"policyRule": entry}
    else:
        members = {name: item for name, item in entry.items() if name.lower() not in _BESIDE}
    own_id = _text(folded, "id") or _text(folded, "resourceid")
    policy_id = parse_policy_id(own_id)
    name = policy_id.name if policy_id else _text(folded, "name") or (_named_by_file(source.name) if alone else "")
    if not name:
        return None
    # Tools write null for what is not there. A mode that is null is not one that is missing: it counts as Indexed.
    given = {name: value for name, value in members.items() if value is not None or name.lower() == "mode"}
    content: JsonObject = {**({"id": own_id} if own_id else {}), "name": name, "properties": _by_ids(given, kind)}
    spelling = respell(content, schemas, schemas.part(kind, exported=True))
    spelt = spelling.value
    assert isinstance(spelt, dict)
    properties = spelt["properties"]
    assert isinstance(properties, dict)
    # Which versions there are says nothing of this one.
    properties.pop("versions", None)
    for oddity in spelling.oddities:
        if not oddity.twice and (trusted or not oddity.resembles):
            _leave_out(spelt, oddity.path)
    return Exported(kind, name, policy_id, source.name, pointer, inside, bare, spelt, spelling)


def _by_ids(members: JsonObject, kind: Kind) -> JsonObject:
    """The members with references by name where the tool writes `policyDefinitionName`."""
    if kind is not Kind.INITIATIVE:
        return members
    return {
        name: list(map(_by_id, value)) if isinstance(value, list) and name.lower() == "policydefinitions" else value
        for name, value in members.items()
    }


def _by_id(entry: Json) -> Json:
    if not isinstance(entry, dict) or any(name.lower() == "policydefinitionid" for name in entry):
        return entry
    return {("policyDefinitionId" if name.lower() == _SET_OF_NAMES else name): value for name, value in entry.items()}


def _leave_out(value: Json, path: Path) -> None:
    for segment in path[:-1]:
        value = _below(value, segment)
    if isinstance(value, dict):
        value.pop(str(path[-1]), None)


def _below(value: Json, segment: str | int) -> Json:
    if isinstance(value, dict):
        return value.get(str(segment))
    return value[segment] if isinstance(value, list) and isinstance(segment, int) else None


def _named_by_file(path: str) -> str:
    """The file's name without its ending, or its folder's where the file's says nothing."""
    *folders, last = path.replace("\\", "/").split("/")
    stem = last.rpartition(".")[0] or last
    return folders[-1] if folders and folders[-1] not in ("", ".", "..") and stem.lower() in _GENERIC else stem


def _segment(escaped: str) -> str | int:
    segment = escaped.replace("~1", "/").replace("~0", "~")
    return int(segment) if segment.isascii() and segment.isdigit() and len(segment) < 7 else segment


def _text(folded: Mapping[str, Json], member: str) -> str:
    value = folded.get(member)
    return value.strip() if isinstance(value, str) else ""
