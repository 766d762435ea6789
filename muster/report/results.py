"""Results that ask for something to be done, one row each, and a sentence that counts all."""

from collections.abc import Iterable
from dataclasses import dataclass

from muster.values.json import JsonObject, as_list, as_object, as_text
from muster.values.states import ROLL_UP_ORDER, Severity, State

COLUMNS = ("Resource", "State", "Severity", "Policy", "Why")

SHOWN = (State.NON_COMPLIANT, State.ERROR, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result. All texts are plain and may hold what strangers wrote: whoever prints them escapes them."""

    resource: str
    state: State
    severity: Severity
    policy: str
    why: str


def result_rows(findings: Iterable[JsonObject]) -> tuple[ResultRow, ...]:
    """NonCompliant results by severity, then Error, then Unknown; the same policy's beside each other."""
    severities = list(Severity)
    rows = [
        row
        for finding in findings
        for result in map(as_object, as_list(finding["results"]))
        if (row := _row(as_object(finding["resource"]), result)).state in SHOWN
    ]
    return tuple(
        sorted(rows, key=lambda row: (SHOWN.index(row.state), severities.index(row.severity), row.policy, row.resource))
    )


def result_states(finding: JsonObject) -> tuple[State, ...]:
    """The state of every result of a finding document."""
    return tuple(State(as_text(as_object(result)["state"])) for result in as_list(finding["results"]))


def summary(findings: Iterable[JsonObject]) -> str:
    """`22 resources: 15 NonCompliant, 6 Compliant, 1 NotApplicable.`, worst first."""
    states = [as_text(finding["state"]) for finding in findings]
    counted = [f"{count} {state}" for state in ROLL_UP_ORDER if (count := states.count(state))]
    return f"{len(states)} resource{'s' * (len(states) != 1)}{': ' * bool(counted)}{', '.join(counted)}."


def _row(resource: JsonObject, result: JsonObject) -> ResultRow:
    return ResultRow(
        resource=as_text(resource["name"] or resource["id"]),
        state=State(as_text(result["state"])),
        severity=Severity(as_text(result["severity"])),
        policy=as_text(result["displayName"]),
        why=as_text(result["message"]),
    )
