"""Fuzzing of what strangers write: events, and messages of the queues.

    python -m benchmarks.fuzz_events [-runs=1000000]     (or `make fuzz`; needs atheris)

Every input goes through every parser, as text and inside of an event's members. An exception that is not bad input, or
an input that takes more than a second, ends the run with the input in a file.
"""

import json
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["muster"]):
    from muster.facts.event import parse_event
    from muster.jobs.batch_message import parse_batch
    from muster.jobs.replay import Kind, letters_of, made_again
    from muster.jobs.request_message import parse_request
    from muster.language.source import Source, read_json
    from muster.report.redaction import without_claims
    from muster.values.errors import BadInput

RUNS = 1_000_000
SLOWEST_SECONDS = 1

EVENT = {
    "id": "e",
    "eventType": "Microsoft.Resources.ResourceWriteSuccess",
    "eventTime": "2026-11-23T06:00:00Z",
    "data": {"resourceUri": "", "operationName": "Microsoft.Compute/virtualMachines/write"},
}
REQUEST = {"version": 1, "resource": "", "time": "2026-11-23T06:00:00Z", "cause": "settle", "attempt": 1}


def event(text: str) -> None:
    """An event as a trigger reads it."""
    value, faults = read_json(Source("event", text))
    if not faults:
        parse_event(value)
        without_claims(value)


def event_member(text: str) -> None:
    """An event whose id is the input."""
    parse_event({**EVENT, "data": {**EVENT["data"], "resourceUri": text}})  # type: ignore[dict-item]


def request_member(text: str) -> None:
    """A request whose id is the input."""
    parse_request(json.dumps({**REQUEST, "resource": text, "eventId": text}))


def dead_letter(text: str) -> None:
    """A blob of dead letters."""
    for one in letters_of("x", text).texts:
        made_again(one, Kind.EITHER, with_caller=True)


PARSERS: tuple[Callable[[str], object], ...] = (
    event,
    event_member,
    parse_request,
    request_member,
    parse_batch,
    dead_letter,
)


def one_input(data: bytes) -> None:
    """Hand one input to every parser."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data))
    for parse in PARSERS:
        try:
            parse(text)
        except BadInput:
            continue


def main() -> None:
    arguments = sys.argv if any(one.startswith("-runs") for one in sys.argv) else [*sys.argv, f"-runs={RUNS}"]
    atheris.Setup([*arguments, f"-timeout={SLOWEST_SECONDS}", "-max_len=4096"], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
