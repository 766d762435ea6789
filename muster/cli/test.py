"""`muster test`: run the cases of policy definitions."""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from muster.adapters.case_files import load_cases
from muster.adapters.changes import stamps, wait_for_change
from muster.adapters.fact_sources import LIFECYCLE, load_fact_sources
from muster.adapters.policy_files import load_schemas, read_texts
from muster.cli.policies_folder import policies_folder
from muster.facts.aliases import AzureAliases
from muster.jobs.case_bench import Bench
from muster.jobs.test_policies import run_cases
from muster.language.source import Source
from muster.policy.case_outcomes import CasesRun
from muster.report.case_report import case_summary, coverage_lines
from muster.report.diagnostics import render_all
from muster.report.exit_code import ExitCode
from muster.report.junit import junit
from muster.values.errors import BrokenPolicySet


@click.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until interrupted.")
@click.option("--format", "form", type=click.Choice(["text", "junit"]), default="text", show_default=True)
@click.option("--coverage", is_flag=True, help="Show which conditions did not come out both true and false.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) of cases that name none; today else.")
def command(folder: Path | None, watch: bool, form: str, coverage: bool, as_of: datetime | None) -> None:
    """Run the cases in DIR/cases against the definitions in DIR/definitions, DIR being a policies folder (without it,
    the one that the other commands use).

    A case fails where the definition says something else than is expected, or nothing. A definition without cases
    fails, too, and so does a file that can't be read.

    Exit code: 0 when all passed, 1 when something failed, 2 when the command line can't be used or there are neither
    definitions nor cases.
    """
    policies = policies_folder(folder)
    while True:
        before = stamps([policies])
        ran = _run(policies, as_of.date() if as_of else datetime.now(UTC).date())
        click.echo(_report(ran, form, coverage=coverage))
        code = ExitCode.ERROR if ran.run.failures else ExitCode.COMPLIANT
        if not watch:
            sys.exit(code)
        click.echo("\nWaiting for a change. Stop with Ctrl+C.")
        try:
            changed = wait_for_change([policies, *ran.folders], {**stamps(ran.folders), **before})
        except KeyboardInterrupt:
            sys.exit(code)
        click.echo(f"\n{', '.join(path.name for path in sorted(changed)[:3])} changed.\n")


@dataclass(frozen=True)
class _Ran:
    """A run, the texts that its messages point into, and the folders that resources were read from."""

    run: CasesRun
    sources: dict[str, Source]
    folders: frozenset[Path]


def _run(policies: Path, today: date) -> _Ran:
    loaded = load_cases(policies)
    if not loaded.texts and not loaded.faults:
        raise click.UsageError(f"{policies} has neither definitions nor cases.")
    texts = dict(loaded.texts)
    try:
        sources = load_fact_sources(policies)
    except BrokenPolicySet as broken:
        run = CasesRun((), (*loaded.faults, *broken.faults))
        texts |= read_texts(policies, (LIFECYCLE,))[0]
    else:
        bench = Bench(AzureAliases(), sources, loaded.resources, loaded.recordings, today)
        run = asyncio.run(run_cases(loaded.texts, loaded.cases, load_schemas(), bench))
        run = replace(run, faults=(*loaded.faults, *run.faults))
    names = {name: str(policies / name) for name in texts}
    return _Ran(run.renamed(names), {names[name]: Source(names[name], texts[name]) for name in texts}, loaded.folders)


def _report(ran: _Ran, form: str, *, coverage: bool) -> str:
    run = ran.run
    if form == "junit":
        return junit(run, ran.sources)
    parts = [render_all(run.failures, ran.sources)] if run.failures else []
    if coverage:
        gaps = [gap for one in run.coverage for gap in one.gaps()]
        parts += [render_all(gaps, ran.sources)] * bool(gaps)
        parts.append("\n".join(coverage_lines(run.coverage)))
    return "\n\n".join([*parts, case_summary(run)])
