"""The sweep: everything there is, judged; what was covered, told; a crash anywhere, made good."""

import asyncio
import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from muster.adapters.recorded_inventory import RecordedInventory
from muster.jobs.batch_message import batch_message, parse_batch
from muster.jobs.close import is_closed
from muster.jobs.coverage import Tally, percentile
from muster.jobs.history import verify_history
from muster.jobs.settle import Delays, settle
from muster.jobs.sweep import CHECKPOINT, DISKS, EVERY, GIVE_UP, LAST_COVERAGE, Step, SweepStores, advance, judge_named
from muster.jobs.sweep_batch import BATCHES_AT_ONCE, SweepTools
from muster.ports import StoredFinding
from muster.values.answers import Absent, Answer, Forbidden, Found, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.errors import BadInput, TransientFault
from muster.values.finding import Verdict
from muster.values.json import Json, JsonObject, as_list, as_object
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.states import Severity, State
from muster.values.sweep import BatchName, ExemptionEnd, InventoryPage
from tests.jobs.stage import SOURCES, START, Judge, Reader, machine
from tests.memory_documents import MemoryDocuments
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue


def vm(number: int, subscription: int = 1, **members: Any) -> JsonObject:
    identifier = (
        f"/subscriptions/{subscription:08}-0000-0000-0000-000000000000/resourceGroups/rg"
        f"/providers/Microsoft.Compute/virtualMachines/vm{number:04}"
    )
    return {**machine(**members), "id": identifier, "name": f"vm{number:04}"}


class Batches:
    """A BatchQueue in memory. `interrupt` makes the next put fail."""

    def __init__(self) -> None:
        self.waiting: list[BatchName] = []
        self.delays: list[float] = []
        self.fail_at: int | None = None

    async def put_batch(self, batch: BatchName, delay: timedelta) -> None:
        if self.fail_at == batch.number:
            self.fail_at = None
            raise TransientFault("the host was killed")
        self.waiting.append(parse_batch(batch_message(batch)))
        self.delays.append(delay.total_seconds())


@dataclass
class Play:
    """Azure has `bodies`; what a list says of them may lag behind (`listed`)."""

    bodies: dict[ResourceId, JsonObject] = field(default_factory=dict)
    listed: dict[ResourceId, JsonObject] | None = None
    store: MemoryFindings = field(default_factory=MemoryFindings)
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    batches: Batches = field(default_factory=Batches)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    judge: Judge = field(default_factory=Judge)
    now: datetime = START
    page: int = 1000
    refused: Forbidden | NotRead | None = None
    fault: Exception | None = None
    asked: int = 0

    def have(self, *bodies: JsonObject) -> "Play":
        for body in bodies:
            self.bodies[ResourceId.parse(body["id"])] = body
        return self

    def _answer(self, resource_id: ResourceId) -> Answer:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        body = self.bodies.get(resource_id)
        return Absent(self.now) if body is None else Found(copy.deepcopy(body), self.now)

    @property
    def tools(self) -> SweepTools:
        return SweepTools(
            reader=Reader(self._answer),
            store=self.store,
            policies=self.judge,
            sources=SOURCES,
            clock=lambda: self.now,
            delays=Delays(self.queue, lambda: 0.5),
        )

    @property
    def stores(self) -> SweepStores:
        listing = RecordedInventory(self.listed or self.bodies, lambda: self.now, self.page)
        refused = self.refused

        class Inventory:
            async def page(self, types: Sequence[str], after: str) -> InventoryPage | Forbidden | NotRead:
                return refused if refused is not None else await listing.page(types, after)

        return SweepStores(Inventory(), self.documents, self.batches)

    async def step(self, **options: Any) -> Step:
        return await advance(self.stores, self.tools, **options)

    async def judge_all(self) -> None:
        while self.batches.waiting:
            await judge_named(self.batches.waiting.pop(0), self.stores, self.tools)

    async def sweep(self) -> JsonObject:
        """A whole sweep; its coverage."""
        assert await self.step(now_due=True) is not Step.IDLE
        await self.judge_all()
        assert await self.step() in (Step.PUBLISHED, Step.IDLE)
        return self.coverage

    async def event(self, body: JsonObject, minutes: float = 0) -> None:
        request = EvaluationRequest(
            ResourceId.parse(body["id"]), self.now - timedelta(minutes=minutes), Cause.WRITTEN, event_id="e"
        )
        tools = self.tools
        await settle(
            request,
            reader=tools.reader,
            store=tools.store,
            policies=tools.policies,
            sources=tools.sources,
            clock=tools.clock,
            delays=tools.delays,
        )

    @property
    def coverage(self) -> JsonObject:
        return self.documents.document(LAST_COVERAGE)

    def latest(self, body: JsonObject) -> JsonObject:
        return as_object(json.loads(self.store.latest_texts[ResourceId.parse(body["id"])][0]))

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)


async def test_a_first_sweep_is_a_baseline_made_from_the_list_alone() -> None:
    play = Play().have(*(vm(number, encrypted=number % 2 == 0) for number in range(120)))
    coverage = await play.sweep()
    assert (coverage["inAzure"], coverage["judged"], coverage["added"]) == (120, 120, 120)
    assert coverage["complete"] is True
    assert coverage["baseline"] is True
    assert coverage["neverCame"] == {"count": 0, "resources": []}
    assert {as_object(play.latest(body)["evaluation"])["cause"] for body in play.bodies.values()} == {"baseline"}
    assert play.asked == 0


async def test_a_second_sweep_tells_of_events_that_never_came() -> None:
    play = Play().have(*(vm(number) for number in range(3)))
    await play.sweep()
    play.later(days=1)
    play.have(vm(3), vm(4))
    await play.event(vm(4))
    coverage = await play.sweep()
    assert coverage["baseline"] is False
    assert as_object(coverage["neverCame"])["resources"] == [str(ResourceId.parse(vm(3)["id"]))]
    assert as_object(play.latest(vm(3))["evaluation"])["cause"] == "sweep"
    assert coverage["confirmed"] == 4


async def test_a_subscription_that_is_new_is_a_baseline_of_its_own() -> None:
    play = Play().have(vm(0))
    await play.sweep()
    play.have(vm(1, subscription=2), vm(2))
    play.later(days=1)
    await play.sweep()
    causes = [as_object(play.latest(body)["evaluation"])["cause"] for body in (vm(1, subscription=2), vm(2))]
    assert causes == ["baseline", "sweep"]


async def test_drift_is_read_from_azure_itself() -> None:
    play = Play().have(vm(0), vm(1))
    await play.sweep()
    play.later(days=1)
    play.have(vm(1, encrypted=False))
    coverage = await play.sweep()
    assert (coverage["confirmed"], coverage["changed"]) == (1, 1)
    assert play.latest(vm(1))["state"] == "NonCompliant"
    assert play.asked == 1


@pytest.mark.parametrize("judged", [True, False])
async def test_disks_are_swept_where_a_definition_judges_disks(judged: bool) -> None:
    disk = {**vm(1), "type": "Microsoft.Compute/disks", "id": str(vm(1)["id"]).replace("virtualMachines", "disks")}
    play = Play(judge=Judge(types=(DISKS,) if judged else ())).have(vm(0), disk)
    coverage = await play.sweep()
    assert (coverage["inAzure"], coverage["judged"]) == ((2, 2) if judged else (1, 1))


async def test_a_checkpoint_from_before_disks_were_swept_goes_on() -> None:
    play = Play(page=1).have(vm(0), vm(1))
    await play.step()
    stored = await play.documents.read(CHECKPOINT)
    assert stored is not None
    newer = {"types", "turnOf", "turnAt"}
    older = {name: value for name, value in stored.document.items() if name not in newer}
    await play.documents.write(CHECKPOINT, older, replaces=stored.etag)
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED


async def test_where_lists_give_too_little_the_rest_of_a_batch_is_read_at_once() -> None:
    judged: list[datetime] = []

    class Counting(Judge):
        def evaluate(self, document: Document, as_of: datetime) -> Verdict:
            judged.append(as_of)
            return super().evaluate(document, as_of)

    query = RelatedQuery("microsoft.compute/virtualmachines/extensions", "/scope")
    play = Play(judge=Counting(queries=(query,))).have(*(vm(number) for number in range(10)))
    coverage = await play.sweep()
    assert (coverage["added"], coverage["complete"]) == (10, True)
    assert play.asked == 10
    assert len(judged) == 10 + 1, "only the first was tried from the list"


@dataclass(frozen=True)
class Exempting(Judge):
    """As Judge, but what it finds is exempt."""

    exemption: str = "e1"

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        (result,) = super().evaluate(document, as_of).results
        exempt = replace(result, state=State.EXEMPT, underneath=result.state, exemption_id=self.exemption)
        return Verdict((exempt,))


@pytest.mark.parametrize(
    ("judge", "body", "changed"),
    [
        (Exempting(), vm(0), 0),
        (Exempting(exemption="e2"), vm(0), 1),
        (Exempting(), vm(0, encrypted=False), 1),
        (Exempting(severity=Severity.LOW), vm(0), 1),
        (Judge(), vm(0), 1),
    ],
)
async def test_what_is_exempt_is_compared_whole(judge: Judge, body: JsonObject, changed: int) -> None:
    play = Play(judge=Exempting()).have(vm(0))
    await play.sweep()
    play.later(days=1)
    play.judge = judge
    play.have(body)
    coverage = await play.sweep()
    assert (coverage["confirmed"], coverage["changed"], play.asked) == (1 - changed, changed, changed)


async def test_a_list_that_lags_behind_turns_nothing_back() -> None:
    play = Play().have(vm(0, encrypted=False))
    await play.sweep()
    play.later(days=1)
    play.have(vm(0, encrypted=True))
    await play.event(vm(0))
    play.listed = {ResourceId.parse(vm(0)["id"]): vm(0, encrypted=False)}
    coverage = await play.sweep()
    assert coverage["changed"] == 0
    assert play.latest(vm(0))["state"] == "Compliant"
    assert (await verify_history(ResourceId.parse(vm(0)["id"]), play.store)).sound


async def test_an_event_between_list_and_judgement_wins() -> None:
    play = Play().have(vm(0, encrypted=False))
    await play.step(now_due=True)
    play.have(vm(0, encrypted=True))
    await play.event(vm(0))
    await play.judge_all()
    assert play.latest(vm(0))["state"] == "Compliant"


async def test_a_list_that_lacks_a_resource_closes_nothing_but_has_it_looked_at() -> None:
    play = Play().have(vm(0), vm(1))
    await play.sweep()
    del play.bodies[ResourceId.parse(vm(1)["id"])]
    play.later(days=1)
    coverage = await play.sweep()
    assert coverage["vanished"] == 1
    assert not is_closed(play.latest(vm(1)))
    request, _ = play.queue.take()
    assert str(request.resource_id).endswith("vm0001")


async def test_a_sweep_says_nothing_of_subscriptions_that_it_was_not_asked_for() -> None:
    play = Play().have(vm(0), vm(1, subscription=2))
    await play.sweep()
    play.later(days=1)
    play.listed = {ResourceId.parse(vm(0)["id"]): vm(0)}
    assert (await play.sweep())["vanished"] == 0
    assert not play.queue.waiting


@pytest.mark.parametrize("failing", ["list", "judge", "publish"])
async def test_a_crash_anywhere_continues_where_it_was(failing: str) -> None:
    play = Play(page=100).have(*(vm(number) for number in range(250)))
    if failing == "list":
        play.batches.fail_at = 3
        with pytest.raises(TransientFault):
            await play.step(now_due=True)
        assert len(play.batches.waiting) == 3
    assert await play.step() is Step.WAITING
    if failing == "judge":
        await judge_named(play.batches.waiting[0], play.stores, play.tools)
    await play.judge_all()
    if failing == "publish":

        def crash(name: str) -> None:
            if name == LAST_COVERAGE:
                play.documents.interrupt = None
                raise TransientFault("the host was killed")

        play.documents.interrupt = crash
        with pytest.raises(TransientFault):
            await play.step()
    assert await play.step() is Step.PUBLISHED
    assert play.coverage["judged"] == 250
    assert play.coverage["complete"] is True
    assert len(play.store.records) == 250


async def test_two_sweepers_do_not_both_go_on() -> None:
    play = Play(page=10).have(*(vm(number) for number in range(30)))
    stores = play.stores
    inner = stores.inventory

    class Overtaken:
        async def page(self, types: Sequence[str], after: str) -> InventoryPage | Forbidden | NotRead:
            if not after:
                await advance(replace(stores, inventory=inner), play.tools)
            return await inner.page(types, after)

    assert await advance(replace(stores, inventory=Overtaken()), play.tools, now_due=True) is Step.OVERTAKEN
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED
    assert play.coverage["judged"] == 30


async def test_it_is_due_after_a_day_or_when_policies_change() -> None:
    play = Play().have(vm(0))
    assert await play.step() is Step.WAITING
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED
    assert await play.step() is Step.IDLE
    play.later(seconds=1)
    play.judge = replace(play.judge, version="policies-2")
    assert await play.step() is Step.WAITING
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED
    assert play.coverage["policyVersion"] == "policies-2"
    assert as_object(play.latest(vm(0))["evaluation"])["policyVersion"] == "policies-2"
    assert await play.step() is Step.IDLE
    play.now += EVERY
    assert await play.step() is Step.WAITING


async def test_what_was_not_judged_is_named_with_the_reason() -> None:
    play = Play().have(vm(0), vm(1))
    await play.sweep()
    play.later(days=1)
    play.have(vm(1, encrypted=False))
    play.fault = TransientFault("throttled")
    coverage = await play.sweep()
    assert coverage["complete"] is False
    assert coverage["judged"] == 1
    (named,) = as_list(as_object(coverage["notJudged"])["resources"])
    assert "throttled" in str(as_object(named)["why"])
    assert len(play.queue.waiting) == 1


async def test_what_can_not_be_listed_is_told() -> None:
    play = Play(refused=Forbidden("Microsoft.ResourceGraph/resources/read")).have(vm(0))
    await play.sweep()
    assert play.coverage["complete"] is False
    assert "Microsoft.ResourceGraph/resources/read" in str(play.coverage["hindrances"])


async def test_batches_that_never_come_back_are_told_some_day() -> None:
    play = Play().have(vm(0))
    assert await play.step() is Step.WAITING
    play.now += GIVE_UP
    assert await play.step() is Step.PUBLISHED
    assert (play.coverage["unfinishedBatches"], play.coverage["notListed"]) == (1, 1)
    assert play.coverage["vanished"] == 0


async def test_how_long_findings_took_after_their_events() -> None:
    play = Play().have(*(vm(number) for number in range(10)))
    for number in range(10):
        await play.event(vm(number), minutes=number)
    coverage = await play.sweep()
    assert coverage["latencySeconds"] == {"events": 10, "p50": 240.0, "p99": 540.0}


async def test_exemptions_that_end_soon_are_told() -> None:
    soon = ExemptionEnd("e1", "Until December", "baseline", START + timedelta(days=20))
    late = ExemptionEnd("e2", "Until spring", "baseline", START + timedelta(days=120))
    play = Play(judge=Judge(ends=(soon, late))).have(vm(0))
    coverage = await play.sweep()
    (named,) = as_list(coverage["exemptionsEnding"])
    assert as_object(named)["displayName"] == "Until December"


async def test_a_batch_again_judges_nothing_again() -> None:
    play = Play().have(vm(0))
    await play.step()
    (batch,) = play.batches.waiting
    assert await judge_named(batch, play.stores, play.tools)
    assert not await judge_named(batch, play.stores, play.tools)


async def test_policies_that_change_in_the_middle_of_a_batch() -> None:
    play = Play().have(*(vm(number) for number in range(100)))
    await play.step()
    await judge_named(play.batches.waiting.pop(0), play.stores, play.tools)
    play.judge = replace(play.judge, version="policies-2")
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED
    play.later(seconds=1)
    await play.step()
    await play.judge_all()
    assert await play.step() is Step.PUBLISHED
    versions = {as_object(play.latest(body)["evaluation"])["policyVersion"] for body in play.bodies.values()}
    assert versions == {"policies-2"}
    assert len(play.store.records) == 100


async def test_a_batch_holds_only_the_known_subscriptions_that_it_is_about() -> None:
    play = Play().have(*(vm(number, subscription) for number in range(2) for subscription in (1, 2, 3)))
    await play.sweep()
    play.later(days=1)
    play.listed = {ResourceId.parse(body["id"]): body for body in (vm(0, 2), vm(0, 4))}
    await play.step()
    batch = play.documents.document(f"{play.batches.waiting[0].sweep}/batches/000000.json")
    assert batch["known"] == ["00000002-0000-0000-0000-000000000000"]


async def test_batches_of_a_subscription_wait_for_each_other_and_not_for_those_of_others() -> None:
    play = Play(page=150).have(*(vm(number, subscription) for subscription in (1, 2) for number in range(125)))
    assert await play.step() is Step.WAITING
    assert play.batches.delays == [0, 10, 20, 0, 5, 15], "50 machines are 200 reads, at 20 a second"


async def test_small_subscriptions_share_a_batch() -> None:
    play = Play().have(*(vm(number, subscription) for subscription in range(1, 16) for number in range(6)))
    coverage = await play.sweep()
    assert play.batches.delays == [0, 0.4, 0], "what the first batch had no place for waits for what it had"
    assert (coverage["judged"], coverage["complete"]) == (90, True)


async def test_how_long_a_batch_waits_outlives_a_crash() -> None:
    play = Play(page=100).have(*(vm(number) for number in range(250)))
    play.batches.fail_at = 2
    with pytest.raises(TransientFault):
        await play.step()
    play.later(seconds=5)
    await play.step()
    assert play.batches.delays == [0, 10, 15, 25, 35]


@pytest.mark.parametrize("results", [[{"id": "x"}], [7], 7, None])
async def test_a_stored_finding_that_is_none_does_not_stop_its_batch(results: Json) -> None:
    play = Play().have(vm(0), vm(1))
    await play.sweep()
    stored = play.store.latest_texts[ResourceId.parse(vm(0)["id"])]
    damaged = {**play.latest(vm(0)), "results": results}
    play.store.latest_texts[ResourceId.parse(vm(0)["id"])] = (json.dumps(damaged), *stored[1:])
    play.later(days=1)
    coverage = await play.sweep()
    assert coverage["confirmed"] == 1
    (named,) = as_list(as_object(coverage["notJudged"])["resources"])
    assert "damaged" in str(as_object(named)["why"])


def test_what_outcomes_are_of_counts_once() -> None:
    identifier = str(ResourceId.parse(vm(0)["id"]))
    tally = Tally(START)
    for swept in ("added", "confirmed"):
        tally.add({"resources": [{"id": identifier, "swept": swept}, {"id": "\ud800", "swept": "notJudged"}]})
    assert (tally.resources, tally.twice, tally.counts["confirmed"]) == (2, 2, 0)
    assert tally.has(identifier)
    assert not tally.has(str(ResourceId.parse(vm(1)["id"])))
    assert tally.subscriptions == {"00000001-0000-0000-0000-000000000000", ""}


async def test_a_batch_that_there_is_not_is_bad_input() -> None:
    play = Play()
    with pytest.raises(BadInput, match="no batch 7"):
        await judge_named(BatchName("20261123T060000Z", 7), play.stores, play.tools)


@pytest.mark.parametrize(
    "change", [{"batches": "x"}, {"sweep": None}, {"known": 1}, {"startedAt": "now"}, {"turnAt": "now"}]
)
async def test_a_checkpoint_that_is_none_stops_the_sweep(change: JsonObject) -> None:
    play = Play().have(vm(0))
    await play.step()
    await play.documents.put(CHECKPOINT, {**play.documents.document(CHECKPOINT), **change})
    with pytest.raises(BadInput, match="no checkpoint"):
        await play.step()


async def test_ids_that_are_none_are_named() -> None:
    play = Play().have(vm(0))
    await play.step()
    name = next(name for name in play.documents.texts if "batches" in name)
    batch = play.documents.document(name)
    await play.documents.put(name, {**batch, "bodies": [{"id": "/subscriptions/../x"}, {"id": 7}, {}]})
    await play.judge_all()
    await play.step()
    assert as_object(play.coverage["notJudged"])["count"] == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "1", "{}", '{"version":1,"sweep":"x","batch":0}', " " * 2000),
        '{"version":1,"sweep":"20261123T060000Z","batch":-1}',
        '{"version":1,"sweep":"20261123T060000Z","batch":true}',
        '{"version":2,"sweep":"20261123T060000Z","batch":1}',
        '{"version":1,"sweep":"../20261123T060000Z","batch":1}',
    ],
)
def test_messages_that_name_no_batch(text: str) -> None:
    with pytest.raises(BadInput):
        parse_batch(text)


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3.0], 0.99) == 3.0
    assert [percentile([float(n) for n in range(1, 101)], share) for share in (0.5, 0.99)] == [50.0, 99.0]


async def test_a_worker_holds_only_a_few_batches_at_once() -> None:
    play = Play().have(*(vm(number) for number in range(50 * 6)))
    await play.step()
    stores, held, most = play.stores, 0, 0

    class Watched(MemoryDocuments):
        async def read(self, name: str) -> StoredFinding | None:
            nonlocal held, most
            if "/batches/" in name:
                held += 1
                most = max(most, held)
                await asyncio.sleep(0)
            return await play.documents.read(name)

        async def put(self, name: str, document: JsonObject) -> None:
            nonlocal held
            held -= "/outcomes/" in name
            await play.documents.put(name, document)

    watched, tools = replace(stores, documents=Watched()), play.tools
    await asyncio.gather(*(judge_named(batch, watched, tools) for batch in play.batches.waiting))
    assert (held, most) == (0, BATCHES_AT_ONCE)
