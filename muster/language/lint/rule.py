"""One lint rule: what it is called, how grave it is, and the function that finds it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from muster.values.diagnostic import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from muster.language.lint.linted import Linted

_LONGEST = 60
_HEAD = 20
"""Of a longer name the end is shown rather than the beginning: that is where aliases differ."""


class Target(StrEnum):
    """Where a definition is to be used."""

    MUSTER = "muster"
    AZURE_POLICY = "azure-policy"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule has to say. `message` tells what is there and what follows, `hint` what to do; the rest is
    as in Diagnostic."""

    pointer: str
    message: str
    hint: str
    in_key: bool = False
    column: int | None = None


Check: TypeAlias = "Callable[[Linted], Iterator[Finding]]"


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule. `id` is its module's name with hyphens; `summary` one sentence; `targets` where it matters."""

    id: str
    level: Level
    summary: str
    check: Check
    targets: frozenset[Target] = frozenset(Target)

    @property
    def documentation(self) -> str:
        """Its page, from the root of the project."""
        return f"docs/lint/{self.id}.md"


def quoted(text: str) -> str:
    """A name that an author wrote, in a sentence."""
    return f"'{text if len(text) <= _LONGEST else f'{text[:_HEAD]}...{text[_HEAD + 3 - _LONGEST :]}'}'"
