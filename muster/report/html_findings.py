"""Findings as one page that needs nothing else and can be mailed: counts, drawn, and the worst findings.

It stays readable, and small enough for a mail, however many findings there are: MAX_ROWS of them are listed, the worst
first; the others are counted.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from muster.report.stated import Stated, stated, subject_of
from muster.report.visible import visible
from muster.values.instant import format_instant
from muster.values.json import JsonObject, as_text
from muster.values.states import ROLL_UP_ORDER, Severity, State

MAX_ROWS = 500
MAX_GROUPS = 40
"""Most policies, controls and systems that are listed."""
MAX_KEPT = 5_000
"""Most policies, controls and systems that are counted each on their own."""
MAX_TEXT = 400

LISTED = (State.NON_COMPLIANT, State.ERROR, State.UNKNOWN)
_SEVERITIES = tuple(Severity)


class Template(Protocol):
    """A template that escapes what it is given (templates/findings.html, loaded with autoescape)."""

    def render(self, **context: object) -> str:
        """The page."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A finding in the list."""

    state: State
    severity: Severity
    name: str
    resource: str
    system: str
    policy: str
    message: str
    remediation: str
    documentation: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar; `x` and `width` in hundredths of it."""

    label: str
    kind: str
    count: int
    x: float
    width: float


class HtmlExport:
    """The report. `made_at` is the time that it carries; `titles` names products (`ubuntu` -> `Ubuntu`)."""

    def __init__(self, template: Template, made_at: datetime, titles: Mapping[str, str]) -> None:
        self._template = template
        self._made_at = made_at
        self._titles = titles
        self._resources: Counter[State] = Counter()
        self._states: Counter[State] = Counter()
        self._severities: Counter[Severity] = Counter()
        self._policies: dict[str, Counter[State]] = {}
        self._controls: dict[str, Counter[State]] = {}
        self._systems: dict[str, Counter[State]] = {}
        self._worst: list[tuple[tuple[int, int, int], Row]] = []
        self._number = 0

    def head(self) -> str:
        """Nothing: the page begins with what is known at its end."""
        return ""

    def part(self, finding: JsonObject) -> Iterator[str]:
        """Count the document's results."""
        subject, results = subject_of(finding), stated(finding)
        if subject.gone:
            return
        state = State(as_text(finding["state"]))
        self._resources[state] += 1
        _count(self._systems, self._system(subject.system), state)
        for said in results:
            self._add(said)
        yield from ()

    def tail(self) -> str:
        """The page."""
        rows = [row for _, row in sorted(self._worst, key=lambda kept: kept[0], reverse=True)]
        asked = sum(self._states[state] for state in LISTED)
        return self._template.render(
            made_at=format_instant(self._made_at.replace(microsecond=0)),
            resources=self._resources.total(),
            findings=self._states.total(),
            by_state=_shares((state.value, state.value, self._resources[state]) for state in ROLL_UP_ORDER),
            by_severity=_shares((severity.value, severity.value, self._severities[severity]) for severity in Severity),
            states=[(state.value, self._states[state]) for state in ROLL_UP_ORDER],
            policies=_groups(self._policies),
            controls=_groups(self._controls),
            systems=_groups(self._systems),
            rows=rows,
            hidden=asked - len(rows),
        )

    def _system(self, system: str) -> str:
        product, _, release = system.partition(" ")
        return f"{self._titles.get(product, product)} {release}".strip() or "not known"

    def _add(self, said: Stated) -> None:
        self._number += 1
        self._states[said.state] += 1
        _count(self._policies, _short(said.title), said.state)
        for control in dict.fromkeys(said.groups):
            _count(self._controls, _short(control), said.state)
        if said.state not in LISTED:
            return
        if said.state is State.NON_COMPLIANT:
            self._severities[said.severity] += 1
        rank = (-LISTED.index(said.state), -_SEVERITIES.index(said.severity), -self._number)
        if len(self._worst) == MAX_ROWS and rank < self._worst[0][0]:
            return
        kept = (rank, self._row(said))
        (heapq.heappushpop if len(self._worst) == MAX_ROWS else heapq.heappush)(self._worst, kept)

    def _row(self, said: Stated) -> Row:
        documented = said.documentation.startswith("https://")
        return Row(
            state=said.state,
            severity=said.severity,
            name=_short(said.subject.name),
            resource=_short(said.subject.id),
            system=_short(self._system(said.subject.system)),
            policy=_short(said.title),
            message=_short(said.message),
            remediation=_short(said.remediation),
            documentation=said.documentation if documented and len(said.documentation) <= MAX_TEXT else "",
        )


def _count(groups: dict[str, Counter[State]], name: str, state: State) -> None:
    kept = name if name in groups or len(groups) < MAX_KEPT else "(others)"
    groups.setdefault(kept, Counter())[state] += 1


def _groups(groups: Mapping[str, Counter[State]]) -> list[tuple[str, list[int]]]:
    """Name and counts by LISTED of those that ask for something, most first."""
    rows = [(visible(name), [counts[state] for state in LISTED]) for name, counts in groups.items()]
    asking = [row for row in rows if any(row[1])]
    return sorted(asking, key=lambda row: ([-count for count in row[1]], row[0]))[:MAX_GROUPS]


def _shares(parts: Iterator[tuple[str, str, int]]) -> list[Share]:
    counted = [part for part in parts if part[2]]
    total = sum(count for _, _, count in counted)
    shares, x = [], 0.0
    for label, kind, count in counted:
        width = count / total * 100
        shares.append(Share(label, kind, count, round(x, 3), round(width, 3)))
        x += width
    return shares


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= MAX_TEXT else f"{shown[:MAX_TEXT]}..."
