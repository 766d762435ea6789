"""`muster lint`: check policy files."""

import json
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from muster.adapters.case_files import case_reader
from muster.adapters.json_files import read_json_files
from muster.adapters.policy_files import load_schemas, read_texts
from muster.cli.policies_folder import policies_folder
from muster.facts.aliases import AzureAliases
from muster.jobs.lint_policies import IMAGE_RULES, RELEASES, LintBench, LintRun, lint_files, lint_folder
from muster.jobs.test_policies import CASES
from muster.language.lint import RULES
from muster.language.lint.rule import Target
from muster.language.source import Source
from muster.policy.kinds import Kind
from muster.report.diagnostics import render_all
from muster.report.diagnostics_json import diagnostics_json
from muster.report.diagnostics_sarif import diagnostics_sarif
from muster.report.exit_code import ExitCode
from muster.report.lint_report import checked, deployable
from muster.values.diagnostic import Diagnostic, Level

_TELLING = (Kind.DEFINITION, Kind.ASSIGNMENT)
"""Of which kinds a folder has to have a subfolder to count as a policies folder."""

_FOLDERS = (*(kind.folder for kind in Kind), CASES, RELEASES, IMAGE_RULES)


@click.command()
@click.argument("paths", metavar="[FILE|DIR]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option(
    "--target",
    type=click.Choice([target.value for target in Target]),
    default=Target.MUSTER.value,
    show_default=True,
    help="Where the definitions are to be used: azure-policy tells which can be deployed there as they are.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave out what this rule finds. May be repeated.")
def command(paths: tuple[Path, ...], form: str, target: str, strict: bool, ignore: tuple[str, ...]) -> None:
    """Check policy files: that they can be used, and that they say what was probably meant.

    A policies folder (one with definitions/ or assignments/ in it) is checked as a whole, cases and lifecycle data
    included; other files, and those in other folders, one by one. Without FILE or DIR: the policies folder that the
    other commands use. The rules are described in docs/lint.

    Exit code: 0 when there is no error (with --strict: nor a warning), 1 when there is one, 2 when the command line
    can't be used or there is nothing to check.
    """
    unknown = sorted(set(ignore) - {rule.id for rule in RULES})
    if unknown:
        raise click.UsageError(f"--ignore: there is no lint rule '{unknown[0]}'; docs/lint/README.md lists them.")
    found = _lint(paths or (policies_folder(),), Target(target))
    if not found.checked and not found.diagnostics:
        raise click.UsageError("There is no policy file to check.")
    kept = [one for one in found.diagnostics if one.rule not in ignore]
    click.echo(_report(replace(found, diagnostics=kept), form, Target(target)))
    bad = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    sys.exit(ExitCode.ERROR if any(one.level in bad for one in kept) else ExitCode.COMPLIANT)


@dataclass
class _Found:
    """What was found in all paths. Files are named as they are from here."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    definitions: list[tuple[str, bool]] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    checked: int = 0

    def add(self, run: LintRun, texts: dict[str, str], faults: list[Diagnostic], named: dict[str, str]) -> None:
        """Take what was found in some files, which `named` has under their names from here."""
        self.diagnostics += (replace(one, file=named.get(one.file, one.file)) for one in (*faults, *run.diagnostics))
        self.definitions += ((one.name, one.usable) for one in run.definitions)
        self.sources |= {named[name]: Source(named[name], text) for name, text in texts.items()}
        self.checked += run.checked


def _lint(paths: tuple[Path, ...], target: Target) -> _Found:
    bench = LintBench(load_schemas(), case_reader(), AzureAliases(), target, datetime.now(UTC).date())
    found = _Found()
    folders = [path for path in paths if any((path / kind.folder).is_dir() for kind in _TELLING)]
    for folder in folders:
        texts, faults = read_texts(folder, _FOLDERS)
        names = {*texts, *(fault.file for fault in faults)}
        found.add(lint_folder(texts, bench), texts, faults, {name: str(folder / name) for name in names})
    others = [path for path in paths if path not in folders]
    texts, faults = read_json_files(others)
    run = lint_files(texts, bench, frozenset(map(str, others)))
    found.add(run, texts, faults, {name: name for name in texts})
    return found


def _report(found: _Found, form: str, target: Target) -> str:
    if form == "sarif":
        rules = [rule for rule in RULES if target in rule.targets]
        return json.dumps(diagnostics_sarif(found.diagnostics, found.sources, rules, version("muster")), indent=2)
    if form == "json":
        content = diagnostics_json(found.diagnostics, found.sources, {rule.id: rule.documentation for rule in RULES})
        if target is Target.AZURE_POLICY:
            content["deployable"] = dict(found.definitions)
        return json.dumps(content, indent=2)
    parts = [render_all(found.diagnostics, found.sources)] if found.diagnostics else []
    if target is Target.AZURE_POLICY:
        parts += deployable(found.definitions)
    return "\n".join([*parts, checked(found.checked, len(found.diagnostics))])
