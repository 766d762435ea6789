"""The rows of `make run`'s table."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from muster.report.deployments import deployments
from muster.values.json import Json
from muster.values.states import Severity, State

if TYPE_CHECKING:
    from tests.report.conftest import Findings

TODAY = date(2026, 11, 23)
TITLES = {"ubuntu": "Ubuntu", "mariner": "CBL-Mariner (Azure Linux 2.0 and earlier)"}


@pytest.mark.parametrize(
    ("image", "system"),
    [
        ({"product": "ubuntu", "release": "22.04", "cycle": "22.04"}, "Ubuntu 22.04"),
        ({"product": "rhel", "release": None, "cycle": "8"}, "rhel 8"),
        ({"product": "flatcar", "release": None}, "flatcar"),
        ({"product": "mariner", "release": "2.0"}, "CBL-Mariner 2.0"),
        ({"product": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_systems(findings: "type[Findings]", image: dict[str, Json], system: str) -> None:
    assert deployments([findings.document(image=image)], TODAY, TITLES)[0].system == system


@pytest.mark.parametrize(
    ("lifecycle", "support"),
    [
        ({"phase": "supported", "endOfSupportDate": "2029-05-31"}, "supported, 920 days left"),
        ({"phase": "supported", "endOfSupportDate": "2026-11-24"}, "supported, 1 day left"),
        ({"phase": "supported", "endOfSupportDate": "2026-11-23"}, "supported, 0 days left"),
        ({"phase": "supported", "endOfSupportDate": "2026-11-22"}, "ended 1 day ago"),
        ({"phase": "ended", "endOfSupportDate": "2020-11-30"}, "ended 2,184 days ago"),
        ({"phase": "ended"}, "ended"),
        (
            {"phase": "extended", "endOfSupportDate": "2023-05-31", "extendedEndDate": "2028-04-26"},
            "extended, 520 days left",
        ),
        (
            {"phase": "extended", "extendedProgramme": "ESM", "extendedEndDate": "2028-04-26"},
            "extended by ESM, 520 days left",
        ),
        ({"phase": "preview", "endOfSupportDate": None}, "preview, no end published"),
        ({"phase": "rolling"}, "rolling"),
        ({"phase": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_support_is_counted_from_the_day_of_asking(
    findings: "type[Findings]", lifecycle: dict[str, Json], support: str
) -> None:
    assert deployments([findings.document(lifecycle=lifecycle)], TODAY, TITLES)[0].support == support


def test_findings_are_counted_and_the_worst_is_said(findings: "type[Findings]") -> None:
    results = (
        findings.result(severity=Severity.LOW, message="low"),
        findings.result(severity=Severity.CRITICAL, message="critical"),
        findings.result(severity=Severity.LOW, message="low again"),
        findings.result(State.ERROR, Severity.CRITICAL, message="error"),
        findings.result(State.COMPLIANT, Severity.CRITICAL, message="fine"),
    )
    [row] = deployments([findings.document(results=results)], TODAY, TITLES)
    assert (row.findings, row.worst, row.state) == ("1 critical, 2 low", "critical", State.ERROR)


@pytest.mark.parametrize(
    ("state", "shown", "worst"),
    [
        (State.COMPLIANT, "none", ""),
        (State.EXEMPT, "Exempt", ""),
        (State.UNKNOWN, "Unknown", "said"),
        (State.ERROR, "Error", "said"),
    ],
)
def test_without_a_violation_the_state_is_said(
    findings: "type[Findings]", state: State, shown: str, worst: str
) -> None:
    [row] = deployments([findings.document(results=(findings.result(state, message="said"),))], TODAY, TITLES)
    assert (row.findings, row.worst) == (shown, worst)


def test_the_worst_come_first_and_equals_by_name(findings: "type[Findings]") -> None:
    def machine(name: str, *severities: Severity) -> dict[str, Json]:
        return findings.document(name, tuple(findings.result(severity=severity) for severity in severities))

    rows = deployments(
        [
            machine("d"),
            machine("c", Severity.HIGH, Severity.HIGH),
            machine("b", Severity.CRITICAL),
            machine("a", Severity.HIGH, Severity.HIGH),
        ],
        TODAY,
        TITLES,
    )
    assert [row.name for row in rows] == ["b", "a", "c", "d"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("resource", None),
        ("state", "Fine"),
        ("counts", {}),
        ("lifecycle", {"phase": "supported", "endOfSupportDate": "x"}),
    ],
)
def test_a_damaged_finding_says_so_and_the_rest_goes_on(findings: "type[Findings]", path: str, value: Json) -> None:
    rows = deployments([{**findings.document("a"), path: value}, findings.document("b"), {}], TODAY, TITLES)
    assert "damaged" in rows[0].worst
    assert [row.state for row in rows].count(State.ERROR) == 2
    assert rows[-1].name == "b"
