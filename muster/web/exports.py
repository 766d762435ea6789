"""Exports from the page: downloads of what the command line exports, for as many findings as fit into one answer.

The index does not hold whole documents, so the selected resources' are read; MAX_RESOURCES, MAX_FINDINGS and MAX_BYTES
bound how many and how much. Nobody's words are in a header: files are named after the page and the format.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from muster.jobs.export_chosen import Exported
from muster.report.export import EXPORT_FORMATS
from muster.values.resource_id import ResourceId
from muster.values.selection import Facet, Selection
from muster.web.answers import respond
from muster.web.page import Sources
from muster.web.query import Parameters, check_required, parse_query, query_of
from muster.web.request import NotThere, Request, Response, TooMuch

MAX_RESOURCES = 500
MAX_FINDINGS = 10_000
MAX_BYTES = 32 * 1024 * 1024
LEFT_OUT = "Muster-Left-Out"
"""The header that counts stored findings which are damaged, and not in the export."""

_NDJSON = "application/x-ndjson"
MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "jsonl": _NDJSON,
    "csv": "text/csv; charset=utf-8",
    "sarif": "application/sarif+json",
    "ocsf": _NDJSON,
    "html": "text/html; charset=utf-8",
}
LABELS: Mapping[str, str] = {
    "json": "JSON",
    "jsonl": "JSON lines",
    "csv": "CSV",
    "sarif": "SARIF",
    "ocsf": "OCSF",
    "html": "HTML report",
}


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Exports of one kind. `path` is their address without the format, which follows after a dot."""

    name: str
    path: str
    title: str
    summary: str
    parameters: Parameters
    forms: tuple[str, ...] = EXPORT_FORMATS
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedExport:
    """An export that was asked for: of which resources, and which of their results."""

    page: ExportPage
    form: str
    ids: tuple[str, ...]
    selection: Selection


FINDINGS_EXPORT = ExportPage(
    "findingsExport",
    "/findings/export",
    "Findings, exported",
    "The results that the list of findings has for the same query, whole, as `muster findings export` writes them.",
    Parameters(tuple(Facet), dated=True),
)
RESOURCE_EXPORT = ExportPage(
    "resourceExport",
    "/resource/export",
    "Resource, exported",
    "The latest finding of one resource, as `muster findings export` writes it.",
    Parameters(extra=("id",)),
    required=("id",),
)
OVERVIEW_EXPORT = ExportPage(
    "overviewExport",
    "/overview/export",
    "Report",
    "A report on everything that the viewer may see, in one file.",
    Parameters(),
    forms=("html",),
)
EXPORTS = (FINDINGS_EXPORT, RESOURCE_EXPORT, OVERVIEW_EXPORT)


def export_route(path: str) -> tuple[ExportPage, str] | None:
    """Which export a path leads to, and in which format; None where it leads to none."""
    bare, _, form = path.rpartition(".")
    return next(((page, form) for page in EXPORTS if page.path == bare and form in page.forms), None)


def plan_export(request: Request, sources: Sources) -> WantedExport:
    """What a request is about. Raises BadQuery, NotThere, and TooMuch where the answer would be larger than it may."""
    found = export_route(request.path)
    if found is None:
        raise NotThere("There is no such export.")
    page, form = found
    selection, extra = parse_query(request.query, page.parameters)
    check_required(page.required, extra)
    allowed = sources.viewer.subscriptions
    if page is RESOURCE_EXPORT:
        resource_id = ResourceId.parse(extra["id"])
        if allowed is not None and resource_id.subscription not in allowed:
            raise nothing_known()
        return WantedExport(page, form, (str(resource_id),), selection)
    selected = sources.index.selected(selection, allowed, sources.today, MAX_RESOURCES)
    if not fits(selected.resources, selected.findings):
        raise TooMuch(
            f"{selected.findings:,} findings of {selected.resources:,} resources are more than the page exports at "
            f"once, {MAX_FINDINGS:,} of {MAX_RESOURCES:,}. Narrow the query, or use the command line: "
            f"{command_line(selection, form)}"
        )
    return WantedExport(page, form, selected.ids, selection)


def fits(resources: int, findings: int) -> bool:
    """Whether the page exports as many."""
    return resources <= MAX_RESOURCES and findings <= MAX_FINDINGS


def nothing_known() -> NotThere:
    """That a resource is not there, or not for the viewer to see, which is the same."""
    return NotThere("Nothing is known of this resource.")


def exported(wanted: WantedExport, made: Exported) -> Response:
    """The download."""
    ending = "ocsf.jsonl" if wanted.form == "ocsf" else wanted.form
    name = wanted.page.path.split("/")[1]
    headers = {"Content-Disposition": f'attachment; filename="muster-{name}.{ending}"'}
    if made.left_out:
        headers[LEFT_OUT] = str(made.left_out)
    return respond(200, made.body, MEDIA_TYPES[wanted.form], headers)


def export_links(
    page: ExportPage, selection: Selection, extra: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Label and address of an export in every format."""
    query = query_of(Selection(selection.chosen, selection.text, as_of=selection.as_of), extra=extra)
    return [(LABELS[form], f"{page.path}.{form}{f'?{query}' if query else ''}") for form in page.forms]


def command_line(selection: Selection, form: str = "FORMAT") -> str:
    """The command that exports the same without a bound, ready for a shell."""
    options = [
        f"--{'resource-group' if facet is Facet.RESOURCE_GROUP else facet}={value}"
        for facet in Facet
        for value in selection.of(facet)
    ]
    if selection.text:
        options.append(f"--search={selection.text}")
    if selection.as_of is not None:
        options.append(f"--as-of={selection.as_of}")
    return shlex.join(["muster", "findings", "export", "--format", form, *options])
