"""The query of an address: into a Selection and back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId
from muster.values.selection import PHASES, SKIPS_IMAGE, Facet, Order, Selection
from muster.values.states import Severity, State
from muster.web.request import BadQuery, Fault

MAX_QUERY = 8192
MAX_VALUES = 50
"""Most values of one facet."""
MAX_VALUE = 256
MAX_TEXT = 200
MAX_WORDS = 8
MAX_SIZE = 5000
MAX_PAGE = 1_000_000
SIZES = (25, 50, 100, 250)
"""Rows a page that the page itself offers."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

KNOWN: Mapping[Facet, tuple[str, ...]] = {
    Facet.STATE: (*map(str, State), SKIPS_IMAGE),
    Facet.SEVERITY: tuple(map(str, Severity)),
    Facet.PHASE: PHASES,
}
"""Facets whose values are fixed."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which parameters a page takes. `only` are names beside facets, `text`, `sort`, `page` and the like."""

    facets: tuple[Facet, ...] = ()
    orders: tuple[Order, ...] = ()
    paged: bool = False
    dated: bool = False
    extra: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parameters."""
        listed = ("q", "sort", "page", "size") if self.paged else ("q",) if self.facets else ()
        return (*map(str, self.facets), *listed, *(("asOf",) if self.dated else ()), *self.extra)


def parse_query(text: str, parameters: Parameters, *, size: int = 50) -> tuple[Selection, dict[str, str]]:
    """The selection and the extra parameters of a query. `size` is how many rows a page has if it does not say.

    Raises BadQuery with everything that is wrong.
    """
    if len(text) > MAX_QUERY:
        raise BadQuery([Fault("query", f"has {len(text):,} characters, at most {MAX_QUERY:,} are read")])
    reader = _Reader(parameters)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=400)
    except (UnicodeDecodeError, ValueError):
        raise BadQuery([Fault("query", "is not percent-encoded UTF-8, or has too many parameters")]) from None
    for name, value in pairs:
        reader.take(name, value)
    reader.check()
    if reader.faults:
        raise BadQuery(reader.faults)
    return reader.selection(size), reader.extra


class _Reader:
    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.faults: list[Fault] = []
        self.extra: dict[str, str] = {}
        self._chosen: dict[Facet, list[str]] = {}
        self._given: Counter[Facet] = Counter()
        self._single: dict[str, str] = {}

    def take(self, name: str, value: str) -> None:
        if name not in self.parameters.names:
            known = ", ".join(self.parameters.names) or "none"
            self._fault(name[:60] or "(no name)", f"is no parameter of this page; it has: {known}")
        elif not value.isprintable():
            self._fault(name, "has characters that can't be printed")
        elif name in tuple(Facet):
            self._take_facet(Facet(name), value)
        elif name in self._single or name in self.extra:
            self._fault(name, "is given more than once")
        elif name in self.parameters.extra:
            self.extra[name] = value
        else:
            self._single[name] = value

    def selection(self, size: int) -> Selection:
        order, descending = self._order
        return Selection(
            chosen={facet: tuple(values) for facet, values in self._chosen.items()},
            text=self._single.get("q", "").strip(),
            order=order,
            descending=descending,
            page=int(self._single.get("page") or 1),
            size=int(self._single.get("size") or size),
            as_of=date.fromisoformat(self._single["asOf"]) if self._single.get("asOf") else None,
        )

    @property
    def _order(self) -> tuple[Order | None, bool]:
        text = self._single.get("sort", "")
        return (Order(text.removeprefix("-")) if text else None), text.startswith("-")

    def _take_facet(self, facet: Facet, value: str) -> None:
        known = KNOWN.get(facet)
        values = self._chosen.setdefault(facet, [])
        self._given[facet] += 1
        if known is not None and value not in known:
            self._fault(facet, f"is one of {', '.join(known)}")
        elif not value or len(value) > MAX_VALUE:
            self._fault(facet, f"has 1 to {MAX_VALUE} characters")
        elif self._given[facet] > MAX_VALUES:
            if self._given[facet] == MAX_VALUES + 1:
                self._fault(facet, f"has at most {MAX_VALUES} values")
        elif value not in values:
            values.append(value)

    def check(self) -> None:
        single = self._single
        if len(single.get("q", "")) > MAX_TEXT or len(single.get("q", "").split()) > MAX_WORDS:
            self._fault("q", f"has at most {MAX_TEXT} characters and {MAX_WORDS} words")
        if (sort := single.get("sort")) and sort.removeprefix("-") not in self.parameters.orders:
            self._fault("sort", f"is one of {', '.join(self.parameters.orders)}, with - before it for the reverse")
        for name, most in (("page", MAX_PAGE), ("size", MAX_SIZE)):
            value = single.get(name, "")
            if value and not (value.isascii() and value.isdecimal() and len(value) < 8 and 1 <= int(value) <= most):
                self._fault(name, f"is a whole number from 1 to {most:,}")
        value = single.get("asOf", "")
        if value:
            try:
                day = date.fromisoformat(value) if len(value) == 10 else None
            except ValueError:
                day = None
            if day is None or not FIRST_DAY <= day <= LAST_DAY:
                self._fault("asOf", f"is a day like 2027-03-31, from {FIRST_DAY} to {LAST_DAY}")

    def _fault(self, parameter: str, message: str) -> None:
        if len(self.faults) < 20:
            self.faults.append(Fault(parameter, message))


def check_required(required: Iterable[str], extra: Mapping[str, str]) -> None:
    """Raise BadQuery where a parameter is missing that is needed, or `id` is no resource id."""
    missing = [Fault(name, "is needed") for name in required if not extra.get(name)]
    if missing:
        raise BadQuery(missing)
    if "id" in required:
        try:
            ResourceId.parse(extra["id"])
        except InvalidResourceId as fault:
            raise BadQuery([Fault("id", f"is not a resource id: {fault}")]) from fault


def query_of(selection: Selection, *, size: int = 50, extra: Mapping[str, str] | None = None) -> str:
    """The query of a selection, in one spelling; `size` is what needs no saying. Empty for everything."""
    pairs = [(str(facet), value) for facet in Facet for value in selection.of(facet)]
    if selection.text:
        pairs.append(("q", selection.text))
    if selection.order is not None:
        pairs.append(("sort", f"{'-' * selection.descending}{selection.order}"))
    if selection.page != 1:
        pairs.append(("page", str(selection.page)))
    if selection.size != size:
        pairs.append(("size", str(selection.size)))
    if selection.as_of is not None:
        pairs.append(("asOf", selection.as_of.isoformat()))
    pairs += [(name, value) for name, value in (extra or {}).items() if value]
    return urlencode(pairs, quote_via=quote, safe="")
