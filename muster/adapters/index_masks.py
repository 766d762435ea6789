"""A selection as masks over an index's columns."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from muster.adapters.index_columns import Columns, numbers_of
from muster.jobs.facets import OF_RULES, OF_SYSTEMS, rule_fits, rule_has, rule_of, system_value, words_of
from muster.jobs.index_entry import CODE, CODES
from muster.values.json import JsonObject
from muster.values.listing import Lifetime, Rule
from muster.values.selection import NONE, OF_RESULTS, SKIPS_IMAGE, Facet, Selection
from muster.values.states import State

OPEN = frozenset({CODE[State.NON_COMPLIANT], CODE[State.ERROR], CODE[State.UNKNOWN]})
"""Results that ask for somebody to look."""

COLUMN = {
    Facet.STATE: "state",
    Facet.SUBSCRIPTION: "subscription",
    Facet.RESOURCE_GROUP: "resource_group",
    Facet.LOCATION: "location",
    Facet.OWNER: "owner",
}
OF_RESOURCES = tuple(facet for facet in Facet if facet not in OF_RESULTS)

_MAX_MASKS = 256


@dataclass(frozen=True, slots=True)
class Group:
    """Resources of whose results those of one rule have one state."""

    rule: int
    code: int
    mask: int


class Masks:
    """Masks of one file. `lifetimes(system, day)` says how long a system is supported."""

    def __init__(self, connection: sqlite3.Connection, lifetimes: Callable[[JsonObject, date], Lifetime]) -> None:
        self._db = connection
        self.columns = Columns(connection)
        self.words: dict[int, str] = dict(connection.execute("SELECT number, text FROM word"))
        self._numbers: dict[tuple[str, str], int] = {
            (kind, text): number for number, kind, text in connection.execute("SELECT number, kind, text FROM word")
        }
        self.rules: list[Rule] = [
            rule_of(json.loads(facts)) for (facts,) in connection.execute("SELECT facts FROM rule ORDER BY number")
        ]
        self.systems: dict[int, JsonObject] = {
            number: json.loads(text) for (kind, text), number in self._numbers.items() if kind == "system"
        }
        self._lifetimes = lifetimes
        self._known: dict[tuple[int, date], Lifetime] = {}
        self._found: dict[str, int] = {}

    def lifetime(self, system: int, day: date) -> Lifetime:
        """How long what a system's number stands for is supported."""
        key = (system, day)
        if key not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[key] = self._lifetimes(self.systems[system], day)
        return self._known[key]

    def visible(self, subscriptions: Collection[str] | None) -> int:
        """The resources of these subscriptions, lower-cased; all where None."""
        if subscriptions is None:
            return self.columns.present
        return self.columns.having("subscription", self._with("subscription", subscriptions))

    def of_resources(self, selection: Selection, visible: int, day: date, without: Facet | None = None) -> int:
        """The visible resources that the facets of resources leave, one of them left out."""
        mask = visible
        systems: set[int] | None = None
        for facet in OF_RESOURCES:
            values = selection.of(facet)
            if not values or facet is without:
                continue
            if facet in OF_SYSTEMS:
                fitting = {number for number in self.systems if self.system_value(facet, number, day)[0] in values}
                systems = fitting if systems is None else systems & fitting
            else:
                wanted = {"" if value == NONE else value for value in values}
                mask &= self.columns.having(COLUMN[facet], self._with(COLUMN[facet], wanted))
        return mask if systems is None else mask & self.columns.having("system", systems)

    def groups(self, selection: Selection, within: int, without: Facet | None = None) -> Iterator[Group]:
        """The results that the facets of results leave, of resources within a mask, and that have all words."""
        words = words_of(selection.text)
        found = [self.with_word(word) for word in words]
        states = set() if without is Facet.STATE else {CODE[value] for value in selection.of(Facet.STATE)}
        for (number, code), everywhere in self.columns.results.items():
            rule = self.rules[number]
            if (states and code not in states) or not rule_fits(rule, selection, without):
                continue
            mask = everywhere & within
            for word, resources in zip(words, found, strict=True):
                if not rule_has(rule, word):
                    mask &= resources
            if mask:
                yield Group(number, code, mask)

    def resources(self, selection: Selection, visible: int, day: date, without: Facet | None = None) -> int:
        """The resources of a selection: severity, policy and control are those of one result that asks for somebody to
        look."""
        mask = self.of_resources(selection, visible, day, without)
        for word in words_of(selection.text):
            mask &= self.with_word(word)
        states = () if without is Facet.STATE else selection.of(Facet.STATE)
        if states:
            mask &= self.columns.having("state", self._with("state", states))
        if any(selection.of(facet) for facet in OF_RULES if facet is not without):
            mask &= self.open(lambda rule: rule_fits(rule, selection, without))
        return mask

    def open(self, wanted: Callable[[Rule], bool]) -> int:
        """The resources with a result of these rules that asks for somebody to look."""
        found = 0
        for (number, code), mask in self.columns.results.items():
            if code in OPEN and wanted(self.rules[number]):
                found |= mask
        return found

    def with_word(self, word: str) -> int:
        """The resources with a word that begins so, in their id, owner or tags."""
        if word not in self._found:
            if len(self._found) >= _MAX_MASKS:
                self._found.clear()
            rows = self._db.execute("SELECT rowid FROM found WHERE found MATCH ?", (f'"{word}"*',))
            self._found[word] = numbers_of((number for (number,) in rows.fetchall()), self.columns.size)
        return self._found[word] & self.columns.present

    def system_value(self, facet: Facet, system: int, day: date) -> tuple[str, str]:
        """Value and label of a facet for a system."""
        return system_value(self.lifetime(system, day), facet)

    def _with(self, kind: str, texts: Iterable[str]) -> list[int]:
        return [self._numbers[kind, text] for text in texts if (kind, text) in self._numbers]


def state_of(code: int) -> tuple[State, bool]:
    """A result's state, and whether its rule silently skips the image."""
    name = CODES[code - 1]
    return (State.NOT_APPLICABLE, True) if name == SKIPS_IMAGE else (State(name), False)
