"""`muster findings export`: all findings, or those that facets leave, in a format that programs, or people, take."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from muster.cli.facet_options import Wanted, result_facet_options, wanted_of
from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.report.export import EXPORT_FORMATS, Export
from muster.report.visible import visible
from muster.values.errors import BadInput, MusterError
from muster.values.json import JsonObject, as_list

if TYPE_CHECKING:
    from muster.jobs.chosen_results import ChosenResults
    from muster.values.listing import Lifetime

SHOWN_DAMAGED = 10
PROGRESS_EVERY = 100
"""Resources between two lines of progress."""


@dataclass
class Tally:
    """What was read and exported so far. `resources` are those that have something in the export."""

    read: int = 0
    resources: int = 0
    findings: int = 0
    damaged: int = 0


@click.command("export")
@click.option("--format", "form", type=click.Choice(EXPORT_FORMATS), required=True)
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@result_facet_options
def export(form: str, target: Path | None, storage: str | None, data: Path, **facets: object) -> None:
    """Export the newest findings of all resources: json (the documents), jsonl (a line a result), csv, sarif (2.1.0),
    ocsf (Compliance Finding 1.6.0, a line a result) or html (a report to be mailed).

    Options that are facets choose results as the page's list of findings does: values of one are alternatives, and all
    facets must be met. Resources without such a result are left out.

    Progress goes to standard error. FILE is there when all of it is written, and not before.

    Exit code: 0; 1 when the store or FILE failed or a finding in it is damaged, which is left out and named; 2 when
    the command line can't be used.
    """
    tally = Tally()
    try:
        with _written(target) as out:
            made, chooser = _prepared(form, wanted_of(facets))
            asyncio.run(write_export(made, chooser, _read(storage, data), out, tally))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    except OSError as error:
        raise click.ClickException(f"{target or 'standard output'}: {error.strerror}") from error
    _progress(tally, end=True)
    sys.exit(1 if tally.damaged else 0)


async def write_export(
    form: Export,
    chooser: "ChosenResults",
    findings: AsyncIterator[JsonObject | BadInput],
    out: IO[str],
    tally: Tally,
) -> None:
    """Write an export of what is chosen of some findings. What is damaged is named on standard error and left out."""
    out.write(form.head())
    async for finding in findings:
        tally.read += 1
        try:
            if isinstance(finding, BadInput):
                raise finding
            chosen = chooser.of(finding)
            if chosen is not None:
                for text in form.part(chosen):
                    out.write(text)
                tally.resources += 1
                tally.findings += len(as_list(chosen["results"]))
        except BadInput as fault:
            tally.damaged += 1
            if tally.damaged <= SHOWN_DAMAGED:
                click.echo(f"left out: {visible(str(fault))}", err=True)
        if tally.read % PROGRESS_EVERY == 0:
            _progress(tally)
    out.write(form.tail())


def _prepared(form: str, wanted: Wanted) -> "tuple[Export, ChosenResults]":
    from muster.adapters.export_formats import new_export
    from muster.adapters.fact_sources import load_fact_sources
    from muster.adapters.policy_files import own_policies
    from muster.adapters.searched_words import SearchedWords
    from muster.jobs.chosen_results import ChosenResults
    from muster.jobs.lifetimes import lifetime

    catalogue = load_fact_sources(own_policies()).catalogue
    titles = {name: product.title for name, product in catalogue.products.items()}

    def lifetimes(system: JsonObject, day: date) -> "Lifetime":
        return lifetime(system, catalogue, day)

    now = datetime.now(UTC)
    chooser = ChosenResults(wanted.selection, wanted.owner_tag, now.date(), lifetimes, SearchedWords().has)
    return new_export(form, now, titles), chooser


async def _read(storage: str | None, data: Path) -> "AsyncIterator[JsonObject | BadInput]":
    async with stored_findings(storage, data) as store:
        async for finding in store.each_latest():
            yield finding


@contextmanager
def _written(target: Path | None) -> "Iterator[IO[str]]":
    """A text to write to, which becomes the file when the block ends well."""
    if target is None:
        with click.open_file("-", "w", encoding="utf-8") as out:
            yield out
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as out:
            yield out
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _progress(tally: Tally, *, end: bool = False) -> None:
    line = f"{_counted(tally.findings, 'finding')} of {_counted(tally.resources, 'resource')}"
    if tally.resources + tally.damaged < tally.read:
        line += f", {tally.read:,} read"
    if tally.damaged:
        line += f", {tally.damaged:,} damaged and left out"
    if sys.stderr.isatty():
        click.echo(f"\r{line}", err=True, nl=end)
    elif end:
        click.echo(line, err=True)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
