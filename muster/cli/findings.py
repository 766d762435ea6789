"""`muster findings`: what lies in the store."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import own_policies
from muster.cli.facet_options import Wanted, chosen_findings, facet_options, wanted_of
from muster.cli.finding_tables import console, deployment_table
from muster.cli.findings_diff import diff
from muster.cli.findings_export import SHOWN_DAMAGED, export
from muster.cli.findings_show import show
from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.report.deployments import deployments
from muster.report.json_lines import finding_lines
from muster.report.visible import visible
from muster.values.errors import BadInput, MusterError

if TYPE_CHECKING:
    from muster.values.json import JsonObject


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@facet_options
def command(context: click.Context, /, form: str, storage: str | None, data: Path, **facets: object) -> None:
    """Show the newest finding of every resource in the store, or do what COMMAND says with them. Options that are
    facets leave out the others: values of one are alternatives, and all facets must be met.

    Exit code: 0; 1 when the store could not be read or a finding in it is damaged, which is left out and named; 2 when
    the command line can't be used.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    try:
        found = asyncio.run(_read(storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    findings, damaged = _readable(found)
    findings, unfit = _chosen(findings, wanted_of(facets))
    match form:
        case "json":
            json.dump(findings, sys.stdout, indent=2)
            click.echo()
        case "jsonl":
            for finding in findings:
                for line in finding_lines(finding):
                    click.echo(line)
        case _:
            _print(findings)
    sys.exit(1 if damaged or unfit else 0)


command.add_command(export)
command.add_command(show)
command.add_command(diff)


def _refuse_options(context: click.Context) -> None:
    """What stands before COMMAND would be lost without a word."""
    given = [
        one.opts[0]
        for one in context.command.params
        if one.name and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"Options go behind {context.invoked_subcommand}: {', '.join(given)}.")


def _readable(found: "list[JsonObject | BadInput]") -> "tuple[list[JsonObject], int]":
    """What can be read, and how much can't, which is named."""
    damaged = [one for one in found if isinstance(one, BadInput)]
    for fault in damaged[:SHOWN_DAMAGED]:
        click.echo(f"left out: {visible(str(fault))}", err=True)
    if len(damaged) > SHOWN_DAMAGED:
        click.echo(f"left out: {len(damaged) - SHOWN_DAMAGED:,} more", err=True)
    return [one for one in found if not isinstance(one, BadInput)], len(damaged)


def _chosen(findings: "list[JsonObject]", wanted: Wanted) -> "tuple[list[JsonObject], int]":
    if not wanted.selection.narrowed:
        return findings, 0
    chosen, damaged = chosen_findings(findings, wanted, load_fact_sources(own_policies()).catalogue)
    if damaged:
        click.echo(f"{damaged} stored finding{'s are' if damaged != 1 else ' is'} damaged and left out.", err=True)
    return chosen, damaged


async def _read(storage: str | None, data: Path) -> "list[JsonObject | BadInput]":
    async with stored_findings(storage, data) as store:
        return [finding async for finding in store.each_latest()]


def _print(findings: "list[JsonObject]") -> None:
    if not findings:
        click.echo("No findings are stored.")
        return
    catalogue = load_fact_sources(own_policies()).catalogue
    titles = {name: product.title for name, product in catalogue.products.items()}
    console().print(deployment_table(deployments(findings, datetime.now(UTC).date(), titles)))
