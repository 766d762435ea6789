"""Resources whose findings come and go: what the tests of the feed play with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from muster.jobs.chain import content_digest
from muster.jobs.close import Closing, close
from muster.jobs.keep import Concluded, keep
from muster.jobs.publish import FeedStores, Published, publish_feed
from muster.ports import FindingStore
from muster.report.finding_document import finding_document
from muster.values.document import Document
from muster.values.finding import AssignedRule, Result, Verdict
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.states import Severity, State
from tests.memory_documents import MemoryDocuments
from tests.memory_feed import MemoryFeed, memory_heads
from tests.memory_findings import MemoryFindings

if TYPE_CHECKING:
    from muster.values.json import JsonObject

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def vm(name: str) -> ResourceId:
    """A machine's id."""
    return ResourceId.parse(f"{GROUP}/providers/Microsoft.Compute/virtualMachines/{name}")


class Fleet:
    """Findings and the feed in memory, and a clock that goes on by a minute whenever something happens."""

    def __init__(self, findings: FindingStore | None = None) -> None:
        self.memory = MemoryFindings()
        self.findings: FindingStore = findings or self.memory
        self.documents = MemoryDocuments()
        self.feed = MemoryFeed()
        self.now = START

    async def judged(
        self, name: str, states: Mapping[str, State], severity: Severity = Severity.HIGH, message: str = "As it is."
    ) -> None:
        """A machine was seen and judged: these states, by definition."""
        self.now += timedelta(minutes=1)
        resource_id = vm(name)
        results = tuple(
            Result(
                AssignedRule(severity, "baseline", definition, definition, f"Machines should be {definition}"),
                id=sha256(f"{name} {definition}".encode()).hexdigest(),
                state=state,
                effect="audit",
                message=message,
                reasons=(),
            )
            for definition, state in states.items()
        )
        body: JsonObject = {"id": str(resource_id), "name": name, "type": "Microsoft.Compute/virtualMachines"}
        document = Document(body, {}, {}, now=self.now)
        finding = finding_document(document, Verdict(results), settled=True)
        evaluated: JsonObject = {"resource": body, "related": []}
        concluded = Concluded(
            request=EvaluationRequest(resource_id, self.now, Cause.WRITTEN),
            observed_at=self.now,
            policy_version="p1",
            finding=finding,
            evaluated=evaluated,
            content=content_digest({**finding, "evaluated": evaluated}),
        )
        await keep(concluded, self.findings)

    async def deleted(self, name: str) -> None:
        """A machine went."""
        self.now += timedelta(minutes=1)
        request = EvaluationRequest(vm(name), self.now, Cause.DELETED)
        await close(request, Closing.DELETED, self.now, store=self.findings)

    async def publish(self) -> Published:
        """A run of the feed."""
        self.now += timedelta(minutes=1)
        stores = FeedStores(memory_heads(self.memory), self.findings, self.documents, self.feed)
        return await publish_feed(stores, clock=lambda: self.now, product_version="0.1.0")
