"""What the linter needs to know of names beyond aliases; the tables themselves are facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class OwnField(Protocol):
    """One of muster's own fields. `type` is string, boolean, integer, date, string[] or object; `values` lists what it
    can be where that is a closed list."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def values(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`own_fields` are all of muster's own, by lower-cased name; `resource_types` those that are known, as Azure spells
    them: there are others."""

    own_fields: Mapping[str, OwnField]
    resource_types: tuple[str, ...]
