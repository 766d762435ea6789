"""`muster policies guardrail`: the lifecycle catalogue as one definition that Azure Policy itself enforces."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.catalogue_files import write_text
from muster.adapters.fact_sources import load_fact_sources
from muster.cli.faults import show_faults
from muster.cli.policies_folder import policies_folder
from muster.facts.ended_images import EndedImages, ended_images
from muster.policy.guardrail import Asked, guardrail_definition, holds_until
from muster.report.exit_code import ExitCode
from muster.report.guardrail_report import (
    COLUMNS,
    guardrail_json,
    guardrail_markdown,
    guardrail_rows,
    guardrail_summary,
    miss_lines,
    stopped_releases,
)
from muster.report.visible import visible
from muster.values.errors import BadInput, BrokenPolicySet

if TYPE_CHECKING:
    from muster.facts.document import FactSources

_MOST_DAYS = 3650


@click.command()
@click.option(
    "--effect",
    type=click.Choice(["audit", "deny"]),
    default="audit",
    show_default=True,
    help="What the definition does unless an assignment says otherwise.",
)
@click.option(
    "--within",
    type=click.IntRange(0, _MOST_DAYS),
    default=0,
    show_default=True,
    help="Stop what will be out of support within so many days, too.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) to make it for; today where none is given.")
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output without.")
@click.option(
    "--report",
    "form",
    type=click.Choice(["table", "markdown", "json"]),
    help="Show what it stops and what to move to, instead of the definition; beside it with --to.",
)
def command(
    effect: str, within: int, as_of: datetime | None, policies: Path | None, to: Path | None, form: str | None
) -> None:
    """Make one Azure Policy definition that audits or denies deployments of Marketplace images whose OS release is out
    of support, by publisher, offer and SKU. It needs nothing of muster to work; make it anew when `holdsUntil` in its
    metadata has passed.

    Exit code: 0, or 2 when the command line or the lifecycle data can't be used, or Azure Policy would not take it.
    """
    day = (as_of or datetime.now(UTC)).date()
    sources = _sources(policies)
    asked = Asked(effect.capitalize(), day, within)
    try:
        ended = ended_images(sources, day + timedelta(days=within))
        definition = guardrail_definition(ended, asked, sources.catalogue.date)
    except (BadInput, OverflowError) as fault:
        raise click.UsageError(str(fault)) from fault
    text = f"{json.dumps(definition, indent=2)}\n"
    if to is not None:
        try:
            write_text(to, text)
        except OSError as error:
            raise click.UsageError(f"--to {to}: {error.strerror}") from error
    if form is not None:
        _show(form, ended, asked, sources)
    elif to is None:
        click.echo(text, nl=False)
    else:
        stopped = stopped_releases(ended, {})
        click.echo(visible(f"Written to {to}. {guardrail_summary(ended, stopped, holds_until(ended, asked))}"))
        for line in miss_lines(ended):
            click.echo(visible(line), err=True)


def _sources(policies: Path | None) -> "FactSources":
    folder = policies_folder(policies)
    try:
        return load_fact_sources(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)


def _show(form: str, ended: EndedImages, asked: Asked, sources: "FactSources") -> None:
    titles = {name: product.title for name, product in sources.catalogue.products.items()}
    stopped, until = stopped_releases(ended, titles), holds_until(ended, asked)
    match form:
        case "json":
            click.echo(json.dumps(guardrail_json(ended, stopped, until), indent=2))
        case "markdown":
            click.echo(guardrail_markdown(ended, stopped, until), nl=False)
        case _:
            _print_table(ended, stopped_rows=guardrail_rows(stopped), summary=guardrail_summary(ended, stopped, until))


def _print_table(ended: EndedImages, stopped_rows: list[tuple[str, ...]], summary: str) -> None:
    from muster.cli.finding_tables import console
    from muster.cli.plain_table import plain_table

    console().print(plain_table(COLUMNS, stopped_rows, whole=COLUMNS[1:2]))
    click.echo(f"\n{summary}")
    for line in miss_lines(ended):
        click.echo(visible(line))
