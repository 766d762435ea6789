"""From a policy file's text to the items in it, whatever shape they were exported in.

Read are: one item as the REST API has it (`properties`), one as Azure CLI prints it (all members at the top), a
list of either, and a list in `value`. A definition may also be a bare rule (`if` and `then`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from muster.language.source import Source, escape, read_json
from muster.policy.kinds import Kind, PolicyId, parse_policy_id
from muster.policy.schema_faults import MAX_FAULTS, schema_faults
from muster.policy.schemas import PolicySchemas
from muster.policy.spelling import MAX_ODDITIES, Oddity, Path, Spelling, respell
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject


@dataclass(frozen=True)
class Item:
    """One definition, initiative, assignment or exemption in a file.

    `content` is the whole item in Azure's spelling, `members` what describes it (`content` or its `properties`, where
    `exported`). `name` is never empty; `id` is None for what was never in Azure. `pointer` leads to the item. Of a
    `broken` one some fault was told already: it serves to find more, and to be referred to.
    """

    kind: Kind
    source: Source
    pointer: str
    content: JsonObject
    spelling: Spelling
    exported: bool
    name: str
    id: PolicyId | None
    broken: bool = False

    @property
    def members(self) -> JsonObject:
        """What describes the item."""
        inner = self.content.get("properties") if self.exported else self.content
        return inner if isinstance(inner, dict) else {}

    def place(self, path: Path = ()) -> str:
        """The JSON pointer in the file of a path below `members`."""
        return self.whole_place(("properties", *path) if self.exported else path)

    def whole_place(self, path: Path = ()) -> str:
        """The JSON pointer in the file of a path below the whole item."""
        return self.pointer + "".join(f"/{escape(str(segment))}" for segment in self.spelling.original(path))

    def fault(
        self,
        rule: str,
        message: str,
        path: Path = (),
        hint: str = "",
        *,
        in_key: bool = False,
        level: Level = Level.ERROR,
    ) -> Diagnostic:
        """A diagnostic about a path below `members`."""
        return Diagnostic(rule, level, message, self.source.name, self.place(path), hint, in_key=in_key)

    @property
    def label(self) -> str:
        """How sentences name the item."""
        return f"the {self.kind} '{shown(self.name)}'"

    def text(self, member: str) -> str:
        """A member that is a text; empty where it is not there."""
        value = self.members.get(member)
        return value if isinstance(value, str) else ""

    def objects(self, member: str) -> list[JsonObject]:
        """The objects in a member that is a list; none where it is not there."""
        value = self.members.get(member)
        return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []

    def texts(self, member: str) -> list[str]:
        """The texts in a member that is a list; none where it is not there."""
        value = self.members.get(member)
        return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []

    def values(self, member: str = "parameters") -> Mapping[str, Json]:
        """Values of parameters by name (`{"name": {"value": ...}}`)."""
        return parameter_values(self.members.get(member))


def parameter_values(value: Json) -> dict[str, Json]:
    """The values in Azure's shape for them, by name."""
    if not isinstance(value, dict):
        return {}
    return {name: entry["value"] for name, entry in value.items() if isinstance(entry, dict) and "value" in entry}


def read_file(path: str, text: str, kind: Kind, schemas: PolicySchemas) -> tuple[list[Item], list[Diagnostic]]:
    """All items of a file and what is wrong with them. With MAX_FAULTS errors reading stops: the file can't be
    used as it is."""
    source = Source(path, text)
    value, faults = read_json(source)
    if any(fault.level is Level.ERROR for fault in faults):
        return [], faults
    found, listed = _split(source, value)
    faults += listed
    items = []
    errors = 0
    for pointer, entry in found:
        if errors >= MAX_FAULTS:
            break
        item, remarks = _item(source, pointer, entry, kind, schemas, alone=not pointer)
        faults += remarks
        errors += sum(remark.level is Level.ERROR for remark in remarks)
        if item is not None:
            items.append(item)
    return items, faults


def _split(source: Source, value: Json) -> tuple[list[tuple[str, Json]], list[Diagnostic]]:
    if isinstance(value, list):
        return [(f"/{at}", entry) for at, entry in enumerate(value)], []
    if isinstance(value, dict):
        names = {name.lower(): name for name in value}
        listed = names.get("value")
        entries = value[listed] if listed is not None else None
        if isinstance(entries, list) and "properties" not in names:
            assert listed is not None
            faults = []
            following = names.get("nextlink")
            if following is not None and value[following]:
                message, hint = "This is one page of a list that goes on elsewhere.", "Export the list to its end."
                pointer = f"/{escape(following)}"
                faults = [Diagnostic("incomplete-list", Level.ERROR, message, source.name, pointer, hint)]
            return [(f"/{escape(listed)}/{at}", entry) for at, entry in enumerate(entries)], faults
    return [("", value)], []


def _item(
    source: Source, pointer: str, entry: Json, kind: Kind, schemas: PolicySchemas, *, alone: bool
) -> tuple[Item | None, list[Diagnostic]]:
    if not isinstance(entry, dict):
        message = f"This is not an object, so it is no {kind}."
        return None, [Diagnostic("not-an-object", Level.ERROR, message, source.name, pointer)]
    names = {name.lower() for name in entry}
    if kind is Kind.DEFINITION and {"if", "then"} <= names and "policyrule" not in names:
        spelling = Spelling(entry)
        name = _stem(source.name) if alone else ""
        item = Item(kind, source, pointer, entry, spelling, False, name, None)
        return (item, []) if name else (None, [_nameless(item)])
    exported = "properties" in names
    misplaced = _misplaced(source, pointer, entry, kind)
    if misplaced is not None:
        return None, [misplaced]
    spelling = respell(entry, schemas, schemas.part(kind, exported=exported))
    content = spelling.value
    assert isinstance(content, dict)
    own_id = _text(content, "id")
    policy_id = parse_policy_id(own_id)
    name = policy_id.name if policy_id else _text(content, "name") or (_stem(source.name) if alone else "")
    item = Item(kind, source, pointer, content, spelling, exported, name, policy_id)
    faults = [_oddity(item, oddity) for oddity in spelling.oddities]
    if len(spelling.oddities) > MAX_ODDITIES:
        message = f"More than {MAX_ODDITIES} members are not known here, so this is not what the folder is for."
        faults.append(Diagnostic("too-many", Level.ERROR, message, source.name, pointer))
    faults += _schema_diagnostics(item, schemas)
    if own_id and (policy_id is None or policy_id.kind is not kind):
        message = f"'{shown(own_id)}' is not the id of {_article(kind)}."
        hint = f"Write .../providers/Microsoft.Authorization/{kind.resource_type}/NAME, or leave 'id' out."
        faults.append(Diagnostic("invalid-id", Level.ERROR, message, source.name, item.whole_place(("id",)), hint))
    if not name:
        faults.append(_nameless(item))
        return None, faults
    broken = any(fault.level is Level.ERROR for fault in faults)
    return (replace(item, broken=True) if broken else item), faults


def _schema_diagnostics(item: Item, schemas: PolicySchemas) -> Iterator[Diagnostic]:
    if schemas.accepts(item.kind, item.content, exported=item.exported):
        return
    validator = schemas.validator(item.kind, exported=item.exported)
    metadata = ("properties", "metadata") if item.exported else ("metadata",)
    for path, rule, message, hint in schema_faults(validator, item.content):
        # Metadata is free to its author; what muster can't read there is told and passed over.
        inside = len(path) > len(metadata) and path[: len(metadata)] == metadata
        level = Level.WARNING if inside else Level.ERROR
        yield Diagnostic(rule, level, message, item.source.name, item.whole_place(path), hint)


def _oddity(item: Item, oddity: Oddity) -> Diagnostic:
    name = f"'{shown(str(oddity.path[-1]))}'"
    pointer = f"{item.whole_place(oddity.path[:-1])}/{escape(str(oddity.path[-1]))}"
    if oddity.twice:
        rule, level = "duplicate-key", Level.ERROR
        message, hint = f"{name} stands twice here: a name is the same in any case.", "Keep one of them."
    elif oddity.resembles:
        rule, level = "unknown-member", Level.ERROR
        message, hint = f"{name} is not known here and would be passed over.", f"Did you mean '{oddity.resembles}'?"
    else:
        rule, level = "unknown-member", Level.WARNING
        message, hint = f"{name} is not known here and is passed over.", ""
    return Diagnostic(rule, level, message, item.source.name, pointer, hint, in_key=True)


def _misplaced(source: Source, pointer: str, entry: JsonObject, kind: Kind) -> Diagnostic | None:
    """A fault for an item of another kind than the folder is for."""
    folded: dict[str, Json] = {name.lower(): value for name, value in entry.items()}
    inner = folded.get("properties")
    members = {name.lower() for name in inner} if isinstance(inner, dict) else set(folded)
    written = folded.get("type")
    last = written.lower().rpartition("/")[2] if isinstance(written, str) else ""
    actual = next((other for other in Kind if other.resource_type.lower() == last), None)
    if actual is None and kind.key_member.lower() not in members:
        actual = next((other for other in Kind if other.key_member.lower() in members), None)
    if actual is None or actual is kind:
        return None
    message = f"This is {_article(actual)}, but {kind.folder}/ is for {kind.folder}."
    return Diagnostic("wrong-folder", Level.ERROR, message, source.name, pointer, f"Move it to {actual.folder}/.")


def _article(kind: Kind) -> str:
    return f"{'a' if kind is Kind.DEFINITION else 'an'} {kind}"


def _nameless(item: Item) -> Diagnostic:
    message = f"This {item.kind} has neither 'name' nor 'id', so nothing can refer to it."
    return Diagnostic("no-name", Level.ERROR, message, item.source.name, item.pointer, 'Add "name": "...".')


def _stem(path: str) -> str:
    """The file's name without its ending."""
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".json")


def _text(owner: JsonObject, member: str) -> str:
    value = owner.get(member)
    return value.strip() if isinstance(value, str) else ""
