"""What muster does not say: what could not be checked, rules that skip images, and what is exempt."""

from collections.abc import Mapping
from datetime import date

from muster.values.json import JsonObject
from muster.values.listing import FindingRow, PolicyCount, Unprocessed
from muster.values.selection import SKIPS_IMAGE, Facet, Selection
from muster.values.states import State
from muster.web.links import address
from muster.web.page import Page, Sources, View
from muster.web.query import Parameters
from muster.web.shapes import envelope, rule_json

SOON_DAYS = 30
MAX_ROWS = 100
"""Most of what could not be processed that is listed."""

_POLICY_COLUMNS = ("policy", "displayName", "severity", "assignment", "results", "example")


def _unchecked(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    subscriptions = sources.viewer.subscriptions
    unknown = sources.index.by_policy((State.UNKNOWN,), subscriptions)
    failed = sources.index.by_policy((State.ERROR,), subscriptions)
    damaged = sources.index.damaged() if subscriptions is None else ()
    unprocessed = sources.index.unprocessed(subscriptions, MAX_ROWS)
    data = envelope(
        sources,
        selection,
        unknown=[*map(_policy_json, unknown)],
        error=[*map(_policy_json, failed)],
        damaged=[{"blob": one.name, "why": one.why} for one in damaged],
        unprocessed=_unprocessed_json(unprocessed),
    )
    shown = {
        "unknown": _linked(unknown, State.UNKNOWN),
        "failed": _linked(failed, State.ERROR),
        "damaged": damaged,
        "unprocessed": unprocessed,
        "unseen": unprocessed.count - len(unprocessed.rows),
    }
    rows = [("Unknown", *_policy_cells(one), "", "") for one in unknown]
    rows += [("Error", *_policy_cells(one), "", "") for one in failed]
    rows += [("Damaged", "", "", "", "", 1, f"{one.name}: {one.why}", "", "") for one in damaged]
    rows += [
        ("Unprocessed", one.reason, "", "", "", one.count, _example(unprocessed, one.reason), one.since, one.newest)
        for one in unprocessed.reasons
    ]
    return View(shown, data, ("state", *_POLICY_COLUMNS, "since", "newest"), rows)


def _unprocessed_json(found: Unprocessed) -> JsonObject:
    return {
        "total": found.count,
        "others": found.others,
        "more": found.more,
        "reasons": [
            {"reason": one.reason, "count": one.count, "since": one.since, "newest": one.newest}
            for one in found.reasons
        ],
        "items": [
            {
                "at": one.at,
                "reason": one.reason,
                "resource": one.resource or None,
                "subscription": one.subscription or None,
                "message": one.message or None,
                "blob": one.name,
            }
            for one in found.rows
        ],
    }


def _example(found: Unprocessed, reason: str) -> str:
    return next((one.message for one in found.rows if one.reason == reason), "")


def _gaps(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    found = sources.index.by_policy((SKIPS_IMAGE,), sources.viewer.subscriptions)
    data = envelope(sources, selection, items=[*map(_policy_json, found)])
    return View({"gaps": _linked(found, SKIPS_IMAGE)}, data, _POLICY_COLUMNS, map(_policy_cells, found))


def _exemptions(sources: Sources, selection: Selection, _extra: Mapping[str, str]) -> View:
    rows = sources.index.exempted(sources.viewer.subscriptions, sources.today)
    shown = {
        "exemptions": [
            (
                row,
                _days(row, sources.today),
                address("/findings", Selection({Facet.STATE: (State.EXEMPT,), Facet.POLICY: (row.rule.policy,)})),
            )
            for row in rows
        ],
        "soon": SOON_DAYS,
    }
    data = envelope(sources, selection, items=[_exemption_json(row, sources.today) for row in rows])
    columns = ("exemption", "expires", "daysLeft", "results", "policy", "exampleResource")
    return View(
        shown,
        data,
        columns,
        [
            (
                row.exemption,
                row.expires,
                "" if (days := _days(row, sources.today)) is None else days,
                row.message,
                row.rule.policy,
                row.resource.id,
            )
            for row in rows
        ],
    )


def _linked(counts: tuple[PolicyCount, ...], state: str) -> list[tuple[PolicyCount, str]]:
    return [
        (one, address("/findings", Selection({Facet.STATE: (state,), Facet.POLICY: (one.rule.policy,)})))
        for one in counts
    ]


def _policy_json(one: PolicyCount) -> JsonObject:
    return {**rule_json(one.rule), "results": one.count, "example": one.example or None}


def _policy_cells(one: PolicyCount) -> tuple[object, ...]:
    rule = one.rule
    return rule.policy, rule.display_name, rule.severity, rule.assignment, one.count, one.example


def _exemption_json(row: FindingRow, today: date) -> JsonObject:
    return {
        "exemption": row.exemption,
        "expires": row.expires or None,
        "daysLeft": _days(row, today),
        "results": int(row.message.replace(",", "")),
        "policy": row.rule.policy,
        "exampleResource": row.resource.id,
    }


def _days(row: FindingRow, today: date) -> int | None:
    try:
        return (date.fromisoformat(row.expires[:10]) - today).days
    except ValueError:
        return None


UNCHECKED = Page(
    "unchecked",
    "/unchecked",
    "Not checked",
    "What could not be checked and why: by policy, and what could not be processed at all.",
    Parameters(),
    _unchecked,
)
GAPS = Page(
    "gaps",
    "/gaps",
    "Scope gaps",
    "Rules that silently skip images, and how many resources that is.",
    Parameters(),
    _gaps,
)
EXEMPTIONS = Page(
    "exemptions",
    "/exemptions",
    "Exemptions",
    "Exemptions that are used, those that end first at the beginning.",
    Parameters(),
    _exemptions,
)
