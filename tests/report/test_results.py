"""Results as rows, and a sentence that counts."""

from typing import TYPE_CHECKING

from muster.report.results import result_rows, result_states, summary
from muster.values.states import Severity, State

if TYPE_CHECKING:
    from tests.report.conftest import Findings


def test_what_asks_for_something_to_be_done_worst_first(findings: "type[Findings]") -> None:
    results = (
        findings.result(State.COMPLIANT),
        findings.result(State.UNKNOWN, Severity.CRITICAL, display_name="u"),
        findings.result(State.NON_COMPLIANT, Severity.LOW, display_name="l"),
        findings.result(State.EXEMPT),
        findings.result(State.NON_COMPLIANT, Severity.CRITICAL, display_name="c"),
        findings.result(State.ERROR, display_name="e"),
    )
    finding = findings.document(results=results)
    assert [row.policy for row in result_rows([finding])] == ["c", "l", "e", "u"]
    assert result_states(finding) == tuple(result.state for result in results)


def test_the_summary_counts_resources_by_their_state(findings: "type[Findings]") -> None:
    several = [
        findings.document(results=(findings.result(state),))
        for state in (State.COMPLIANT, State.NON_COMPLIANT, State.NON_COMPLIANT)
    ]
    assert summary(several) == "3 resources: 2 NonCompliant, 1 Compliant."
    assert summary(several[:1]) == "1 resource: 1 Compliant."
    assert summary([]) == "0 resources."
