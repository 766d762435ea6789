"""What came of the cases of policy definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from muster.values.diagnostic import Diagnostic, Level
from muster.values.states import State


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """A case that was run. `file` and `pointer` are its place; `state` is what the definition said, None where it said
    nothing; `failure` why the case failed, None where it passed; `reasons` what it said for its state, in sentences."""

    file: str
    pointer: str
    definition: str
    name: str
    expected: State
    state: State | None
    failure: Diagnostic | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the comparisons of a definition came out over all its cases: by JSON pointer in `file`, in the order of the
    text, each outcome that was seen. One that was never asked has none."""

    definition: str
    file: str
    seen: Mapping[str, frozenset[bool]]

    @property
    def decided(self) -> int:
        """How many comparisons came out both true and false."""
        return sum(len(outcomes) == 2 for outcomes in self.seen.values())

    def gaps(self) -> tuple[Diagnostic, ...]:
        """A note for each comparison that did not come out both ways."""
        return tuple(_gap(self.file, pointer, outcomes) for pointer, outcomes in self.seen.items() if len(outcomes) < 2)


@dataclass(frozen=True, slots=True)
class CasesRun:
    """All cases, and what is wrong with files so that cases could not be run or are missing. `coverage` is empty
    where it was not asked for."""

    outcomes: tuple[CaseOutcome, ...]
    faults: tuple[Diagnostic, ...]
    coverage: tuple[Coverage, ...] = ()

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        """Everything that keeps the run from passing."""
        return (*self.faults, *(one.failure for one in self.outcomes if one.failure is not None))

    def renamed(self, names: Mapping[str, str]) -> "CasesRun":
        """The same with files under other names; one that has none keeps its own."""

        def placed(fault: Diagnostic) -> Diagnostic:
            return replace(fault, file=names.get(fault.file, fault.file))

        return CasesRun(
            tuple(
                replace(
                    one,
                    file=names.get(one.file, one.file),
                    failure=None if one.failure is None else placed(one.failure),
                )
                for one in self.outcomes
            ),
            tuple(map(placed, self.faults)),
            tuple(replace(one, file=names.get(one.file, one.file)) for one in self.coverage),
        )


def _gap(file: str, pointer: str, outcomes: frozenset[bool]) -> Diagnostic:
    if not outcomes:
        rule, message = "never-asked", "No case gets as far as this condition, or none for which it can be told."
    elif True in outcomes:
        rule, message = "never-false", "This condition holds in every case that gets as far as it."
    else:
        rule, message = "never-true", "This condition holds in no case that gets as far as it."
    return Diagnostic(rule, Level.NOTE, message, file, pointer, "Add a case, so that a mistake here would be seen.")
