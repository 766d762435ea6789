"""`muster findings export`: all findings in a format that other programs, or people, take."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

import muster
from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.report.csv_findings import CsvExport
from muster.report.export import Export, JsonExport, JsonLinesExport
from muster.report.ocsf import OcsfExport
from muster.report.sarif import SarifExport
from muster.report.visible import visible
from muster.values.errors import BadInput, MusterError

if TYPE_CHECKING:
    from muster.values.json import JsonObject

SHOWN_DAMAGED = 10
PROGRESS_EVERY = 100
"""Resources between two lines of progress."""


def _html() -> Export:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from muster.adapters.fact_sources import load_fact_sources
    from muster.adapters.policy_files import own_policies
    from muster.report.html_findings import HtmlExport

    templates = Environment(
        loader=PackageLoader("muster.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    products = load_fact_sources(own_policies()).catalogue.products
    titles = {name: product.title for name, product in products.items()}
    return HtmlExport(templates.get_template("findings.html"), datetime.now(UTC), titles)


FORMATS: dict[str, Callable[[], Export]] = {
    "json": JsonExport,
    "jsonl": JsonLinesExport,
    "csv": CsvExport,
    "sarif": lambda: SarifExport(muster.__version__),
    "ocsf": lambda: OcsfExport(muster.__version__),
    "html": _html,
}


@dataclass
class _Tally:
    """What was exported so far."""

    resources: int = 0
    damaged: int = 0


@click.command("export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="File; else standard output.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
def export(form: str, target: Path | None, storage: str | None, data: Path) -> None:
    """Export the newest findings of all resources: json (the documents), jsonl (a line a result), csv, sarif (2.1.0),
    ocsf (Compliance Finding 1.6.0, a line a result) or html (a report to be mailed).

    Progress goes to standard error. FILE is there when all of it is written, and not before.

    Exit code: 0; 1 when the store or FILE failed or a finding in it is damaged, which is left out and named; 2 when
    the command line can't be used.
    """
    tally = _Tally()
    try:
        with _written(target) as out:
            asyncio.run(_export(FORMATS[form](), out, tally, storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    except OSError as error:
        raise click.ClickException(f"{target or 'standard output'}: {error.strerror}") from error
    _progress(tally, end=True)
    sys.exit(1 if tally.damaged else 0)


async def _export(form: Export, out: "IO[str]", tally: _Tally, storage: str | None, data: Path) -> None:
    out.write(form.head())
    async for finding in _read(storage, data):
        try:
            if isinstance(finding, BadInput):
                raise finding
            for text in form.part(finding):
                out.write(text)
            tally.resources += 1
        except BadInput as fault:
            tally.damaged += 1
            if tally.damaged <= SHOWN_DAMAGED:
                click.echo(f"left out: {visible(str(fault))}", err=True)
        if tally.resources % PROGRESS_EVERY == 0:
            _progress(tally)
    out.write(form.tail())


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


def _progress(tally: _Tally, *, end: bool = False) -> None:
    line = f"{tally.resources:,} resource{'s' * (tally.resources != 1)}"
    if tally.damaged:
        line += f", {tally.damaged:,} damaged and left out"
    if sys.stderr.isatty():
        click.echo(f"\r{line}", err=True, nl=end)
    elif end:
        click.echo(line, err=True)
