"""Judging what was seen: facts, related resources, verdict."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from muster.facts.document import FactSources, build_document
from muster.facts.exposure import exposure
from muster.facts.image_reads import image_parts, image_query, unpublished_reads
from muster.facts.network_reads import ROUNDS, VIRTUAL_MACHINE, network_reads
from muster.jobs.look import Sight
from muster.ports import AzureReader, PolicyJudge
from muster.values.answers import Answer, Found, ListAnswer
from muster.values.document import Document, RelatedQuery
from muster.values.errors import InvalidResourceId
from muster.values.finding import Reason, Result, Verdict
from muster.values.image_query import ImageAnswer
from muster.values.json import JsonObject
from muster.values.name_pattern import named
from muster.values.needs import Needs
from muster.values.resource_id import ResourceId
from muster.values.states import State
from muster.values.surroundings import Surroundings

T = TypeVar("T")


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
    wanted = unpublished_reads(sight.body)
    bodies = asyncio.ensure_future(_together([_body(reader, resource_id) for resource_id in wanted]))
    published = asyncio.ensure_future(_published(reader, sight.body, needs))
    above = asyncio.ensure_future(_above(reader, sight.body, needs))
    network = asyncio.ensure_future(_network(reader, sight.body, needs))
    await _together([bodies, published, above, network])
    document = build_document(
        sight.body,
        sources=sources,
        now=now,
        unavailable=sight.unavailable,
        image_bodies=dict(zip(wanted, bodies.result(), strict=True)),
        published=published.result(),
    )
    document = replace(
        document,
        resource_group=above.result().resource_group,
        subscription=above.result().subscription,
        management_groups=above.result().management_groups,
        network=network.result(),
    )
    queries = tuple(dict.fromkeys(policies.related_queries(document)))
    document = replace(document, related=await _related(reader, queries))
    return Judged(document, policies.evaluate(document, now))


async def _body(reader: AzureReader, resource_id: ResourceId) -> JsonObject | None:
    """What an image is may also be told by other facts, so one that can't be read is no fault here."""
    answer = await reader.get(resource_id)
    return answer.body if isinstance(answer, Found) else None


async def _related(reader: AzureReader, queries: Sequence[RelatedQuery]) -> dict[RelatedQuery, ListAnswer]:
    """The answers to all queries. What lies at one resource is listed once, however many names rules ask for in it: a
    hundred definitions look for a guest configuration each."""
    lists = {query: replace(query, name=None) if "/providers/" in query.scope else query for query in queries}
    asked = tuple(dict.fromkeys(lists.values()))
    answers = dict(zip(asked, await _together([reader.related(query) for query in asked]), strict=True))
    return {
        query: answers[whole] if query.name is None else named(answers[whole], query.name)
        for query, whole in lists.items()
    }


async def _published(reader: AzureReader, body: JsonObject, needs: Needs) -> ImageAnswer:
    query = image_query(body)
    parts = frozenset() if query is None else image_parts(query, needs)
    return await reader.image(query, parts) if query is not None and parts else ImageAnswer()


async def _network(reader: AzureReader, body: JsonObject, needs: Needs) -> JsonObject:
    """The facts of a virtual machine's network; {} where no rule asks for them."""
    kind = body.get("type")
    if not needs.any_room("network") or not isinstance(kind, str) or kind.lower() != VIRTUAL_MACHINE:
        return {}
    read: dict[ResourceId, Answer] = {}
    for _ in range(ROUNDS):
        wanted = network_reads(body, read)
        read |= zip(wanted, await _together([reader.get(one) for one in wanted]), strict=True)
    return exposure(body, read)


async def _above(reader: AzureReader, body: JsonObject, needs: Needs) -> Surroundings:
    """A body whose id is none has nothing above it that could be read."""
    try:
        resource_id = ResourceId.parse(body.get("id"))
    except InvalidResourceId:
        return Surroundings()
    return await reader.surroundings(resource_id, needs.surroundings) if needs.surroundings else Surroundings()


async def _together(reads: Iterable[Awaitable[T]]) -> list[T]:
    """All answers, read in parallel. All reads have ended when the first fault is raised."""
    answers = await asyncio.gather(*reads, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


def _hindered(verdict: Verdict, obstacle: str) -> Verdict:
    """The verdict with the obstacle as the first reason of everything that is unknown for it."""
    reason = Reason(obstacle, found_state="unknown")
    return Verdict(
        tuple(_because(result, reason) if result.state is State.UNKNOWN else result for result in verdict.results),
        (obstacle, *verdict.warnings),
    )


def _because(result: Result, reason: Reason) -> Result:
    return replace(result, reasons=(reason, *result.reasons), message=reason.text)
