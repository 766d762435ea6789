"""Changes between two findings: what counts as one, ids that stay, and the lines of the feed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.report.feed_line import feed_line
from muster.report.finding_change import ChangeKind, finding_changes
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_object
from muster.values.states import Severity, State
from tests.golden_files import check_golden
from tests.report.conftest import Findings

N, C, E, U, X, A = (
    State.NON_COMPLIANT,
    State.COMPLIANT,
    State.EXEMPT,
    State.UNKNOWN,
    State.ERROR,
    State.NOT_APPLICABLE,
)
STATES = st.sampled_from(State)


def finding(state: State | None, **parts: object) -> JsonObject:
    """A finding document with one result, or none."""
    return Findings.document("vm", () if state is None else (Findings.result(state, id="a" * 64, **parts),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, N, "opened"),
        (None, U, "opened"),
        (None, X, "opened"),
        (None, E, "opened"),
        (None, C, None),
        (None, A, None),
        (C, N, "opened"),
        (A, X, "opened"),
        (C, A, None),
        (A, C, None),
        (N, N, None),
        (N, U, "changed"),
        (N, E, "changed"),
        (E, N, "changed"),
        (N, C, "closed"),
        (E, C, "closed"),
        (U, A, "closed"),
        (X, None, "closed"),
        (C, None, None),
    ],
)
def test_what_is_a_change(before: State | None, after: State | None, kind: str | None) -> None:
    changes = finding_changes(finding(before), finding(after))
    assert [change.kind.value for change in changes] == ([] if kind is None else [kind])
    assert [change.before for change in changes] == ([] if kind is None else [before])


def test_another_severity_or_state_under_an_exemption_is_a_change() -> None:
    (heavier,) = finding_changes(finding(N, severity=Severity.LOW), finding(N, severity=Severity.HIGH))
    (other,) = finding_changes(finding(E, underneath=N), finding(E, underneath=U))
    assert (heavier.kind, other.kind) == (ChangeKind.CHANGED, ChangeKind.CHANGED)


@given(STATES, STATES, st.text(max_size=20), st.sampled_from(Severity))
def test_a_change_has_the_same_id_whatever_it_is_derived_from(
    before: State, after: State, message: str, severity: Severity
) -> None:
    document = finding(after, message=message, severity=severity)
    ids = {
        change.id
        for earlier in (None, finding(before), finding(before, message=message, severity=severity))
        for change in finding_changes(earlier, document)
    }
    assert len(ids) <= 1


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_other_findings_and_other_evaluations_have_other_ids(one: str, other: str) -> None:
    seen = set()
    for identifier in (one, other):
        for evaluation in (one, other):
            document = Findings.document("vm", (Findings.result(N, id=identifier),))
            document["evaluation"] = {**as_object(document["evaluation"]), "id": evaluation}
            (change,) = finding_changes(None, document)
            seen.add(change.id)
    assert len(seen) == (1 if one == other else 4)


def test_what_is_damaged_is_refused() -> None:
    for before, after in ((None, {}), ({}, finding(N))):
        with pytest.raises(BadInput):
            finding_changes(before, after)


def test_the_lines_of_the_feed_are_as_the_golden_file() -> None:
    pairs = ((None, finding(N)), (finding(N), finding(U)), (finding(U), finding(C)), (finding(N), finding(None)))
    lines = [feed_line(change, "0.1.0") for before, after in pairs for change in finding_changes(before, after)]
    check_golden(Path(__file__).parent / "golden" / "feed.ndjson", "".join(lines))
