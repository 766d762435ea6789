"""Run the cases of policy definitions, both ways: a case without a verdict fails, and so does a definition that can
give verdicts and has no cases. Nothing is read but what is handed in."""

from collections.abc import Mapping

from muster.jobs.case_bench import Bench, CaseSubject
from muster.language.definition import Definition
from muster.language.source import Source
from muster.policy.binding import RESOURCE_MANAGER_MODES
from muster.policy.case_outcomes import CaseOutcome, CasesRun
from muster.policy.cases import CaseFile, CaseReader
from muster.policy.directory import Directory
from muster.policy.files import read_policy_files
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level

CASES = "cases"
"""The folder of cases below the policies folder."""


def read_cases(files: Mapping[str, str], reader: CaseReader) -> tuple[list[CaseFile], list[Diagnostic]]:
    """The cases below cases/ of a policies folder, and what is wrong with their files."""
    found: list[CaseFile] = []
    faults: list[Diagnostic] = []
    for path in sorted(files):
        if path.startswith(f"{CASES}/"):
            cases, wrong = reader.read(Source(path, files[path]))
            faults += wrong
            if cases is not None:
                found.append(cases)
    return found, faults


async def run_cases(files: Mapping[str, str], cases: list[CaseFile], schemas: PolicySchemas, bench: Bench) -> CasesRun:
    """Run cases of the definitions in a policies folder; `files` has texts by path below it."""
    definitions = {path: text for path, text in files.items() if path.startswith(f"{Kind.DEFINITION.folder}/")}
    read = read_policy_files(definitions, schemas)
    faults = [remark for remark in read.remarks if remark.level is Level.ERROR]
    subjects = {
        entry.item.name.lower(): CaseSubject(entry.value, entry.item, bench)
        for entry in read.definitions.entries
        if entry.value is not None
    }
    known = {entry.item.name.lower() for entry in read.definitions.entries}
    outcomes: list[CaseOutcome] = []
    asked: set[str] = set()
    for one in cases:
        name = one.definition.lower()
        asked.add(name)
        if name in subjects:
            outcomes += [await subjects[name].run(case, one.source.name) for case in one.cases]
        elif name not in known:
            faults.append(_unknown(one, read.definitions))
    faults += (_without_cases(subject) for name, subject in subjects.items() if name not in asked and _speaks(subject))
    coverage = [subject.coverage() for name, subject in subjects.items() if name in asked]
    return CasesRun(tuple(outcomes), tuple(faults), tuple(coverage))


def _speaks(subject: CaseSubject) -> bool:
    """Whether the definition is about resources themselves, not about what is inside of one."""
    return subject.definition.mode.strip().lower() in RESOURCE_MANAGER_MODES


def _unknown(cases: CaseFile, definitions: Directory[Definition]) -> Diagnostic:
    found = definitions.find(cases.definition)
    message = f"There is no definition '{shown(cases.definition)}', so that these cases test nothing."
    return Diagnostic("unknown-definition", Level.ERROR, message, cases.source.name, "/definition", found.hint)


def _without_cases(subject: CaseSubject) -> Diagnostic:
    definition = subject.definition
    message = (
        f"No case says what '{shown(definition.name)}' should say of a resource, so that nothing shows it is right."
    )
    path = definition.source.name.replace(f"{Kind.DEFINITION.folder}/", f"{CASES}/", 1)
    hint = f"Add {path} with cases."
    return Diagnostic("no-cases", Level.ERROR, message, definition.source.name, definition.pointer, hint)
