"""Cases and what they covered, in sentences."""

from collections.abc import Iterable

from muster.policy.case_outcomes import CasesRun, Coverage


def case_summary(run: CasesRun) -> str:
    """`211 cases of 15 definitions: 209 passed, 2 failed; 1 fault in files.`"""
    cases, failed = len(run.outcomes), sum(one.failure is not None for one in run.outcomes)
    definitions = len({one.definition for one in run.outcomes})
    counted = f"{cases - failed} passed, {failed} failed" if failed else "all passed" if cases else "none"
    faults = f"; {_number(len(run.faults), 'fault')} in files" if run.faults else ""
    return f"{_number(cases, 'case')} of {_number(definitions, 'definition')}: {counted}{faults}."


def coverage_lines(coverage: Iterable[Coverage]) -> list[str]:
    """`os-supported: 3 of 4 conditions came out both true and false`, for each definition with a gap and for all."""
    found = sorted(coverage, key=lambda one: one.definition)
    lines = [f"{one.definition}: {_share(one.decided, len(one.seen))}." for one in found if one.decided < len(one.seen)]
    total = _share(sum(one.decided for one in found), sum(len(one.seen) for one in found))
    return [*lines, f"All definitions: {total}."]


def _share(decided: int, total: int) -> str:
    return f"{decided} of {_number(total, 'condition')} came out both true and false"


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
