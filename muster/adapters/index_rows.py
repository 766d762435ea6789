"""Rows of an index as values."""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from muster.adapters.index_masks import Masks, state_of
from muster.jobs.index_entry import CODE
from muster.policy.results import finding_id
from muster.values.listing import ChangeRow, FindingRow, ResourceRow
from muster.values.states import Severity, State

_NON_COMPLIANT = CODE[State.NON_COMPLIANT]
_ROWS = (
    "SELECT number, id, title, type, subscription, resource_group, location, owner, system, state, observed_at,"
    " checked_at, verdicts FROM resource WHERE number"
)
_MANY = 500


class Rows:
    """Reads rows by the numbers of their resources."""

    def __init__(self, connection: sqlite3.Connection, masks: Masks) -> None:
        self._db = connection
        self._masks = masks

    def resources(self, numbers: Collection[int], day: date) -> dict[int, ResourceRow]:
        """Resources by their numbers."""
        found: dict[int, ResourceRow] = {}
        words = self._masks.words
        for row in self._select(_ROWS, numbers):
            counts: Counter[Severity] = Counter()
            for rule, code in enumerate(row[12]):
                if code == _NON_COMPLIANT:
                    counts[self._masks.rules[rule].severity] += 1
            found[row[0]] = ResourceRow(
                id=row[1],
                name=row[2],
                type=words[row[3]],
                subscription=words[row[4]],
                resource_group=words[row[5]],
                location=words[row[6]],
                owner=words[row[7]],
                state=State(words[row[9]]),
                counts={severity: counts[severity] for severity in Severity if counts[severity]},
                lifetime=self._masks.lifetime(row[8], day),
                observed_at=row[10],
                checked_at=row[11],
            )
        return found

    def ids(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """The ids of resources, in the order of their numbers here."""
        found = dict(self._select("SELECT number, id FROM resource WHERE number", numbers))
        return tuple(found[number] for number in numbers)

    def findings(self, pairs: Sequence[tuple[int, int, int]], day: date) -> Iterator[FindingRow]:
        """Findings from number, rule and code of each."""
        numbers = {number for number, _, _ in pairs}
        rows, messages = self.resources(numbers, day), self.messages(numbers)
        exemptions = {
            (number, rule): (identifier, expires)
            for number, rule, identifier, expires in self._select(
                "SELECT resource, rule, id, expires FROM exemption WHERE resource", numbers
            )
        }
        for number, rule_number, code in pairs:
            row, rule = rows[number], self._masks.rules[rule_number]
            state, skips = state_of(code)
            exemption, expires = exemptions.get((number, rule_number), ("", ""))
            yield FindingRow(
                id=finding_id(row.id, rule.assignment, rule.reference),
                resource=row,
                rule=rule,
                state=state,
                skips_image=skips,
                message=messages.get((number, rule_number), ""),
                exemption=exemption,
                expires=expires,
            )

    def messages(self, numbers: Collection[int]) -> dict[tuple[int, int], str]:
        """What is said of results, by resource and rule."""
        places: dict[tuple[int, int], int] = {}
        for number, told in self._select("SELECT number, told FROM resource WHERE number", numbers):
            values = array("I", told)
            places |= {(number, rule): said for rule, said in zip(values[::2], values[1::2], strict=True)}
        texts = dict(self._select("SELECT number, text FROM said WHERE number", set(places.values())))
        return {key: texts[said] for key, said in places.items()}

    def _select(self, query: str, numbers: Collection[int]) -> Iterator[Any]:
        wanted = list(numbers)
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            yield from self._db.execute(f"{query} IN ({', '.join('?' * len(part))})", part)

    def change(self, row: Sequence[object]) -> ChangeRow:
        """A change from its columns."""
        at, identifier, title, rule, before, after = row
        return ChangeRow(
            str(at), str(identifier), str(title), self._masks.rules[int(str(rule))], _state(before), _state(after)
        )


def _state(code: object) -> State | None:
    return state_of(code)[0] if isinstance(code, int) and code else None
