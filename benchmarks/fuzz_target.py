"""One input through everything that reads what strangers write, and what must hold whatever the input.

Runs inside of atheris (benchmarks/fuzz_process.py). An input is a queue message's content, base64 or text: an
event, a request, a batch, a blob of dead letters, a record of what was kept, an id. Nothing but bad input is raised:

- what comes is ignored, asked for again or kept: never lost, and never more than one of these;
- what is kept can be stored, is bounded, is listed, and has no address of claims in it;
- a request as a message, read again, is the same request;
- the paths and blob names of an accepted id have nothing unescaped in them and lead nowhere else.
"""

import json
import logging
import re
import time
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from azure.storage.queue import QueueMessage

from benchmarks.fuzz_seeds import MACHINE, NOW
from functions.receiving import Reading, event_reading, handle, keep_unprocessed
from functions.wiring import Services
from muster.adapters import blob_names
from muster.adapters.arm_paths import typed_path
from muster.adapters.blob_findings import encode_document
from muster.adapters.dead_letters import letter_of
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.no_telemetry import NO_TELEMETRY
from muster.adapters.storage_queue import EVENTS, POISON, message_text
from muster.facts.document import build_document
from muster.facts.event import parse_event
from muster.jobs.batch_message import batch_message, parse_batch
from muster.jobs.index_unprocessed import MAX_MESSAGE, unprocessed_row
from muster.jobs.replay import Kind, letters_of, made_again, record_of, refused
from muster.jobs.request_message import parse_request, request_message
from muster.jobs.settle import MAX_ATTEMPTS, Delays
from muster.language.source import Source, read_json
from muster.local.dead_letter import dead_letter
from muster.report.redaction import without_claims
from muster.report.unprocessed import unprocessed_record
from muster.report.visible import visible
from muster.values.errors import BadInput, InvalidResourceId, TransientFault
from muster.values.json import JsonObject
from muster.values.measures import Attribute, Metric, Outcome, Step
from muster.values.request import EvaluationRequest
from muster.values.resource_id import ResourceId

MAX_RECORD = 256 * 1024
"""Bytes. The index reads a record of up to 1 MB."""

_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+)+", re.ASCII)
_BLOB_SEGMENT = re.compile(r"[-a-z0-9_.()@+~!$' =]*[-a-z0-9_()@+~!$'=]", re.ASCII)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]*\w", re.ASCII)
_ESCAPE = re.compile(r"\\+u00([0-9a-fA-F]{2})", re.ASCII)
_HIDDEN = ("claims", "evidence", "clientipaddress")

_SOURCES = load_fact_sources(Path(__file__).parents[1] / "policies")


class Memory:
    """Store, queue, telemetry, reader and policies of a function whose Azure is throttled."""

    def __init__(self) -> None:
        self.records: dict[str, JsonObject] = {}
        self.messages: list[EvaluationRequest] = []
        self.outcomes: list[object] = []

    async def put_unprocessed(self, name: str, document: JsonObject) -> None:
        self.records[name] = document

    async def latest(self, _: ResourceId) -> None:
        return None

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        assert delay >= timedelta(0)
        self.messages.append(request)

    async def get(self, _: ResourceId) -> None:
        raise TransientFault("throttled")

    def needs(self, _: object) -> None:
        raise TransientFault("throttled")

    def span(self, step: Step, attributes: Any = None, *, parent: str = "") -> AbstractContextManager[Any]:
        return NO_TELEMETRY.span(step, attributes, parent=parent)

    def count(self, _: Metric, attributes: Any) -> None:
        self.outcomes.append(attributes[Attribute.OUTCOME])

    def services(self) -> Services:
        """What a trigger is handed. Of each part only what is asked of it here is there."""
        it: Any = self
        return Services(it, it, it, _SOURCES, lambda: NOW, True, Delays(it, lambda: 0.5), telemetry=it)


class OneLine(logging.Handler):
    """Takes log lines, each of which has to be one."""

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler.emit."""
        assert record.exc_info is None, "a fault of muster's own"
        assert record.getMessage().isprintable()


def done(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what never waits, without a loop."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("nothing here waits")


def event(text: str) -> None:
    """A message of the events' queue, or what Event Grid delivers."""
    handled(text, event_reading(Memory().services()))


def event_again(text: str) -> None:
    """An event that was kept after all attempts is asked for again as what it was."""
    value, faults = read_json(Source("event", text))
    try:
        found = None if faults else parse_event(value)
    except BadInput:
        return
    if not isinstance(found, EvaluationRequest):
        return
    if found.body is not None:
        body = json.dumps(found.body, ensure_ascii=False, allow_nan=False)
        assert json.loads(body.encode("utf-8")) == found.body
        build_document(found.body, sources=_SOURCES, now=NOW)
    name, record = unprocessed_record(value, BadInput("throttled"), NOW)
    if isinstance(record["came"], dict):
        (letter,) = record_of(name, record).texts
        replayed = made_again(letter, Kind.EITHER, with_caller=False)
        assert isinstance(replayed, EvaluationRequest)
        assert (replayed.resource_id, replayed.time) == (found.resource_id, found.time)


def request(text: str) -> None:
    """A message of the requests' queue."""
    handled(text, parse_request)


def handled(text: str, reading: Reading) -> None:
    """What comes is ignored, asked for again or kept."""
    memory = Memory()
    done(handle(text, reading, memory.services(), comes_again=False))
    (outcome,) = memory.outcomes
    kept = {Outcome.IGNORED: (0, 0), Outcome.AGAIN: (0, 1), Outcome.UNPROCESSED: (1, 0)}
    assert (len(memory.records), len(memory.messages)) == kept[Outcome(str(outcome))]
    for asked in memory.messages:
        same_again(asked)
        assert asked.attempt <= MAX_ATTEMPTS
    for name, record in memory.records.items():
        storable(text, name, record)
        if record["reason"] == "attemptsSpent":
            asked_again(record_of(name, record).texts, Kind.EITHER)


def batch(text: str) -> None:
    """A message of the batches' queue."""
    try:
        found = parse_batch(text)
    except BadInput as fault:
        memory = Memory()
        done(keep_unprocessed(text, fault, memory.services()))
        for name, record in memory.records.items():
            storable(text, name, record)
    else:
        assert parse_batch(batch_message(found)) == found


def poison(text: str) -> None:
    """A message of any poison queue."""
    for kind in Kind:
        asked_again((text,), kind)


def same_again(asked: EvaluationRequest) -> None:
    """A request as a message, read again, is the same; its id leads where it says."""
    assert parse_request(request_message(asked)) == replace(asked, body=None)
    id_holds(asked.resource_id)


def storable(text: str, name: str, record: JsonObject) -> None:
    """A record can be stored, is bounded, listed and read again, and has nobody's address in it."""
    reason, _, file = name.partition("/")
    assert reason.isalpha()
    assert reason != "internalError"
    assert re.fullmatch(r"[0-9a-f]{32}\.json", file)
    data = encode_document(record)
    assert len(data) <= MAX_RECORD
    assert json.loads(data.decode("utf-8")) == record
    row = unprocessed_row(name, "2026-11-23T06:00:00Z", record)
    assert len(row.message.encode()) <= 12 * MAX_MESSAGE
    (row.resource + row.subscription).encode("ascii")
    nobody(text, record)


def dead_letters(text: str) -> None:
    """A blob of dead letters, and what the local host makes of a body that was never accepted."""
    asked_again(letters_of("x", text).texts, Kind.EVENT)
    made = without_claims([*dead_letter(text.encode("utf-8", "replace"), (503,), NOW, NOW)])
    nobody(text, made)
    asked_again(letters_of("x", json.dumps(made, indent=2)).texts, Kind.EVENT)
    visible(letters_of("x", text).why).encode("utf-8")


def kept(text: str) -> None:
    """A record of spent attempts, as it lies in storage."""
    record, faults = read_json(Source("record", text))
    if isinstance(record, dict) and not faults:
        asked_again(record_of("x", record).texts, Kind.EITHER)
        unprocessed_row("attemptsSpent/x", "2026-11-23T06:00:00Z", record)


def asked_again(texts: tuple[str, ...], kind: Kind) -> None:
    """What was given up is asked for again, or refused."""
    for text in texts:
        try:
            found = made_again(text, kind, with_caller=True)
        except BadInput as fault:
            visible(refused(fault)).encode("utf-8")
            continue
        if isinstance(found, EvaluationRequest):
            assert found.attempt == 1
            same_again(found)


def flood(text: str) -> None:
    """Of more than is kept, the beginning is."""
    value, faults = read_json(Source("flood", text))
    came: Any = text * 40 if faults else [value] * 40
    name, record = unprocessed_record(came, BadInput(text * 40), NOW)
    storable(text, name, record)


def resource_id(text: str) -> None:
    """An id, by itself and in an event and a request."""
    data: JsonObject = {"resourceUri": text, "operationName": "Microsoft.Compute/virtualMachines/write"}
    kind = "Microsoft.Resources.ResourceWriteSuccess"
    message = {"version": 1, "resource": text, "time": "2026-11-23T06:00:00Z", "cause": "settle", "attempt": 1}
    try:
        found = ResourceId.parse(text)
    except InvalidResourceId:
        return
    id_holds(found)
    assert parse_request(json.dumps(message)).resource_id == found
    if found.type == MACHINE.type:
        read = parse_event({"id": "e", "eventType": kind, "eventTime": "2026-11-23T06:00:00Z", "data": data})
        assert isinstance(read, EvaluationRequest)
        assert read.resource_id == found


def id_holds(found: ResourceId) -> None:
    """An id's text is its own, and so are the path and the blob names that it makes."""
    assert ResourceId.parse(str(found)) == found
    path = typed_path(found)
    if path is not None:
        assert _PATH.fullmatch(path)
        assert unquote(path).lower() == str(found)
        assert not {".", ".."} & set(path.split("/"))
    names = (blob_names.latest_name(found), blob_names.history_name(found, "0" * 64))
    for name in names:
        assert len(name) <= blob_names.MAX_NAME
        assert all(_BLOB_SEGMENT.fullmatch(segment) for segment in name.split("/")), name
    assert blob_names.resource_of(names[0]) in ({None} if "=" in names[0] else {found})


def nobody(text: str, kept: Any) -> None:
    """No address that stands in claims alone is in what is kept."""
    there = _plain(json.dumps(kept, ensure_ascii=False))
    if "@" not in there:
        return
    inside, outside = people(text)
    for address in {found for one in inside for found in _ADDRESS.findall(one)}:
        assert address not in there or any(address in one for one in outside), f"{address} is kept"


def people(text: str) -> tuple[list[str], list[str]]:
    """The texts of an input below claims, and all others; JSON inside of texts is read too."""
    inside: list[str] = []
    outside: list[str] = []
    waiting: list[tuple[Any, bool, int]] = [(text, False, 0)]
    while waiting:
        value, hidden, opened = waiting.pop()
        if isinstance(value, str):
            inner = _opened(value) if opened < 3 else None
            if isinstance(inner, list):
                waiting.append((inner, hidden, opened + 1))
            else:
                (inside if hidden else outside).append(_plain(value))
        elif isinstance(value, tuple):
            name, child = value
            (inside if hidden else outside).append(_plain(name))
            waiting.append((child, hidden or name.lower() in _HIDDEN, opened))
        elif isinstance(value, list):
            waiting += [(child, hidden, opened) for child in value]
    return inside, outside


def _opened(text: str) -> Any:
    """A text that is JSON as lists and pairs, whatever else is wrong with it; None where it is none."""
    if not text.startswith(("{", "[", " ", "\n", '"', "\ufeff")):
        return None
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


CHECKS = (
    (re.compile("eventtype|specversion"), event),
    (re.compile("cause"), request),
    (re.compile("sweep"), batch),
    (re.compile("deliveryattempts"), dead_letters),
    (re.compile("came"), kept),
    (re.compile("/providers/"), resource_id),
)
"""What an input that says so, lower-cased, is handed to. One that does not is handed to each once in OTHERS."""

OTHERS = 20
RARE = ((8, event_again), (32, poison), (300, flood))
"""What one of so many inputs is handed to besides."""


class Target:
    """Hands inputs to the checks. `slowest` is a file that has the most milliseconds of the processor that one took."""

    def __init__(self, slowest: Path) -> None:
        self._slowest = slowest
        self._most = 0.0

    def one_input(self, data: bytes) -> None:
        """Check one input."""
        start = time.process_time()
        content = data.decode("utf-8", "replace")
        text = message_text(content)
        letter = letter_of(f"{EVENTS}{POISON}", Kind.EVENT, QueueMessage(content=content, id="m"))
        assert letter.texts == (content if text is None else text,)
        said, chance = letter.texts[0].lower(), crc32(data)
        for number, (words, check) in enumerate(CHECKS):
            if words.search(said) or chance % OTHERS == number:
                check(letter.texts[0])
        for among, check in RARE:
            if chance % among == 0:
                check(letter.texts[0])
        took = (time.process_time() - start) * 1_000
        if took > self._most:
            self._most = took
            self._slowest.write_text(f"{took:.1f}", "utf-8")


def check_log_lines() -> None:
    """Have every log line of this process checked."""
    logging.basicConfig(level=logging.INFO, handlers=[OneLine()])
