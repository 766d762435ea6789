"""A check that keeps nothing: the finding that a body would have as its first."""

from datetime import datetime

from muster.facts.document import FactSources
from muster.jobs.chain import content_digest, evaluation_id
from muster.jobs.judge import judge
from muster.jobs.look import seen
from muster.ports import AzureReader, PolicyJudge
from muster.report.finding_document import evaluated, evaluation_json, finding_document
from muster.values.evaluation import Evaluation
from muster.values.json import JsonObject
from muster.values.request import Cause


async def dry_check(
    body: JsonObject, *, reader: AzureReader, policies: PolicyJudge, sources: FactSources, now: datetime
) -> JsonObject:
    """Judge a resource's REST JSON as it is, on a day. `reader` answers for what the body refers to."""
    sight = seen(body, now)
    judged = await judge(sight, reader=reader, policies=policies, sources=sources, now=now)
    finding = finding_document(judged.document, judged.verdict, settled=sight.settled)
    content = content_digest({**finding, "evaluated": evaluated(judged.document)})
    evaluation = Evaluation(
        id=evaluation_id("", content),
        predecessor="",
        predecessor_record="",
        observed_at=now,
        checked_at=now,
        policy_version=policies.version,
        cause=Cause.MANUAL,
    )
    return {**finding, "evaluation": evaluation_json(evaluation)}
