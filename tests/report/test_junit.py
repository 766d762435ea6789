"""Cases as JUnit's XML and in sentences."""

from xml.etree import ElementTree

from muster.language.source import Source
from muster.policy.case_outcomes import CaseOutcome, CasesRun, Coverage
from muster.report.case_report import case_summary, coverage_lines
from muster.report.junit import junit
from muster.values.diagnostic import Diagnostic, Level
from muster.values.states import State

FILE = "cases/d.json"
SOURCE = Source(FILE, '{\n"expect": "Compliant"\n}')
WRONG = Diagnostic("wrong-state", Level.ERROR, "<b> & \u001b[2J", FILE, "/expect", "It says: no.")
RUN = CasesRun(
    outcomes=(
        CaseOutcome(FILE, "/cases/0", "d", "fine & \u0001", State.COMPLIANT, State.COMPLIANT),
        CaseOutcome(FILE, "/cases/1", "d", "not", State.COMPLIANT, State.NON_COMPLIANT, WRONG),
        CaseOutcome("cases/e.json", "/cases/0", "e", "fine", State.UNKNOWN, State.UNKNOWN),
    ),
    faults=(Diagnostic("no-cases", Level.ERROR, "No case.", "definitions/f.json"),),
)


def test_each_file_is_a_suite_and_each_case_a_test() -> None:
    root = ElementTree.fromstring(junit(RUN, {FILE: SOURCE}))
    assert dict(root.attrib) == {"name": "muster test", "tests": "4", "failures": "2"}
    suites = {suite.get("name"): suite for suite in root}
    assert {name: (one.get("tests"), one.get("failures")) for name, one in suites.items()} == {
        FILE: ("2", "1"),
        "cases/e.json": ("1", "0"),
        "files": ("1", "1"),
    }
    assert [(case.get("classname"), case.get("name"), len(case)) for case in suites[FILE]] == [
        ("d", "fine & \\u0001", 0),
        ("d", "not", 1),
    ]
    (failure,) = suites[FILE][1]
    assert (failure.get("type"), failure.get("message")) == ("wrong-state", "<b> & \\u001b[2J")
    assert failure.text is not None
    assert failure.text.startswith(f"{FILE}:2:11: error[wrong-state]: <b> & \\u001b[2J\n")
    assert [case.get("name") for case in suites["files"]] == ["no-cases"]


def test_nothing_is_a_report_too() -> None:
    root = ElementTree.fromstring(junit(CasesRun((), ()), {}))
    assert (root.get("tests"), len(root)) == ("0", 0)


def test_cases_are_counted() -> None:
    assert case_summary(RUN) == "3 cases of 2 definitions: 2 passed, 1 failed; 1 fault in files."
    assert case_summary(CasesRun(RUN.outcomes[:1], ())) == "1 case of 1 definition: all passed."
    assert case_summary(CasesRun((), ())) == "0 cases of 0 definitions: none."


def test_coverage_names_definitions_with_gaps_and_each_gap() -> None:
    whole = Coverage("whole", "w.json", {"/a": frozenset({True, False})})
    part = Coverage(
        "part",
        "p.json",
        {
            "/a": frozenset({True, False}),
            "/b": frozenset({True}),
            "/c": frozenset({False}),
            "/d": frozenset(),
        },
    )
    assert coverage_lines([whole, part]) == [
        "part: 1 of 4 conditions came out both true and false.",
        "All definitions: 2 of 5 conditions came out both true and false.",
    ]
    assert [(gap.rule, gap.pointer, gap.file) for gap in part.gaps()] == [
        ("never-false", "/b", "p.json"),
        ("never-true", "/c", "p.json"),
        ("never-asked", "/d", "p.json"),
    ]
    assert whole.gaps() == ()
