"""The OpenAPI document of the pages' JSON and CSV."""

from collections.abc import Iterable

from muster.values.json import Json, JsonObject
from muster.values.selection import Facet
from muster.web.exports import LEFT_OUT, MAX_BYTES, MAX_FINDINGS, MAX_RESOURCES, MEDIA_TYPES, ExportPage
from muster.web.page import Page
from muster.web.query import FIRST_DAY, KNOWN, LAST_DAY, MAX_PAGE, MAX_SIZE, MAX_TEXT, MAX_VALUE, MAX_VALUES
from muster.web.request import Form

VERSION = "1.1.0"

_PROBLEM: JsonObject = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def openapi(pages: Iterable[Page], exports: Iterable[ExportPage]) -> JsonObject:
    """The document, OpenAPI 3.1."""
    paths: JsonObject = {}
    for page in pages:
        for form in (Form.JSON, Form.CSV):
            paths[f"{page.path}{form}"] = {"get": _operation(page, form)}
    for export in exports:
        for name in export.forms:
            paths[f"{export.path}.{name}"] = {"get": _export_operation(export, name)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "muster findings",
            "version": VERSION,
            "description": "What the page shows, for programs. Every page has the same query as JSON and as CSV; "
            "exports are whole documents, for as many findings as fit into one answer.",
        },
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _operation(page: Page, form: Form) -> JsonObject:
    content: JsonObject = (
        {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
        if form is Form.JSON
        else {"text/csv": {"schema": {"type": "string"}}}
    )
    return _described(page, form.name.capitalize(), {"200": {"description": page.title, "content": content}})


def _export_operation(export: ExportPage, form: str) -> JsonObject:
    media = MEDIA_TYPES[form].partition(";")[0]
    headers: JsonObject = {
        "Content-Disposition": {"description": "The name of a file to keep it in.", "schema": {"type": "string"}},
        LEFT_OUT: {"description": "How many stored findings are damaged, and not in it.", "schema": {"type": "string"}},
    }
    schema: JsonObject = {"type": {"json": "array", "sarif": "object"}.get(form, "string")}
    answers: JsonObject = {
        "200": {"description": export.title, "headers": headers, "content": {media: {"schema": schema}}},
        "413": {
            "description": f"More than {MAX_RESOURCES:,} resources, {MAX_FINDINGS:,} findings or {MAX_BYTES:,} bytes; "
            "the command that exports the same is named.",
            "content": _PROBLEM,
        },
    }
    return _described(export, form.capitalize(), answers)


def _described(page: Page | ExportPage, form: str, answers: JsonObject) -> JsonObject:
    responses: JsonObject = {
        **answers,
        "400": {"description": "A parameter is wrong; all that are, are named.", "content": _PROBLEM},
        "401": {"description": "Nobody is signed in.", "content": _PROBLEM},
        "403": {"description": "Signed in, and may see nothing.", "content": _PROBLEM},
        "503": {"description": "The index is not made yet, or storage does not answer.", "content": _PROBLEM},
    }
    if page.required:
        responses["404"] = {"description": "Nothing is known of it, or it may not be seen.", "content": _PROBLEM}
    return {
        "operationId": f"{page.name}{form}",
        "summary": page.title,
        "description": page.summary,
        "parameters": [*(_parameter(page, name) for name in page.parameters.names)],
        "responses": responses,
    }


def _parameter(page: Page | ExportPage, name: str) -> JsonObject:
    parameter: JsonObject = {"name": name, "in": "query", "required": name in page.required}
    if name in tuple(Facet):
        known = KNOWN.get(Facet(name))
        one: JsonObject = {"type": "string", "minLength": 1, "maxLength": MAX_VALUE}
        if known:
            one = {"type": "string", "enum": [*known]}
        parameter |= {
            "description": "Alternatives, given by repeating the parameter.",
            "schema": {"type": "array", "items": one, "maxItems": MAX_VALUES},
            "style": "form",
            "explode": True,
        }
        return parameter
    orders: list[Json] = [f"{sign}{order}" for order in page.parameters.orders for sign in ("", "-")]
    described: dict[str, tuple[str, JsonObject]] = {
        "q": ("Words that begin so, all of which must be there; at most 8.", {"type": "string", "maxLength": MAX_TEXT}),
        "sort": ("With - before it for the reverse.", {"type": "string", "enum": [*orders, ""]}),
        "page": ("Counted from 1; past the end is a fault.", _number(MAX_PAGE)),
        "size": ("Rows a page.", _number(MAX_SIZE)),
        "asOf": (
            f"The day (UTC) that phases are of, from {FIRST_DAY} to {LAST_DAY}; today where it is empty.",
            {"anyOf": [{"type": "string", "format": "date", "pattern": "^(20[0-9]{2}|2100)-"}, {"const": ""}]},
        ),
        "id": ("A resource id, in any case.", {"type": "string", "maxLength": 2048}),
    }
    text, schema = described.get(name, ("The id of an evaluation.", {"type": "string"}))
    return parameter | {"description": text, "schema": schema}


def _number(most: int) -> JsonObject:
    """A whole number from 1, or nothing, as a form sends a field that is left empty."""
    return {"anyOf": [{"type": "integer", "minimum": 1, "maximum": most}, {"const": ""}]}


def _schemas() -> JsonObject:
    return {
        "Answer": {
            "type": "object",
            "required": ["index"],
            "properties": {
                "index": {
                    "type": "object",
                    "required": ["currentAt", "ageSeconds", "complete"],
                    "properties": {
                        "currentAt": {"type": "string", "format": "date-time"},
                        "ageSeconds": {"type": "integer", "minimum": 0},
                        "complete": {"type": "boolean"},
                    },
                },
                "asOf": {"type": "string", "format": "date"},
                "total": {"type": "integer", "minimum": 0},
                "items": {"type": "array", "items": {"type": "object"}},
                "facets": {"type": "object"},
                "next": {"type": ["string", "null"]},
            },
        },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["parameter", "detail"],
                        "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
                    },
                },
            },
        },
    }
