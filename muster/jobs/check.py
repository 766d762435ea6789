"""The main job: judge one resource and move its findings forward."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.facts.document import FactSources
from muster.facts.scale_sets import has_instances_below
from muster.jobs.chain import content_digest
from muster.jobs.judge import judge
from muster.jobs.keep import Change, Concluded, keep
from muster.jobs.look import Gone, look
from muster.ports import AzureReader, Clock, FindingStore, PolicyJudge
from muster.report.finding_document import evaluated, finding_document
from muster.values.json import JsonObject
from muster.values.request import EvaluationRequest
from muster.values.resource_id import ResourceId


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """How a check ended. `finding` is the resource's latest finding after it, None where there is none to give.

    `settled` is False where Azure was still changing the resource, so that it wants another look later; `delay` is how
    long after a write what the rules missed may still come (PolicyJudge.evaluation_delay). `observed_at` is when the
    resource was seen so, or was seen to be absent. `has_instances`: it is a scale set whose instances are resources of
    their own.
    """

    resource_id: ResourceId
    change: Change
    observed_at: datetime
    finding: JsonObject | None = None
    settled: bool = True
    delay: timedelta | None = None
    has_instances: bool = False


async def check(
    request: EvaluationRequest,
    *,
    reader: AzureReader,
    store: FindingStore,
    policies: PolicyJudge,
    sources: FactSources,
    clock: Clock,
    when_settled: bool = False,
) -> CheckOutcome:
    """Judge the resource of a request and keep what was found; with `when_settled`, only if Azure is done with it.

    Raises TransientFault where Azure or the store did not answer, or other writers were always first: the same request
    may be made again at any time. Raises BadInput (damagedFinding) where the stored latest finding is not one.
    """
    now = clock()
    sight = await look(request, reader, now)
    if isinstance(sight, Gone):
        return CheckOutcome(request.resource_id, Change.ABSENT, sight.observed_at)
    if when_settled and not sight.settled:
        return CheckOutcome(request.resource_id, Change.UNSETTLED, sight.observed_at, settled=False)
    judged = await judge(sight, reader=reader, policies=policies, sources=sources, now=now)
    delay = policies.evaluation_delay(judged.document)
    finding = finding_document(judged.document, judged.verdict, settled=sight.settled)
    bodies = evaluated(judged.document)
    concluded = Concluded(
        request=request,
        observed_at=sight.observed_at,
        policy_version=policies.version,
        finding=finding,
        evaluated=bodies,
        content=content_digest({**finding, "evaluated": bodies}),
    )
    change, kept = await keep(concluded, store)
    return CheckOutcome(
        request.resource_id,
        change,
        sight.observed_at,
        kept,
        sight.settled,
        delay,
        has_instances=has_instances_below(sight.body),
    )
