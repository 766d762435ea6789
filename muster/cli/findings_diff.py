"""`muster findings diff`: what changed since a time."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.report.visible import visible
from muster.values.errors import MusterError
from muster.values.instant import parse_instant

if TYPE_CHECKING:
    from muster.jobs.changes import ResourceChange
    from muster.values.json import JsonObject

_UNITS = {"h": 1, "d": 24, "w": 24 * 7}
_MOST_HOURS = 24 * 366 * 20


def parse_since(_context: click.Context, _parameter: click.Parameter, text: str) -> datetime:
    """`2026-11-01`, `2026-11-01T12:00:00Z`, or how long ago: `24h`, `7d`, `2w`; in UTC."""
    number, unit = text[:-1], text[-1:].lower()
    if unit in _UNITS and number.isascii() and number.isdecimal() and len(number) < 7:
        hours = int(number) * _UNITS[unit]
        if hours <= _MOST_HOURS:
            return datetime.now(UTC) - timedelta(hours=hours)
    try:
        return parse_instant(f"{text}T00:00:00Z" if len(text) == 10 else text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is neither a day like 2026-11-01 nor a time nor 24h, 7d or 2w") from error


@click.command()
@click.argument("since", callback=parse_since)
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@click.option("--storage", envvar="MUSTER_STORAGE", help="Connection string, or https://ACCOUNT.blob.core.windows.net.")
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
def diff(since: datetime, form: str, storage: str | None, data: Path) -> None:
    """Show which results and facts are others than at SINCE: a day, a time, or how long ago (24h, 7d, 2w).

    Exit code: 0 when all could be compared, 1 when something could not, 2 when the command line can't be used.
    """
    try:
        changes = asyncio.run(_read(since, storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    for change in changes:
        if form == "jsonl":
            click.echo(json.dumps(_json(change)))
        else:
            _print(change)
    if form == "text":
        click.echo(f"{len(changes)} resource{'s' * (len(changes) != 1)} changed since {since:%Y-%m-%d %H:%M} UTC.")
    sys.exit(1 if any(change.fault for change in changes) else 0)


async def _read(since: datetime, storage: str | None, data: Path) -> "list[ResourceChange]":
    from muster.jobs.changes import changes_since

    async with stored_findings(storage, data) as store:
        return [change async for change in changes_since(store, since)]


def _print(change: "ResourceChange") -> None:
    click.echo(visible(f"{change.resource or '(damaged)'}: {change.state or change.fault}"))
    if change.fault and change.state:
        click.echo(visible(f"  {change.fault}"))
    elif change.difference is None and not change.fault:
        click.echo("  new")
    for result in change.difference.results if change.difference else ():
        click.echo(visible(f"  {result.before or 'new'} -> {result.after or 'gone'}  {result.policy}"))
    for fact in change.difference.facts if change.difference else ():
        click.echo(visible(f"  {fact.name}: {fact.before or '-'} -> {fact.after or '-'}"))


def _json(change: "ResourceChange") -> "JsonObject":
    difference = change.difference
    return {
        "resource": change.resource,
        "state": change.state,
        "new": difference is None and not change.fault,
        "results": [
            {"id": one.id, "policy": one.policy, "before": one.before or None, "after": one.after or None}
            for one in (difference.results if difference else ())
        ],
        "facts": [
            {"name": one.name, "before": one.before, "after": one.after}
            for one in (difference.facts if difference else ())
        ],
        "fault": change.fault or None,
    }
