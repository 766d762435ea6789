"""`muster check`: judge resources in files."""

import asyncio
import contextlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.json_files import read_json_files
from muster.adapters.policy_files import find_policies, load_policies, load_schemas
from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.resource_files import STANDARD_INPUT, read_resources
from muster.cli.faults import show_faults
from muster.cli.finding_tables import console, deployment_table, result_table
from muster.facts.aliases import AzureAliases
from muster.jobs.dry_check import dry_check
from muster.policy.bound import bind
from muster.policy.direct import load_definitions
from muster.report.deployments import deployments
from muster.report.exit_code import ExitCode, exit_code
from muster.report.json_lines import finding_lines
from muster.report.results import result_rows, result_states, summary
from muster.values.diagnostic import Level
from muster.values.errors import BadInput, BrokenPolicySet, InvalidResourceId
from muster.values.json import as_object
from muster.values.resource_id import ResourceId
from muster.values.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muster.adapters.resource_files import FiledResource
    from muster.facts.document import FactSources
    from muster.policy.bound import BoundPolicySet
    from muster.values.json import JsonObject

_EXISTING = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
@click.option(
    "--definition",
    "definitions",
    multiple=True,
    type=_EXISTING,
    help="Definition file, or folder of them, to judge by instead of what is assigned. May be repeated.",
)
@click.option(
    "--parameters",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with parameter values for --definition; without it, default values count.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) to judge on; today where it is not given.")
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
def command(
    files: tuple[Path, ...],
    policies: Path | None,
    definitions: tuple[Path, ...],
    parameters: Path | None,
    as_of: datetime | None,
    form: str,
) -> None:
    """Judge the resources in FILES: REST bodies, lists of them, what `az vm show` or `az vm list` prints, or folders
    of such files; `-` is standard input.

    Exit code: 0 when nothing is worse than Compliant, 10 when a result is NonCompliant, 11 when one is Unknown, 1 when
    a rule failed (Error), 2 when the command line, a file or the policies can't be used.
    """
    if parameters and not definitions:
        raise click.UsageError("--parameters are values for --definition.")
    folder = _folder(policies)
    judge = _by_definitions(definitions, parameters) if definitions else _by_assignments(folder)
    sources = _sources(folder)
    resources = _resources(files)
    now = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    findings = asyncio.run(_judged(resources, judge, sources, now))
    match form:
        case "json":
            click.echo(json.dumps(findings, indent=2))
        case "jsonl":
            for finding in findings:
                for line in finding_lines(finding):
                    click.echo(line)
        case _:
            _print_tables(findings, now, sources)
    sys.exit(exit_code(state for finding in findings for state in result_states(finding)))


def _folder(given: Path | None) -> Path:
    try:
        return find_policies(given, os.environ)
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault


def _by_assignments(folder: Path) -> "BoundPolicySet":
    try:
        loaded = load_policies(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)
    if loaded.files.warnings:
        show_faults(loaded.files.warnings, folder=folder)
    return loaded.judge


def _by_definitions(paths: "Sequence[Path]", parameters: Path | None) -> "BoundPolicySet":
    texts, faults = read_json_files(paths)
    given, unread = read_json_files([parameters] if parameters else [])
    try:
        if faults or unread:
            raise BrokenPolicySet([*faults, *unread])
        files = load_definitions(texts, load_schemas(), next(iter(given.items()), None))
    except BrokenPolicySet as broken:
        show_faults(broken.faults)
        sys.exit(ExitCode.USAGE)
    if files.warnings:
        show_faults(files.warnings)
    return bind(files, AzureAliases())


def _sources(folder: Path) -> "FactSources":
    try:
        return load_fact_sources(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)


def _resources(paths: "Sequence[Path]") -> "Sequence[FiledResource]":
    piped = sys.stdin.read() if STANDARD_INPUT in paths else ""
    found = read_resources(paths, piped)
    if found.faults:
        show_faults(found.faults, found.sources)
    if any(fault.level is Level.ERROR for fault in found.faults):
        sys.exit(ExitCode.USAGE)
    if not found.resources:
        raise click.UsageError("There is no resource in these files.")
    return found.resources


async def _judged(
    resources: "Sequence[FiledResource]", judge: "BoundPolicySet", sources: "FactSources", now: datetime
) -> "list[JsonObject]":
    """The findings of resources, each of which may be related to any other."""
    bodies = {}
    for resource in resources:
        with contextlib.suppress(InvalidResourceId):
            bodies[ResourceId.parse(resource.body.get("id"))] = resource.body
    reader = RecordedAzure(bodies, lambda: now)
    findings = []
    for resource in resources:
        finding = await dry_check(resource.body, reader=reader, policies=judge, sources=sources, now=now)
        as_object(finding["resource"])["id"] = as_object(finding["resource"])["id"] or resource.place
        findings.append(finding)
    return findings


def _print_tables(findings: "list[JsonObject]", now: datetime, sources: "FactSources") -> None:
    """What is deployed and what is to be done; resources that no policy is about are only counted."""
    titles = {name: product.title for name, product in sources.catalogue.products.items()}
    about = [finding for finding in findings if finding["state"] != State.NOT_APPLICABLE]
    screen = console()
    if about:
        screen.print(deployment_table(deployments(about, now.date(), titles)))
    if rows := result_rows(about):
        screen.print()
        screen.print(result_table(rows))
    screen.print(f"\n{summary(findings)}")
