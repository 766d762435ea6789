"""All pages: a request becomes the page, its JSON or its CSV, or what is wrong with the request."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from muster.report.csv_cell import csv_cell
from muster.report.visible import visible
from muster.values.errors import InvalidResourceId
from muster.values.json import Json, JsonObject
from muster.values.resource_id import ResourceId
from muster.web.access import Refused
from muster.web.answers import SECURITY_HEADERS, respond
from muster.web.calendar import CALENDAR
from muster.web.coverage import EXEMPTIONS, GAPS, UNCHECKED
from muster.web.exports import EXPORTS, WantedExport, export_route, plan_export
from muster.web.lists import FINDINGS, RESOURCES
from muster.web.openapi import openapi
from muster.web.overview import OVERVIEW
from muster.web.page import Page, Sources, View
from muster.web.query import check_required, parse_query
from muster.web.request import BadQuery, Fault, Form, NotThere, Request, Response, TooMuch
from muster.web.resource import RESOURCE

PAGES = (OVERVIEW, RESOURCES, FINDINGS, RESOURCE, CALENDAR, UNCHECKED, GAPS, EXEMPTIONS)
NAVIGATION = (OVERVIEW, RESOURCES, FINDINGS, CALENDAR, UNCHECKED, GAPS, EXEMPTIONS)
METHODS = ("GET", "HEAD")
OPENAPI = "/api/openapi.json"
ASSETS = "/assets/"

MAX_PATH = 2048
CSV_SIZE = 5000
"""Rows of a CSV list whose query does not say how many."""

_TYPES = {Form.HTML: "text/html; charset=utf-8", Form.JSON: "application/json", Form.CSV: "text/csv; charset=utf-8"}
_PROBLEM = "application/problem+json"
_ASSET_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
_TITLES = {
    400: "The address can't be understood",
    401: "Nobody is signed in",
    403: "Not for you to see",
    404: "There is nothing here",
    405: "Only reading is possible",
    413: "Too much for one download",
    500: "Something went wrong",
    503: "Not ready yet",
}


class Template(Protocol):
    """A template that escapes what it is given."""

    def render(self, **context: object) -> str:
        """The page's text."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """What a request is for: a page in a form, or an asset by name."""

    page: Page | None
    form: Form
    asset: str = ""


def route(path: str) -> Route | None:
    """What a path leads to; None where there is nothing."""
    if path == "/":
        return Route(OVERVIEW, Form.HTML)
    if path.startswith(ASSETS):
        return Route(None, Form.HTML, path.removeprefix(ASSETS))
    for form in (Form.JSON, Form.CSV, Form.HTML):
        if form and not path.endswith(form):
            continue
        bare = path.removesuffix(form) if form else path
        page = next((page for page in PAGES if page.path == bare), None)
        return Route(page, form) if page else None
    return None


def form_of(path: str) -> Form:
    """In which form to answer about a path, whether there is something or not. Faults of a CSV and of an
    export are told as JSON."""
    told = path.endswith((Form.JSON, Form.CSV)) or path.startswith("/api/") or export_route(path) is not None
    return Form.JSON if told else Form.HTML


def wanted_resource(request: Request) -> ResourceId | None:
    """The resource whose story must be read before the request is answered. None where there is none to read, or the
    query is wrong in a way that the answer tells."""
    found = route(request.path)
    if found is None or found.page is not RESOURCE:
        return None
    try:
        _, extra = parse_query(request.query, RESOURCE.parameters)
        return ResourceId.parse(extra.get("id", ""))
    except (BadQuery, InvalidResourceId):
        return None


class Site:
    """The pages with their templates (`NAME.html`, one a page and `fault.html`) and assets (`muster.css`, ...)."""

    def __init__(self, templates: Mapping[str, Template], assets: Mapping[str, bytes]) -> None:
        self._templates = templates
        self._assets = assets
        self._versions = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in assets.items()}

    def asset(self, request: Request) -> Response | None:
        """A style sheet or an image, which holds nothing that is anybody's; None where the request is for a page."""
        if not request.path.startswith(ASSETS):
            return None
        name = request.path.removeprefix(ASSETS)
        content = self._assets.get(name)
        if content is None:
            return self.fault(request, 404, "There is no such file.")
        kind = _ASSET_TYPES[name.rpartition(".")[2]]
        headers = {**SECURITY_HEADERS, "Content-Type": kind, "Cache-Control": "public, max-age=86400"}
        return Response(200, content, headers)

    def answer(self, request: Request, sources: Sources) -> Response:
        """The answer to a request for a page."""
        if request.method not in METHODS:
            return self._refused(request)
        if request.path == OPENAPI:
            return respond(200, json.dumps(openapi(PAGES, EXPORTS)), "application/json")
        found = route(request.path)
        if found is None or found.page is None:
            return self.fault(request, 404, "There is no such page.")
        page, form = found.page, found.form
        size = CSV_SIZE if form is Form.CSV else page.size
        try:
            selection, extra = parse_query(request.query, page.parameters, size=size)
            check_required(page.required, extra)
            view = page.build(sources, selection, extra)
        except BadQuery as bad:
            return self.fault(request, 400, "The query has a fault.", bad.faults)
        except NotThere as nothing:
            return self.fault(request, 404, str(nothing))
        except Refused as refused:
            return self.fault(request, refused.status, str(refused))
        if form is Form.JSON:
            return respond(200, _json(view.data), _TYPES[form])
        if form is Form.CSV:
            name = {"Content-Disposition": f'attachment; filename="muster-{page.name}.csv"'}
            return respond(200, _csv(view), _TYPES[form], name)
        return respond(200, self._html(page, view, request, sources), _TYPES[form])

    def export(self, request: Request, sources: Sources) -> WantedExport | Response:
        """What a request for an export is about, or the answer that there is none."""
        if request.method not in METHODS:
            return self._refused(request)
        try:
            return plan_export(request, sources)
        except BadQuery as bad:
            return self.fault(request, 400, "The query has a fault.", bad.faults)
        except NotThere as nothing:
            return self.fault(request, 404, str(nothing))
        except TooMuch as much:
            return self.fault(request, 413, str(much))

    def fault(self, request: Request, status: int, detail: str, faults: Iterable[Fault] = ()) -> Response:
        """What is wrong, as a page or as problem+json (RFC 9457)."""
        faults = tuple(faults)
        title = _TITLES[status]
        if form_of(request.path) is Form.JSON:
            errors: list[Json] = [{"parameter": fault.parameter, "detail": fault.message} for fault in faults]
            problem: JsonObject = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            if errors:
                problem["errors"] = errors
            return respond(status, json.dumps(problem), _PROBLEM)
        text = self._templates["fault.html"].render(
            **self._frame(None), title=title, detail=detail, faults=faults, status=status
        )
        return respond(status, text, _TYPES[Form.HTML])

    def _refused(self, request: Request) -> Response:
        refused = self.fault(request, 405, f"A page is asked for with {' or '.join(METHODS)}.")
        return Response(refused.status, refused.body, {**refused.headers, "Allow": ", ".join(METHODS)})

    def _html(self, page: Page, view: View, request: Request, sources: Sources) -> str:
        query = f"?{request.query}" if request.query else ""
        age = max(int((sources.now - sources.current_at).total_seconds()), 0)
        return self._templates[f"{page.name}.html"].render(
            **self._frame(page),
            title=page.title,
            viewer=sources.viewer,
            age=age,
            current_at=sources.current_at,
            complete=sources.complete,
            today=sources.today,
            json_href=f"{page.path}.json{query}",
            csv_href=f"{page.path}.csv{query}",
            **view.shown,
        )

    def _frame(self, page: Page | None) -> dict[str, object]:
        navigation = [(one.title, "/" if one is OVERVIEW else one.path, one is page) for one in NAVIGATION]
        style = self._versions.get("muster.css", "")
        return {"navigation": navigation, "page_name": page.name if page else "", "style": style}


def _json(data: JsonObject) -> str:
    return json.dumps(data, indent=1)


def _csv(view: View) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(view.columns)
    writer.writerows([_cell(cell) for cell in row] for row in view.rows)
    return text.getvalue()


def _cell(cell: object) -> str:
    """A cell as text. Numbers are nobody's words and stay numbers."""
    return str(cell) if isinstance(cell, int) else csv_cell(visible(str(cell)))
