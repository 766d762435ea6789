"""`muster policies import`: policies as a tenant exports them."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.arm_lists import CanNot, plan
from muster.adapters.case_files import case_reader
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.json_files import read_json_files
from muster.adapters.policy_files import find_policies, load_schemas
from muster.adapters.policy_writer import write_policies
from muster.cli.faults import show_faults
from muster.cli.finding_tables import console
from muster.cli.fleet import fleet_documents, fleet_resources
from muster.cli.plain_table import plain_table
from muster.facts.aliases import AzureAliases
from muster.facts.document import build_document
from muster.facts.sample_machines import example_machines, image_in_words, machine_of_finding, systems_of
from muster.jobs.forecast import MACHINES
from muster.jobs.import_policies import import_policies
from muster.jobs.lint_policies import LintBench
from muster.language.lint.rule import Target
from muster.language.source import MAX_CHARACTERS, Source
from muster.local.data_folder import DATA
from muster.policy.survey import Machine
from muster.report import import_report
from muster.report.diagnostics import render_all
from muster.report.exit_code import ExitCode
from muster.report.import_json import import_csv, import_json
from muster.report.visible import visible
from muster.values.errors import BadInput, BrokenPolicySet

if TYPE_CHECKING:
    from muster.facts.document import FactSources
    from muster.report.import_report import Imported
    from muster.values.document import Document, RelatedQuery
    from muster.values.json import JsonObject

_BUILT_IN = "built-in-policies"
"""The folder of definitions and initiatives in a checkout of Azure/azure-policy."""

_EXISTING = click.Path(exists=True, path_type=Path)


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_EXISTING)
@click.option("--fleet", multiple=True, type=_EXISTING, help="Recorded bodies of machines; may be repeated.")
@click.option("--findings", "stored", is_flag=True, help="Take the images of the machines that have a finding.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="With --findings: connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores here.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
@click.option("--to", "target", type=click.Path(file_okay=False, path_type=Path), help="Write what can be used there.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def command(
    paths: tuple[Path, ...],
    fleet: tuple[Path, ...],
    stored: bool,
    storage: str | None,
    data: Path,
    policies: Path | None,
    target: Path | None,
    force: bool,
    form: str,
) -> None:
    """Read policies from exports: a checkout of Azure/azure-policy, what `az policy definition list`, `set-definition
    list`, `assignment list` and `exemption list` print, REST bodies and lists, rows of Resource Graph's
    policyresources, or folders of such files. Says which definitions are for what muster judges, which of them
    silently skip which images, what can't be told, and what can't be used and why. With --to, what can be used becomes
    a policies folder, for `muster lint` and `muster check --policies`.

    Images are those of --fleet or --findings, else the examples of the lifecycle catalogue.

    Exit code: 0 when there is no error, 1 when something can't be used or lint finds an error, 2 when the command line
    can't be used, nothing is to be read, or a file is in the way.
    """
    if fleet and stored:
        raise click.UsageError("--fleet and --findings are both for images; one of them counts.")
    if force and target is None:
        raise click.UsageError("--force is for --to.")
    texts, faults = read_json_files(map(_policies_of, paths), endings=(".json", ".jsonc"))
    if faults:
        show_faults(faults)
    sources = _sources(policies)
    now = datetime.now(UTC)
    from muster.cli.stored import read_findings

    machines, against = _machines(fleet, read_findings(storage, data) if stored else None, sources, now)
    bench = LintBench(load_schemas(), case_reader(), AzureAliases(), Target.MUSTER, now.date())
    counts = bool(fleet or stored)
    found = import_policies(texts, bench, machines, _hindrance, against=against, counts_machines=counts)
    if not found.definitions and not found.left_out and not any(found.read.values()) and not found.broken:
        raise click.UsageError("There is no policy in these files.")
    if found.faults:
        # Of a larger text an index of places would take a gigabyte.
        known = {name: Source(name, text) for name, text in texts.items() if len(text) <= MAX_CHARACTERS}
        click.echo(render_all(found.faults, known), err=True)
    if target is not None:
        _write(target, found, force=force)
    match form:
        case "json":
            click.echo(json.dumps(import_json(found), indent=2))
        case "csv":
            click.echo(import_csv(found), nl=False)
        case _:
            _print(found, target)
    sys.exit(ExitCode.ERROR if found.broken or faults else ExitCode.COMPLIANT)


def _policies_of(path: Path) -> Path:
    """Of a checkout of Azure/azure-policy what is built in; its samples are rules without their definitions."""
    built_in = path / _BUILT_IN
    return built_in if built_in.is_dir() else path


def _hindrance(query: "RelatedQuery") -> str:
    how = plan(query)
    return how.why if isinstance(how, CanNot) else ""


def _sources(policies: Path | None) -> "FactSources":
    try:
        return load_fact_sources(find_policies(policies, os.environ))
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    except BrokenPolicySet as broken:
        show_faults(broken.faults)
        sys.exit(ExitCode.USAGE)


def _machines(
    fleet: Sequence[Path], findings: "Sequence[JsonObject] | None", sources: "FactSources", now: datetime
) -> tuple[list[Machine], str]:
    """The machines to hold definitions against, and what a sentence calls them."""
    if fleet:
        machines = list(_with_images(fleet_documents(fleet_resources(fleet), sources, now)))
        return machines, f"of {len(machines):,} machines in {', '.join(visible(str(path)) for path in fleet)}"
    systems = systems_of(sources.rules)
    if findings is not None:
        bodies = [body for finding in findings if (body := machine_of_finding(finding, systems)) is not None]
        return list(_with_images(_documents(bodies, sources, now))), f"of {len(bodies):,} machines with a finding"
    bodies = list(example_machines(sources.rules))
    machines = list(_with_images(_documents(bodies, sources, now)))
    return machines, f"of {len({machine.image for machine in machines}):,} that the lifecycle catalogue knows"


def _documents(bodies: "Iterable[JsonObject]", sources: "FactSources", now: datetime) -> "Iterator[Document]":
    return (build_document(body, sources=sources, now=now) for body in bodies)


def _with_images(documents: "Iterable[Document]") -> Iterator[Machine]:
    for document in documents:
        kind = document.resource.get("type")
        if isinstance(kind, str) and kind.lower() in MACHINES:
            yield Machine(document, image_in_words(document.image))


def _write(target: Path, found: "Imported", *, force: bool) -> None:
    try:
        write_policies(target, found.files, force=force)
    except BadInput as fault:
        raise click.UsageError(f"--to: {fault}") from fault


def _print(found: "Imported", target: Path | None) -> None:
    screen = console()
    for columns, rows in (
        (import_report.DEFINITION_COLUMNS, list(import_report.definition_rows(found))),
        (import_report.NEVER_COLUMNS, list(import_report.never_rows(found))),
        (import_report.LEFT_OUT_COLUMNS, list(import_report.left_out_rows(found))),
    ):
        if rows:
            screen.print(plain_table(columns, rows))
            screen.print()
    lines = import_report.headline(found)
    if target is not None:
        lines.append(f"{len(found.files):,} files written to {target}; check them with muster lint {target}.")
    for line in lines:
        screen.print(visible(line), markup=False, soft_wrap=True)
