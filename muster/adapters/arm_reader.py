"""An AzureReader (muster/ports.py) over Azure Resource Manager."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

from muster.adapters.aged_cache import AgedCache
from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_effective import effective_groups
from muster.adapters.arm_graph import ArmGraph
from muster.adapters.arm_images import ImageRead, deprecated_version, image_read
from muster.adapters.arm_lists import AskGraph, CanNot, ReadList, ReadOne, kusto_text, plan
from muster.adapters.arm_paths import group_path, resource_path
from muster.adapters.arm_reads import read_list, read_single, single_answer
from muster.adapters.arm_types import RESOURCE_GROUP, SUBSCRIPTION, TYPES, ArmType
from muster.adapters.no_telemetry import NO_TELEMETRY
from muster.ports import Telemetry
from muster.values.answers import Absent, Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead, Unsettled
from muster.values.document import RelatedQuery
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.json import Json, JsonObject
from muster.values.measures import Attribute, Metric
from muster.values.name_pattern import named
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings

IMAGE_SECONDS = 1800.0
"""How old an image's facts may be. Publishers announce deprecations months ahead."""

SURROUNDINGS_SECONDS = 60.0
"""How old tags of groups and subscriptions, and the ancestry of management groups, may be."""


class ArmReader:
    """Reads Azure through a client. Keeps what many resources share: images, and what stands above resources.
    `effective_rules`: whether it is to be asked for them."""

    def __init__(
        self,
        client: ArmClient,
        monotonic: Callable[[], float],
        telemetry: Telemetry = NO_TELEMETRY,
        *,
        effective_rules: bool = False,
    ) -> None:
        def told(hit: bool) -> None:
            telemetry.count(Metric.CACHE, {Attribute.HIT: hit})

        self.reads_effective_rules = effective_rules
        self._client = client
        self._graph = ArmGraph(client)
        self._images: AgedCache[ImageRead, Answer | ListAnswer] = AgedCache(
            IMAGE_SECONDS, monotonic, keeps=_had, told=told
        )
        self._above: AgedCache[str, Answer | ListAnswer] = AgedCache(
            SURROUNDINGS_SECONDS, monotonic, keeps=_had, told=told
        )

    async def get(self, resource_id: ResourceId) -> Answer:
        """See AzureReader.get."""
        arm_type = TYPES.get(resource_id.type)
        if arm_type is None:
            return NotRead(f"muster does not know how {resource_id.type[:120]} is read")
        return await self._single(resource_path(resource_id, arm_type), arm_type)

    async def related(self, query: RelatedQuery) -> ListAnswer:
        """See AzureReader.related."""
        match plan(query):
            case ReadList(path, arm_type):
                answer = await read_list(self._client, path, arm_type)
            case ReadOne(resource_id):
                answer = _as_list(await self.get(resource_id))
            case AskGraph(question, subscription, _):
                answer = await self._graph.rows(question, subscriptions=[subscription])
            case CanNot(why):
                return NotRead(why)
        return answer if query.name is None else named(answer, query.name)

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        """See AzureReader.image."""
        wanted = {part: read for part in parts if (read := image_read(query, part)) is not None}
        asked = [self._images.get(read, partial(self._image, read, query)) for read in wanted.values()]
        answers = [await asked[0]] if len(asked) == 1 else await asyncio.gather(*asked)
        found = dict(zip(wanted, answers, strict=True))
        return ImageAnswer(
            version=cast("Answer | None", found.get(ImagePart.VERSION)),
            definition=cast("Answer | None", found.get(ImagePart.DEFINITION)),
            versions=cast("ListAnswer | None", found.get(ImagePart.VERSIONS)),
        )

    async def surroundings(self, resource_id: ResourceId, wanted: frozenset[Surrounding]) -> Surroundings:
        """See AzureReader.surroundings."""
        subscription = resource_id.subscription
        above, group = f"/subscriptions/{subscription}", group_path(subscription, resource_id.resource_group)
        chain = _ancestry(subscription)
        reads: dict[Surrounding, tuple[str, Callable[[], Awaitable[Answer | ListAnswer]]]] = {
            Surrounding.RESOURCE_GROUP: (group, lambda: self._single(group, RESOURCE_GROUP)),
            Surrounding.SUBSCRIPTION: (above, lambda: self._single(above, SUBSCRIPTION)),
            Surrounding.MANAGEMENT_GROUPS: (chain, lambda: self._graph.rows(chain, subscriptions=[subscription])),
        }
        kinds = sorted(wanted)
        answers = await asyncio.gather(*(self._above.get(*reads[kind]) for kind in kinds))
        found = dict(zip(kinds, answers, strict=True))
        hindrances = [f"{kind}: {why}" for kind, answer in found.items() if (why := _hindrance(answer))]
        groups = found.get(Surrounding.MANAGEMENT_GROUPS)
        return Surroundings(
            resource_group=_body(found.get(Surrounding.RESOURCE_GROUP)),
            subscription=_body(found.get(Surrounding.SUBSCRIPTION)),
            management_groups=_chain(groups) if isinstance(groups, FoundMany) else (),
            hindrances=tuple(hindrances),
        )

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        """See AzureReader.effective_rules."""
        return await effective_groups(self._client, interface)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _single(self, path: str, arm_type: ArmType) -> Answer:
        return await read_single(self._client, path, arm_type)

    async def _image(self, read: ImageRead, query: ImageQuery) -> Answer | ListAnswer:
        if not read.single:
            return await read_list(self._client, read.path, read.arm_type)
        reply = await self._client.get(read.path, {"api-version": read.arm_type.api_version})
        refused = None if reply.ok else deprecated_version(reply.failure.code, query)
        return Found(refused, reply.observed_at) if refused else single_answer(reply, read.arm_type)


def _as_list(answer: Answer) -> ListAnswer:
    match answer:
        case Found(body, observed_at) | Unsettled(_, body, observed_at):
            return FoundMany((body,), observed_at)
        case Absent(observed_at):
            return FoundMany((), observed_at)
    return answer


def _had(answer: Answer | ListAnswer) -> bool:
    """Whether an answer is worth keeping: what could not be had may be allowed or there in a minute."""
    return isinstance(answer, Found | FoundMany)


def _hindrance(answer: Answer | ListAnswer) -> str:
    match answer:
        case Forbidden(permission):
            return f"needs the permission {permission}"
        case NotRead(why):
            return why
        case Absent():
            return "Azure has no such thing"
        case FoundMany(()):
            return "Resource Graph has no row of it"
    return ""


def _body(answer: Answer | ListAnswer | None) -> JsonObject | None:
    return answer.body if isinstance(answer, Found | Unsettled) else None


def _ancestry(subscription: str) -> str:
    return (
        "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
        f" | where subscriptionId =~ {kusto_text(subscription)}"
        " | project chain = properties.managementGroupAncestorsChain"
    )


def _chain(answer: FoundMany) -> tuple[str, ...]:
    """Azure lists the nearest group first, each with its name and displayName."""
    chain: Json = answer.bodies[0].get("chain") if answer.bodies else None
    members = chain if isinstance(chain, list) else []
    names = (member.get("name") for member in members if isinstance(member, dict))
    return tuple(name for name in names if isinstance(name, str))
