"""What lies beside a finding as metadata."""

from typing import TYPE_CHECKING

from muster.report.finding_metadata import MAX_VALUE, latest_metadata
from muster.values.states import Severity, State

if TYPE_CHECKING:
    from tests.report.conftest import Findings


def test_all_that_a_list_shows(findings: "type[Findings]") -> None:
    finding = findings.document(
        results=(findings.result(), findings.result(severity=Severity.LOW), findings.result(State.UNKNOWN)),
        image={"product": "ubuntu", "release": "22.04", "cycle": "22.04", "channel": "vm"},
        lifecycle={"endOfSupportDate": "2027-06-01", "extendedEndDate": "2032-04-21", "daysToEndOfSupport": 190},
    )
    assert latest_metadata(finding) == {
        "state": "NonCompliant",
        "settled": "true",
        "critical": "0",
        "high": "1",
        "medium": "0",
        "low": "1",
        "info": "0",
        "unknown": "1",
        "error": "0",
        "exempt": "0",
        "product": "ubuntu",
        "release": "22.04",
        "cycle": "22.04",
        "channel": "vm",
        "endOfSupportDate": "2027-06-01",
        "extendedEndDate": "2032-04-21",
        "name": "web01",
        "location": "westeurope",
        "evaluation": "e" * 32,
        "observedAt": "2026-11-23T06:04:06Z",
        "checkedAt": "2026-11-23T06:04:06Z",
        "policyVersion": "p1",
    }


def test_what_is_unknown_is_left_out_and_nothing_is_long(findings: "type[Findings]") -> None:
    metadata = latest_metadata(findings.document("x" * 5000, image={"product": None, "cycle": 7}))
    assert "product" not in metadata
    assert "cycle" not in metadata
    assert len(metadata["name"]) == MAX_VALUE
    assert all(isinstance(value, str) for value in metadata.values())
