"""One resource: what it runs, how long that is supported, each result with its reasons, and how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from muster.jobs.resource_story import Story, Told
from muster.report.finding_diff import Difference, finding_diff
from muster.values.json import Json, JsonObject, as_list, as_object, as_text, canonical
from muster.values.selection import Facet, Selection
from muster.values.states import ROLL_UP_ORDER, Severity
from muster.web.drawing import time_line
from muster.web.exports import RESOURCE_EXPORT, export_links, nothing_known
from muster.web.links import address
from muster.web.page import Page, Sources, View
from muster.web.query import Parameters
from muster.web.request import BadQuery, Fault, NotThere
from muster.web.shapes import envelope, lifetime_json

_COLUMNS = (
    "state",
    "severity",
    "policy",
    "displayName",
    "message",
    "reasons",
    "remediation",
    "exemption",
    "controls",
    "id",
)
_SEVERITIES = [severity.value for severity in Severity]
_STATES = [state.value for state in ROLL_UP_ORDER]


@dataclass(frozen=True, slots=True)
class Reason:
    """What was found and expected at a path, as text."""

    text: str
    path: str
    operator: str
    expected: str
    found: str
    found_state: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result. `steps` are lines of text, `commands` lines to type, `controls` names with where their findings are."""

    state: str
    severity: str
    policy: str
    title: str
    message: str
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...]
    commands: tuple[str, ...]
    documentation: str
    underneath: str
    exemption: str
    assignment: str
    controls: tuple[tuple[str, str], ...]
    definition: str
    effect: str
    enforced: bool
    id: str

    @property
    def asks(self) -> bool:
        """Whether somebody should look."""
        return self.state in ("NonCompliant", "Error", "Unknown")


def _resource(sources: Sources, selection: Selection, extra: Mapping[str, str]) -> View:
    story = sources.story
    if story is None or not _visible(story, sources):
        raise nothing_known()
    if story.latest is None:
        raise NotThere(story.fault or "Nothing is known of this resource.")
    try:
        return _built(sources, selection, extra, story, story.latest)
    except (KeyError, TypeError, ValueError) as error:
        raise NotThere("The latest finding of this resource is damaged.") from error


def _built(sources: Sources, selection: Selection, extra: Mapping[str, str], story: Story, finding: JsonObject) -> View:
    day = selection.as_of or sources.today
    resource, image = as_object(finding["resource"]), as_object(finding["image"])
    system = {**image, "entitled": as_object(finding["lifecycle"]).get("entitled")}
    lifetime = sources.lifetimes(system, day)
    results = sorted(map(_result, map(as_object, as_list(finding["results"]))), key=_rank)
    before, after, difference = _compared(story, extra)
    here = {"id": as_text(resource["id"])}
    shown = {
        "resource": resource,
        "tags": as_object(resource["tags"]),
        "finding": finding,
        "evaluation": as_object(finding["evaluation"]),
        "image": _facts(image),
        "evidence": [*map(_json_text, as_list(image.get("evidence") or []))],
        "lifetime": lifetime,
        "days_left": (lifetime.last_day - day).days if lifetime.last_day else None,
        "line": time_line(lifetime, _day(image.get("publishedDate")), day),
        "day": day,
        "selection": selection,
        "asking": [result for result in results if result.asks],
        "others": [result for result in results if not result.asks],
        "unavailable": [*map(_json_text, as_list(finding["unavailable"]))],
        "warnings": [*map(_json_text, as_list(finding["warnings"]))],
        "story": story,
        "before": before,
        "after": after,
        "difference": difference,
        "history": [
            (told, _compare_address(here["id"], story.evaluations[place + 1 : place + 2], told))
            for place, told in enumerate(story.evaluations)
        ],
        "next_year": address("/resource", Selection(as_of=sources.today + timedelta(days=365)), here),
        "today_address": address("/resource", extra=here),
        "kept": [("id", here["id"])],
        "exports": export_links(RESOURCE_EXPORT, Selection(), here),
    }
    data = envelope(
        sources,
        None,
        asOf=str(day),
        lifecycleAsOf=lifetime_json(lifetime),
        finding=finding,
        history=[_told_json(told) for told in story.evaluations],
        historyFault=story.fault or None,
        moreHistory=story.more,
        difference=_difference_json(before, after, difference) if difference and before and after else None,
    )
    return View(shown, data, _COLUMNS, map(_cells, results))


def _visible(story: Story, sources: Sources) -> bool:
    allowed = sources.viewer.subscriptions
    if allowed is None:
        return True
    parts = story.id.lower().split("/")
    return len(parts) > 2 and parts[2] in allowed


def _compared(story: Story, extra: Mapping[str, str]) -> tuple[Told | None, Told | None, Difference | None]:
    """The two evaluations that are compared: those that were asked for, else the latest with the one before."""
    faults = []
    wanted: list[Told | None] = []
    for name, place in (("from", 1), ("to", 0)):
        told = story.evaluations[place] if len(story.evaluations) > place else None
        if extra.get(name):
            told = story.evaluation(extra[name])
            if told is None:
                faults.append(Fault(name, "is not the id of an evaluation in this history"))
        wanted.append(told)
    if faults:
        raise BadQuery(faults)
    before, after = wanted
    difference = finding_diff(before.document, after.document) if before and after else None
    return before, after, difference


def _compare_address(identifier: str, earlier: tuple[Told, ...], told: Told) -> str:
    return address("/resource", extra={"id": identifier, "from": earlier[0].id, "to": told.id}) if earlier else ""


def _result(result: JsonObject) -> ShownResult:
    lines = [line.strip() for line in _text(result["remediation"]).splitlines() if line.strip()]
    documentation = _text(result["documentation"])
    return ShownResult(
        state=as_text(result["state"]),
        severity=as_text(result["severity"]),
        policy=(_text(result["reference"]) or as_text(result["definition"])).rpartition("/")[2],
        title=as_text(result["displayName"]),
        message=as_text(result["message"]),
        reasons=tuple(map(_reason, map(as_object, as_list(result["reasons"])))),
        steps=tuple(line for line in lines if not line.startswith("az ")),
        commands=tuple(line for line in lines if line.startswith("az ")),
        documentation=documentation if documentation.startswith(("https://", "http://")) else "",
        underneath=_text(result["underneath"]),
        exemption=_text(result["exemption"]),
        assignment=as_text(result["assignment"]),
        controls=tuple(
            (name, address("/findings", Selection({Facet.CONTROL: (name,)})))
            for name in dict.fromkeys(map(as_text, as_list(result["groups"])))
        ),
        definition=as_text(result["definition"]),
        effect=as_text(result["effect"]),
        enforced=result["enforced"] is True,
        id=as_text(result["id"]),
    )


def _reason(reason: JsonObject) -> Reason:
    return Reason(
        text=as_text(reason["text"]),
        path=_text(reason["field"]) or _text(reason["path"]),
        operator=_text(reason["operator"]),
        expected=_json_text(reason["expected"]) if reason["expected"] is not None else "",
        found=_json_text(reason["found"]) if reason["foundState"] == "present" else "",
        found_state=as_text(reason["foundState"]),
    )


def _rank(result: ShownResult) -> tuple[int, int, str]:
    first = ["NonCompliant", "Error", "Unknown"]
    order = first.index(result.state) if result.state in first else len(first) + _STATES.index(result.state)
    return order, _SEVERITIES.index(result.severity), result.title


def _facts(image: JsonObject) -> list[tuple[str, str]]:
    """The facts about an image that are known, nested ones by their dotted names."""
    found: list[tuple[str, str]] = []
    for name, value in image.items():
        if isinstance(value, dict):
            found += [(f"{name}.{inner}", _json_text(one)) for inner, one in value.items() if one is not None]
        elif value is not None and name != "evidence":
            found.append((name, _json_text(value)))
    return found


def _cells(result: ShownResult) -> tuple[object, ...]:
    reasons = " ".join(reason.text for reason in result.reasons)
    remediation = " ".join((*result.steps, *result.commands))
    return (
        result.state,
        result.severity,
        result.policy,
        result.title,
        result.message,
        reasons,
        remediation,
        result.exemption,
        ", ".join(name for name, _ in result.controls),
        result.id,
    )


def _told_json(told: Told) -> JsonObject:
    return {
        "id": told.id,
        "observedAt": told.observed_at,
        "cause": told.cause,
        "state": told.state,
        "caller": told.caller or None,
    }


def _difference_json(before: Told, after: Told, difference: Difference) -> JsonObject:
    return {
        "from": before.id,
        "to": after.id,
        "results": [
            {
                "id": one.id,
                "policy": one.policy,
                "before": one.before or None,
                "after": one.after or None,
                "message": one.message,
            }
            for one in difference.results
        ],
        "facts": [{"name": one.name, "before": one.before, "after": one.after} for one in difference.facts],
    }


def _json_text(value: Json) -> str:
    return value if isinstance(value, str) else canonical(value)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None


RESOURCE = Page(
    "resource",
    "/resource",
    "Resource",
    "One resource: its latest finding, its lifecycle on the day asOf, its history, and the difference of two "
    "evaluations (the latest two where from and to are not given).",
    Parameters(dated=True, extra=("id", "from", "to")),
    _resource,
    required=("id",),
)
