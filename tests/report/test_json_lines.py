"""One line per resource and definition."""

import json
from typing import TYPE_CHECKING

from muster.report.json_lines import finding_lines
from muster.values.states import State

if TYPE_CHECKING:
    from tests.report.conftest import Findings


def test_the_members_and_their_order(findings: "type[Findings]") -> None:
    lines = [*finding_lines(findings.document(results=(findings.result(), findings.result(State.COMPLIANT))))]
    assert [list(json.loads(line)) for line in lines] == [
        ["resource", "assignment", "definition", "state", "effect", "severity", "reasons"]
    ] * 2
    first = json.loads(lines[0])
    assert first["resource"].endswith("/virtualMachines/web01")
    assert (first["assignment"], first["definition"], first["state"]) == ("baseline", "vtpm", "NonCompliant")
    assert first["reasons"][0]["text"] == "There is no virtual TPM."


def test_a_hostile_name_stays_on_its_line_and_does_not_act(findings: "type[Findings]") -> None:
    [line] = finding_lines(findings.document("a\n\u001b[2J\u202e", results=(findings.result(),)))
    assert line.isascii()
    assert line.isprintable()
