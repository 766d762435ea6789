"""The index of findings, read: a FindingIndex (muster/web/finding_index.py) over one file."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, compress, islice

from muster.adapters.index_masks import COLUMN, OF_RESOURCES, OPEN, Group, Masks
from muster.adapters.index_orders import Orders
from muster.adapters.index_rows import Rows
from muster.adapters.index_unprocessed import unprocessed_of
from muster.jobs.facets import OF_RULES, OF_SYSTEMS, rule_fits, rule_values, words_of
from muster.jobs.index_entry import CODE, CODES
from muster.values.json import JsonObject
from muster.values.listing import (
    ChangeRow,
    Damaged,
    FacetValue,
    FindingRow,
    Lifetime,
    Listing,
    Overview,
    PolicyCount,
    ResourceRow,
    Selected,
    SystemCount,
    Unprocessed,
)
from muster.values.selection import NONE, OF_RESULTS, PHASES, SKIPS_IMAGE, Facet, Order, Selection
from muster.values.states import ROLL_UP_ORDER, Severity, State

_SEVERITIES = list(Severity)
_CODE_ORDER = [CODE[state] for state in (State.NON_COMPLIANT, State.ERROR, State.UNKNOWN, State.EXEMPT, SKIPS_IMAGE)]
_CODE_ORDER += [CODE[State.COMPLIANT], CODE[State.NOT_APPLICABLE]]
_NON_COMPLIANT = CODE[State.NON_COMPLIANT]
_MAX_SUMS = 32


class IndexReader:
    """What pages ask. `subscriptions` are those that the viewer may see, None for all; days are UTC."""

    def __init__(self, connection: sqlite3.Connection, lifetimes: Callable[[JsonObject, date], Lifetime]) -> None:
        self._db = connection
        self._masks = Masks(connection, lifetimes)
        self._columns = self._masks.columns
        self._summed: dict[tuple[tuple[str, ...], ...], bytes] = {}
        self._exempted: dict[frozenset[str] | None, tuple[FindingRow, ...]] = {}
        self._orders = Orders(connection, self._masks)
        self._rows = Rows(connection, self._masks)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def size(self) -> int:
        """How many resources there are."""
        return self._columns.present.bit_count()

    def noted(self, name: str) -> str:
        """A fact about the index itself; "" where there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def damaged(self) -> tuple[Damaged, ...]:
        """All blobs that are no findings."""
        return tuple(Damaged(*row) for row in self._db.execute("SELECT name, why FROM damaged ORDER BY name LIMIT 500"))

    def unprocessed(self, subscriptions: Collection[str] | None, most: int) -> Unprocessed:
        """What could not be processed, with the newest rows."""
        return unprocessed_of(self._db, subscriptions, most)

    def resources(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> Listing[ResourceRow]:
        """A page of resources, and the counts of all facets."""
        day = selection.as_of or today
        visible = self._masks.visible(subscriptions)
        mask = self._masks.resources(selection, visible, day)
        order = self._orders.of(selection.order or Order.SEVERITY, day, descending=selection.descending)
        flags = self._columns.flags(mask)
        start = (selection.page - 1) * selection.size
        numbers = list(islice(compress(order, map(flags.__getitem__, order)), start, start + selection.size))
        rows = self._rows.resources(numbers, day)
        return Listing(
            tuple(rows[number] for number in numbers),
            mask.bit_count(),
            dict(self._resource_facets(selection, visible, mask, day)),
            mask.bit_count(),
        )

    def findings(self, selection: Selection, subscriptions: Collection[str] | None, today: date) -> Listing[FindingRow]:
        """A page of findings, and the counts of all facets."""
        day = selection.as_of or today
        visible = self._masks.visible(subscriptions)
        within = self._masks.of_resources(selection, visible, day)
        groups = list(self._masks.groups(selection, within))
        pairs = list(self._finding_page(groups, selection, day))
        return Listing(
            tuple(self._rows.findings(pairs, day)),
            sum(group.mask.bit_count() for group in groups),
            dict(self._finding_facets(selection, visible, groups, day)),
            _with_any(groups, selection, visible).bit_count(),
        )

    def selected(self, selection: Selection, subscriptions: Collection[str] | None, today: date, most: int) -> Selected:
        """The resources with a finding of a selection, by name; all where nothing is left out. Ids are only given of
        at most `most`."""
        day = selection.as_of or today
        visible = self._masks.visible(subscriptions)
        groups = list(self._masks.groups(selection, self._masks.of_resources(selection, visible, day)))
        mask = _with_any(groups, selection, visible)
        count, findings = mask.bit_count(), sum(group.mask.bit_count() for group in groups)
        if count > most:
            return Selected((), count, findings)
        flags = self._columns.flags(mask)
        names = self._orders.of(Order.NAME, day)
        ids = self._rows.ids([*compress(names, map(flags.__getitem__, names))])
        return Selected(ids, count, findings)

    def overview(self, subscriptions: Collection[str] | None, since: str) -> Overview:
        """Counts of everything. `since` is an instant as text: resources first seen as they are from then on count as
        changed."""
        visible = self._masks.visible(subscriptions)
        states = self._columns.counted("state", visible)
        results: Counter[int] = Counter()
        severities: Counter[Severity] = Counter()
        for (rule, code), mask in self._columns.results.items():
            count = (mask & visible).bit_count()
            results[code] += count
            if code == _NON_COMPLIANT:
                severities[self._masks.rules[rule].severity] += count
        words = self._masks.words
        by_state = {State(words[code]): count for code, count in states.items()}
        flags = self._columns.flags(visible)
        rows = self._db.execute("SELECT number FROM resource WHERE observed_at >= ?", (since,))
        return Overview(
            states={state: by_state.get(state, 0) for state in ROLL_UP_ORDER},
            severities={severity: severities[severity] for severity in Severity},
            results=results.total(),
            unknown_results=results[CODE[State.UNKNOWN]],
            error_results=results[CODE[State.ERROR]],
            skipped_images=results[CODE[SKIPS_IMAGE]],
            exempt_results=results[CODE[State.EXEMPT]],
            changed_resources=sum(flags[number] for (number,) in rows),
        )

    def changes(self, subscriptions: Collection[str] | None, since: str, most: int) -> tuple[ChangeRow, ...]:
        """Results that changed with the latest evaluation of their resource, newest first."""
        flags = self._columns.flags(self._masks.visible(subscriptions))
        rows = self._db.execute(
            "SELECT number, at, id, title, rule, before, after FROM change JOIN resource ON number = resource"
            " WHERE at >= ? ORDER BY at DESC, number, rule",
            (since,),
        )
        return tuple(islice((self._rows.change(row[1:]) for row in rows if flags[row[0]]), most))

    def by_policy(self, states: Iterable[str], subscriptions: Collection[str] | None) -> tuple[PolicyCount, ...]:
        """How many results of each policy have one of these values of Facet.STATE, most first, with an example."""
        codes = {CODE[state] for state in states}
        visible = self._masks.visible(subscriptions)
        masks: dict[int, int] = {}
        counts: Counter[int] = Counter()
        for (rule, code), mask in self._columns.results.items():
            if code in codes and mask & visible:
                counts[rule] += (mask & visible).bit_count()
                masks.setdefault(rule, mask & visible)
        found = []
        for rule, count in counts.most_common():
            first = (masks[rule] & -masks[rule]).bit_length() - 1
            found.append(
                PolicyCount(self._masks.rules[rule], count, self._rows.messages([first]).get((first, rule), ""))
            )
        return tuple(found)

    def exempted(self, subscriptions: Collection[str] | None, today: date) -> tuple[FindingRow, ...]:
        """A result for each exemption and day of expiry that is used, those that end first at the beginning. Its
        message says how many results there are."""
        key = None if subscriptions is None else frozenset(subscriptions)
        if key not in self._exempted:
            if len(self._exempted) >= _MAX_SUMS:
                self._exempted.clear()
            self._exempted[key] = self._count_exempted(subscriptions, today)
        return self._exempted[key]

    def _count_exempted(self, subscriptions: Collection[str] | None, today: date) -> tuple[FindingRow, ...]:
        flags = self._columns.flags(self._masks.visible(subscriptions))
        counts: Counter[tuple[str, str]] = Counter()
        first: dict[tuple[str, str], tuple[int, int]] = {}
        for number, rule, identifier, expires in self._db.execute("SELECT resource, rule, id, expires FROM exemption"):
            if flags[number]:
                counts[expires, identifier] += 1
                first.setdefault((expires, identifier), (number, rule))
        keys = sorted(counts, key=lambda key: (not key[0], key))
        pairs = [(first[key][0], first[key][1], CODE[State.EXEMPT]) for key in keys]
        rows = self._rows.findings(pairs, today)
        return tuple(
            FindingRow(row.id, row.resource, row.rule, row.state, row.skips_image, f"{counts[key]:,}", key[1], key[0])
            for key, row in zip(keys, rows, strict=True)
        )

    def systems(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> tuple[SystemCount, ...]:
        """How many of the selected machines run what."""
        day = selection.as_of or today
        mask = self._masks.resources(selection, self._masks.visible(subscriptions), day)
        found: Counter[Lifetime] = Counter()
        for system, count in self._columns.counted("system", mask).items():
            if self._masks.systems[system].get("machine"):
                found[self._masks.lifetime(system, day)] += count
        return tuple(SystemCount(lifetime, count) for lifetime, count in found.most_common())

    def resource_facets(
        self, selection: Selection, subscriptions: Collection[str] | None, today: date
    ) -> Mapping[Facet, tuple[FacetValue, ...]]:
        """The counts of all facets, of resources."""
        day = selection.as_of or today
        visible = self._masks.visible(subscriptions)
        return dict(self._resource_facets(selection, visible, self._masks.resources(selection, visible, day), day))

    def _finding_page(self, groups: list[Group], selection: Selection, day: date) -> Iterator[tuple[int, int, int]]:
        """Number, rule and code of the findings of a page."""
        start, wanted = (selection.page - 1) * selection.size, selection.size
        order = selection.order or Order.SEVERITY
        if order not in (Order.SEVERITY, Order.POLICY):
            yield from self._by_resource(
                groups, self._orders.of(order, day, descending=selection.descending), start, wanted
            )
            return
        rules = self._masks.rules
        if order is Order.SEVERITY:
            groups.sort(
                key=lambda one: (
                    _CODE_ORDER.index(one.code),
                    _SEVERITIES.index(rules[one.rule].severity),
                    rules[one.rule].display_name,
                    one.rule,
                )
            )
        else:
            groups.sort(key=lambda one: (rules[one.rule].display_name, one.rule, _CODE_ORDER.index(one.code)))
        if selection.descending:
            groups.reverse()
        names = self._orders.of(Order.NAME, day)
        for group in groups:
            count = group.mask.bit_count()
            if start >= count:
                start -= count
                continue
            flags = self._columns.flags(group.mask)
            numbers = list(islice(compress(names, map(flags.__getitem__, names)), start, start + wanted))
            yield from ((number, group.rule, group.code) for number in numbers)
            start, wanted = 0, wanted - len(numbers)
            if not wanted:
                return

    def _by_resource(
        self, groups: list[Group], order: Sequence[int], start: int, wanted: int
    ) -> Iterator[tuple[int, int, int]]:
        weights = self._columns.weights(_by_rule(groups))
        ordered = sorted(groups, key=lambda one: (_CODE_ORDER.index(one.code), one.rule))
        for number, last in zip(order, accumulate(map(weights.__getitem__, order)), strict=True):
            if last <= start or not weights[number]:
                continue
            first = last - weights[number]
            mine = [group for group in ordered if group.mask >> number & 1]
            for place, group in enumerate(mine, first):
                if start <= place < start + wanted:
                    yield number, group.rule, group.code
            if last >= start + wanted:
                return

    def _weights(self, selection: Selection, within: int) -> bytes:
        """How many results of a selection each resource within a mask has."""
        if words_of(selection.text):
            return self._columns.weights(_by_rule(self._masks.groups(selection, within)))
        # Without words a result is chosen whatever its resource, so that what a facet of resources leaves out can be
        # taken away at the end, and the sum before that serves every such selection.
        key = tuple(selection.of(facet) for facet in OF_RESULTS)
        if key not in self._summed:
            if len(self._summed) >= _MAX_SUMS:
                self._summed.clear()
            self._summed[key] = self._columns.weights(_by_rule(self._masks.groups(selection, self._columns.present)))
        return self._columns.within(self._summed[key], within)

    def _resource_facets(
        self, selection: Selection, visible: int, mask: int, day: date
    ) -> Iterator[tuple[Facet, tuple[FacetValue, ...]]]:
        for facet in Facet:
            left = self._masks.resources(selection, visible, day, facet) if selection.of(facet) else mask
            if facet in OF_RULES:
                yield facet, tuple(self._open_values(facet, left, selection))
            else:
                column = COLUMN.get(facet, "system")
                yield facet, tuple(self._values(facet, self._columns.counted(column, left), selection, day))

    def _open_values(self, facet: Facet, left: int, selection: Selection) -> Iterator[FacetValue]:
        masks: dict[tuple[str, str], int] = {}
        for (number, code), mask in self._columns.results.items():
            rule = self._masks.rules[number]
            if code in OPEN and rule_fits(rule, selection, facet):
                for value in rule_values(rule, facet):
                    masks[value] = masks.get(value, 0) | mask & left
        counts = Counter({key: mask.bit_count() for key, mask in masks.items()})
        yield from _facet_values(facet, counts, selection)

    def _finding_facets(
        self, selection: Selection, visible: int, groups: list[Group], day: date
    ) -> Iterator[tuple[Facet, tuple[FacetValue, ...]]]:
        within = self._masks.of_resources(selection, visible, day)
        weights = self._weights(selection, within)
        for facet in OF_RESULTS:
            left = self._masks.groups(selection, within, facet) if selection.of(facet) else iter(groups)
            counts: Counter[tuple[str, str]] = Counter()
            for group in left:
                state = str(CODES[group.code - 1])
                of_rule = facet is not Facet.STATE
                for value in rule_values(self._masks.rules[group.rule], facet) if of_rule else ((state, state),):
                    counts[value] += group.mask.bit_count()
            yield facet, tuple(_facet_values(facet, counts, selection))
        summed: dict[str, Counter[int]] = {}
        for facet in OF_RESOURCES:
            own = weights
            if selection.of(facet):
                without = self._masks.of_resources(selection, visible, day, facet)
                own = self._weights(selection, without)
            column = COLUMN.get(facet, "system")
            if own is not weights or column not in summed:
                summed[column] = self._columns.summed(column, own)
            yield facet, tuple(self._values(facet, summed[column], selection, day))
            if own is not weights:
                del summed[column]

    def _values(self, facet: Facet, words: Counter[int], selection: Selection, day: date) -> Iterator[FacetValue]:
        """The values of a facet of resources, from how often their words are there."""
        counts: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            if facet in OF_SYSTEMS:
                counts[self._masks.system_value(facet, word, day)] += count
            else:
                text = self._masks.words[word]
                counts[text or NONE, text or "none"] += count
        yield from _facet_values(facet, counts, selection)


def _with_any(groups: Iterable[Group], selection: Selection, visible: int) -> int:
    """The resources that a selection of findings is of: where nothing is left out, those without any too."""
    if not selection.narrowed:
        return visible
    found = 0
    for group in groups:
        found |= group.mask
    return found


def _by_rule(groups: Iterable[Group]) -> Iterable[int]:
    """The masks of groups, those of a rule as one: a resource has one result of a rule at most."""
    masks: dict[int, int] = {}
    for group in groups:
        masks[group.rule] = masks.get(group.rule, 0) | group.mask
    return masks.values()


def _facet_values(facet: Facet, counts: Counter[tuple[str, str]], selection: Selection) -> Iterator[FacetValue]:
    """In the order of the field where it has one, else the most first; chosen values that nothing has at the end."""
    fixed: Sequence[str] = {
        Facet.STATE: (*ROLL_UP_ORDER, SKIPS_IMAGE),
        Facet.SEVERITY: _SEVERITIES,
        Facet.PHASE: PHASES,
    }.get(facet, ())
    keys = sorted(
        (key for key in counts if counts[key] or key[0] in selection.of(facet)),
        key=lambda key: (fixed.index(key[0]) if key[0] in fixed else -counts[key], key[1]),
    )
    yield from (FacetValue(value, label, counts[value, label]) for value, label in keys)
    there = {value for value, _ in keys}
    yield from (FacetValue(value, value, 0) for value in selection.of(facet) if value not in there)
