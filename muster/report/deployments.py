"""One row a resource: what it runs, how long that is supported, what was found, and the worst of it in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from muster.values.json import Json, JsonObject, as_list, as_object, as_text
from muster.values.states import Severity, State

COLUMNS = ("VM", "System", "Support", "Findings", "Worst")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A row. All texts are plain and may hold what strangers wrote: whoever prints them escapes them.

    `counts` are the NonCompliant results by severity; `worst` says what the worst result says, "" where all is well.
    """

    name: str
    system: str
    support: str
    state: State
    counts: Mapping[Severity, int]
    worst: str

    @property
    def findings(self) -> str:
        """`1 critical, 3 high`; the state where nothing is NonCompliant."""
        counted = [f"{count} {severity}" for severity, count in self.counts.items() if count]
        return ", ".join(counted) or {State.COMPLIANT: "none"}.get(self.state, self.state)


def deployments(findings: Iterable[JsonObject], today: date, titles: Mapping[str, str]) -> tuple[Deployment, ...]:
    """The rows of finding documents, worst first. `titles` names products (`ubuntu` -> `Ubuntu`).

    Days left are counted from `today`, whenever the finding was made.
    """
    rows = [_row(finding, today, titles) for finding in findings]
    return tuple(sorted(rows, key=lambda row: ([-row.counts[severity] for severity in Severity], row.name)))


def _row(finding: JsonObject, today: date, titles: Mapping[str, str]) -> Deployment:
    """A finding's row; one that is damaged says so, and the rest goes on."""
    try:
        return _deployment(finding, today, titles)
    except (KeyError, TypeError, ValueError):
        resource = finding.get("resource")
        name = _text(resource.get("id")) if isinstance(resource, dict) else ""
        worst = "What is stored here is not a finding, or a damaged one."
        return Deployment(name, "unknown", "unknown", State.ERROR, dict.fromkeys(Severity, 0), worst)


def _deployment(finding: JsonObject, today: date, titles: Mapping[str, str]) -> Deployment:
    resource, counts = as_object(finding["resource"]), as_object(as_object(finding["counts"])["bySeverity"])
    return Deployment(
        name=_text(resource["name"]) or _text(resource["id"]),
        system=_system(as_object(finding["image"]), titles),
        support=_support(as_object(finding["lifecycle"]), today),
        state=State(as_text(finding["state"])),
        counts={severity: int(str(counts[severity])) for severity in Severity},
        worst=_worst(finding),
    )


def _system(image: JsonObject, titles: Mapping[str, str]) -> str:
    product = _text(image.get("product"))
    if not product:
        return "unknown"
    release = _text(image.get("release")) or _text(image.get("cycle"))
    # A title may explain itself in brackets, for which a row has no room.
    title = titles.get(product, product).partition(" (")[0]
    return f"{title} {release}".rstrip()


def _support(lifecycle: JsonObject, today: date) -> str:
    phase = _text(lifecycle.get("phase"))
    if not phase or phase == "rolling":
        return phase or "unknown"
    end = lifecycle.get("extendedEndDate" if phase == "extended" else "endOfSupportDate")
    if not isinstance(end, str):
        return phase if phase == "ended" else f"{phase}, no end published"
    left = (date.fromisoformat(end) - today).days
    days = f"{abs(left):,} day{'s' * (abs(left) != 1)}"
    if left < 0:
        return f"ended {days} ago"
    programme = _text(lifecycle.get("extendedProgramme")) if phase == "extended" else ""
    return f"{phase}{programme and ' by '}{programme}, {days} left"


_WORST_FIRST = (State.NON_COMPLIANT, State.ERROR, State.UNKNOWN)


def _worst(finding: JsonObject) -> str:
    """The message of the worst result: a NonCompliant one by severity, else an Error, else an Unknown."""
    severities = list(Severity)
    ranked = [
        (_WORST_FIRST.index(state), severities.index(Severity(as_text(result["severity"]))), result)
        for result in map(as_object, as_list(finding["results"]))
        if (state := State(as_text(result["state"]))) in _WORST_FIRST
    ]
    if not ranked:
        return ""
    worst = min(ranked, key=lambda entry: entry[:2])[2]
    return _text(worst["message"]) or _text(worst["displayName"])


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
