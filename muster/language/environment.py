"""What a rule is compiled against: parameters, the assignment's place, aliases, and the counts around a condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from muster.language.aliases import AliasTable
from muster.language.fields import FieldName, parse_field
from muster.language.frame import Frame, Plan
from muster.values.document import Document
from muster.values.json import Json, JsonObject

_PLANS_KEPT = 256
"""Resource types come with documents, so that their number needs a bound."""


class Fields:
    """The distinct fields of a rule set, and where they lie in resources of each type."""

    def __init__(self, aliases: AliasTable) -> None:
        self.aliases = aliases
        self.names: list[FieldName] = []
        self._slots: dict[str, int] = {}
        self._plans: dict[str, Plan] = {}

    def slot(self, text: str) -> int:
        """The number of a field; the same for every spelling of it."""
        key = text.lower()
        if key not in self._slots:
            self._slots[key] = len(self.names)
            self.names.append(parse_field(text))
        return self._slots[key]

    def plan(self, resource_type: str) -> Plan:
        """Where the fields lie in resources of a (lower-cased) type."""
        plan = self._plans.get(resource_type)
        if plan is None:
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            plan = self._plans[resource_type] = Plan(resource_type, self.names, self.aliases)
        return plan

    def frame(self, document: Document, outer: Frame | None = None) -> Frame:
        """A document as rules with these fields read it."""
        resource_type = document.resource.get("type")
        plan = self.plan(resource_type.lower() if isinstance(resource_type, str) else "")
        return Frame(document, plan, self.names, outer)


@dataclass(frozen=True, slots=True)
class Scope:
    """A count around a condition: its depth in the frame's scopes, and the slot of the field it goes over or the
    name it gives to a value's members."""

    depth: int
    slot: int | None
    name: str


@dataclass(slots=True)
class Remarks:
    """What compiling noticed: warnings, and aliases that no type has."""

    warnings: list[str] = field(default_factory=list)
    unknown_aliases: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an expression or condition stands.

    `parameters` by lower-cased name, complete. `policy` answers policy(). `related`: inside an existenceCondition,
    where fields are of the related resource and field() is of the resource that the rule is about.
    """

    fields: Fields
    parameters: Mapping[str, Json]
    policy: JsonObject
    remarks: Remarks
    scopes: tuple[Scope, ...] = ()
    related: bool = False

    def inside(self, slot: int | None, name: str) -> "Environment":
        """The environment inside a count."""
        return replace(self, scopes=(*self.scopes, Scope(len(self.scopes), slot, name)))

    def of_related(self) -> "Environment":
        """The environment of an existenceCondition."""
        return replace(self, related=True)

    def innermost(self) -> Scope | None:
        """The nearest count around."""
        return self.scopes[-1] if self.scopes else None

    def scope_of(self, text: str) -> Scope | None:
        """The innermost count over a field that `text` is at or below, by name."""
        lowered = text.lower()
        for scope in reversed(self.scopes):
            if scope.slot is None:
                continue
            base = self.fields.names[scope.slot].text.lower()
            if lowered == base or lowered.startswith((f"{base}.", f"{base}[", f"{base}/")):
                return scope
        return None

    def slot(self, text: str) -> int:
        """The slot of a field, noting an alias that no type has."""
        slot = self.fields.slot(text)
        name = self.fields.names[slot]
        if name.alias and not self.fields.aliases.known(name.alias) and text not in self.remarks.unknown_aliases:
            self.remarks.unknown_aliases.append(text)
        return slot
