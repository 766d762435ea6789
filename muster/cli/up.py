"""`muster up`: the function app on this machine, and the sample deployments checked by it."""

import asyncio
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import find_policies, load_policies
from muster.cli.demo import run_demo
from muster.cli.faults import show_faults
from muster.cli.finding_tables import console
from muster.cli.program import program
from muster.local.app import find_app
from muster.local.data_folder import DATA, DataFolder, hold_any
from muster.local.host import PORT
from muster.local.samples import sample_bodies
from muster.local.session import Session, session
from muster.report.exit_code import ExitCode
from muster.values.errors import BadInput, BrokenPolicySet, MusterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from muster.facts.document import FactSources

INTERRUPTED = 130

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--demo", is_flag=True, help="Start with an empty store, deliver the sample events, show what was found.")
@click.option("--once", is_flag=True, help="End after that instead of running until interrupted.")
@click.option("--app", type=_FOLDER, help="Folder of function_app.py; this folder, or muster's checkout.")
@click.option("--policies", type=_FOLDER, envvar="MUSTER_POLICIES", help="Folder of policies; the app's own.")
@click.option("--resources", type=_FOLDER, help="Recorded REST bodies to serve in place of Azure; the samples.")
@click.option("--live", is_flag=True, help="Read Azure itself, as who you are signed in as.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="Where data is kept.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 is any free port.")
def command(
    demo: bool,
    once: bool,
    app: Path | None,
    policies: Path | None,
    resources: Path | None,
    live: bool,
    data: Path,
    port: int,
) -> None:
    """Run the function app with storage on this machine, for events over HTTP at 127.0.0.1.

    A server on loopback stands for Azure Resource Manager and has the recorded bodies. With --live the app reads Azure
    itself; MUSTER_SUBSCRIPTIONS then names the subscriptions.

    Exit code: 0 when it ran, 1 when an event was not delivered or something it needs is missing, 2 when the command
    line or the policies can't be used, 130 when interrupted before the samples were through.
    """
    if once and not demo:
        raise click.UsageError("--once ends after --demo.")
    if live and (demo or resources):
        raise click.UsageError("--live reads Azure itself, so neither the samples nor --resources go with it.")
    try:
        root = find_app(app)
        samples = root / "samples"
        recorded = None if live else [resources] if resources else sample_bodies(samples)
        sources = _checked(policies)
        with hold_any(data) as held:
            _log_to(held, on_screen=not demo)
            if demo:
                held.clear()
            host = _Host(root, held, policies, recorded, port, sources)
            sys.exit(asyncio.run(host.run(samples if demo else None, once=once)))
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault


class _Host:
    """What to run, and what a signal means at the time it comes."""

    def __init__(
        self,
        root: Path,
        data: DataFolder,
        policies: Path | None,
        recorded: "Sequence[Path] | None",
        port: int,
        sources: "FactSources",
    ) -> None:
        self.root, self.data, self.policies, self.recorded, self.port = root, data, policies, recorded, port
        self.sources = sources
        self.screen: Console = console()
        self.serving = False

    async def run(self, samples: Path | None, *, once: bool) -> int:
        """Run until done or told to stop; the exit code."""
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            return await self._run(samples, once=once)
        except asyncio.CancelledError:
            self.screen.print("\nStopped.")
            return 0 if self.serving else INTERRUPTED

    async def _run(self, samples: Path | None, *, once: bool) -> int:
        self.screen.print("Starting Azurite and the function app ...")
        async with session(
            self.root, self.data, policies=self.policies, recorded=self.recorded, port=self.port
        ) as running:
            self._introduce(running)
            code = 0
            if samples is not None:
                code = await run_demo(samples, running, self.data, self.sources, self.screen, datetime.now(UTC).date())
            if once:
                return code
            self.serving = True
            self._explain(running)
            await asyncio.Event().wait()
        return code

    def _introduce(self, running: Session) -> None:
        functions = ", ".join(f"{name} ({trigger})" for name, trigger in running.host.functions.items())
        self.screen.print(f"  storage       {running.storage.blob} (blobs), {running.storage.queue} (queues)")
        self.screen.print(f"  Azure         {running.arm_url or 'itself, as who you are signed in as'}")
        self.screen.print(f"  function app  {running.host.url}: {functions}")

    def _explain(self, running: Session) -> None:
        connection = running.storage.connection_string
        self.screen.print("\nRunning until interrupted (Ctrl-C). In another terminal:", soft_wrap=True)
        data = "" if self.data.path == DATA else f" --data {self.data.path}"
        self.screen.print(f"  {program()} send samples/events/07-ubuntu-1804.json{data}", soft_wrap=True)
        self.screen.print(f"  {program()} findings{data}", soft_wrap=True)
        self.screen.print(f'  az storage blob list -c findings --connection-string "{connection}"', soft_wrap=True)
        self.screen.print(f"Events are taken at\n  {running.events_url}", soft_wrap=True)
        if not logging.getLogger().handlers[1:]:
            _log_on_screen()


def _checked(policies: Path | None) -> "FactSources":
    """Refuse a broken policy set with its messages, before anything is started."""
    try:
        folder = find_policies(policies, os.environ)
        load_policies(folder)
        return load_fact_sources(folder)
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)


def _log_to(data: DataFolder, *, on_screen: bool) -> None:
    """What the app logs goes to a file, as in Azure to Application Insights; the SDKs are heard only when they warn."""
    logging.basicConfig(
        filename=data.log,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    for noisy in ("azure", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if on_screen:
        _log_on_screen()


def _log_on_screen() -> None:
    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(shown)
