"""A coverage document as lines for people."""

from collections.abc import Iterator

from muster.report.visible import visible
from muster.values.json import Json, JsonObject

MOST_SHOWN = 20


def coverage_lines(document: JsonObject) -> Iterator[str]:
    """What a sweep covered, in lines."""
    yield (
        f"Sweep {_text(document.get('sweep'))}, from {_text(document.get('startedAt'))}"
        f" to {_text(document.get('finishedAt'))}, policies {_text(document.get('policyVersion'))}"
    )
    yield f"  in Azure     {_number(document.get('inAzure'))}"
    yield f"  judged       {_number(document.get('judged'))}"
    for name, label in (("confirmed", "as known"), ("changed", "changed"), ("added", "new")):
        yield f"    {label:<11}{_number(document.get(name))}"
    for name, label in (
        ("underWay", "under way"),
        ("notListed", "not listed"),
        ("vanished", "vanished"),
        ("unfinishedBatches", "batches open"),
    ):
        if document.get(name):
            yield f"  {label:<13}{_number(document.get(name))}"
    for why in _list(document.get("hindrances")):
        yield f"  hindered     {_text(why)}"
    yield from _named(document.get("notJudged"), "not judged")
    yield from _named(document.get("neverCame"), "never told of by an event")
    latency = document.get("latencySeconds")
    if isinstance(latency, dict) and latency.get("events"):
        yield (
            f"  from event to finding: p50 {_seconds(latency.get('p50'))}, p99 {_seconds(latency.get('p99'))}"
            f" over {_number(latency.get('events'))} events"
        )
    for one in _list(document.get("exemptionsEnding")):
        if isinstance(one, dict):
            yield f"  exemption '{_text(one.get('displayName'))}' ends {_text(one.get('ends'))}"
    yield "Everything is covered." if document.get("complete") is True else "Not everything is covered."


def _named(value: Json, label: str) -> Iterator[str]:
    count = value.get("count") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not count:
        return
    yield f"  {label}: {_number(count)}"
    members = _list(value.get("resources"))
    for one in members[:MOST_SHOWN]:
        if isinstance(one, dict):
            yield f"    {_text(one.get('resource'))}: {_text(one.get('why'))}"
        else:
            yield f"    {_text(one)}"
    if len(members) > MOST_SHOWN:
        yield f"    ... and {len(members) - MOST_SHOWN:,} more"


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _number(value: Json) -> str:
    return f"{value:,}" if isinstance(value, int) else "?"


def _seconds(value: Json) -> str:
    return f"{value:.1f} s" if isinstance(value, int | float) else "?"


def _text(value: Json) -> str:
    return visible(value) if isinstance(value, str) else "?"
