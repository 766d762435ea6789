"""Judging what was seen: facts, related resources, verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from muster.facts.document import FactSources, build_document
from muster.jobs.gather import Gathered, gather, together
from muster.jobs.look import Sight
from muster.ports import AzureReader, PolicyJudge
from muster.values.answers import ListAnswer
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Reason, Result, Verdict
from muster.values.name_pattern import named
from muster.values.states import State


@dataclass(frozen=True, slots=True)
class Judged:
    """A resource's document, complete, and what the policies say of it."""

    document: Document
    verdict: Verdict


async def judge(
    sight: Sight, *, reader: AzureReader, policies: PolicyJudge, sources: FactSources, now: datetime
) -> Judged:
    """Judge what was seen of a resource. `now` is the day of lifecycles and exemptions, and what utcNow() answers.

    Raises TransientFault where something the verdict depends on could not be read just now.
    """
    if sight.obstacle:
        document = build_document(sight.body, sources=sources, now=now, unavailable=sight.unavailable, readable=False)
        return Judged(document, _hindered(policies.evaluate(document, now), sight.obstacle))
    needs = policies.needs(Document(sight.body, unavailable=sight.unavailable, now=now))
    gathered = await gather(sight.body, needs, reader)
    document = known_document(sight, gathered, sources, now)
    queries = tuple(dict.fromkeys(policies.related_queries(document)))
    document = replace(document, related=await related(reader, queries))
    verdict = policies.evaluate(document, now)
    return Judged(document, replace(verdict, warnings=(*gathered.refusals, *verdict.warnings)))


def known_document(sight: Sight, gathered: Gathered, sources: FactSources, now: datetime) -> Document:
    """The document of what was seen and gathered, without related resources."""
    document = build_document(
        sight.body,
        sources=sources,
        now=now,
        unavailable=sight.unavailable,
        image_bodies=gathered.image_bodies,
        published=gathered.published,
    )
    return replace(
        document,
        resource_group=gathered.above.resource_group,
        subscription=gathered.above.subscription,
        management_groups=gathered.above.management_groups,
        network=gathered.network,
    )


async def related(reader: AzureReader, queries: Sequence[RelatedQuery]) -> dict[RelatedQuery, ListAnswer]:
    """The answers to all queries. What lies at one resource is listed once, however many names rules ask for in it: a
    hundred definitions look for a guest configuration each."""
    lists = {query: replace(query, name=None) if "/providers/" in query.scope else query for query in queries}
    asked = tuple(dict.fromkeys(lists.values()))
    answers = dict(zip(asked, await together([reader.related(query) for query in asked]), strict=True))
    return {
        query: answers[whole] if query.name is None else named(answers[whole], query.name)
        for query, whole in lists.items()
    }


def _hindered(verdict: Verdict, obstacle: str) -> Verdict:
    """The verdict with the obstacle as the first reason of everything that is unknown for it."""
    reason = Reason(obstacle, found_state="unknown")
    return Verdict(
        tuple(_because(result, reason) if result.state is State.UNKNOWN else result for result in verdict.results),
        (obstacle, *verdict.warnings),
    )


def _because(result: Result, reason: Reason) -> Result:
    return replace(result, reasons=(reason, *result.reasons), message=reason.text)
