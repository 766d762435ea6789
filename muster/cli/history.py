"""`muster history`: the chain of a resource's evaluations."""

import asyncio
import sys
from pathlib import Path

import click

from muster.cli.stored import stored_findings
from muster.jobs.history import HistoryReport, verify_history
from muster.local.data_folder import DATA
from muster.report.visible import visible
from muster.values.errors import InvalidResourceId, MusterError
from muster.values.resource_id import ResourceId


@click.group()
def command() -> None:
    """The chain of a resource's evaluations."""


@command.command()
@click.argument("resource")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
def verify(resource: str, storage: str | None, data: Path) -> None:
    """Verify that the history of RESOURCE, a resource id, is complete and as it was written.

    Exit code: 0 when it is sound, 1 when it is not or could not be read, 2 when the command line can't be used.
    """
    try:
        resource_id = ResourceId.parse(resource)
    except InvalidResourceId as fault:
        raise click.UsageError(f"RESOURCE: {fault}") from fault
    try:
        report = asyncio.run(_verify(resource_id, storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    if not report.chain and not report.beside and report.sound:
        raise click.ClickException(f"nothing is stored of {resource_id}")
    _print(report)
    sys.exit(0 if report.sound else 1)


async def _verify(resource_id: ResourceId, storage: str | None, data: Path) -> HistoryReport:
    async with stored_findings(storage, data) as store:
        return await verify_history(resource_id, store)


def _print(report: HistoryReport) -> None:
    records = f"{len(report.chain)} record{'s' * (len(report.chain) != 1)} in the chain"
    beside = f", {len(report.beside)} beside it" if report.beside else ""
    click.echo(f"{report.resource_id}: {records}{beside}, {'sound' if report.sound else 'NOT sound'}")
    for fault in report.faults:
        click.echo(f"  {visible(fault.evaluation_id) or 'latest'}: {visible(fault.text)}")
