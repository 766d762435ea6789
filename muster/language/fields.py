"""What a `field` text names, and where in a document it is.

Source of the forms: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule#fields.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

STAR = None
"""The segment of a path that stands for every member of an array."""

Segment: TypeAlias = str | int | None
Path: TypeAlias = tuple[Segment, ...]


class Root(StrEnum):
    """What a field's path starts from."""

    RESOURCE = "resource"
    IMAGE = "image"
    LIFECYCLE = "lifecycle"
    NETWORK = "network"


class Special(StrEnum):
    """A field whose value is not simply what lies at a path."""

    NONE = ""
    TYPE = "type"
    FULL_NAME = "fullName"
    LOCATION = "location"
    TAG = "tag"
    API_VERSION = "apiVersion"


@dataclass(frozen=True, slots=True)
class FieldName:
    """A parsed field text: where it starts, the path for it, and whether that path is the alias table's to give.

    For an alias `path` is () and `alias` is the text.
    """

    text: str
    root: Root = Root.RESOURCE
    path: Path = ()
    special: Special = Special.NONE
    alias: str = ""

    @property
    def stars(self) -> int:
        """How many `[*]` the field has. A tag may have them in its name, where they stand for nothing."""
        return self.alias.count("[*]") if self.alias else self.path.count(STAR)


_PLAIN = {
    "name": FieldName("name", path=("name",)),
    "type": FieldName("type", path=("type",), special=Special.TYPE),
    "fullname": FieldName("fullName", path=("name",), special=Special.FULL_NAME),
    "kind": FieldName("kind", path=("kind",)),
    "id": FieldName("id", path=("id",)),
    "location": FieldName("location", path=("location",), special=Special.LOCATION),
    "tags": FieldName("tags", path=("tags",)),
    "apiversion": FieldName("apiVersion", path=("apiVersion",), special=Special.API_VERSION),
    "identity.type": FieldName("identity.type", path=("identity", "type")),
    "identity.userassignedidentities": FieldName(
        "identity.userAssignedIdentities", path=("identity", "userAssignedIdentities")
    ),
}

_TAG = re.compile(r"tags(?:\.(?P<dotted>.+)|\[(?P<bracketed>.*)\])", re.IGNORECASE | re.DOTALL)
_MUSTER = re.compile(r"muster\.(image|lifecycle|network)/([a-z0-9_.]+(?:\[\*\])?)", re.IGNORECASE | re.ASCII)
_SEGMENT = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<star>\*)\]|\[(?P<index>\d{1,9})\]|\['(?P<quoted>(?:[^']|'')*)'\]|\.")

CHANGELESS = frozenset(_PLAIN)
"""The lower-cased fields that every resource type has."""


def parse_field(text: str) -> FieldName:
    """What a field text names. Never fails: what is nothing else is left to the alias table."""
    lowered = text.lower()
    if lowered in _PLAIN:
        return _PLAIN[lowered]
    if lowered.startswith("tags") and lowered != "tags[*]" and (tag := _TAG.fullmatch(text)):
        return FieldName(text, path=("tags", _tag_name(tag)), special=Special.TAG)
    if lowered.startswith("muster.") and (own := _MUSTER.fullmatch(text)):
        return FieldName(text, root=Root(own[1].lower()), path=parse_path(own[2]))
    return FieldName(text, alias=text)


def _tag_name(tag: re.Match[str]) -> str:
    if tag["dotted"] is not None:
        return tag["dotted"]
    inner = tag["bracketed"]
    if len(inner) >= 6 and inner.startswith("'''") and inner.endswith("'''"):
        return f"'{inner[3:-3]}'".replace("''", "'")
    if len(inner) >= 2 and inner.startswith("'") and inner.endswith("'"):
        return inner[1:-1].replace("''", "'")
    return inner


def parse_path(text: str) -> Path:
    """A path's segments: `a.b[*].c`, with `['name']` and `[0]` for documents that are read without aliases."""
    segments: list[Segment] = []
    at = 0
    while at < len(text):
        found = _SEGMENT.match(text, at)
        if found is None:
            segments.append(text[at:])
            break
        at = found.end()
        if found["name"] is not None:
            segments.append(found["name"])
        elif found["star"]:
            segments.append(STAR)
        elif found["index"]:
            segments.append(int(found["index"]))
        elif found["quoted"] is not None:
            segments.append(found["quoted"].replace("''", "'"))
    return tuple(segments)


@lru_cache(maxsize=4096)
def path_text(path: Path) -> str:
    """The text of a path, as it stands in messages and in a document's `unavailable`."""
    text = ""
    for segment in path:
        if segment is STAR:
            text += "[*]"
        elif isinstance(segment, int):
            text += f"[{segment}]"
        else:
            text += f".{segment}" if text else segment
    return text
