"""The orders that lists of an index may have."""

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from datetime import date

from muster.adapters.index_masks import Masks
from muster.jobs.index_entry import CODE
from muster.values.selection import Order
from muster.values.states import ROLL_UP_ORDER, Severity, State

_NON_COMPLIANT = CODE[State.NON_COMPLIANT]


class Orders:
    """The numbers of all resources in every order, made when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection, masks: Masks) -> None:
        self._db = connection
        self._masks = masks
        self._columns = masks.columns
        self._orders: dict[tuple[Order, date], array[int]] = {}

    def of(self, order: Order, day: date, *, descending: bool = False) -> Sequence[int]:
        """The numbers of all resources in an order."""
        fixed = order in (Order.NAME, Order.CHANGED, Order.LOCATION, Order.SEVERITY, Order.POLICY)
        key = (order, date.min if fixed else day)
        if key not in self._orders:
            if len(self._orders) > 24:
                self._orders.clear()
            self._orders[key] = array("I", self._ordered(order, day))
        found = self._orders[key]
        return found[::-1] if descending else found

    def _ordered(self, order: Order, day: date) -> Iterable[int]:
        if order is Order.CHANGED:
            return [n for (n,) in self._db.execute("SELECT number FROM resource ORDER BY observed_at DESC, number")]
        names = [n for (n,) in self._db.execute("SELECT number FROM resource ORDER BY title COLLATE NOCASE, number")]
        if order in (Order.NAME, Order.POLICY):
            return names
        if order is Order.SEVERITY:
            return sorted(names, key=self._worst().__getitem__)
        column = self._columns.codes["location" if order is Order.LOCATION else "system"]
        words = sorted(set(column) - {0}, key=lambda word: self._sort_key(order, word, day))
        rank = {word: place for place, word in enumerate(words)}
        return sorted(names, key=lambda number: rank[column[number]])

    def _sort_key(self, order: Order, word: int, day: date) -> tuple[str, str]:
        if order is Order.LOCATION:
            return self._masks.words[word], ""
        lifetime = self._masks.lifetime(word, day)
        last = lifetime.last_day
        return ((last or date.max).isoformat(), lifetime.system) if order is Order.SUPPORT else (lifetime.system, "")

    def _worst(self) -> list[int]:
        """For each resource a number that is the smaller the worse it is."""
        ranks = {
            number: ROLL_UP_ORDER.index(State(self._masks.words[number]))
            for number in set(self._columns.codes["state"]) - {0}
        }
        ranks[0] = len(ROLL_UP_ORDER)
        totals = [
            self._columns.weights(
                mask
                for (rule, code), mask in self._columns.results.items()
                if code == _NON_COMPLIANT and self._masks.rules[rule].severity is severity
            )
            for severity in Severity
        ]
        return [
            ((((ranks[state] * 256 + 255 - a) * 256 + 255 - b) * 256 + 255 - c) * 256 + 255 - d) * 256 + 255 - e
            for state, a, b, c, d, e in zip(self._columns.codes["state"], *totals, strict=True)
        ]
