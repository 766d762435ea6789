"""Members of a policy file in Azure's spelling.

Azure reads names of members and fixed words (`waiver`) in any case, and passes over members that it does not know.
So does muster, but for names that resemble a known one: `notScope` silently passed over would widen an assignment.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from muster.policy.schemas import PolicySchemas, SchemaPart
from muster.values.json import Json

Path: TypeAlias = tuple[str | int, ...]

MAX_ODDITIES = 100
"""How many members that are not known an item may have; one more is told, and what follows is not looked at."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """A member that was not read: `resembles` a known one, or `twice` in different case, or merely not known."""

    path: Path
    resembles: str = ""
    twice: bool = False


@dataclass(slots=True)
class Spelling:
    """A value in Azure's spelling. `written` has the author's names where they differ, by path."""

    value: Json
    written: dict[Path, str] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)

    def original(self, path: Path) -> Path:
        """A path as the author wrote it."""
        if not self.written:
            return path
        return tuple(self.written.get(path[: at + 1], segment) for at, segment in enumerate(path))


def respell(value: Json, schemas: PolicySchemas, part: SchemaPart) -> Spelling:
    """Rewrite a value as its schema spells it, without the nulls that Azure's tools write for members that are not
    there. Only what the schema describes is looked at."""
    spelling = Spelling(None)
    spelling.value = _respell(value, schemas, part, (), spelling)
    return spelling


def _respell(value: Json, schemas: PolicySchemas, part: SchemaPart, path: Path, spelling: Spelling) -> Json:
    shape = schemas.shape(part)
    if isinstance(value, str):
        if shape.choices and value not in shape.choices:
            return next((choice for choice in shape.choices if choice.lower() == value.lower()), value)
        return value
    if isinstance(value, list):
        if shape.items is None:
            return value
        return [_respell(item, schemas, shape.items, (*path, at), spelling) for at, item in enumerate(value)]
    if not isinstance(value, dict) or not (shape.members or shape.others):
        return value
    folded = shape.folded
    result: dict[str, Json] = {}
    for name, item in value.items():
        known = name if name in shape.members else folded.get(name.lower())
        if known is None:
            if shape.others is not None:
                result[name] = _respell(item, schemas, shape.others, (*path, name), spelling)
                continue
            if shape.closed and len(spelling.oddities) <= MAX_ODDITIES:
                spelling.oddities.append(Oddity((*path, name), _resembling(name, folded)))
            result[name] = item
            continue
        if known in result:
            spelling.oddities.append(Oddity((*path, name), known, twice=True))
            continue
        if item is None and schemas.shape(shape.members[known]).refuses_null:
            continue
        if known != name:
            spelling.written[*path, known] = name
        result[known] = _respell(item, schemas, shape.members[known], (*path, known), spelling)
    return result


def _resembling(name: str, folded: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name.lower()[:80], folded, n=1, cutoff=0.8)
    return folded[near[0]] if near else ""
