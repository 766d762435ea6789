"""The instances of a Uniform scale set: looked at whenever their set is, closed by their own absence."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from muster.adapters.recorded_inventory import RecordedInventory
from muster.facts.scale_sets import INSTANCE
from muster.jobs.close import is_closed
from muster.jobs.settle import Delays, Settled, settle
from muster.jobs.sweep import LAST_COVERAGE, Step, SweepStores, advance, judge_named
from muster.jobs.sweep_batch import SweepTools
from muster.values.answers import Absent, Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead
from muster.values.document import RelatedQuery
from muster.values.json import JsonObject
from muster.values.request import Cause, EvaluationRequest
from muster.values.resource_id import ResourceId
from muster.values.sweep import BatchName
from tests.jobs.stage import SOURCES, START, Judge, Reader, machine
from tests.memory_documents import MemoryDocuments
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue

SET = ResourceId.parse(
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
    "/providers/Microsoft.Compute/virtualMachineScaleSets/web"
)
OTHER = ResourceId.parse(f"{SET}two")
QUERY = RelatedQuery(INSTANCE, str(SET))


def scale_set(mode: str = "Uniform") -> JsonObject:
    body = machine(id=str(SET), name="web", type="Microsoft.Compute/virtualMachineScaleSets")
    properties = body["properties"]
    assert isinstance(properties, dict)
    return {**body, "properties": {**properties, "orchestrationMode": mode}}


def instance(number: int, of: ResourceId = SET) -> JsonObject:
    return machine(
        id=f"{of}/virtualMachines/{number}",
        name=f"web_{number}",
        type="Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
    )


def instance_id(number: int, of: ResourceId = SET) -> ResourceId:
    return of.child("virtualMachines", str(number))


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@dataclass
class Play:
    """Azure has a scale set (None where it is gone) with some instances."""

    body: JsonObject | None = field(default_factory=scale_set)
    instances: list[int] = field(default_factory=lambda: [0, 1, 2])
    refused: ListAnswer | None = None
    judge: Judge = field(default_factory=lambda: Judge(types=(INSTANCE,)))
    store: MemoryFindings = field(default_factory=MemoryFindings)
    queue: MemoryQueue = field(default_factory=MemoryQueue)

    def reader(self, minute: float) -> Reader:
        def answer(resource_id: ResourceId) -> Answer:
            if resource_id == SET:
                return Absent(at(minute)) if self.body is None else Found(self.body, at(minute))
            known = {instance_id(number): instance(number) for number in self.instances if self.body is not None}
            body = known.get(resource_id)
            return Absent(at(minute)) if body is None else Found(body, at(minute))

        listed = FoundMany(tuple(instance(number) for number in self.instances), at(minute))
        return Reader(answer, {QUERY: self.refused or listed})

    async def look(self, request: EvaluationRequest, minute: float = 0) -> Settled:
        return await settle(
            request,
            reader=self.reader(minute),
            store=self.store,
            policies=self.judge,
            sources=SOURCES,
            clock=lambda: at(minute),
            delays=Delays(self.queue, lambda: 0.5),
        )

    async def look_at_all_that_waits(self, minute: float) -> None:
        requests = [request for request, _ in self.queue.waiting]
        self.queue.waiting.clear()
        for request in requests:
            await self.look(request, minute)

    @property
    def asked_for(self) -> list[ResourceId]:
        return [request.resource_id for request, _ in self.queue.waiting]

    def closed(self, resource_id: ResourceId) -> bool:
        return is_closed(json.loads(self.store.latest_texts[resource_id][0]))


def written(minute: float = 0, cause: Cause = Cause.WRITTEN) -> EvaluationRequest:
    return EvaluationRequest(SET, at(minute), cause, event_id="e-1", correlation_id="c-1")


async def test_each_instance_is_looked_at_by_itself_after_its_set() -> None:
    play = Play()
    await play.look(written())
    assert play.asked_for == [instance_id(number) for number in range(3)]
    request, delay = play.queue.waiting[0]
    assert (request.cause, request.event_id, request.correlation_id) == (Cause.SETTLE, "e-1", "c-1")
    assert request.not_before == at(0) + delay
    await play.look_at_all_that_waits(1)
    assert set(play.store.latest_texts) == {SET, *(instance_id(number) for number in range(3))}


async def test_two_events_for_one_write_look_at_each_instance_once() -> None:
    play = Play()
    await play.look(written())
    await play.look(written())
    assert len(play.queue.waiting) == 6
    await play.look_at_all_that_waits(1)
    assert len({owner for owner, _ in play.store.records}) == 4
    assert play.store.calls.count("put_history") == 4


async def test_a_large_set_is_spread_over_time() -> None:
    play = Play(instances=list(range(400)))
    await play.look(written())
    delays = [delay for _, delay in play.queue.waiting]
    assert delays == sorted(delays)
    assert timedelta(seconds=30) <= delays[-1] <= timedelta(minutes=1)


async def test_an_instance_that_is_listed_no_more_closes_by_its_own_absence() -> None:
    play = Play()
    await play.look(written())
    await play.look_at_all_that_waits(1)
    play.instances = [0, 1]
    await play.look(written(20), 20)
    assert play.asked_for == [instance_id(number) for number in range(3)]
    await play.look_at_all_that_waits(31)
    await play.look_at_all_that_waits(33)
    assert play.closed(instance_id(2))
    assert not play.closed(instance_id(1))


async def test_with_its_set_every_instance_goes() -> None:
    play = Play()
    await play.look(written())
    await play.look_at_all_that_waits(1)
    play.body = None
    await play.look(written(20, Cause.DELETED), 20)
    await play.look_at_all_that_waits(21)
    assert all(play.closed(resource_id) for resource_id in play.store.latest_texts)
    assert len(play.store.latest_texts) == 4


@pytest.mark.parametrize(
    "play",
    [Play(body=scale_set("Flexible")), Play(judge=Judge())],
    ids=["instances are machines", "no definition judges instances"],
)
async def test_where_there_is_nothing_to_judge_nobody_asks(play: Play) -> None:
    settled = await play.look(written())
    assert (play.asked_for, settled.hindrance) == ([], "")


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (Forbidden("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read"), "needs the permission"),
        (NotRead("Azure answered 400"), "could not be listed: Azure answered 400"),
    ],
)
async def test_instances_that_can_not_be_listed_are_told_of(refused: ListAnswer, told: str) -> None:
    play = Play(refused=refused)
    settled = await play.look(written())
    assert told in settled.hindrance
    assert play.asked_for == []


async def test_only_instances_of_the_set_itself_are_followed() -> None:
    strangers: tuple[JsonObject, ...] = (instance(0, OTHER), {"id": "/nonsense"}, {"id": str(OTHER)}, {}, instance(1))
    play = Play(refused=FoundMany(strangers, at(0)))
    await play.look(written())
    assert play.asked_for == [instance_id(1)]


@pytest.mark.parametrize("refused", [None, Forbidden("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read")])
async def test_a_sweep_has_the_instances_looked_at(refused: ListAnswer | None) -> None:
    play = Play(refused=refused)
    documents, batches = MemoryDocuments(), Batches()
    inventory = RecordedInventory({SET: scale_set()}, lambda: at(0))
    stores = SweepStores(inventory, documents, batches)
    tools = SweepTools(play.reader(0), play.store, play.judge, SOURCES, lambda: at(0), Delays(play.queue, lambda: 0.5))
    assert await advance(stores, tools) is Step.WAITING
    for batch in batches.waiting:
        await judge_named(batch, stores, tools)
    assert await advance(stores, tools) is Step.PUBLISHED
    coverage = await documents.read(LAST_COVERAGE)
    assert coverage is not None
    assert coverage.document["inAzure"] == 1
    assert coverage.document["complete"] is (refused is None)
    assert play.asked_for == ([] if refused else [instance_id(number) for number in range(3)])
    assert {request.cause for request, _ in play.queue.waiting} <= {Cause.BASELINE}


@dataclass
class Batches:
    """A BatchQueue in memory."""

    waiting: list[BatchName] = field(default_factory=list)

    async def put_batch(self, batch: BatchName, delay: timedelta) -> None:
        self.waiting.append(batch)
