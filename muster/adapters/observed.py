"""Ports that tell what goes through them. They stand before the real ones where telemetry is on, so that nothing is in
the way where it is off."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

from muster.ports import AzureReader, FindingStore, HistoryWrite, PolicyJudge, StoredFinding, StoredRecord, Telemetry
from muster.values.answers import Answer, ListAnswer
from muster.values.document import Document, RelatedQuery
from muster.values.errors import BadInput
from muster.values.finding import Verdict
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.json import JsonObject
from muster.values.measures import Attribute, Metric, Step
from muster.values.needs import Needs
from muster.values.resource_id import ResourceId
from muster.values.states import roll_up
from muster.values.surroundings import Surrounding, Surroundings
from muster.values.sweep import ExemptionEnd


class ObservedReader:
    """An AzureReader each of whose questions is a span."""

    def __init__(self, reader: AzureReader, telemetry: Telemetry) -> None:
        self._reader, self._telemetry = reader, telemetry

    async def get(self, resource_id: ResourceId) -> Answer:
        """See AzureReader.get."""
        told = {Attribute.OPERATION: "get", Attribute.RESOURCE: str(resource_id)}
        with self._telemetry.span(Step.READ, told) as span:
            answer = await self._reader.get(resource_id)
            span.tell(Attribute.ANSWER, type(answer).__name__)
            return answer

    async def related(self, query: RelatedQuery) -> ListAnswer:
        """See AzureReader.related."""
        with self._telemetry.span(Step.READ, {Attribute.OPERATION: f"list {query.resource_type}"}) as span:
            answer = await self._reader.related(query)
            span.tell(Attribute.ANSWER, type(answer).__name__)
            return answer

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        """See AzureReader.image."""
        with self._telemetry.span(Step.READ, {Attribute.OPERATION: "image"}):
            return await self._reader.image(query, parts)

    async def surroundings(self, resource_id: ResourceId, wanted: frozenset[Surrounding]) -> Surroundings:
        """See AzureReader.surroundings."""
        with self._telemetry.span(Step.READ, {Attribute.OPERATION: "surroundings"}):
            return await self._reader.surroundings(resource_id, wanted)

    @property
    def reads_effective_rules(self) -> bool:
        """See AzureReader.reads_effective_rules."""
        return self._reader.reads_effective_rules

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        """See AzureReader.effective_rules."""
        told = {Attribute.OPERATION: "effective rules", Attribute.RESOURCE: str(interface)}
        with self._telemetry.span(Step.READ, told) as span:
            answer = await self._reader.effective_rules(interface)
            span.tell(Attribute.ANSWER, "None" if answer is None else type(answer).__name__)
            return answer


class ObservedPolicies:
    """A PolicyJudge whose verdicts are spans, and counted by the state that they give a resource."""

    def __init__(self, policies: PolicyJudge, telemetry: Telemetry) -> None:
        self._policies, self._telemetry = policies, telemetry

    @property
    def version(self) -> str:
        """See PolicyJudge.version."""
        return self._policies.version

    def needs(self, document: Document) -> Needs:
        """See PolicyJudge.needs."""
        return self._policies.needs(document)

    def exemptions_ending(self, by: datetime) -> tuple[ExemptionEnd, ...]:
        """See PolicyJudge.exemptions_ending."""
        return self._policies.exemptions_ending(by)

    def judges(self, resource_type: str) -> bool:
        """See PolicyJudge.judges."""
        return self._policies.judges(resource_type)

    def evaluation_delay(self, document: Document) -> timedelta | None:
        """See PolicyJudge.evaluation_delay."""
        return self._policies.evaluation_delay(document)

    def related_queries(self, document: Document) -> tuple[RelatedQuery, ...]:
        """See PolicyJudge.related_queries."""
        return self._policies.related_queries(document)

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        """See PolicyJudge.evaluate."""
        with self._telemetry.span(Step.JUDGE) as span:
            verdict = self._policies.evaluate(document, as_of)
            state = roll_up(result.state for result in verdict.results)
            span.tell(Attribute.STATE, state)
        self._telemetry.count(Metric.EVALUATIONS, {Attribute.STATE: state})
        return verdict


class ObservedStore:
    """A FindingStore whose reads and writes on behalf of one resource are spans."""

    def __init__(self, store: FindingStore, telemetry: Telemetry) -> None:
        self._store, self._telemetry = store, telemetry

    async def latest(self, resource_id: ResourceId) -> StoredFinding | None:
        """See FindingStore.latest."""
        with self._telemetry.span(Step.STORE, {Attribute.OPERATION: "read latest"}):
            return await self._store.latest(resource_id)

    async def put_latest(
        self, resource_id: ResourceId, document: JsonObject, metadata: Mapping[str, str], *, replaces: str | None
    ) -> None:
        """See FindingStore.put_latest."""
        with self._telemetry.span(Step.STORE, {Attribute.OPERATION: "write latest"}):
            await self._store.put_latest(resource_id, document, metadata, replaces=replaces)

    async def put_history(self, resource_id: ResourceId, evaluation_id: str, document: JsonObject) -> HistoryWrite:
        """See FindingStore.put_history."""
        with self._telemetry.span(Step.STORE, {Attribute.OPERATION: "write history"}):
            return await self._store.put_history(resource_id, evaluation_id, document)

    async def history(self, resource_id: ResourceId, evaluation_id: str) -> StoredRecord | None:
        """See FindingStore.history."""
        with self._telemetry.span(Step.STORE, {Attribute.OPERATION: "read history"}):
            return await self._store.history(resource_id, evaluation_id)

    def history_ids(self, resource_id: ResourceId) -> AsyncIterator[str]:
        """See FindingStore.history_ids."""
        return self._store.history_ids(resource_id)

    async def put_unprocessed(self, name: str, document: JsonObject) -> None:
        """See FindingStore.put_unprocessed."""
        with self._telemetry.span(Step.STORE, {Attribute.OPERATION: "write unprocessed"}):
            await self._store.put_unprocessed(name, document)

    def open_ids(self, below: ResourceId | None = None) -> AsyncIterator[ResourceId]:
        """See FindingStore.open_ids."""
        return self._store.open_ids(below)

    def each_latest(self) -> AsyncIterator[JsonObject | BadInput]:
        """See FindingStore.each_latest."""
        return self._store.each_latest()

    def all_latest(self) -> AsyncIterator[JsonObject]:
        """See FindingStore.all_latest."""
        return self._store.all_latest()
