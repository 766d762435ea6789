"""`muster findings show`: one resource with every result that asks for something, and its history."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.report.visible import visible
from muster.values.errors import InvalidResourceId, MusterError
from muster.values.json import JsonObject, as_list, as_object
from muster.values.resource_id import ResourceId

if TYPE_CHECKING:
    from muster.jobs.resource_story import Story

_ASK = ("NonCompliant", "Error", "Unknown")


@click.command()
@click.argument("resource")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--storage", envvar="MUSTER_STORAGE", help="Connection string, or https://ACCOUNT.blob.core.windows.net.")
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
def show(resource: str, form: str, storage: str | None, data: Path) -> None:
    """Show the newest finding of RESOURCE, a resource id: what decided each result, what to do, its history.

    Exit code: 0 when it was read, 1 when nothing is stored of it or it can't be read, 2 when the command line can't be
    used.
    """
    try:
        resource_id = ResourceId.parse(resource)
    except InvalidResourceId as fault:
        raise click.UsageError(f"RESOURCE: {fault}") from fault
    try:
        story = asyncio.run(_read(resource_id, storage, data))
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    if story.latest is None:
        raise click.ClickException(story.fault or f"nothing is stored of {resource_id}")
    if form == "json":
        click.echo(json.dumps(story.latest, indent=2))
        return
    try:
        _print(story, story.latest)
    except (KeyError, TypeError) as error:
        raise click.ClickException(f"the finding of {resource_id} is damaged") from error


async def _read(resource_id: ResourceId, storage: str | None, data: Path) -> "Story":
    from muster.jobs.resource_story import resource_story

    async with stored_findings(storage, data) as store:
        return await resource_story(resource_id, store)


def _print(story: "Story", finding: JsonObject) -> None:
    resource, image = as_object(finding["resource"]), as_object(finding["image"])
    _line(f"{resource['name'] or resource['id']}: {finding['state']}")
    _line(f"  {resource['id']}")
    system = " ".join(str(image[name]) for name in ("product", "release") if image.get(name))
    lifecycle = as_object(finding["lifecycle"])
    end = lifecycle.get("endOfSupportDate")
    _line(f"  {system or 'not known what it runs'}{f', supported until {end}' if end else ''}")
    results = [as_object(result) for result in as_list(finding["results"])]
    asking = [result for result in results if result["state"] in _ASK]
    for result in asking:
        click.echo()
        _line(f"{result['state']} ({result['severity']}): {result['displayName']}")
        _line(f"  {result['message']}")
        for reason in map(as_object, as_list(result["reasons"])):
            if reason["text"] != result["message"]:
                _line(f"  - {reason['text']}")
        for step in str(result["remediation"] or "").splitlines():
            _line(f"  > {step}")
    click.echo()
    _line(f"{len(results) - len(asking)} other results.")
    for told in story.evaluations:
        by = f" by {told.caller}" if told.caller else ""
        _line(f"  {told.observed_at}  {told.state}  {told.cause}{by}")
    if story.more:
        _line("  older evaluations are in the history")
    if story.fault:
        _line(f"  {story.fault}")


def _line(text: str) -> None:
    click.echo(visible(text))
