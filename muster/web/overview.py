"""The first page: how the fleet is, what changed, and what muster could not see."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from muster.values.instant import format_instant
from muster.values.listing import FacetValue, SystemCount
from muster.values.selection import PHASES, SKIPS_IMAGE, Facet, Selection
from muster.values.states import State
from muster.web.drawing import Bar, parts
from muster.web.exports import OVERVIEW_EXPORT, command_line, export_links, fits
from muster.web.links import WORDS, address
from muster.web.page import Page, Sources, View
from muster.web.query import Parameters
from muster.web.shapes import change_json, envelope, facets_json

CHANGES = 12
EXPIRING_DAYS = 30
SYSTEMS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts and where that is listed."""

    value: int
    label: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A distribution: how many machines in which phase."""

    label: str
    count: int
    href: str
    bars: tuple[Bar, ...]


def _overview(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    subscriptions, today = sources.viewer.subscriptions, sources.today
    index = sources.index
    since = format_instant(sources.now - timedelta(days=1))
    counts = index.overview(subscriptions, since)
    facets, lanes = _systems(index.systems(selection, subscriptions, today))
    changes = index.changes(subscriptions, since, CHANGES)
    soon = str(today + timedelta(days=EXPIRING_DAYS))
    expiring = [row for row in index.exempted(subscriptions, today) if row.expires and row.expires[:10] <= soon]
    damaged = index.damaged() if subscriptions is None else ()
    unprocessed = index.unprocessed(subscriptions, 0).count
    total = sum(counts.states.values())
    states = [_figure(Facet.STATE, state, count, "/resources") for state, count in counts.states.items()]
    severities = [
        Figure(
            count,
            WORDS[severity],
            severity,
            address("/findings", Selection({Facet.SEVERITY: (severity,), Facet.STATE: (State.NON_COMPLIANT,)})),
        )
        for severity, count in counts.severities.items()
    ]
    unchecked = counts.unknown_results + counts.error_results
    data = envelope(
        sources,
        selection,
        resources=total,
        states={state.value: count for state, count in counts.states.items()},
        severities={severity.value: count for severity, count in counts.severities.items()},
        distribution=facets_json({Facet.DISTRIBUTION: facets[Facet.DISTRIBUTION]})[Facet.DISTRIBUTION],
        phase=facets_json({Facet.PHASE: facets[Facet.PHASE]})[Facet.PHASE],
        changed={
            "since": since,
            "resources": counts.changed_resources,
            "results": [change_json(row) for row in changes],
        },
        notChecked={
            "unknownResults": counts.unknown_results,
            "errorResults": counts.error_results,
            "damagedFindings": len(damaged),
            "unprocessedEvents": unprocessed,
        },
        skippedImages=counts.skipped_images,
        exemptions={"results": counts.exempt_results, "expiringSoon": len(expiring)},
    )
    shown = {
        "total": total,
        "counts": counts,
        "compliant": counts.states[State.COMPLIANT],
        "states": states,
        "state_bar": parts({state.value: count for state, count in counts.states.items()}),
        "severities": severities,
        "most_severe": max(counts.severities.values(), default=0),
        "phases": [_figure(Facet.PHASE, one.value, one.count, "/resources") for one in facets[Facet.PHASE]],
        "phase_bar": parts({one.value: one.count for one in facets[Facet.PHASE]}),
        "lanes": lanes,
        "changes": changes,
        "unchecked": unchecked,
        "damaged": damaged,
        "unprocessed": unprocessed,
        "most": next(iter(index.by_policy((State.UNKNOWN, State.ERROR), subscriptions)), None),
        "expiring": expiring,
        "expiring_days": EXPIRING_DAYS,
        "exports": export_links(OVERVIEW_EXPORT, Selection()) if fits(total, counts.results) else [],
        "command": command_line(Selection(), "html"),
        "gap_href": address("/findings", Selection({Facet.STATE: (SKIPS_IMAGE,)})),
    }
    others = {
        "unknownResults": counts.unknown_results,
        "errorResults": counts.error_results,
        "damagedFindings": len(damaged),
        "unprocessedEvents": unprocessed,
        "skippedImages": counts.skipped_images,
        "exemptResults": counts.exempt_results,
        "exemptionsExpiringSoon": len(expiring),
        "changedResources": counts.changed_resources,
    }
    return View(shown, data, ("what", "value", "count"), _cells(states, severities, facets, others))


def _figure(facet: Facet, value: str, count: int, path: str) -> Figure:
    return Figure(count, WORDS.get(value, value), value, address(path, Selection({facet: (value,)})))


def _systems(counts: Iterable[SystemCount]) -> tuple[dict[Facet, list[FacetValue]], list[Lane]]:
    """How many machines are in which phase, of which distribution, and a lane for each of those that most run."""
    phases: Counter[str] = Counter()
    products: dict[tuple[str, str], Counter[str]] = {}
    for one in counts:
        phases[one.lifetime.phase] += one.machines
        products.setdefault((one.lifetime.product, one.lifetime.title), Counter())[one.lifetime.phase] += one.machines
    ordered = sorted(products.items(), key=lambda item: (-item[1].total(), item[0]))
    most = max((of.total() for of in products.values()), default=1)
    lanes = []
    for (product, title), of in ordered[:SYSTEMS]:
        bars = parts({phase: of[phase] for phase in PHASES}, width=max(1000 * of.total() / most, 24), gap=2)
        lanes.append(Lane(title, of.total(), address("/resources", Selection({Facet.DISTRIBUTION: (product,)})), bars))
    facets = {
        Facet.PHASE: [FacetValue(phase, phase, phases[phase]) for phase in PHASES if phases[phase]],
        Facet.DISTRIBUTION: [FacetValue(product, title, of.total()) for (product, title), of in ordered],
    }
    return facets, lanes


def _cells(
    states: Iterable[Figure],
    severities: Iterable[Figure],
    facets: Mapping[Facet, Iterable[FacetValue]],
    others: Mapping[str, int],
) -> Iterable[tuple[object, ...]]:
    yield from (("state", figure.kind, figure.value) for figure in states)
    yield from (("severity", figure.kind, figure.value) for figure in severities)
    for facet in (Facet.PHASE, Facet.DISTRIBUTION):
        yield from ((facet, one.value, one.count) for one in facets[facet])
    yield from ((what, "", count) for what, count in others.items())


OVERVIEW = Page(
    "overview",
    "/overview",
    "Overview",
    "Counts of everything that the viewer may see, what changed in the last day, and what could not be checked.",
    Parameters(),
    _overview,
)
