"""`muster image`: who images are, and how long they are supported."""

import json
import os
import sys
from datetime import UTC, date, datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.image_inputs import ImageInput, UnreadableInput, read_inputs
from muster.adapters.policy_files import find_policies
from muster.cli.faults import show_faults
from muster.facts.document import build_document
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import identify
from muster.facts.image_reference import read_image_text
from muster.facts.image_source import read_image
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.rest_shape import resource_type, rest_shape
from muster.report.exit_code import ExitCode
from muster.report.image_answers import COLUMNS, answer_rows, image_answer
from muster.values.errors import BadInput, BrokenPolicySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from muster.facts.document import FactSources
    from muster.values.json import JsonObject


@click.command()
@click.argument("images", nargs=-1, metavar="URN|IMAGE-ID|FILE...")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC); today where it is not given.")
@click.option("--policies", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of policies.")
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
def command(images: tuple[str, ...], as_of: datetime | None, policies: Path | None, form: str) -> None:
    """Say who images are: product, release and cycle with what said so, and their lifecycle.

    An image is named by publisher:offer:sku[:version], by its resource id, or by AKS's node image version. A FILE has
    such names, one a line, or the JSON of virtual machines, scale sets and images. Standard input is read where nothing
    is named, and for `-`. Answers come in the order of the questions; a product that is not known is `unknown`.

    Exit code: 0, or 2 when the command line, a file or the catalogue can't be used.
    """
    for name in images:
        if name.lower().endswith((".json", ".jsonl")) and not os.path.isfile(name):
            raise click.UsageError(f"There is no file {name}.")
    sources = _sources(policies)
    day = (as_of or datetime.now(UTC)).date()
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if not images and sys.stdin.isatty():
        raise click.UsageError("Name an image: publisher:offer:sku, its resource id, or a file.")
    answers = (_answer(asked, sources, day) for asked in read_inputs(images or ("-",), sys.stdin))
    try:
        _show(answers, form)
    except UnreadableInput as unreadable:
        show_faults(unreadable.faults, {unreadable.source.name: unreadable.source})
        sys.exit(ExitCode.USAGE)


def _sources(given: Path | None) -> "FactSources":
    try:
        folder = find_policies(given, os.environ)
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    try:
        return load_fact_sources(folder)
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=folder)
        sys.exit(ExitCode.USAGE)


def _answer(asked: ImageInput, sources: "FactSources", day: date) -> "JsonObject":
    if asked.body is not None and (kind := resource_type(asked.body)):
        now = datetime.combine(day, time(), UTC)
        document = build_document({**rest_shape(asked.body), "type": kind}, sources=sources, now=now)
        if document.image:
            return image_answer(asked.name, document.image, document.lifecycle)
    reference = read_image_text(asked.name) if asked.body is None else read_image(asked.body)
    image = image_facts(identify(reference, sources.rules), reference)
    return image_answer(asked.name, image, lifecycle_facts(sources.catalogue, image, as_of=day))


def _show(answers: "Iterator[JsonObject]", form: str) -> None:
    match form:
        case "jsonl":
            for answer in answers:
                click.echo(json.dumps(answer))
        case "json":
            click.echo(json.dumps(list(answers), indent=2))
        case _:
            _print_table(answers)


def _print_table(answers: "Iterable[JsonObject]") -> None:
    from muster.cli.finding_tables import console
    from muster.cli.plain_table import plain_table

    console().print(plain_table(COLUMNS, answer_rows(answers), whole=COLUMNS[1:4]))
