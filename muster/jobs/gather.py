"""Reading what rules need beside the resource itself: its image, what stands above it, its network."""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

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

_NetworkRead: TypeAlias = tuple[Mapping[ResourceId, Answer], EffectiveRead]
_NO_NETWORK: _NetworkRead = ({}, NOT_ASKED)


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
    unpublished, asks_for_network = unpublished_reads(body), _asks_for_network(body, needs)
    query = image_query(body)
    asked = frozenset() if query is None else image_parts(query, needs)
    images = _begun(_read(reader, unpublished) if unpublished else None, {})
    published = _begun(reader.image(query, asked) if query and asked else None, ImageAnswer())
    above = _begun(_above(reader, body, needs) if needs.surroundings else None, Surroundings())
    network = _begun(_network(reader, body, needs) if asks_for_network else None, _NO_NETWORK)
    await together([one for one in (images, published, above, network) if not one.done()])
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
        network=exposure(body, read, effective) if asks_for_network else {},
        refusals=(*filter(None, refused), *above.result().hindrances),
    )


async def together(reads: Iterable[Awaitable[T]]) -> list[T]:
    """All answers, read in parallel. All reads have ended when the first fault is raised."""
    reads = tuple(reads)
    if len(reads) == 1:
        return [await reads[0]]
    answers = await asyncio.gather(*reads, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


def _begun(read: Coroutine[None, None, T] | None, otherwise: T) -> asyncio.Future[T]:
    """A read under way; where there is nothing to read, one that has ended, since a task of its own would cost."""
    if read is not None:
        return asyncio.ensure_future(read)
    known: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    known.set_result(otherwise)
    return known


async def _read(reader: AzureReader, wanted: Iterable[ResourceId]) -> dict[ResourceId, Answer]:
    ids = tuple(wanted)
    return dict(zip(ids, await together([reader.get(one) for one in ids]), strict=True))


async def _above(reader: AzureReader, body: JsonObject, needs: Needs) -> Surroundings:
    """A body whose id is none has nothing above it that could be read."""
    try:
        resource_id = ResourceId.parse(body.get("id"))
    except InvalidResourceId:
        return Surroundings()
    return await reader.surroundings(resource_id, needs.surroundings)


def _asks_for_network(body: JsonObject, needs: Needs) -> bool:
    kind = body.get("type")
    return needs.any_room("network") and isinstance(kind, str) and kind.lower() == VIRTUAL_MACHINE


async def _network(reader: AzureReader, body: JsonObject, needs: Needs) -> _NetworkRead:
    read: dict[ResourceId, Answer] = {}
    for _ in range(ROUNDS):
        wanted = network_reads(body, read)
        if not wanted:
            break
        read |= await _read(reader, wanted)
    if not (reader.reads_effective_rules and needs.any_of(PORT_FIELDS)):
        return read, NOT_ASKED
    asked = effective_reads(body, read)
    return read, dict(zip(asked, await together([reader.effective_rules(one) for one in asked]), strict=True))


def _not_effective(interface: ResourceId, answer: ListAnswer | None) -> str:
    what = f"the effective rules of {interface.name}"
    return f"Reading {what}: {answer.why}." if isinstance(answer, NotRead) else _refusal(what, answer)


def _refusal(what: str, answer: Answer | ListAnswer | None) -> str:
    return f"Reading {what} needs the permission {answer.permission}." if isinstance(answer, Forbidden) else ""
