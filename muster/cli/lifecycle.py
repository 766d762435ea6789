"""`muster lifecycle`: look at the catalogue of releases, check it, and bring it up to date."""

import asyncio
import difflib
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.catalogue_files import load_catalogue, with_catalogue, write_text
from muster.adapters.fact_sources import load_image_rules
from muster.adapters.policy_files import find_policies
from muster.adapters.release_data import fetch, read_local
from muster.cli.faults import show_faults
from muster.cli.finding_tables import console
from muster.cli.plain_table import plain_table
from muster.facts.catalogue import read_catalogue, stale_files
from muster.facts.image_lint import lint_image_rules
from muster.facts.release_feeds import read_distro_info, read_endoflife_date
from muster.jobs.refresh import refresh as merge
from muster.language.source import Source, read_json
from muster.report.exit_code import ExitCode
from muster.report.refresh_report import change_json, change_lines, change_summary
from muster.report.release_rows import RELEASE_COLUMNS, TRAIT_COLUMNS, product_json, release_rows, trait_rows
from muster.values.diagnostic import Level
from muster.values.errors import BadInput, TransientFault

if TYPE_CHECKING:
    from muster.adapters.catalogue_files import LoadedCatalogue
    from muster.facts.release_feeds import FeedRelease
    from muster.jobs.refresh import Refreshed

_POLICIES = click.option(
    "--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies."
)


@click.group()
def command() -> None:
    """The catalogue of releases: how long each is supported, and what it ships with."""


@command.command()
@click.argument("product")
@_POLICIES
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC); today where it is not given.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def show(product: str, policies: Path | None, as_of: datetime | None, form: str) -> None:
    """Show the releases of PRODUCT with their dates, and their hardening traits.

    Exit code: 0, or 2 where the catalogue has no such product or can't be used.
    """
    catalogue = _sound(_load(policies)).catalogue
    found = catalogue.products.get(product.lower())
    if found is None:
        close = difflib.get_close_matches(product.lower(), catalogue.products, n=3)
        told = f"Close to it: {', '.join(close)}." if close else f"It has {', '.join(catalogue.products)}."
        raise click.UsageError(f"The catalogue has no product '{product}'. {told}")
    day = _day(as_of)
    if form == "json":
        click.echo(json.dumps(product_json(catalogue, found, day), indent=2, ensure_ascii=False))
        return
    screen = console()
    screen.print(f"{found.title}, as of {day}; compared with its sources on {found.refreshed}\n")
    screen.print(plain_table(RELEASE_COLUMNS, release_rows(catalogue, found, day), whole=RELEASE_COLUMNS[:3]))
    if found.traits:
        screen.print()
        screen.print(plain_table(TRAIT_COLUMNS, trait_rows(found), whole=TRAIT_COLUMNS[:2]))


@command.command()
@_POLICIES
def lint(policies: Path | None) -> None:
    """Check the catalogue: rows without a source, ends before releases, duplicates, successors that are not there. And
    the rules for images: their form, their examples, and that no two of them fit the same image.

    Exit code: 0, or 2 where a file has a fault. That a file has not been refreshed for 90 days is a warning.
    """
    loaded = _load(policies)
    folder = _folder(policies)
    rules, rule_faults = load_image_rules(folder)
    faults = (
        *loaded.faults,
        *stale_files(loaded.catalogue, _day(None)),
        *rule_faults,
        *lint_image_rules(rules),
    )
    if faults:
        show_faults(faults, loaded.sources, folder=folder)
    if any(fault.level is Level.ERROR for fault in faults):
        sys.exit(ExitCode.USAGE)
    products = loaded.catalogue.products.values()
    rows, traits = sum(len(held.releases) for held in products), sum(len(held.traits) for held in products)
    click.echo(f"{len(products)} products, {rows} releases and {traits} traits.")
    if rules.examples:
        click.echo(f"{len(rules.examples)} rules for images.")


@command.command()
@click.option(
    "--endoflife-date",
    "endoflife",
    multiple=True,
    metavar="FILE|URL",
    help="An answer of endoflife.date's API v1: a file, or an https address of endoflife.date. May be repeated.",
)
@click.option(
    "--distro-info",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table of distro-info-data, named as there: ubuntu.csv, debian.csv. May be repeated.",
)
@_POLICIES
@click.option("--force", is_flag=True, help="Replace dates that were set by hand, too.")
@click.option("--write", is_flag=True, help="Write the files; without it nothing is changed.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def refresh(
    endoflife: tuple[str, ...],
    distro_info: tuple[Path, ...],
    policies: Path | None,
    force: bool,
    write: bool,
    form: str,
) -> None:
    """Merge newer dates into the catalogue and show what differs. Dates set by hand are kept unless --force.

    Exit code: 0, 1 where an address did not answer, 2 where the data or the catalogue can't be used.
    """
    if not endoflife and not distro_info:
        raise click.UsageError("Name data to refresh from: --endoflife-date, --distro-info, or both.")
    loaded = _sound(_load(policies))
    try:
        products = asyncio.run(_endoflife(endoflife))
        tables = {path.stem: read_distro_info(read_local(path)) for path in distro_info}
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    except TransientFault as fault:
        click.echo(str(fault), err=True)
        sys.exit(ExitCode.ERROR)
    found = merge(
        loaded.catalogue,
        loaded.values,
        endoflife_date=products,
        distro_info=tables,
        today=_day(None),
        force=force,
    )
    if form == "json":
        click.echo(json.dumps(change_json(found.changes), indent=2))
    else:
        for line in change_lines(found.changes):
            click.echo(line)
        told = "Written." if write else "Nothing was written; --write does it."
        click.echo(f"{change_summary(found.changes)} {len(found.files)} of {len(loaded.values)} products. {told}")
    if write:
        _write(loaded, found)


def _folder(policies: Path | None) -> Path:
    try:
        return with_catalogue(find_policies(policies, os.environ))
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault


def _load(policies: Path | None) -> "LoadedCatalogue":
    try:
        return load_catalogue(_folder(policies))
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault


def _sound(loaded: "LoadedCatalogue") -> "LoadedCatalogue":
    """The catalogue, which has no fault, or its faults and an end."""
    if loaded.faults:
        show_faults(loaded.faults, loaded.sources)
        sys.exit(ExitCode.USAGE)
    return loaded


def _day(given: datetime | None) -> date:
    return (given or datetime.now(UTC)).date()


async def _endoflife(places: tuple[str, ...]) -> "dict[str, tuple[FeedRelease, ...]]":
    products: dict[str, tuple[FeedRelease, ...]] = {}
    for place in places:
        text = await fetch(place) if "://" in place else read_local(Path(place))
        value, faults = read_json(Source(place, text))
        if faults:
            raise BadInput(f"{place}: {faults[0].message}", reason="unfitReleaseData")
        products |= read_endoflife_date(value)
    return products


def _write(loaded: "LoadedCatalogue", found: "Refreshed") -> None:
    """Write the files, unless the catalogue would have a fault with them."""
    _, faults = read_catalogue({**loaded.values, **found.files})
    texts = {name: f"{json.dumps(value, indent=2, ensure_ascii=False)}\n" for name, value in found.files.items()}
    if faults:
        show_faults(faults, {name: Source(name, text) for name, text in texts.items()})
        click.echo("Nothing was written: the catalogue would have faults.", err=True)
        sys.exit(ExitCode.USAGE)
    for name, text in texts.items():
        write_text(Path(name), text)
