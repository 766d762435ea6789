"""`muster deadletters`: what was never handled, why, and asking for it again."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from muster.adapters.dead_letters import DeadLetters
from muster.adapters.storage_queue import StorageQueues
from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA, running_in
from muster.report.redaction import without_claims
from muster.report.visible import visible
from muster.values.errors import BadInput, MusterError

if TYPE_CHECKING:
    from muster.jobs.replay import DeadLetter

T = TypeVar("T")

_STORAGE = click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
_DATA = click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)


@click.group()
def command() -> None:
    """What was never handled: poison messages, Event Grid's dead letters, requests whose attempts are spent."""


@command.command("list")
@_STORAGE
@_DATA
def list_(storage: str | None, data: Path) -> None:
    """List them with why each was given up. Of a poison queue the 32 that it shows.

    Exit code: 0 when they were read, 1 when they could not be, 2 when the command line can't be used.
    """

    async def names(letters: DeadLetters) -> "list[DeadLetter]":
        return [letter async for letter in letters.all()]

    found = _run(storage, data, names)
    for letter in found:
        click.echo(f"{visible(letter.name)}  {len(letter.texts)} {letter.kind}: {visible(letter.why)}")
    if not found:
        click.echo("Nothing was given up.")


@command.command()
@click.argument("name")
@_STORAGE
@_DATA
def show(name: str, storage: str | None, data: Path) -> None:
    """Show what one holds, without claims and addresses of people.

    Exit code: 0 when it was read, 1 when it is not there or could not be read, 2 when the command line can't be used.
    """
    letter = _run(storage, data, lambda letters: letters.one(name))
    click.echo(visible(letter.why))
    for text in letter.texts:
        click.echo(json.dumps(_readable(text), indent=2))


@command.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Replay all that there are.")
@_STORAGE
@_DATA
def replay(names: tuple[str, ...], every: bool, storage: str | None, data: Path) -> None:
    """Ask again for what they hold. What could be asked for is removed.

    Exit code: 0 when all of it was asked for, 1 when some could not be, 2 when the command line can't be used.
    """
    if every is bool(names):
        raise click.UsageError("Name dead letters, or say --all.")

    async def ask(letters: DeadLetters) -> bool:
        chosen = names or tuple([letter.name async for letter in letters.all()])
        whole = True
        for name in chosen:
            done = await letters.replay(name)
            click.echo(f"{visible(done.name)}: {done.requests} asked for")
            for why in done.refused:
                whole = False
                click.echo(f"  {visible(why)}", err=True)
        return whole

    if not _run(storage, data, ask):
        sys.exit(1)


def _readable(text: str) -> object:
    try:
        return without_claims(json.loads(text))
    except (ValueError, RecursionError):
        return without_claims(text)


def _run(storage: str | None, data: Path, work: Callable[[DeadLetters], Awaitable[T]]) -> T:
    async def opened() -> T:
        async with _dead_letters(storage, data) as letters:
            return await work(letters)

    try:
        return asyncio.run(opened())
    except BadInput as fault:
        raise click.ClickException(str(fault)) from fault
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault


@asynccontextmanager
async def _dead_letters(storage: str | None, data: Path) -> AsyncIterator[DeadLetters]:
    async with stored_findings(storage, data) as store, _queues(storage, data) as queues:
        yield DeadLetters(store.service, queues)


@asynccontextmanager
async def _queues(storage: str | None, data: Path) -> AsyncIterator[StorageQueues]:
    """The queues beside the findings."""
    if storage and storage.startswith("https://"):
        from azure.identity.aio import DefaultAzureCredential

        async with DefaultAzureCredential() as credential:
            queues = StorageQueues.from_account_url(storage.replace(".blob.", ".queue.", 1), credential)
            try:
                yield queues
            finally:
                await queues.close()
        return
    running = running_in(data)
    text = storage or (running.storage if running else "")
    if not text:
        raise BadInput("queues are there while `muster up` runs: start it, or name a storage account")
    queues = StorageQueues.from_connection_string(text)
    try:
        yield queues
    finally:
        await queues.close()
