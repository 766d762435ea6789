"""The sample events, delivered to a running session, and what came of them."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from muster.adapters.blob_dead_letters import DEAD_LETTERS, put_dead_letters
from muster.adapters.blob_findings import FINDINGS, HISTORY, UNPROCESSED, BlobFindings
from muster.cli.finding_tables import deployment_table
from muster.cli.program import program
from muster.local.data_folder import DATA, DataFolder
from muster.local.retry_schedule import RetrySchedule
from muster.local.samples import SampleEvent, sample_events
from muster.local.sender import Sender
from muster.local.session import Session
from muster.report.deployments import deployments
from muster.report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

    from muster.facts.document import FactSources

AT_ONCE = 4
"""Deliveries under way together. Event Grid promises no order either."""

SCHEDULE = RetrySchedule(attempts=5, speed=100)
"""Event Grid's waits, a hundred times faster."""

EVALUATED = "evaluated"

_KINDS = {
    EVALUATED: "to be checked",
    "ignored": "about something else",
    "unprocessed": "that can't be handled",
}
_HOLDS = {
    FINDINGS: "latest/<resource id>.json, the newest finding",
    HISTORY: "<resource id>/<evaluation id>.json, what was evaluated and concluded",
    UNPROCESSED: "<reason>/<digest>.json, events that could not be handled",
}


async def run_demo(
    samples: Path,
    running: Session,
    data: DataFolder,
    sources: "FactSources",
    screen: "Console",
    today: date,
) -> int:
    """Deliver the samples and print what was found; the exit code, 1 where something did not arrive."""
    events = sample_events(samples)
    expected = {event.resource for event in events if event.expect == EVALUATED}
    undelivered = await _deliver(events, running, screen)
    store = BlobFindings.from_connection_string(running.storage.connection_string)
    try:
        findings = [finding async for finding in store.all_latest()]
        sizes = await store.sizes()
    finally:
        await store.close()
    titles = {name: product.title for name, product in sources.catalogue.products.items()}
    screen.print()
    screen.print(deployment_table(deployments(findings, today, titles)))
    screen.print()
    for name, (count, holds) in _places(sizes).items():
        screen.print(f"  {name:<12}{count:>4} blobs  {holds}", soft_wrap=True)
    screen.print(f"They are kept in {data.azurite}. To look at them:", soft_wrap=True)
    option = "" if data.path == DATA else f" --data {data.path}"
    screen.print(f"  {program()} findings{option}", soft_wrap=True)
    for name in undelivered:
        screen.print(f"Not delivered: {visible(name)}, see {data.log} and the container {DEAD_LETTERS}", style="red")
    if len(findings) != len(expected):
        screen.print(f"{len(expected)} findings were expected, {len(findings)} are there: see {data.log}", style="red")
    return 1 if undelivered or len(findings) != len(expected) else 0


async def _deliver(events: Sequence[SampleEvent], running: Session, screen: "Console") -> list[str]:
    """The names of the events that were not accepted in the end."""
    bury = partial(put_dead_letters, running.storage.connection_string)
    slots = asyncio.Semaphore(AT_ONCE)
    undelivered: list[str] = []
    columns = (TextColumn("Delivering events"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=screen, transient=False) as progress:
        shown = progress.add_task("", total=len(events))
        async with Sender(running.events_url, _now, SCHEDULE, bury) as sender:
            await sender.validate()

            async def send(event: SampleEvent) -> None:
                async with slots:
                    progress.update(shown, description=visible(event.name))
                    delivery = await sender.deliver(event.payload, event.schema)
                progress.advance(shown)
                if not delivery.delivered:
                    undelivered.append(event.name)

            await asyncio.gather(*map(send, events))
        progress.update(shown, description=_spoken(events))
    return undelivered


def _spoken(events: Sequence[SampleEvent]) -> str:
    counts = Counter(event.expect for event in events)
    return ", ".join(f"{counts[kind]} {words}" for kind, words in _KINDS.items() if counts[kind])


def _places(sizes: Mapping[str, int]) -> dict[str, tuple[int, str]]:
    return {name: (sizes[name], holds) for name, holds in _HOLDS.items()}


def _now() -> datetime:
    return datetime.now(UTC)
