"""A policy definition with all that its reference page tells."""

from collections.abc import Iterator
from dataclasses import dataclass

from muster.language.analysis.leaves import field_named, leaves
from muster.language.analysis.possible import Possible
from muster.language.definition import Definition
from muster.language.expression import calls
from muster.language.template import all_expressions
from muster.policy.cases import Case
from muster.values.diagnostic import Diagnostic
from muster.values.states import State


@dataclass(frozen=True, slots=True)
class Example:
    """A case that passed, and what the definition said in it."""

    case: Case
    state: State
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """An initiative that includes the definition: its name, its display name, and the groups, by display name where
    they have one, that it puts the definition in."""

    initiative: str
    title: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A definition. `area` is its folder below definitions/, `file` its path below the policies folder, `cases` that
    of its cases, empty where it has none. `examples` has one case of each state that its cases show; `obstacles` are
    the errors for which Azure Policy would refuse the definition."""

    definition: Definition
    area: str
    file: str
    cases: str
    examples: tuple[Example, ...]
    memberships: tuple[Membership, ...]
    obstacles: tuple[Diagnostic, ...]

    @property
    def page(self) -> str:
        """The name of its page: that of its file."""
        return f"{self.file.rpartition('/')[2].removesuffix('.json')}.md"

    def stated(self, member: str) -> str:
        """A member of the definition's metadata; empty where it is none or no text."""
        value = self.definition.metadata.get(member)
        return value if isinstance(value, str) else ""

    @property
    def references(self) -> tuple[str, ...]:
        """What metadata.references names: controls, checks of others, built-in definitions."""
        value = self.definition.metadata.get("references")
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the resource that the rule reads, as written, each once."""
        details = self.definition.rule.then.details
        found = dict.fromkeys(self._compared(related=False))
        for _, expression in all_expressions(iter([details] if details is not None else [])):
            names = (field_named(call) for call in calls(expression))
            found |= dict.fromkeys(name.value for name in names if name is not None)
        return tuple(found)

    @property
    def related_fields(self) -> tuple[str, ...]:
        """The fields of the related resource that the rule reads, as written, each once."""
        return tuple(dict.fromkeys(self._compared(related=True)))

    def _compared(self, *, related: bool) -> Iterator[str]:
        for leaf in leaves(self.definition.rule, Possible()):
            if leaf.place.related is related:
                yield from (use.text for use in leaf.fields())
