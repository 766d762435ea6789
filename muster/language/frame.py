"""One document as compiled rules read it: every distinct field at most once.

A field read gives a JSON value, None where the property is missing or null, UNKNOWN where it could not be had, and
for a field with `[*]` a list of these.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from muster.language.aliases import AliasTable
from muster.language.fields import STAR, FieldName, Path, Root, Special, parse_field, parse_path, path_text
from muster.values.document import Document
from muster.values.json import Json


class Mark:
    """What a read gives in place of a JSON value."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN: Final = Mark("UNKNOWN")
"""What a read gives for a fact that could not be had."""

UNKNOWN_MANY: Final = Mark("UNKNOWN_MANY")
"""Stands among the members of an array for any number of members that could not be had."""

UNKNOWN_PART: Final = Mark("UNKNOWN_PART")
"""What a read gives for an object or array that is there, but of which a part could not be had."""

UNREAD: Final = Mark("UNREAD")
"""What stands in a frame for a field that nobody asked for yet."""

_ABSENT: Final = Mark("ABSENT")

Read: TypeAlias = Any
"""Json, or UNKNOWN, or a list of these."""


def member(owner: object, name: str) -> Read:
    """A member of an object by name in any case; None where it is missing or the owner is no object."""
    if type(owner) is not dict:
        return None
    found = owner.get(name, _ABSENT)
    if found is not _ABSENT:
        return found
    folded, length = name.lower(), len(name)
    for key, value in owner.items():
        if len(key) == length and key.lower() == folded:
            return value
    return None


def walk(start: Read, path: Path) -> Read:
    """What lies at a path; with `[*]` in it, a list of what lies there for every member (an array that is missing
    has none)."""
    value = start
    for at, segment in enumerate(path):
        if segment is STAR:
            rest = path[at + 1 :]
            if type(value) is not list:
                return []
            if not rest:
                return list(value)
            if STAR in rest:
                return [found for item in value for found in walk(item, rest)]
            return [walk(item, rest) for item in value]
        if type(segment) is int:
            value = value[segment] if type(value) is list and segment < len(value) else None
        else:
            value = member(value, str(segment))
        if value is None:
            return [] if STAR in path[at:] else None
    return value


def _plain_walk(start: Read, names: tuple[str, ...]) -> Read:
    """As `walk`, for a path of nothing but names: the common case, on the shortest way."""
    value = start
    for name in names:
        if type(value) is not dict:
            return None
        found = value.get(name)
        value = member(value, name) if found is None else found
    return value


class Unavailable:
    """The paths of a document that could not be had, as something to walk by."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._paths = frozenset(path.lower() for path in paths)

    def walk(self, start: Read, path: Path, so_far: str = "", *, whole: bool = True) -> Read:
        """As `walk`, with UNKNOWN for what is at or below a path that could not be had, UNKNOWN_PART for what lies
        above one, and UNKNOWN_MANY for the members of an array that could not be had. `so_far` is the path of `start`,
        lower-cased. With `whole` False a value that is there is given although a part of it could not be had, for
        a reader that goes on to its parts."""
        if not self._touches(_below(so_far, path)):
            return walk(start, path)
        value, text = start, so_far
        for at, segment in enumerate(path):
            rest = path[at + 1 :]
            if text in self._paths:
                break
            if segment is STAR:
                if type(value) is not list and f"{text}[*]" in self._paths:
                    break
                members = value if type(value) is list else []
                found = [self.walk(item, rest, f"{text}[*]", whole=whole) for item in members]
                return [one for many in found for one in many] if STAR in rest else found
            text = _below(text, (segment,))
            value = walk(value, (segment,))
        else:
            if text not in self._paths and value is not None:
                return UNKNOWN_PART if whole else value
        return [UNKNOWN_MANY] if STAR in path else UNKNOWN

    def touches(self, path: Path) -> bool:
        """Whether something at, above or below a path could not be had."""
        return self._touches(_below("", path))

    def _touches(self, text: str) -> bool:
        return any(_within(text, path) or _within(path, text) for path in self._paths)


def _below(base: str, path: Path) -> str:
    """A path below another as `unavailable` has it: lower-cased, every member of an array as `[*]`."""
    rest = path_text(tuple(STAR if type(segment) is int else segment for segment in path)).lower()
    return base + rest if not base or not rest or rest.startswith("[") else f"{base}.{rest}"


def _within(text: str, base: str) -> bool:
    return text == base or text.startswith((f"{base}.", f"{base}["))


_ALL_AVAILABLE = Unavailable(frozenset())

_LACKING_KEPT = 64
"""Different sets of paths that documents lack, of which what they touch is kept."""


_READ_AS_IT_LIES = frozenset({Special.NONE, Special.TYPE, Special.LOCATION, Special.TAG})


def _nowhere(_slot: int) -> bool:
    return False


class Plan:
    """Where the fields of a rule set lie in resources of one type."""

    def __init__(self, resource_type: str, fields: Sequence[FieldName], aliases: AliasTable) -> None:
        self.resource_type = resource_type
        self._fields = fields
        self._aliases = aliases
        self._paths: list[Path | None] = []
        self._names: list[tuple[str, ...] | None] = []
        self._lacking: dict[frozenset[str], tuple[Unavailable, Callable[[int], bool]]] = {}

    def names(self, slot: int) -> tuple[str, ...] | None:
        """The path of a field of the resource that is nothing but names; None for every other field."""
        while slot >= len(self._names):
            at = len(self._names)
            field, path = self._fields[at], self.path(at)
            plain = field.root is Root.RESOURCE and field.special in _READ_AS_IT_LIES and path is not None
            names = tuple(segment for segment in path or () if isinstance(segment, str))
            self._names.append(names if plain and len(names) == len(path or ()) else None)
        return self._names[slot]

    def unavailable(self, paths: frozenset[str]) -> tuple[Unavailable, Callable[[int], bool]]:
        """What could not be had of a document, and a test of whether a field is at, above or below it. Most documents
        lack the same few paths, so both are kept."""
        known = self._lacking.get(paths)
        if known is None:
            # What type a resource is its id tells, so that is always known.
            lacking = Unavailable(paths - {"type"})
            touched: dict[int, bool] = {}

            def touches(slot: int) -> bool:
                found = touched.get(slot)
                if found is None:
                    path = self.path(slot)
                    found = touched[slot] = path is not None and lacking.touches(path)
                return found

            known = (lacking, touches)
            if len(self._lacking) < _LACKING_KEPT:
                self._lacking[paths] = known
        return known

    def path(self, slot: int) -> Path | None:
        """The path of a field; None where it is an alias of other types only."""
        while slot >= len(self._paths):
            self._paths.append(self.locate(self._fields[len(self._paths)]))
        return self._paths[slot]

    def locate(self, field: FieldName) -> Path | None:
        """The path of any field."""
        if not field.alias:
            return field.path
        text = self._aliases.path(field.alias, self.resource_type)
        return None if text is None else parse_path(text)


class Frame:
    """A document with the fields read so far and the members that counts are at.

    `outer` is the frame of the resource that the rule is about, where this one is of a related resource. `nested` is
    how many members the counts inside the current one have gone over. `kept` is what parts of rules found out about the
    document and will be asked again, by who found it out.
    """

    __slots__ = (
        "_fields",
        "_touched",
        "_unavailable",
        "document",
        "kept",
        "nested",
        "outer",
        "plan",
        "resource",
        "scopes",
        "values",
    )

    def __init__(
        self, document: Document, plan: Plan, fields: Sequence[FieldName], outer: "Frame | None" = None
    ) -> None:
        self.document = document
        self.resource = document.resource
        self.plan = plan
        self.outer = outer
        self.values: list[Read] = [UNREAD] * len(fields)
        self.scopes: list[Read] = []
        self.nested = 0
        self.kept: dict[object, Any] = {}
        self._fields = fields
        self._unavailable = _ALL_AVAILABLE
        self._touched: Callable[[int], bool] = _nowhere
        if document.unavailable:
            self._unavailable, self._touched = plan.unavailable(document.unavailable)

    def read(self, slot: int) -> Read:
        """A field's value, read now and kept."""
        names = None if self._touched(slot) else self.plan.names(slot)
        if names is None:
            value = self._read(self._fields[slot], self.plan.path(slot))
        else:
            value = _plain_walk(self.resource, names)
        self.values[slot] = value
        return value

    def members(self, slot: int) -> Read:
        """The members of the array that a field with `[*]` names, for a count to go over."""
        path = self.plan.path(slot)
        if path is None or self._unavailable is _ALL_AVAILABLE or self._fields[slot].root is not Root.RESOURCE:
            value = self.values[slot]
            return self.read(slot) if value is UNREAD else value
        return self._unavailable.walk(self.resource, path, whole=False)

    def read_named(self, text: str) -> Read:
        """A field whose name was computed."""
        field = parse_field(text)
        return self._read(field, self.plan.locate(field))

    def without(self, paths: Iterable[str]) -> "Frame":
        """The same document with more paths (lower-cased) that could not be had."""
        document = replace(self.document, unavailable=self.document.unavailable.union(paths))
        return Frame(document, self.plan, self._fields, self.outer)

    def path_below(self, slot: int, scope: int) -> Path | None:
        """A field's path below the member that a count over another field is at; None where it is not below."""
        return path_below(self.plan.path(slot), self.plan.path(scope))

    def walk_from(self, start: Read, path: Path, scope: int, *, whole: bool = True) -> Read:
        """What lies at a path below a count's member."""
        if type(start) is Mark:
            return [UNKNOWN_MANY] if STAR in path else UNKNOWN
        if self._unavailable is _ALL_AVAILABLE:
            return walk(start, path)
        return self._unavailable.walk(start, path, _below("", self.plan.path(scope) or ()), whole=whole)

    def _read(self, field: FieldName, path: Path | None) -> Read:
        if path is None:
            return [] if field.stars else None
        if field.root is not Root.RESOURCE:
            return _muster(self.document, field.root, path)
        if self._unavailable is _ALL_AVAILABLE:
            value = walk(self.resource, path)
        else:
            value = self._unavailable.walk(self.resource, path)
        if field.special is Special.FULL_NAME and isinstance(value, str):
            return full_name(self.resource, value)
        if field.special is Special.API_VERSION and value is None:
            return member(self.document.request_context, "apiVersion")
        return value


def path_below(path: Path | None, base: Path | None) -> Path | None:
    """The rest of `path` after `base`, names compared in any case; None where it does not start with it."""
    if path is None or base is None or len(path) < len(base):
        return None
    for segment, other in zip(path, base, strict=False):
        if segment != other and not (
            isinstance(segment, str) and isinstance(other, str) and segment.lower() == other.lower()
        ):
            return None
    return path[len(base) :]


def full_name(resource: Json, name: str) -> str:
    """`parent/child` for a child resource, from its id where the name has no parents in it."""
    if "/" in name:
        return name
    identity = member(resource, "id")
    if not isinstance(identity, str):
        return name
    _, _, tail = identity.lower().rpartition("/providers/")
    parts = identity[len(identity) - len(tail) :].split("/")[1:]
    names = parts[1::2]
    return "/".join(names) if len(names) > 1 else name


def _muster(document: Document, root: Root, path: Path) -> Read:
    """A fact of muster's own. None in the facts is unknown; what is not there does not exist, but below `traits`,
    and where no facts were gathered at all, it is unknown too."""
    unknown = [UNKNOWN_MANY] if STAR in path else UNKNOWN
    facts = {Root.IMAGE: document.image, Root.LIFECYCLE: document.lifecycle, Root.NETWORK: document.network}[root]
    value: Json = dict(facts)
    traits = str(path[0]).lower() == "traits"
    if not value:
        return unknown
    for segment in path:
        if segment is STAR:
            return [UNKNOWN if item is None else item for item in value] if isinstance(value, list) else []
        if not isinstance(value, dict):
            return None
        name = next((key for key in value if key.lower() == str(segment).lower()), None)
        if name is None:
            return unknown if traits else [] if STAR in path else None
        value = value[name]
        if value is None:
            return unknown
    return UNKNOWN_PART if _has_gaps(value) or (traits and len(path) == 1) else value


def _has_gaps(value: Json) -> bool:
    """Whether a part of a fact is unknown."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(member is None or _has_gaps(member) for member in members)


Tester: TypeAlias = Callable[[Frame], bool | None]
"""A compiled condition."""

Evaluator: TypeAlias = Callable[[Frame], Json]
"""A compiled expression. Raises TemplateError where it fails and UnknownFact where it needs what is not known."""


class UnknownFact(Exception):
    """An expression needs a fact that could not be had; `what` names it. Never leaves the language."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
