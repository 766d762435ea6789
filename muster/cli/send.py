"""`muster send`: deliver events to a running function app as Event Grid does."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from muster.local.data_folder import DATA, running_in
from muster.local.dead_letter import TIMED_OUT
from muster.local.retry_schedule import RetrySchedule
from muster.local.sender import Delivery, Schema, Sender
from muster.report.visible import visible


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "url", help="Where to deliver; the function app that `muster up` runs.")
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option("--attempts", type=click.IntRange(1, 30), default=5, show_default=True, help="Before giving up.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.01),
    default=100.0,
    show_default=True,
    help="How much faster than Event Grid to try again; 1 waits 10 s, 30 s, 1 min, 5 min ...",
)
def command(files: tuple[Path, ...], url: str | None, data: Path, attempts: int, speed: float) -> None:
    """Deliver the events in FILES over HTTP: one body a file, in the Event Grid schema or as CloudEvents.

    Exit code: 0 when all were accepted, 1 when one was not, 2 when the command line can't be used.
    """
    if url is None:
        running = running_in(data)
        if running is None:
            raise click.UsageError(f"No function app runs on {data}: start `muster up`, or name one with --to.")
        url = running.events_url
    deliveries = asyncio.run(_deliver(files, url, RetrySchedule(attempts=attempts, speed=speed)))
    for path, delivery in zip(files, deliveries, strict=True):
        click.echo(f"{visible(str(path))}: {_spoken(delivery)}")
    sys.exit(0 if all(delivery.delivered for delivery in deliveries) else 1)


async def _deliver(files: tuple[Path, ...], url: str, schedule: RetrySchedule) -> list[Delivery]:
    async with Sender(url, lambda: datetime.now(UTC), schedule) as sender:
        payloads = [path.read_bytes() for path in files]
        return [await sender.deliver(payload, _schema(payload)) for payload in payloads]


def _schema(payload: bytes) -> Schema:
    """CloudEvents where the first event says so; what is not JSON goes out as the Event Grid schema would."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return Schema.EVENT_GRID
    first = value[0] if isinstance(value, list) and value else value
    return Schema.CLOUD_EVENTS if isinstance(first, dict) and "specversion" in first else Schema.EVENT_GRID


def _spoken(delivery: Delivery) -> str:
    status = delivery.statuses[-1]
    times = len(delivery.statuses)
    outcome = "accepted" if delivery.delivered else "not accepted"
    answer = "no answer" if status == TIMED_OUT else f"HTTP {status}"
    return f"{outcome}, {answer} at attempt {times}"
