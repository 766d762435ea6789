"""What muster needs of the outside, as protocols. Adapters implement them; jobs await them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from muster.values.answers import Answer, Forbidden, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.errors import BadInput
from muster.values.finding import Verdict
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.json import JsonObject
from muster.values.measures import Attribute, Metric, Step
from muster.values.needs import Needs
from muster.values.notification import Notification
from muster.values.request import EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings
from muster.values.sweep import BatchName, ExemptionEnd, InventoryPage


class Clock(Protocol):
    """The time now, in UTC."""

    def __call__(self) -> datetime: ...


class AzureReader(Protocol):
    """Reads Azure. A fault that may pass is raised as TransientFault; everything else is an answer."""

    async def get(self, resource_id: ResourceId) -> Answer:
        """One resource's REST JSON. For virtual machines and scale set instances with its instance view, where the
        reader has one."""
        ...

    async def related(self, query: RelatedQuery) -> ListAnswer:
        """All resources that a query asks for."""
        ...

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        """What is published about an image. May be some minutes old."""
        ...

    async def surroundings(self, resource_id: ResourceId, wanted: frozenset[Surrounding]) -> Surroundings:
        """What stands above a resource. May be a minute old."""
        ...

    @property
    def reads_effective_rules(self) -> bool:
        """Whether this reader is to be asked for effective rules, which is an opt-in."""
        ...

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        """The network security groups that count for a network interface, with their effective rules (facts/
        effective_rules.py); None where its machine does not run, so that Azure has none."""
        ...


class PolicyJudge(Protocol):
    """A bound policy set. Judging reads nothing: what it needs beyond the resource it asks for beforehand."""

    @property
    def version(self) -> str:
        """Names exactly these policies: another content, another version."""
        ...

    def needs(self, document: Document) -> Needs:
        """What must be known of a resource before it can be judged. The document has its body alone."""
        ...

    def exemptions_ending(self, by: datetime) -> tuple[ExemptionEnd, ...]:
        """The exemptions that end by a time, those that have ended too, in the order of their ends."""
        ...

    def judges(self, resource_type: str) -> bool:
        """Whether some definition that is assigned is for resources of a (lower-cased) type."""
        ...

    def evaluation_delay(self, document: Document) -> timedelta | None:
        """How long after a write Azure Policy would wait before it looks for what the rules miss on this document
        (its related resources in it): the longest `evaluationDelay`. None where no rule misses a related resource."""
        ...

    def related_queries(self, document: Document) -> tuple[RelatedQuery, ...]:
        """Which related resources the verdict on this document depends on."""
        ...

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        """Judge the document on a date. Never raises for any JSON in it."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """The newest finding of a resource as it lies in the store; `etag` guards its replacement."""

    document: JsonObject
    etag: str


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of a resource's history; `digest` is the SHA-256 of its bytes as they lie in the store, hexadecimal."""

    document: JsonObject
    digest: str


@dataclass(frozen=True, slots=True)
class HistoryWrite:
    """What came of adding a record: the `digest` it has where it is stored as it was given, and whether it was stored:
    not `added`, one of its id was there already."""

    digest: str
    added: bool


class FindingStore(Protocol):
    """Where findings lie. Storage that does not answer raises TransientFault."""

    async def latest(self, resource_id: ResourceId) -> StoredFinding | None:
        """The newest finding of a resource. Raises BadInput where what lies there is not a finding."""
        ...

    async def put_latest(
        self, resource_id: ResourceId, document: JsonObject, metadata: Mapping[str, str], *, replaces: str | None
    ) -> None:
        """Replace the newest finding. `replaces` is the etag that was read, None to create.

        Raises Conflict where another writer was first.
        """
        ...

    async def put_history(self, resource_id: ResourceId, evaluation_id: str, document: JsonObject) -> HistoryWrite:
        """Add a record, create-only. One of that id that was there already stays as it is."""
        ...

    async def history(self, resource_id: ResourceId, evaluation_id: str) -> StoredRecord | None:
        """One record of a resource's history. Raises BadInput where what lies there is not one."""
        ...

    def history_ids(self, resource_id: ResourceId) -> AsyncIterator[str]:
        """The ids of all records of a resource, in no order."""
        ...

    async def put_unprocessed(self, name: str, document: JsonObject) -> None:
        """Keep something that could not be handled. The same name again is the same thing and changes nothing."""
        ...

    def open_ids(self, below: ResourceId | None = None) -> AsyncIterator[ResourceId]:
        """The resources, all or those below one, that have a finding which is not closed, in no order. Those whose id
        is longer than a blob's name are left out."""
        ...

    def each_latest(self) -> AsyncIterator[JsonObject | BadInput]:
        """The newest finding of every resource, in no order, and the fault of each that is not one."""
        ...

    def all_latest(self) -> AsyncIterator[JsonObject]:
        """The newest finding of every resource, in the order of resource ids."""
        ...


class RequestQueue(Protocol):
    """Where requests wait for another look. Storage that does not answer raises TransientFault."""

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        """Have a request made again after a delay of at most 7 days, at least once."""
        ...


class InventoryReader(Protocol):
    """Lists the resources there are. A fault that may pass is raised as TransientFault."""

    async def page(self, types: Sequence[str], after: str) -> InventoryPage | Forbidden | NotRead:
        """A page of the resources of some (lower-cased) types: the first for "", else what `following` of the one
        before asks for."""
        ...


class BatchQueue(Protocol):
    """Where batches of a sweep wait for who judges them. Storage that does not answer raises TransientFault."""

    async def put_batch(self, batch: BatchName, delay: timedelta) -> None:
        """Have a batch judged after a delay, at least once."""
        ...


class DocumentStore(Protocol):
    """Documents by name, for what a job has to remember. Storage that does not answer raises TransientFault."""

    async def read(self, name: str) -> StoredFinding | None:
        """A document with the etag that guards its replacement. Raises BadInput where it is no JSON object."""
        ...

    async def write(self, name: str, document: JsonObject, *, replaces: str | None) -> str:
        """Replace a document; its new etag. `replaces` is the etag that was read, None to create. Raises Conflict where
        another writer was first."""
        ...

    async def put(self, name: str, document: JsonObject) -> None:
        """Write a document whatever is there."""
        ...

    def names(self, prefix: str) -> AsyncIterator[str]:
        """The names that begin with a prefix, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class FindingHead:
    """The newest evaluation of a resource."""

    resource_id: ResourceId
    evaluation: str


class Feed(Protocol):
    """Where the feed lies, segments of text by name. Storage that does not answer raises TransientFault."""

    async def create(self, name: str, text: str) -> bool:
        """Write a segment, create-only. False where one of that name was there already (and stays as it is)."""
        ...

    async def read(self, name: str) -> str | None:
        """A segment's text."""
        ...

    def names(self, prefix: str) -> AsyncIterator[str]:
        """The names that begin with a prefix, in their order."""
        ...


class Notifier(Protocol):
    """Where notifications go."""

    async def send(self, notifications: Sequence[Notification]) -> None:
        """Send some, at least once.

        Raises TransientFault where the other side did not take them now, and BadInput where it never will.
        """
        ...


Attributes = Mapping[Attribute, str | int | float | bool]


class Span(Protocol):
    """A step under way."""

    def tell(self, name: Attribute, value: str | int | float | bool) -> None:
        """Say something of it."""
        ...


class Telemetry(Protocol):
    """Where muster tells what it does. None of it raises, and none of it waits."""

    def span(
        self, step: Step, attributes: Attributes | None = None, *, parent: str = ""
    ) -> AbstractContextManager[Span]:
        """A step, below the one that is under way; or below what `parent` names, in the form of W3C's traceparent. What
        it raises is told by its type alone."""
        ...

    def count(self, metric: Metric, attributes: Attributes | None = None) -> None:
        """Count one more."""
        ...

    def record(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """Record one measurement of a distribution."""
        ...

    def gauge(self, metric: Metric, value: float, attributes: Attributes | None = None) -> None:
        """Say what something is now."""
        ...
