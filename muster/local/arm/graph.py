"""Resource Graph's query language, as far as muster speaks it.

A query is a table and steps behind bars: `where PATH =~ 'text'`, `where PATH in~ ('a', 'b')`, `project PATH, NAME =
PATH`, `order by PATH asc`. Everything else is refused, as a fault of whoever wrote it. Rows differ from REST bodies as
Azure's do: lower-cased type, subscriptionId and resourceGroup beside the body, no instance view.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator

from muster.local.arm.estate import Estate
from muster.values.json import Json, JsonObject
from muster.values.resource_id import segments

_LITERAL = r"'((?:[^'\\]|\\.)*)'"
_PATH = r"([A-Za-z][\w.]{0,120})"
_WHERE = re.compile(rf"where {_PATH} =~ {_LITERAL}", re.ASCII)
_WHERE_IN = re.compile(rf"where {_PATH} in~ \(({_LITERAL}(?:, ?{_LITERAL})*)\)", re.ASCII)
_PROJECT = re.compile(r"project (.+)", re.ASCII)
_COLUMN = re.compile(rf"(?:(\w+) = )?{_PATH}", re.ASCII)
_ORDER = re.compile(rf"order by {_PATH} asc", re.ASCII)
_STEP = re.compile(rf"(?:{_LITERAL}|[^|'])+", re.ASCII)
_ONE_LITERAL = re.compile(_LITERAL, re.ASCII)
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)

_VAULTED = "microsoft.recoveryservices/"
_SUBSCRIPTIONS = "microsoft.resources/subscriptions"
_GROUPS = "microsoft.resources/subscriptions/resourcegroups"


HELD = 4
"""How many answers are held at most for whoever asks for their further pages, the oldest dropped first."""


class UnknownQuery(ValueError):
    """A query that is not in this part of the language."""


class HeldAnswers:
    """All rows of an answer, kept while its pages are asked for: a sweep asks for hundreds, and finding and ordering
    the rows anew for each takes a large estate seconds."""

    def __init__(self) -> None:
        self._held: dict[Hashable, list[JsonObject]] = {}

    def rows(self, asked: Hashable, find: Callable[[], list[JsonObject]], *, start: int, end: int) -> list[JsonObject]:
        """The rows of the answer to a question, which `find` finds; whoever asks wants the page from `start` to `end`.
        They are found for the first page, and where they are held no longer."""
        held = self._held.pop(asked, None)
        found = held if held is not None and start > 0 else find()
        if end < len(found):
            while len(self._held) >= HELD:
                del self._held[next(iter(self._held))]
            self._held[asked] = found
        return found


def answer(query: str, estate: Estate, subscriptions: frozenset[str]) -> list[JsonObject]:
    """The rows of a query in some (lower-cased) subscriptions, all of them where none is named. Raises UnknownQuery."""
    steps = [found.group().strip() for found in _STEP.finditer(query)]
    table = _TABLES.get(steps[0].lower()) if steps else None
    if table is None:
        raise UnknownQuery(f"no table {steps[:1]}")
    rows = [row for row in table(estate) if not subscriptions or row["subscriptionId"] in subscriptions]
    for step in steps[1:]:
        rows = _applied(step, rows)
    return rows


def _applied(step: str, rows: list[JsonObject]) -> list[JsonObject]:
    if match := _WHERE.fullmatch(step):
        return [row for row in rows if _folded(_value(row, match[1])) == _text(match[2]).lower()]
    if match := _WHERE_IN.fullmatch(step):
        wanted = {_text(literal).lower() for literal in _ONE_LITERAL.findall(match[2])}
        return [row for row in rows if _folded(_value(row, match[1])) in wanted]
    if match := _ORDER.fullmatch(step):
        path = match[1]
        return sorted(rows, key=lambda row: str(_value(row, path)))
    if match := _PROJECT.fullmatch(step):
        columns = [_COLUMN.fullmatch(column.strip()) for column in match[1].split(",")]
        if all(columns):
            return [_projected(row, [(c[1] or c[2].replace(".", "_"), c[2]) for c in columns if c]) for row in rows]
    raise UnknownQuery(f"no step like {step!r}")


def _projected(row: JsonObject, columns: Iterable[tuple[str, str]]) -> JsonObject:
    return {name: _value(row, path) for name, path in columns}


def _value(row: Json, path: str) -> Json:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _folded(value: Json) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _text(literal: str) -> str:
    return _UNESCAPED.sub(r"\1", literal)


def _resources(estate: Estate) -> Iterator[JsonObject]:
    return map(_row, estate.rows(lambda kind: not kind.startswith(_VAULTED)))


def _vaulted(estate: Estate) -> Iterator[JsonObject]:
    return map(_row, estate.rows(lambda kind: kind.startswith(_VAULTED)))


def _containers(estate: Estate) -> Iterator[JsonObject]:
    for body in estate.containers():
        row = _row(body)
        row["type"] = _GROUPS if row["resourceGroup"] else _SUBSCRIPTIONS
        if not row["resourceGroup"]:
            names = estate.management_groups.get(str(row["subscriptionId"]), ())
            chain: list[Json] = [{"name": name, "displayName": name} for name in names]
            row["properties"] = {"managementGroupAncestorsChain": chain, "state": "Enabled"}
        yield row


def _row(body: JsonObject) -> JsonObject:
    parts = segments(str(body["id"]).lower())
    row = {**body, "type": str(body.get("type", "")).lower()}
    row |= {"subscriptionId": parts.get("subscriptions", ""), "resourceGroup": parts.get("resourcegroups", "")}
    properties = row.get("properties")
    if isinstance(properties, dict) and "instanceView" in properties:
        row["properties"] = {name: value for name, value in properties.items() if name != "instanceView"}
    return row


_TABLES: dict[str, Callable[[Estate], Iterator[JsonObject]]] = {
    "resources": _resources,
    "recoveryservicesresources": _vaulted,
    "resourcecontainers": _containers,
}
