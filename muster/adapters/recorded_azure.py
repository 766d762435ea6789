"""Azure as recorded: a folder of REST bodies, one a file, in place of Azure Resource Manager."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from pathlib import Path

from muster.adapters.arm_answer import answer_of
from muster.facts.scale_sets import INSTANCE
from muster.ports import Clock
from muster.values.answers import Answer, FoundMany, ListAnswer, NotRead
from muster.values.document import RelatedQuery
from muster.values.errors import BadInput, InvalidResourceId
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.json import JsonObject
from muster.values.name_pattern import names_match
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings

MAX_BYTES = 16 * 1024 * 1024


class RecordedAzure:
    """An AzureReader (muster/ports.py) over recorded bodies. They count as read when they are asked for, as Azure's
    own answers do. What was not recorded is NotRead: a folder can't say that Azure has no such thing."""

    reads_effective_rules = False

    def __init__(self, bodies: Mapping[ResourceId, JsonObject], clock: Clock) -> None:
        self._bodies = dict(bodies)
        self._clock = clock
        self._by_type: dict[str, list[tuple[str, ResourceId]]] = {}
        for known, body in self._bodies.items():
            self._by_type.setdefault(_type(known, body), []).append((str(known), known))
        for ids in self._by_type.values():
            ids.sort(key=itemgetter(0))

    @classmethod
    def from_folder(cls, folder: Path, clock: Clock) -> "RecordedAzure":
        """Read every `*.json` below a folder. Raises BadInput naming the file that is not a resource's body."""
        return cls(dict(_read(path) for path in sorted(folder.rglob("*.json"))), clock)

    @property
    def bodies(self) -> Mapping[ResourceId, JsonObject]:
        """All recorded bodies."""
        return self._bodies

    async def get(self, resource_id: ResourceId) -> Answer:
        """See AzureReader.get."""
        body = self._bodies.get(resource_id)
        if body is None:
            return NotRead(f"{resource_id} is not among the recorded resources")
        return answer_of(body, self._clock())

    async def related(self, query: RelatedQuery) -> ListAnswer:
        """See AzureReader.related. Where no resource of the wanted type was recorded in the scope, NotRead; but a scale
        set that was recorded without instances has none, as a folder's machines are all that there are."""
        candidates = list(self._within(query))
        if not candidates and query.resource_type == INSTANCE and _is_recorded(query.scope, self._bodies):
            return FoundMany((), self._clock())
        if not candidates:
            return NotRead(f"no {query.resource_type} below {query.scope} is among the recorded resources")
        return FoundMany(tuple(self._bodies[known] for known in _named(candidates, query)), self._clock())

    def _within(self, query: RelatedQuery) -> Iterator[ResourceId]:
        """The recorded resources of the wanted type below the scope: neighbours in the order of their ids."""
        ids = self._by_type.get(query.resource_type, [])
        below = f"{query.scope.rstrip('/')}/"
        for text, known in islice(ids, bisect_left(ids, below, key=itemgetter(0)), None):
            if not text.startswith(below):
                break
            yield known

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        """See AzureReader.image. Images of one's own galleries can be recorded; what else Azure publishes can't."""
        if query.definition is None:
            return ImageAnswer()
        versions = RelatedQuery(f"{query.definition.type}/versions", str(query.definition))
        version = ImagePart.VERSION in parts and query.version
        return ImageAnswer(
            version=await self.get(query.definition.child("versions", query.version)) if version else None,
            definition=await self.get(query.definition) if ImagePart.DEFINITION in parts else None,
            versions=await self.related(versions) if ImagePart.VERSIONS in parts else None,
        )

    async def surroundings(
        self,
        resource_id: ResourceId,  # noqa: ARG002 # as the port has it
        wanted: frozenset[Surrounding],  # noqa: ARG002
    ) -> Surroundings:
        """See AzureReader.surroundings. They can't be recorded."""
        return Surroundings()

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        """See AzureReader.effective_rules. They can't be recorded."""
        return NotRead(f"the effective rules of {interface} are not recorded")


def _type(resource_id: ResourceId, body: JsonObject) -> str:
    """What the body says it is: the id of an extension resource (`.../providers/...` twice) does not tell."""
    stated = body.get("type")
    return stated.lower() if isinstance(stated, str) else resource_id.type


def _is_recorded(scope: str, bodies: Mapping[ResourceId, JsonObject]) -> bool:
    try:
        return ResourceId.parse(scope) in bodies
    except InvalidResourceId:
        return False


def _named(candidates: Iterable[ResourceId], query: RelatedQuery) -> list[ResourceId]:
    if query.name is None:
        return sorted(candidates, key=str)
    return sorted((known for known in candidates if names_match(known.names, query.name)), key=str)


def _read(path: Path) -> tuple[ResourceId, JsonObject]:
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(f"{path}: larger than {MAX_BYTES:,} bytes", reason="invalidRecording")
    try:
        body = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: not JSON ({error})", reason="invalidRecording") from error
    if not isinstance(body, dict):
        raise BadInput(f"{path}: not the JSON object of one resource", reason="invalidRecording")
    try:
        return ResourceId.parse(body.get("id")), body
    except InvalidResourceId as error:
        raise BadInput(f"{path}: id: {error}", reason="invalidRecording") from error
