"""`muster doctor`: is this installation as it must be, and what to do where not."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.local.data_folder import DATA, running_in
from muster.report.visible import visible
from muster.values.checkup import Checked, Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from muster.jobs.doctor.installation import Software

FAULT, UNKNOWN = 10, 11

_COLOURS = {Outcome.OK: "green", Outcome.WARNING: "yellow", Outcome.FAULT: "red", Outcome.UNKNOWN: "magenta"}
_MAX_BYTES = 1024 * 1024


@click.command()
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="local.settings.json, or what `az functionapp config appsettings list` prints; the environment.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(settings: Path | None, data: Path, form: str) -> None:
    """Look at an installation: settings, identity and permissions, storage, events, sweep, policies and versions.

    The settings are those of a file, else of the environment, else of the `muster up` that runs here. Every call that
    the app makes is tried, as who you are signed in as, and nothing is changed. docs/doctor.md lists the checks.

    Exit code: 0 when nothing is worse than a warning, 10 when there is a fault, 11 when something could not be looked
    at, 2 when the command line or the file can't be used.
    """
    hosted = False
    environ: Mapping[str, str] = os.environ
    if settings is not None:
        environ, hosted = read_settings(settings)
    else:
        environ = _with_running(os.environ, data)
    found = asyncio.run(_look(environ, hosted))
    if form == "json":
        from muster.report.checkup_json import checkup_json

        click.echo(json.dumps(checkup_json(found), indent=2))
    else:
        from muster.cli.finding_tables import console

        _show(found, console())
    outcomes = {one.outcome for one in found}
    sys.exit(FAULT if Outcome.FAULT in outcomes else UNKNOWN if Outcome.UNKNOWN in outcomes else 0)


def read_settings(path: Path) -> tuple[dict[str, str], bool]:
    """The settings of a file, and whether they are those of an app in Azure. Raises UsageError where it has none."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise click.UsageError(f"--settings: {path} is larger than {_MAX_BYTES:,} bytes")
        value = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(f"--settings: {path} is not JSON: {error}") from error
    if isinstance(value, list) and all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in value):
        return {one["name"]: str(one.get("value") or "") for one in value}, True
    if isinstance(value, dict):
        held = value.get("Values", value)
        if isinstance(held, dict) and all(isinstance(text, str) for text in held.values()):
            return held, False
    raise click.UsageError(
        f"--settings: {path} is neither local.settings.json nor what `az functionapp config appsettings list` prints"
    )


def _with_running(environ: Mapping[str, str], data: Path) -> Mapping[str, str]:
    """The environment; where it names no storage, with the settings of the `muster up` that runs."""
    if any(name.startswith(("MUSTER_STORAGE", "AzureWebJobsStorage")) and environ[name] for name in environ):
        return environ
    running = running_in(data)
    if running is None:
        return environ
    from muster.local.app_settings import app_settings

    return {**environ, **app_settings(running.storage, None, running.azure)}


async def _look(environ: Mapping[str, str], hosted: bool) -> list[Checked]:
    from muster.jobs.doctor.run import examine
    from muster.settings.installation import installation

    async with installation(environ, _software(environ), hosted=hosted) as looked_at:
        return await examine(looked_at)


def _software(environ: Mapping[str, str]) -> "Software":
    from muster.adapters.software import read_software
    from muster.local.app import find_app
    from muster.local.errors import LocalFault

    try:
        root = find_app(None)
    except LocalFault:
        root = None
    return read_software(root, _missing(root) if _is_local(environ) else None)


def _missing(root: Path | None) -> tuple[str, ...]:
    from muster.local.errors import MissingProgram
    from muster.local.node import find_azurite

    try:
        find_azurite(root or Path.cwd())
    except MissingProgram as fault:
        return (str(fault),)
    return ()


def _is_local(environ: Mapping[str, str]) -> bool:
    """Whether storage is of this machine: the emulator's, or none at all."""
    named = [environ[name] for name in environ if name.startswith(("MUSTER_STORAGE", "AzureWebJobsStorage"))]
    text = " ".join(named).lower()
    return not text.strip() or "usedevelopmentstorage" in text or "devstoreaccount1" in text


def _to_do(found: Sequence[Checked]) -> dict[tuple[Outcome, str, str], list[Checked]]:
    """What is not as it must be; what several checks say alike is said once."""
    alike: dict[tuple[Outcome, str, str], list[Checked]] = {}
    for one in found:
        if one.outcome is not Outcome.OK:
            alike.setdefault((one.outcome, one.found, one.remedy), []).append(one)
    return alike


def _named(one: Checked) -> str:
    return f"{one.check} of {visible(one.subject)}" if one.subject else one.check


def _show(found: Sequence[Checked], screen: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from muster.report.checkup_page import page_of

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Check", "Outcome", "Found"):
        table.add_column(column, overflow="fold", no_wrap=column != "Found")
    for one in found:
        about = f"{visible(one.subject)}: " if one.subject else ""
        table.add_row(one.check, Text(one.outcome, _COLOURS[one.outcome]), Text(f"{about}{visible(one.found)}"))
    screen.print(table)
    for (outcome, said, remedy), alike in _to_do(found).items():
        screen.print()
        screen.print(Text.assemble((f"{outcome}", _COLOURS[outcome]), f"  {', '.join(map(_named, alike))}"))
        for line in filter(None, (said, remedy)):
            screen.print(Text(f"  {visible(line)}"), soft_wrap=True)
        screen.print(Text(f"  {page_of(alike[0].check)}", "dim"), soft_wrap=True)
    counts = [f"{sum(one.outcome is kind for one in found)} {kind}" for kind in Outcome]
    screen.print(f"\n{', '.join(counts)}.")
