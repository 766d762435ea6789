"""`muster impact`: what other policies would change, before they are used."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import LIFECYCLE, load_fact_sources
from muster.adapters.impact_work import Damaged, weigh_resources, weigh_stored
from muster.adapters.json_files import read_json_files
from muster.adapters.policy_files import find_policies, load_policies, load_schemas, own_policies, read_texts
from muster.adapters.resource_files import STANDARD_INPUT, read_resources
from muster.cli.faults import show_faults
from muster.facts.aliases import AzureAliases
from muster.facts.document import FactSources
from muster.jobs.impact import Sides
from muster.local.data_folder import DATA
from muster.policy.bound import bind
from muster.policy.difference import taken_apart
from muster.policy.direct import load_definitions
from muster.policy.files import PolicyFiles
from muster.report.exit_code import ExitCode, exit_code
from muster.report.impact import Impact, ResourceImpact
from muster.report.impact_json import impact_json, impact_lines
from muster.report.impact_markdown import impact_markdown
from muster.report.impact_rows import (
    CHANGE_COLUMNS,
    DEFINITION_COLUMNS,
    IMAGE_COLUMNS,
    NUMBERS,
    STATE_COLUMNS,
    change_rows,
    definition_row,
    image_rows,
    impact_summary,
    need_lines,
    needs_title,
    omitted,
    state_rows,
)
from muster.report.visible import visible
from muster.values.diagnostic import Level
from muster.values.errors import BadInput, BrokenPolicySet, MusterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from muster.adapters.resource_files import FiledResource
    from muster.values.json import JsonObject

STORE = "store"
_REFRESHED_EVERY = 50
"""Resources."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_EXISTING = click.Path(exists=True, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Set:
    """A policy set that was loaded, and the folder it is from. `texts` are those of its lifecycle data."""

    folder: Path
    files: PolicyFiles
    sources: FactSources
    texts: "Mapping[str, str]"

    def told(self, added: Sequence[Path] = ()) -> "JsonObject":
        return {
            "folder": str(self.folder),
            "version": self.files.version,
            "definitions": [str(path) for path in added],
        }


@click.command()
@click.option("--policies", "proposed", type=_FOLDER, help="Folder of the policies that are proposed.")
@click.option(
    "--definition",
    "definitions",
    multiple=True,
    type=_EXISTING,
    help="Definition file, or folder of them, that would come to the current policies, assigned to everything and with "
    "its default parameters. May be repeated.",
)
@click.option("--current", type=_FOLDER, help="Folder of the policies to compare with; those in use without.")
@click.option(
    "--against",
    multiple=True,
    metavar="store|PATH",
    help="Resources to judge: files and folders as `muster check` reads them, or the stored findings (store, which is "
    "also what is taken without). May be repeated.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) to judge on; today where it is not given.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="For the stored findings: connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` "
    "stores here.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option("--show", type=click.IntRange(0, 100_000), default=100, show_default=True, help="Resources to show.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "json", "jsonl"]),
    default="table",
    show_default=True,
    help="jsonl has a line for every result that changes, whatever --show says.",
)
def command(
    proposed: Path | None,
    definitions: tuple[Path, ...],
    current: Path | None,
    against: tuple[str, ...],
    as_of: datetime | None,
    storage: str | None,
    data: Path,
    show: int,
    form: str,
) -> None:
    """Show what proposed policies would change: every result that would be another, and why, by resource and by
    definition. Both policy sets judge the same resources on the same day. What a new rule needs and nobody gathered is
    Unknown, and the report says what that is.

    Exit code: 0 when nothing gets worse, 10 when a result is newly NonCompliant, 11 when one is newly Unknown, 1 when
    one is newly Error or something could not be read, 2 when the command line, a file or the policies can't be used.
    """
    if (proposed is None) == (not definitions):
        raise click.UsageError("Name what is proposed: a folder with --policies, or --definition.")
    paths = [Path(one) for one in against if one != STORE]
    if paths and len(paths) < len(against):
        raise click.UsageError("--against: either store or files.")
    before = _load(current)
    after = _with_definitions(before, definitions) if proposed is None else _load(proposed)
    now = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    sides = _sides(before, after)
    impact = Impact(show, from_store=not paths)
    take = _taker(impact, form)
    if paths:
        _weigh_files(paths, sides, now, take)
    else:
        _weigh_store(storage, data, sides, now, impact, take)
    _show(impact, form, now, before, after, definitions)
    damaged = ExitCode.ERROR if impact.warnings else ExitCode.COMPLIANT
    sys.exit(damaged or exit_code(impact.newly))


def _load(given: Path | None) -> _Set:
    try:
        folder = find_policies(given, os.environ)
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    data = folder if (folder / LIFECYCLE).is_dir() else own_policies()
    try:
        files, sources = load_policies(folder).files, load_fact_sources(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)
    if files.warnings:
        show_faults(files.warnings, folder=folder)
    return _Set(folder, files, sources, read_texts(data, (LIFECYCLE,))[0])


def _sides(current: _Set, proposed: _Set) -> Sides:
    """The two sets taken apart. The same lifecycle data is the same, wherever it lies."""
    aliases = AzureAliases()
    if current.texts != proposed.texts:
        judges = bind(current.files, aliases), bind(proposed.files, aliases)
        return Sides(*judges, None, current.sources, proposed.sources)
    parts = taken_apart(current.files, proposed.files)
    shared, first, second = (bind(one, aliases) for one in (parts.shared, parts.only_first, parts.only_second))
    return Sides(first, second, shared, current.sources, current.sources)


def _with_definitions(current: _Set, paths: Sequence[Path]) -> _Set:
    """The current policies and some definitions beside them."""
    texts, faults = read_json_files(paths)
    try:
        if faults:
            raise BrokenPolicySet(faults)
        added = load_definitions(texts, load_schemas())
    except BrokenPolicySet as broken:
        show_faults(broken.faults)
        sys.exit(ExitCode.USAGE)
    if added.warnings:
        show_faults(added.warnings)
    both = replace(
        current.files,
        definitions=(*current.files.definitions, *added.definitions),
        policies=(*current.files.policies, *added.policies),
        version=f"{current.files.version}+{added.version}",
    )
    return replace(current, files=both)


def _taker(impact: Impact, form: str) -> Callable[[ResourceImpact], None]:
    def take(one: ResourceImpact) -> None:
        impact.add(one)
        if form == "jsonl":
            for line in impact_lines(one):
                click.echo(line)

    return take


def _weigh_files(paths: Sequence[Path], sides: Sides, now: datetime, take: Callable[[ResourceImpact], None]) -> None:
    resources = _resources(paths)
    with _progress(len(resources)) as advance:
        for one in weigh_resources(resources, sides, now):
            take(one)
            advance()


def _resources(paths: Sequence[Path]) -> "Sequence[FiledResource]":
    missing = [path for path in paths if path != STANDARD_INPUT and not path.exists()]
    if missing:
        raise click.UsageError(f"--against: there is no file or folder {visible(str(missing[0]))}.")
    found = read_resources(paths, sys.stdin.read() if STANDARD_INPUT in paths else "")
    if found.faults:
        show_faults(found.faults, found.sources)
    if any(fault.level is Level.ERROR for fault in found.faults):
        sys.exit(ExitCode.USAGE)
    if not found.resources:
        raise click.UsageError("There is no resource in these files.")
    return found.resources


def _weigh_store(
    storage: str | None,
    data: Path,
    sides: Sides,
    now: datetime,
    impact: Impact,
    take: Callable[[ResourceImpact], None],
) -> None:
    from muster.cli.stored import stored_findings
    from muster.local.errors import LocalFault

    async def weigh() -> None:
        async with stored_findings(storage, data) as store:
            with _progress(None) as advance:
                async for one in weigh_stored(store, sides, now):
                    if isinstance(one, Damaged):
                        impact.warn(one.why)
                    else:
                        take(one)
                    advance()

    try:
        asyncio.run(weigh())
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except (LocalFault, MusterError) as fault:
        raise click.ClickException(str(fault)) from fault


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[], None]]:
    """How far it is, on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Judging by both"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # A thread that refreshes would be there when processes fork.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=total)
        counted = count(1)

        def advance() -> None:
            progress.advance(task)
            if next(counted) % _REFRESHED_EVERY == 0:
                progress.refresh()

        yield advance


def _show(impact: Impact, form: str, now: datetime, before: _Set, after: _Set, definitions: Sequence[Path]) -> None:
    as_of = now.date().isoformat()
    match form:
        case "jsonl":
            for sentence in impact.warnings:
                click.echo(visible(sentence), err=True)
        case "json":
            whole = impact_json(impact, as_of=as_of, current=before.told(), proposed=after.told(definitions))
            click.echo(json.dumps(whole, indent=2))
        case "markdown":
            click.echo(impact_markdown(impact, as_of=as_of), nl=False)
        case _:
            _print_tables(impact)


def _print_tables(impact: Impact) -> None:
    from muster.cli.finding_tables import console
    from muster.cli.plain_table import plain_table

    screen = console()
    parts = (
        (STATE_COLUMNS, state_rows(impact)),
        (DEFINITION_COLUMNS, [definition_row(one) for one in impact.rows()]),
        (IMAGE_COLUMNS, image_rows(impact)),
        (CHANGE_COLUMNS, change_rows(impact)),
    )
    for columns, rows in parts:
        if rows:
            screen.print(plain_table(columns, rows, whole=[one for one in columns if one in NUMBERS]))
            screen.print()
    if needs := need_lines(impact):
        click.echo(f"{needs_title(impact)}:")
        for line in needs:
            click.echo(visible(f"  {line}"))
        click.echo()
    for sentence in (*impact.warnings, *filter(None, [omitted(impact)])):
        click.echo(visible(sentence))
    click.echo(impact_summary(impact))
