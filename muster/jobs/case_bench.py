"""One definition put to its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Protocol

from muster.facts.document import FactSources
from muster.jobs.judge import judge
from muster.jobs.look import seen
from muster.language.aliases import AliasTable
from muster.language.compile import CompiledRule, Compiler
from muster.language.definition import Definition
from muster.language.parameters import bind_parameters
from muster.language.reached import decisions
from muster.language.syntax import Comparison, Condition, conditions
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.case_outcomes import CaseOutcome, Coverage
from muster.policy.cases import ROOMS, Case
from muster.policy.direct import assigned_alone
from muster.policy.effects import effect_fault
from muster.policy.envelope import Item
from muster.policy.files import PolicyFiles
from muster.policy.wording import joined, shown
from muster.ports import AzureReader
from muster.values.diagnostic import Diagnostic, Level
from muster.values.document import Document
from muster.values.finding import Result
from muster.values.json import JsonObject, canonical

NOON = time(12, tzinfo=UTC)
"""The time of the day at which cases are judged."""


class Recordings(Protocol):
    """Gives the Azure of a case: with `related`, these related resources and no others; without, what is recorded, and
    of everything else nothing is known."""

    def __call__(self, related: Sequence[JsonObject] | None, now: datetime) -> AzureReader: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What cases are run with. `resources` are the bodies in the files that cases name, by those names; `today` is the
    day of cases that name none."""

    aliases: AliasTable
    sources: FactSources
    resources: Mapping[str, JsonObject]
    recordings: Recordings
    today: date


@dataclass(frozen=True, slots=True)
class _Bound:
    """A definition with values for its parameters: as it judges, and as it tells what it asked."""

    policies: BoundPolicySet
    compiler: Compiler
    rule: CompiledRule


class _Unusable(Exception):
    """A case that can't be run; the message says why, `member` which of its members is to blame."""

    def __init__(self, message: str, member: str) -> None:
        super().__init__(message)
        self.member = member


class CaseSubject:
    """A sound definition that is put to cases. `item` is where it was read."""

    def __init__(self, definition: Definition, item: Item, bench: Bench) -> None:
        self.definition = definition
        self._item = item
        self._bench = bench
        self._bound: dict[str, _Bound] = {}
        self._seen: dict[str, set[bool]] = {pointer: set() for pointer in _comparisons(definition)}

    async def run(self, case: Case, file: str) -> CaseOutcome:
        """Judge a case of a file."""
        outcome = CaseOutcome(file, case.pointer, self.definition.name, case.name, case.expect, None)
        try:
            result = await self._result(case)
        except _Unusable as why:
            return replace(outcome, failure=_failure(outcome, "unusable-case", why.member, f"it can't be run: {why}"))
        if result is None:
            said = f"{case.expect} is expected, but with this effect the definition says nothing of a resource."
            hint = "Give it another effect as a parameter, or remove the case."
            return replace(outcome, failure=_failure(outcome, "no-verdict", "expect", said, hint))
        reasons = tuple(reason.text for reason in result.reasons) or (result.message,)
        outcome = replace(outcome, state=result.state, reasons=reasons)
        hint = f"It says: {' '.join(reasons[:3])}"
        if result.state is not case.expect:
            said = f"{case.expect} is expected, but the definition says {result.state}."
            return replace(outcome, failure=_failure(outcome, "wrong-state", "expect", said, hint))
        if case.reason and not any(case.reason in reason.text for reason in result.reasons):
            said = f"{result.state} is right, but no reason for it says '{shown(case.reason)}'."
            return replace(outcome, failure=_failure(outcome, "wrong-reason", "reason", said, hint))
        return outcome

    def coverage(self) -> Coverage:
        """How the definition's comparisons came out in the cases that were run."""
        seen = {pointer: frozenset(outcomes) for pointer, outcomes in self._seen.items()}
        return Coverage(self.definition.name, self._item.source.name, seen)

    async def _result(self, case: Case) -> Result | None:
        bound = self._bind(case.parameters)
        now = datetime.combine(case.as_of or self._bench.today, NOON)
        body = case.resource if case.resource is not None else self._bench.resources.get(case.resource_file)
        if body is None:
            raise _Unusable("there is no such file, or it holds no resource.", "resourceFile")
        sight = seen(body, now)
        sight = replace(sight, unavailable=sight.unavailable | {path.lower() for path in case.unavailable})
        reader = self._bench.recordings(case.related, now)
        if case.facts is None:
            sources = self._bench.sources
            judged = await judge(sight, reader=reader, policies=bound.policies, sources=sources, now=now)
            document, results = judged.document, judged.verdict.results
        else:
            image, lifecycle, network = (case.facts.get(room, {}) for room in ROOMS)
            document = Document(body, image, lifecycle, sight.unavailable, network=network, now=now)
            queries = bound.policies.related_queries(document)
            document = replace(document, related={query: await reader.related(query) for query in queries})
            results = bound.policies.evaluate(document, now).results
        for pointer, truth in decisions(bound.rule, bound.compiler.frame(document)):
            if truth is not None:
                self._seen[pointer].add(truth)
        return next(iter(results), None)

    def _bind(self, parameters: JsonObject) -> _Bound:
        key = canonical(parameters)
        if key not in self._bound:
            values, wrong = bind_parameters(self.definition.parameters, parameters)
            if not wrong:
                wrong = [one.message for one in effect_fault(self.definition, values, self._item, ("parameters",), {})]
            if wrong:
                raise _Unusable(f"{joined(wrong, 'and').rstrip('.')}.", "parameters")
            policy = assigned_alone(self.definition, values, self._item)
            policies = bind(PolicyFiles((self.definition,), (), (policy,), ""), self._bench.aliases)
            compiler = Compiler(self._bench.aliases)
            self._bound[key] = _Bound(policies, compiler, compiler.compile(self.definition, values))
        return self._bound[key]


def _comparisons(definition: Definition) -> list[str]:
    rule = definition.rule
    parts: list[Condition] = [rule.condition]
    if rule.then.existence_condition is not None:
        parts.append(rule.then.existence_condition)
    return [node.pointer for part in parts for node in conditions(part) if isinstance(node, Comparison)]


def _failure(outcome: CaseOutcome, rule: str, member: str, said: str, hint: str = "") -> Diagnostic:
    message = f"'{shown(outcome.name)}' of {shown(outcome.definition)}: {said}"
    return Diagnostic(rule, Level.ERROR, message, outcome.file, f"{outcome.pointer}/{member}", hint)
