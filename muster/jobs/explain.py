"""Why a definition says of a resource what it says: its whole rule, condition by condition."""

from dataclasses import dataclass
from datetime import datetime

from muster.facts.document import FactSources
from muster.jobs.judge import judge
from muster.jobs.look import seen
from muster.language.aliases import AliasTable
from muster.language.compile import Compiler
from muster.language.explain import Trace, trace
from muster.policy.bound import bind
from muster.policy.files import PolicyFiles
from muster.ports import AzureReader
from muster.values.finding import Result
from muster.values.json import JsonObject


@dataclass(frozen=True, slots=True)
class Explained:
    """What a definition says of one resource. `result` is None where its effect reports nothing; `condition` is its
    `if`; `related` the existenceCondition for each related resource that counts, by its id or name; `warnings` are
    sentences about what does not work as the author thinks."""

    effect: str
    result: Result | None
    condition: Trace
    related: tuple[tuple[str, Trace], ...]
    warnings: tuple[str, ...]


async def explain(
    body: JsonObject,
    files: PolicyFiles,
    *,
    reader: AzureReader,
    aliases: AliasTable,
    sources: FactSources,
    now: datetime,
) -> Explained:
    """Explain the only definition of `files`, assigned by itself, for a resource's REST JSON."""
    judged = await judge(seen(body, now), reader=reader, policies=bind(files, aliases), sources=sources, now=now)
    (policy,) = files.policies
    (assigned,) = policy.editions[-1].definitions
    compiler = Compiler(aliases)
    rule = compiler.compile(assigned.definition, assigned.parameters)
    frame = compiler.frame(judged.document)
    return Explained(
        effect=rule.effect,
        result=next(iter(judged.verdict.results), None),
        # With an alias that no type has nothing is judged, whatever the conditions say.
        condition=trace(rule.condition, frame, decides=not rule.unknown_aliases),
        related=tuple(rule.trace_related(frame)),
        warnings=rule.warnings,
    )
