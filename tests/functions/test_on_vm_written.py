"""The trigger: what it keeps, what it acknowledges, what it lets Event Grid deliver again."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.on_vm_written import receive
from functions.wiring import Services
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_policies
from muster.adapters.recorded_azure import RecordedAzure
from muster.jobs.settle import Delays
from muster.values.answers import Answer, ListAnswer
from muster.values.document import RelatedQuery
from muster.values.errors import TransientFault
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings
from tests.conftest import ROOT
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue

if TYPE_CHECKING:
    from muster.values.json import JsonObject

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SAMPLES = ROOT / "samples"
POLICIES = ROOT / "policies"
INDEX = json.loads((SAMPLES / "events" / "INDEX.json").read_text("utf-8"))["deliveries"]

_SOURCES = load_fact_sources(POLICIES)
_JUDGE = load_policies(POLICIES).judge
_READER = RecordedAzure.from_folder(SAMPLES / "resources", lambda: NOW)


def services() -> tuple[Services, MemoryFindings]:
    store = MemoryFindings()
    return Services(
        _READER, store, _JUDGE, _SOURCES, lambda: NOW, record_caller=True, delays=Delays(MemoryQueue(), lambda: 0.5)
    ), store


class BrokenReader:
    """A reader that fails as told."""

    reads_effective_rules = False

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    async def get(self, resource_id: ResourceId) -> Answer:
        raise self.fault

    async def related(self, query: RelatedQuery) -> ListAnswer:
        raise self.fault

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
        raise self.fault

    async def surroundings(self, resource_id: ResourceId, wanted: frozenset[Surrounding]) -> Surroundings:
        raise self.fault

    async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
        raise self.fault


def events(name: str) -> list[str]:
    """The events of a sample, one by one, as the host hands them over."""
    delivered = json.loads((SAMPLES / "events" / name).read_text("utf-8"))
    return [json.dumps(event) for event in (delivered if isinstance(delivered, list) else [delivered])]


@pytest.mark.parametrize("delivery", INDEX, ids=lambda delivery: Path(delivery["file"]).stem)
async def test_a_sample_event_becomes_what_its_index_says(delivery: dict[str, str]) -> None:
    given_services, store = services()
    for event in events(delivery["file"]):
        await receive(event, given_services)
    counts = {"evaluated": (1, 1, 0), "ignored": (0, 0, 0), "unprocessed": (0, 0, 1)}
    assert (len(store.latest_texts), len(store.records), len(store.unprocessed)) == counts[delivery["expect"]]
    if delivery["expect"] == "evaluated":
        body = json.loads((SAMPLES / "resources" / delivery["resource"]).read_text("utf-8"))
        assert ResourceId.parse(body["id"]) in store.latest_texts


async def test_bad_input_is_logged_once_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    given_services, store = services()
    with caplog.at_level(logging.INFO):
        await receive("{", given_services)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "invalidJson" in record.getMessage()
    (kept,) = store.unprocessed.values()
    assert json.loads(kept)["came"] == "{"


async def test_an_event_can_not_write_lines_of_its_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    given_services, _ = services()
    await receive('{"a\\nERROR all is lost": 1, "a\\nERROR all is lost": 2}', given_services)
    assert "ERROR all is lost" in caplog.text
    assert len(caplog.records[0].getMessage().splitlines()) == 1


async def test_the_same_bad_event_again_is_one_record() -> None:
    given_services, store = services()
    for _ in range(3):
        await receive('{"eventType": 1}', given_services)
    assert len(store.unprocessed) == 1


async def test_azure_that_does_not_answer_makes_the_event_come_again() -> None:
    given_services, store = services()
    given_services = replace(given_services, reader=BrokenReader(TransientFault("throttled")))
    with pytest.raises(TransientFault, match="throttled"):
        await receive(events("13-rocky-9.json")[0], given_services)
    assert not store.unprocessed


async def test_a_fault_of_musters_own_is_kept_and_makes_the_event_come_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    given_services, store = services()
    given_services = replace(given_services, reader=BrokenReader(KeyError("a bug")))
    with pytest.raises(TransientFault, match="a bug"):
        await receive(events("13-rocky-9.json")[0], given_services)
    (kept,) = store.unprocessed.values()
    assert json.loads(kept)["reason"] == "internalError"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_bad_input_that_can_not_be_kept_comes_again() -> None:
    given_services, store = services()

    async def down(_name: str) -> None:
        raise TransientFault("storage is down")

    store.interrupt = down
    with pytest.raises(TransientFault, match="storage is down"):
        await receive("{", given_services)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def _spoiled(draw: st.DrawFn) -> str:
    """A sample's event with one member, at any depth, replaced by any JSON or taken out."""
    event: JsonObject = json.loads(events(draw(st.sampled_from(INDEX))["file"])[0])
    holder = event
    while True:
        name = draw(st.sampled_from(sorted(holder)))
        deeper = holder[name]
        if isinstance(deeper, dict) and deeper and draw(st.booleans()):
            holder = deeper
            continue
        if draw(st.booleans()):
            holder[name] = draw(_json)
        else:
            del holder[name]
        return json.dumps(event)


@given(st.text(max_size=40) | _json.map(json.dumps) | _spoiled())
async def test_nothing_but_a_transient_fault_is_ever_raised(event: str) -> None:
    given_services, store = services()
    try:
        await receive(event, given_services)
    except TransientFault as fault:
        # No sample is unreadable here, so only a resource that is not recorded and was just written may wait.
        assert not isinstance(fault.__cause__, Exception), "a fault of muster's own"  # noqa: PT017
    assert len(store.unprocessed) + len(store.latest_texts) <= 1
