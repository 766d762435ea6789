"""Recorded bodies of a fleet, as documents."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from muster.adapters.resource_files import STANDARD_INPUT, read_resources
from muster.cli.faults import show_faults
from muster.facts.document import build_document
from muster.facts.image_reads import image_reads
from muster.report.exit_code import ExitCode
from muster.values.diagnostic import Level
from muster.values.errors import InvalidResourceId
from muster.values.resource_id import ResourceId

if TYPE_CHECKING:
    from muster.adapters.resource_files import FiledResource
    from muster.facts.document import FactSources
    from muster.values.document import Document
    from muster.values.json import JsonObject


def fleet_resources(paths: Sequence[Path]) -> "Sequence[FiledResource]":
    """The resources in files and folders. Ends the command where a file that was named can't be used."""
    found = read_resources(paths, sys.stdin.read() if STANDARD_INPUT in paths else "")
    if found.faults:
        show_faults(found.faults, found.sources)
    if any(fault.level is Level.ERROR for fault in found.faults):
        sys.exit(ExitCode.USAGE)
    return found.resources


def fleet_documents(
    resources: "Sequence[FiledResource]", sources: "FactSources", now: datetime
) -> "Iterator[Document]":
    """The facts of each, with the images among the resources."""
    bodies: dict[ResourceId, JsonObject] = {}
    for resource in resources:
        try:
            bodies[ResourceId.parse(resource.body.get("id"))] = resource.body
        except InvalidResourceId:
            continue
    for resource in resources:
        images = {image: bodies.get(image) for image in image_reads(resource.body)}
        yield build_document(resource.body, sources=sources, now=now, image_bodies=images)
