"""Reading what rules need beside the resource itself: its image, what stands above it, its network."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from muster.facts.exposure import NOT_ASKED, EffectiveRead, exposure
from muster.facts.image_reads import image_parts, image_query, unpublished_reads
from muster.facts.network_reads import PORT_FIELDS, ROUNDS, VIRTUAL_MACHINE, effective_reads, network_reads
from muster.ports import AzureReader
from muster.values.answers import Answer, Forbidden, Found, ListAnswer, NotRead
from muster.values.errors import InvalidResourceId
from muster.values.image_query import ImageAnswer
from muster.values.json import JsonObject
from muster.values.needs import Needs
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surroundings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read. `image_bodies` and `published` as build_document takes them; `network` has the members of
    `Muster.Network`, {} where no rule asks for them. `refusals` are sentences about what Azure did not let be read,
    each naming the missing permission."""

    image_bodies: Mapping[ResourceId, JsonObject | None]
    published: ImageAnswer
    above: Surroundings
    network: JsonObject
    refusals: tuple[str, ...]


async def gather(body: JsonObject, needs: Needs, reader: AzureReader) -> Gathered:
    """Read what rules need beside a resource's own body, all at once.

    Raises TransientFault where something could not be read just now; what Azure refuses stays unknown.
    """
    images = asyncio.ensure_future(_read(reader, unpublished_reads(body)))
    published = asyncio.ensure_future(_published(reader, body, needs))
    above = asyncio.ensure_future(_above(reader, body, needs))
    network = asyncio.ensure_future(_network(reader, body, needs))
    await together([images, published, above, network])
    read, effective = network.result()
    image, beside = published.result(), {**images.result(), **read}
    refused = [_refusal(f"{one.type} {one.name}", answer) for one, answer in beside.items()]
    parts = {"version": image.version, "definition": image.definition, "list of versions": image.versions}
    refused += [_refusal(f"the image's {part}", answer) for part, answer in parts.items()]
    refused += [_not_effective(one, answer) for one, answer in effective.items()]
    found = {one: answer.body if isinstance(answer, Found) else None for one, answer in images.result().items()}
    return Gathered(
        image_bodies=found,
        published=image,
        above=above.result(),
        network=exposure(body, read, effective) if _asks_for_network(body, needs) else {},
        refusals=(*filter(None, refused), *above.result().hindrances),
    )


async def together(reads: Iterable[Awaitable[T]]) -> list[T]:
    """All answers, read in parallel. All reads have ended when the first fault is raised."""
    answers = await asyncio.gather(*reads, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


async def _read(reader: AzureReader, wanted: Iterable[ResourceId]) -> dict[ResourceId, Answer]:
    ids = tuple(wanted)
    return dict(zip(ids, await together([reader.get(one) for one in ids]), strict=True))


async def _published(reader: AzureReader, body: JsonObject, needs: Needs) -> ImageAnswer:
    query = image_query(body)
    parts = frozenset() if query is None else image_parts(query, needs)
    return await reader.image(query, parts) if query is not None and parts else ImageAnswer()


async def _above(reader: AzureReader, body: JsonObject, needs: Needs) -> Surroundings:
    """A body whose id is none has nothing above it that could be read."""
    try:
        resource_id = ResourceId.parse(body.get("id"))
    except InvalidResourceId:
        return Surroundings()
    return await reader.surroundings(resource_id, needs.surroundings) if needs.surroundings else Surroundings()


def _asks_for_network(body: JsonObject, needs: Needs) -> bool:
    kind = body.get("type")
    return needs.any_room("network") and isinstance(kind, str) and kind.lower() == VIRTUAL_MACHINE


async def _network(
    reader: AzureReader, body: JsonObject, needs: Needs
) -> tuple[Mapping[ResourceId, Answer], EffectiveRead]:
    read: dict[ResourceId, Answer] = {}
    if not _asks_for_network(body, needs):
        return read, NOT_ASKED
    for _ in range(ROUNDS):
        read |= await _read(reader, network_reads(body, read))
    if not (reader.reads_effective_rules and needs.any_of(PORT_FIELDS)):
        return read, NOT_ASKED
    asked = effective_reads(body, read)
    return read, dict(zip(asked, await together([reader.effective_rules(one) for one in asked]), strict=True))


def _not_effective(interface: ResourceId, answer: ListAnswer | None) -> str:
    what = f"the effective rules of {interface.name}"
    return f"Reading {what}: {answer.why}." if isinstance(answer, NotRead) else _refusal(what, answer)


def _refusal(what: str, answer: Answer | ListAnswer | None) -> str:
    return f"Reading {what} needs the permission {answer.permission}." if isinstance(answer, Forbidden) else ""
