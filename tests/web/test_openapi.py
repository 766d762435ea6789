"""The OpenAPI document, and what schemathesis makes of it: whatever is asked, the answer is one that it names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from muster.adapters.index_reader import IndexReader
from muster.web.exports import EXPORTS, export_route
from muster.web.openapi import openapi
from muster.web.site import PAGES
from tests.web.exporting import ask_export, stored
from tests.web.fleet import ask, fleet, reader

FINDINGS = fleet(20)
STORE = stored(FINDINGS)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    with reader(tmp_path_factory.mktemp("index") / "i.sqlite", FINDINGS) as found:
        yield found


def application(environ: dict[str, object], start: object) -> list[bytes]:
    """A WSGI application over the site, so that requests are made as a server would get them."""
    with_index = _INDEX[0]
    method = str(environ["REQUEST_METHOD"])
    path, query = str(environ["PATH_INFO"]), str(environ.get("QUERY_STRING", ""))
    if export_route(path):
        answer = ask_export(with_index, path, query, store=STORE, method=method)
    else:
        answer = ask(with_index, path, query, method=method)
    start(f"{answer.status} Answer", [*answer.headers.items()])  # type: ignore[operator]
    return [answer.body]


_UNSAID: list[Any] = [positive_data_acceptance]
_INDEX: list[IndexReader] = []
schema = schemathesis.openapi.from_dict(openapi(PAGES, EXPORTS))
schema.app = application


@pytest.fixture(autouse=True)
def _served(index: IndexReader) -> Iterator[None]:
    _INDEX[:] = [index]
    yield
    _INDEX.clear()


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_is_answered_as_described(case: Case[Any]) -> None:
    # No schema says which page is the last, what can be printed, or all that a resource id must be.
    case.call_and_validate(excluded_checks=_UNSAID)


def test_every_page_is_described_and_served(index: IndexReader) -> None:
    document = json.loads(ask(index, "/api/openapi.json").body)
    described = {f"{page.path}{ending}" for page in PAGES for ending in (".json", ".csv")}
    described |= {f"{export.path}.{form}" for export in EXPORTS for form in export.forms}
    assert set(document["paths"]) == described
    for path, operations in document["paths"].items():
        page = next(one for one in (*PAGES, *EXPORTS) if one.path == Path(path).with_suffix("").as_posix())
        assert [one["name"] for one in operations["get"]["parameters"]] == [*page.parameters.names]
