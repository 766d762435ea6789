"""The results of finding documents that somebody wants to see, as the list of findings counts them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from muster.jobs.facets import OF_SYSTEMS, rule_facts, rule_fits, rule_has, rule_of, system_value, words_of
from muster.jobs.index_entry import CODE, IndexEntry, resource_entry, result_code
from muster.report.stated import damaged
from muster.values.json import JsonObject, as_list, as_object
from muster.values.listing import Lifetime
from muster.values.selection import NONE, Facet, Selection

_MAX_KNOWN = 10_000


@dataclass(slots=True)
class ChosenResults:
    """Takes one document after the other. `lifetimes(system, day)` says how long a system is supported, `has_word(text,
    word)` whether a text has a word that begins so."""

    selection: Selection
    owner_tag: str
    today: date
    lifetimes: Callable[[JsonObject, date], Lifetime]
    has_word: Callable[[str, str], bool]
    _known: dict[str, Lifetime] = field(default_factory=dict)

    def of(self, finding: JsonObject) -> JsonObject | None:
        """The document with the chosen ones of its results, whose `state` and `counts` stay the resource's; None where
        it has none. Where nothing is left out, the document, without results too.

        Raises BadInput (damagedFinding) where it is none.
        """
        if not self.selection.narrowed:
            return finding
        entry = resource_entry(finding, owner_tag=self.owner_tag)
        if not self._fits(entry):
            return None
        states = {CODE[state] for state in self.selection.of(Facet.STATE)}
        words = [word for word in words_of(self.selection.text) if not self.has_word(entry.searched, word)]
        try:
            results = [
                result for result in map(as_object, as_list(finding["results"])) if self._chosen(result, states, words)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(finding) from error
        return {**finding, "results": [*results]} if results else None

    def _chosen(self, result: JsonObject, states: set[int], words: list[str]) -> bool:
        """Whether a result has one of these states, if any, the facets of rules, and the words its resource lacks."""
        if states and result_code(result) not in states:
            return False
        rule = rule_of(rule_facts(result))
        return rule_fits(rule, self.selection) and all(rule_has(rule, word) for word in words)

    def _fits(self, entry: IndexEntry) -> bool:
        own = {
            Facet.SUBSCRIPTION: entry.subscription,
            Facet.RESOURCE_GROUP: entry.resource_group,
            Facet.LOCATION: entry.location,
            Facet.OWNER: entry.owner,
        }
        if any((wanted := self.selection.of(facet)) and (has or NONE) not in wanted for facet, has in own.items()):
            return False
        if not any(self.selection.of(facet) for facet in OF_SYSTEMS):
            return True
        lifetime = self._lifetime(entry.system)
        return all(
            not (wanted := self.selection.of(facet)) or system_value(lifetime, facet)[0] in wanted
            for facet in OF_SYSTEMS
        )

    def _lifetime(self, system: str) -> Lifetime:
        if system not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[system] = self.lifetimes(json.loads(system), self.selection.as_of or self.today)
        return self._known[system]
