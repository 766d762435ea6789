"""`muster coverage`: what the last sweep covered."""

import asyncio
import json
import sys
from pathlib import Path

import click

from muster.adapters.blob_documents import SWEEPS, BlobDocuments
from muster.cli.stored import stored_findings
from muster.jobs.sweep import LAST_COVERAGE
from muster.local.data_folder import DATA
from muster.report.coverage_text import coverage_lines
from muster.values.errors import MusterError
from muster.values.json import JsonObject


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
def command(form: str, storage: str | None, data: Path) -> None:
    """Show what the last sweep covered: how many resources Azure has, which were not judged and why.

    Exit code: 0 when it covered everything, 1 when it did not or nothing was swept yet, 2 when the command line can't
    be used.
    """
    try:
        found = asyncio.run(_read(storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    if found is None:
        raise click.ClickException("nothing was swept yet")
    show_coverage(found, form)
    if found.get("complete") is not True:
        sys.exit(1)


def show_coverage(document: JsonObject, form: str) -> None:
    """Print a coverage document."""
    if form == "json":
        json.dump(document, sys.stdout, indent=2)
        click.echo()
        return
    for line in coverage_lines(document):
        click.echo(line)


async def _read(storage: str | None, data: Path) -> JsonObject | None:
    async with stored_findings(storage, data) as store:
        found = await BlobDocuments(store.service, SWEEPS).read(LAST_COVERAGE)
        return None if found is None else found.document
