"""What the tests of jobs play with: a machine that changes, a reader that answers as told, a judge of one rule."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from muster.facts.catalogue import read_catalogue
from muster.facts.document import FactSources
from muster.facts.image_rules_reading import read_image_rules
from muster.jobs.check import CheckOutcome, check
from muster.values.answers import Absent, Answer, Found, FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.finding import AssignedRule, Reason, Result, Verdict
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.json import JsonObject, as_object
from muster.values.needs import NOTHING, Needs
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.states import Severity, State
from muster.values.surroundings import Surrounding, Surroundings
from muster.values.sweep import ExemptionEnd
from tests.memory_findings import MemoryFindings

VM = ResourceId.parse(
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-web"
    "/providers/Microsoft.Compute/virtualMachines/web01"
)
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def machine(*, encrypted: bool = True, **members: object) -> JsonObject:
    """A VM's REST JSON."""
    body: JsonObject = {
        "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/RG-WEB"
        "/providers/Microsoft.Compute/virtualMachines/Web01",
        "name": "Web01",
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "tags": {"owner": "web"},
        "properties": {
            "provisioningState": "Succeeded",
            "storageProfile": {"osDisk": {"osType": "Linux", "createOption": "FromImage"}},
            "osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": True}},
            "securityProfile": {"encryptionAtHost": encrypted},
        },
    }
    return {**body, **members}  # type: ignore[dict-item]


@dataclass
class Reader:
    """Answers `get` with `answer`, or with what it returns; counts how often."""

    answer: Answer | Callable[[ResourceId], Answer]
    lists: dict[RelatedQuery, ListAnswer] = field(default_factory=dict)
    asked: list[ResourceId] = field(default_factory=list)
    images: dict[ImageQuery, ImageAnswer] = field(default_factory=dict)
    above: Surroundings = field(default_factory=Surroundings)
    wanted: list[frozenset[Surrounding]] = field(default_factory=list)
    effective: dict[ResourceId, ListAnswer | None] = field(default_factory=dict)
    reads_effective_rules: bool = False

    async def get(self, resource_id: ResourceId) -> Answer:
        self.asked.append(resource_id)
        return self.answer(resource_id) if callable(self.answer) else self.answer

    async def related(self, query: RelatedQuery) -> ListAnswer:
        return self.lists.get(query, NotRead("not recorded"))

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        return self.images.get(query, ImageAnswer())

    async def surroundings(self, resource_id: ResourceId, wanted: frozenset[Surrounding]) -> Surroundings:
        self.wanted.append(wanted)
        return self.above

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        return self.effective[interface]


@dataclass(frozen=True)
class Judge:
    """One rule: encryption at host is on. Unknown where properties could not be had."""

    version: str = "policies-1"
    severity: Severity = Severity.HIGH
    message: str = "encryption at host"
    queries: tuple[RelatedQuery, ...] = ()
    needed: Needs = NOTHING
    delay: timedelta | None = None

    ends: tuple[ExemptionEnd, ...] = ()
    types: tuple[str, ...] = ()

    def exemptions_ending(self, by: datetime) -> tuple[ExemptionEnd, ...]:
        return tuple(one for one in self.ends if one.ends <= by)

    def judges(self, resource_type: str) -> bool:
        return resource_type in self.types

    def evaluation_delay(self, document: Document) -> timedelta | None:
        return self.delay

    def needs(self, document: Document) -> Needs:
        return self.needed

    def related_queries(self, document: Document) -> tuple[RelatedQuery, ...]:
        return self.queries

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        if "properties" in document.unavailable:
            state, found = State.UNKNOWN, None
        else:
            profile = as_object(as_object(document.resource["properties"])["securityProfile"])
            found = profile["encryptionAtHost"]
            state = State.COMPLIANT if found else State.NON_COMPLIANT
        if any(not isinstance(answer, FoundMany) for answer in document.related.values()):
            state = State.UNKNOWN
        reason = Reason(
            text=f"on {as_of.date()} it was {found}",
            field="Microsoft.Compute/virtualMachines/securityProfile.encryptionAtHost",
            path="properties.securityProfile.encryptionAtHost",
            operator="equals",
            expected=True,
            found=found,
            pointer="/policyRule/if",
        )
        result = Result(
            AssignedRule(
                self.severity, "baseline", "encryption-at-host", "encryption-at-host", "Encryption at host is on"
            ),
            id=sha256(f"{document.resource['id']}".lower().encode()).hexdigest()[:32],
            state=state,
            effect="audit",
            message=self.message,
            reasons=(reason,),
        )
        return Verdict((result,))


def sources() -> FactSources:
    """No rules, no catalogue: nothing is known of any image."""
    rules, rule_faults = read_image_rules({})
    catalogue, faults = read_catalogue({})
    assert not rule_faults
    assert not faults
    return FactSources(rules, catalogue)


SOURCES = sources()


@dataclass
class Stage:
    """A store, a judge and a clock; `see` makes one check of a body seen at a minute after START."""

    store: MemoryFindings = field(default_factory=MemoryFindings)
    judge: Judge = field(default_factory=Judge)

    def request(self, minute: float = 0, **parts: object) -> EvaluationRequest:
        values: dict[str, object] = {"resource_id": VM, "time": START + timedelta(minutes=minute)}
        return EvaluationRequest(**{**values, "cause": Cause.WRITTEN, "event_id": "e-1", **parts})  # type: ignore[arg-type]

    async def see(
        self, body: JsonObject, minute: float = 0, *, request: EvaluationRequest | None = None
    ) -> CheckOutcome:
        return await self.answer(Found(copy.deepcopy(body), START + timedelta(minutes=minute)), minute, request)

    async def answer(self, answer: Answer, minute: float = 0, request: EvaluationRequest | None = None) -> CheckOutcome:
        return await self.check(Reader(answer), request or self.request(minute), minute)

    async def check(self, reader: Reader, request: EvaluationRequest, minute: float = 0) -> CheckOutcome:
        now = START + timedelta(minutes=minute, seconds=1)
        return await check(
            request, reader=reader, store=self.store, policies=self.judge, sources=SOURCES, clock=lambda: now
        )

    def with_policies(self, **parts: object) -> "Stage":
        """The same store, judged by other policies."""
        return Stage(self.store, replace(self.judge, **parts))  # type: ignore[arg-type]

    @property
    def ids(self) -> set[str]:
        return {evaluation_id for _, evaluation_id in self.store.records}


ABSENT = Absent(START)
