"""The finding document: complete, bounded, without secrets, and as its schema says."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from muster.report.finding_document import MAX_REASONS, MAX_VALUE
from muster.report.redaction import REDACTED
from muster.values.finding import Reason
from muster.values.states import Severity, State

if TYPE_CHECKING:
    from tests.report.conftest import Findings

SCHEMA = json.loads((Path(__file__).parents[2] / "policies/schemas/finding.schema.json").read_text("utf-8"))


def valid(finding: Any) -> Any:
    jsonschema.Draft202012Validator(SCHEMA).validate(finding)
    return json.loads(json.dumps(finding, allow_nan=False))


def test_a_result_says_all_that_is_known_of_it(findings: "type[Findings]") -> None:
    result = findings.result(
        State.EXEMPT,
        Severity.LOW,
        underneath=State.NON_COMPLIANT,
        exemption_id="waiver",
        initiative_id="muster-baseline",
        definition_version="1.2.0",
        groups=("PV-4",),
        remediation="Redeploy.",
        documentation="https://example.org",
        enforced=False,
        reasons=(Reason("r", "f", "p", "equals", [True], {"a": 1}, "missing", "/if"),),
    )
    finding = valid(findings.document(results=(result,)))
    assert finding["results"] == [
        {
            "id": "f" * 32,
            "state": "Exempt",
            "underneath": "NonCompliant",
            "effect": "audit",
            "enforced": False,
            "severity": "low",
            "assignment": "baseline",
            "initiative": "muster-baseline",
            "definition": "vtpm",
            "reference": "vtpm",
            "version": "1.2.0",
            "exemption": "waiver",
            "groups": ["PV-4"],
            "displayName": "Machines should have a virtual TPM",
            "message": "There is no virtual TPM.",
            "reasons": [
                {
                    "text": "r",
                    "field": "f",
                    "path": "p",
                    "operator": "equals",
                    "expected": [True],
                    "found": {"a": 1},
                    "foundState": "missing",
                    "pointer": "/if",
                }
            ],
            "remediation": "Redeploy.",
            "documentation": "https://example.org",
        }
    ]


def test_states_and_severities_are_counted(findings: "type[Findings]") -> None:
    results = (
        findings.result(),
        findings.result(severity=Severity.LOW),
        findings.result(State.EXEMPT, underneath=State.NON_COMPLIANT),
        findings.result(State.UNKNOWN),
    )
    finding = valid(findings.document(results=results))
    assert finding["state"] == "NonCompliant"
    assert finding["counts"] == {
        "results": 4,
        "byState": {"Compliant": 0, "NonCompliant": 2, "Exempt": 1, "NotApplicable": 0, "Unknown": 1, "Error": 0},
        "bySeverity": {"critical": 0, "high": 1, "medium": 0, "low": 1, "info": 0},
    }


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ((State.COMPLIANT, State.ERROR, State.NON_COMPLIANT), "Error"),
        ((State.UNKNOWN, State.NON_COMPLIANT), "NonCompliant"),
        ((State.EXEMPT, State.UNKNOWN, State.COMPLIANT), "Unknown"),
        ((State.COMPLIANT, State.EXEMPT), "Exempt"),
        ((State.NOT_APPLICABLE, State.COMPLIANT), "Compliant"),
        ((), "NotApplicable"),
    ],
)
def test_the_roll_up(findings: "type[Findings]", states: tuple[State, ...], state: str) -> None:
    finding = valid(findings.document(results=tuple(findings.result(one) for one in states)))
    assert finding["state"] == state


@pytest.mark.parametrize("value", ["x" * 5000, ["y" * 50] * 100, {"z": "w" * 5000}])
def test_a_long_value_is_cut_and_says_how_long_it_was(findings: "type[Findings]", value: Any) -> None:
    reason = Reason("r", expected=value, found=value)
    [result] = valid(findings.document(results=(findings.result(reasons=(reason,)),)))["results"]
    for kept in (result["reasons"][0]["found"], result["reasons"][0]["expected"]):
        assert isinstance(kept, str)
        assert MAX_VALUE < len(kept) < MAX_VALUE + 30
        assert kept.endswith("characters)")


@pytest.mark.parametrize("value", [True, 0, 1.5, None, "x", [1], {"a": None}])
def test_a_short_value_stays_what_it_is(findings: "type[Findings]", value: Any) -> None:
    reason = Reason("r", expected=value, found=value)
    [result] = valid(findings.document(results=(findings.result(reasons=(reason,)),)))["results"]
    assert (result["reasons"][0]["found"], result["reasons"][0]["expected"]) == (value, value)


def test_more_reasons_than_anybody_reads_are_not_kept(findings: "type[Findings]") -> None:
    result = findings.result(reasons=(Reason("r"),) * 1000)
    assert len(valid(findings.document(results=(result,)))["results"][0]["reasons"]) == MAX_REASONS


def test_a_secret_that_a_rule_read_is_not_told(findings: "type[Findings]") -> None:
    reason = Reason("userData is 's3cret'.", field="F/userData", path="properties.userData", found="s3cret")
    result = findings.result(reasons=(reason,), message="userData is 's3cret'.")
    finding = valid(findings.document(results=(result,)))
    assert "s3cret" not in json.dumps(finding)
    assert finding["results"][0]["reasons"][0]["found"] == REDACTED
    assert "F/userData" in finding["results"][0]["reasons"][0]["text"]


def test_that_a_secret_is_missing_may_be_told(findings: "type[Findings]") -> None:
    reason = Reason("userData is missing.", path="properties.userData", found_state="missing")
    result = findings.result(reasons=(reason,), message="userData is missing.")
    [kept] = valid(findings.document(results=(result,)))["results"]
    assert kept["message"] == kept["reasons"][0]["text"] == "userData is missing."


def test_numbers_that_are_no_json_become_texts(findings: "type[Findings]") -> None:
    result = findings.result(reasons=(Reason("r", found=float("nan"), expected=float("inf")),))
    [kept] = valid(findings.document(results=(result,)))["results"]
    assert (kept["reasons"][0]["found"], kept["reasons"][0]["expected"]) == ("nan", "inf")


def test_every_member_has_a_plain_text_for_its_name(findings: "type[Findings]") -> None:
    def names(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [*value, *(name for member in value.values() for name in names(member))]
        return [name for member in value for name in names(member)] if isinstance(value, list) else []

    # With an enumeration for a name the document is no JSON to the encoder that stores it, and takes the slow way.
    assert {type(name) for name in names(findings.document())} == {str}
