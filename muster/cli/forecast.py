"""`muster forecast`: what falls out of support when."""

import json
import os
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import find_policies
from muster.cli.faults import show_faults
from muster.cli.finding_tables import console
from muster.cli.fleet import fleet_documents, fleet_resources
from muster.cli.plain_table import plain_table
from muster.jobs.forecast import forecast, stored_documents
from muster.local.data_folder import DATA
from muster.report import forecast_table
from muster.report.exit_code import ExitCode
from muster.report.forecast import Fate, Forecast
from muster.report.forecast_csv import forecast_csv
from muster.report.forecast_html import forecast_html
from muster.report.forecast_json import forecast_json
from muster.values.errors import BadInput, BrokenPolicySet

if TYPE_CHECKING:
    from muster.facts.document import FactSources

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--from", "start", type=_DAY, help="First day (UTC); today where it is not given.")
@click.option("--to", "end", type=_DAY, help="Last day; a year after the first where it is not given.")
@click.option("--owner-tag", default="owner", show_default=True, help="Tag that says whose a machine is.")
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Without PATHS: connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores here.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "html"]), default="table", show_default=True
)
def command(
    paths: tuple[Path, ...],
    start: datetime | None,
    end: datetime | None,
    owner_tag: str,
    policies: Path | None,
    storage: str | None,
    data: Path,
    form: str,
) -> None:
    """Say which of the machines in PATHS fall out of support when: REST bodies, lists of them, what `az vm list`
    prints, or folders of such files; `-` is standard input. Bodies of gallery images among them are used. Without
    PATHS it is about every machine that has a finding in the store.

    Exit code: 0, 1 when the store can't be read, 2 when the command line, a file or the catalogue can't be used.
    """
    first = (start or datetime.now(UTC)).date()
    last = end.date() if end else _a_year_after(first)
    if last < first:
        raise click.UsageError(f"--to {last} is before --from {first}.")
    sources = _sources(policies)
    if paths:
        documents = fleet_documents(fleet_resources(paths), sources, _midnight(first))
    else:
        from muster.cli.stored import read_findings

        documents = stored_documents(read_findings(storage, data), sources.catalogue, first)
    titles = {name: product.title for name, product in sources.catalogue.products.items()}
    found = forecast(documents, first, last, titles=titles, owner_tag=owner_tag)
    match form:
        case "json":
            click.echo(json.dumps(forecast_json(found), indent=2))
        case "csv":
            click.echo(forecast_csv(found), nl=False)
        case "html":
            click.echo(_page(found), nl=False)
        case _:
            _print_tables(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _sources(policies: Path | None) -> "FactSources":
    try:
        return load_fact_sources(find_policies(policies, os.environ))
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    except BrokenPolicySet as broken:
        show_faults(broken.faults)
        sys.exit(ExitCode.USAGE)


def _page(found: Forecast) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("muster.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return forecast_html(found, templates.get_template("forecast.html"))


def _print_tables(found: Forecast) -> None:
    screen = console()
    columns = forecast_table.COLUMNS
    sections = [*found.months.items(), ("Already ended", found.of(Fate.ENDED))]
    for title, lines in sections:
        if lines:
            screen.print(f"{title}: {len(lines)}", style="bold")
            screen.print(plain_table(columns, forecast_table.machine_rows(lines), whole=columns[:1]))
            screen.print()
    if unknown := found.of(Fate.UNKNOWN):
        screen.print(f"Not known: {len(unknown)}", style="bold")
        screen.print(plain_table(forecast_table.UNKNOWN_COLUMNS, forecast_table.unknown_rows(unknown)))
        screen.print()
    for title, groups in (
        ("Owner", found.by(lambda line: line.owner)),
        ("Subscription", found.by(lambda line: line.subscription)),
    ):
        if groups:
            heads = (title, *forecast_table.GROUP_COLUMNS[1:])
            screen.print(plain_table(heads, forecast_table.group_rows(groups), whole=heads[1:]))
            screen.print()
    screen.print(forecast_table.headline(found))
