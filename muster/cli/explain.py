"""`muster explain`: show why a definition says of a resource what it says."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.json_files import read_json_files
from muster.adapters.policy_files import load_schemas, read_texts
from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.resource_files import STANDARD_INPUT, read_resources
from muster.cli.faults import show_faults
from muster.cli.policies_folder import policies_folder
from muster.facts.aliases import AzureAliases
from muster.jobs.explain import explain
from muster.policy.direct import load_definitions
from muster.policy.files import read_policy_files
from muster.policy.kinds import Kind
from muster.report.exit_code import ExitCode
from muster.report.explanation import heading, legend, notes, tree
from muster.values.diagnostic import Level
from muster.values.errors import BrokenPolicySet, InvalidResourceId
from muster.values.resource_id import ResourceId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muster.adapters.resource_files import FiledResource
    from muster.facts.document import FactSources
    from muster.jobs.explain import Explained
    from muster.policy.files import PolicyFiles
    from muster.values.json import JsonObject

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("definition", type=click.Path(path_type=Path))
@click.argument("resource", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--parameters", type=_FILE, help="JSON file with parameter values; without it, default values count.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) to judge on; today where it is not given.")
@click.option(
    "--related",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File, or folder of files, with resources that the resource refers to or a rule looks for. May be repeated.",
)
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
def command(
    definition: Path,
    resource: Path,
    parameters: Path | None,
    as_of: datetime | None,
    related: tuple[Path, ...],
    policies: Path | None,
) -> None:
    """Show the rule of DEFINITION (a file, or the name of a definition in the policies folder) as a tree: each
    condition, how it came out for the RESOURCE (a file as for muster check; `-` is standard input), what was found,
    and what decided.

    Exit code: 0, or 2 when the command line or a file can't be used.
    """
    folder = policies_folder(policies)
    files = _definition(definition, folder, parameters)
    sources = _sources(folder)
    resources = _resources([resource])
    others = _resources(related) if related else []
    now = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    bodies = {}
    for one in (*others, *resources):
        try:
            bodies[ResourceId.parse(one.body.get("id"))] = one.body
        except InvalidResourceId:
            continue
    reader = RecordedAzure(bodies, lambda: now)
    shown = []
    for one in resources:
        found = asyncio.run(explain(one.body, files, reader=reader, aliases=AzureAliases(), sources=sources, now=now))
        shown.append("\n".join(_explanation(files, one.body, found)))
    click.echo("\n\n".join(shown))
    click.echo(f"\n{legend()}")


def _definition(given: Path, folder: Path, parameters: Path | None) -> "PolicyFiles":
    """The only definition of a file, or the one with a name, with values for its parameters."""
    path = given if given.is_file() else _file_of(str(given), folder)
    texts, faults = read_json_files([path])
    values, unread = read_json_files([parameters] if parameters else [])
    try:
        if faults or unread:
            raise BrokenPolicySet([*faults, *unread])
        files = load_definitions(texts, load_schemas(), next(iter(values.items()), None))
    except BrokenPolicySet as broken:
        show_faults(broken.faults)
        sys.exit(ExitCode.USAGE)
    if len(files.policies) != 1:
        raise click.UsageError(f"{path} has {len(files.policies)} definitions. Explain them one by one.")
    return files


def _file_of(name: str, folder: Path) -> Path:
    texts, _ = read_texts(folder, (Kind.DEFINITION.folder,))
    found = read_policy_files(texts, load_schemas()).definitions.find(name)
    if found.entry is None:
        told = f" {found.hint}" if found.hint else ""
        raise click.UsageError(f"There is neither a file '{name}' nor such a definition in {folder}.{told}")
    return folder / found.entry.item.source.name


def _sources(folder: Path) -> "FactSources":
    try:
        return load_fact_sources(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)


def _resources(paths: "Sequence[Path]") -> "Sequence[FiledResource]":
    found = read_resources(paths, sys.stdin.read() if STANDARD_INPUT in paths else "")
    if any(fault.level is Level.ERROR for fault in found.faults):
        show_faults(found.faults, found.sources)
        sys.exit(ExitCode.USAGE)
    if not found.resources:
        raise click.UsageError(f"There is no resource in {paths[0]}.")
    return found.resources


def _explanation(files: "PolicyFiles", body: "JsonObject", found: "Explained") -> list[str]:
    (definition,) = files.definitions
    name = body.get("name")
    resource = name if isinstance(name, str) and name else "the resource"
    lines = heading(definition.name, found.effect, resource, found.result)
    lines += notes(found.warnings)
    lines += tree("if", found.condition, definition.source)
    for identity, trace in found.related:
        lines += tree(f"existenceCondition of {identity}", trace, definition.source)
    return lines
