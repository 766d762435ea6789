"""Cases in JUnit's XML, which build servers show as test results.

Source of the form: the schema that Jenkins and Azure Pipelines read (testsuites, testsuite, testcase, failure).
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from muster.policy.case_outcomes import CaseOutcome, CasesRun
from muster.report.diagnostics import Located, render
from muster.report.visible import visible
from muster.values.diagnostic import Diagnostic


def junit(run: CasesRun, sources: Mapping[str, Located]) -> str:
    """The report: one suite a file of cases, and one for what is wrong with files, where anything is."""
    root = Element("testsuites", name="muster test")
    by_file: dict[str, list[CaseOutcome]] = {}
    for outcome in run.outcomes:
        by_file.setdefault(outcome.file, []).append(outcome)
    for file, outcomes in by_file.items():
        suite = _suite(root, file, len(outcomes), sum(one.failure is not None for one in outcomes))
        for one in outcomes:
            case = SubElement(suite, "testcase", classname=visible(one.definition), name=visible(one.name))
            if one.failure is not None:
                _fail(case, one.failure, sources)
    if run.faults:
        suite = _suite(root, "files", len(run.faults), len(run.faults))
        for fault in run.faults:
            _fail(SubElement(suite, "testcase", classname=visible(fault.file), name=fault.rule), fault, sources)
    total = len(run.outcomes) + len(run.faults)
    root.set("tests", str(total))
    root.set("failures", str(len(run.failures)))
    return tostring(root, encoding="unicode", xml_declaration=True)


def _suite(root: Element, name: str, tests: int, failures: int) -> Element:
    return SubElement(root, "testsuite", name=visible(name), tests=str(tests), failures=str(failures))


def _fail(case: Element, failure: Diagnostic, sources: Mapping[str, Located]) -> None:
    text = render(failure, sources.get(failure.file))
    SubElement(case, "failure", message=visible(failure.message), type=failure.rule).text = text
