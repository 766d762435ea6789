"""Downloads from the page: what the list has, whole, within bounds, and nothing that is not for the viewer."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.export_formats import new_export
from muster.adapters.index_reader import IndexReader
from muster.cli.facet_options import result_facet_options, wanted_of
from muster.report.export import EXPORT_FORMATS
from muster.values.json import JsonObject, as_list, as_object
from muster.values.selection import Facet, Selection
from muster.values.states import State
from muster.web import exports
from muster.web.answers import SECURITY_HEADERS
from muster.web.exports import EXPORTS, LEFT_OUT, MEDIA_TYPES, command_line
from muster.web.openapi import openapi
from muster.web.query import KNOWN
from muster.web.site import PAGES
from tests.web.exporting import ask_export, stored
from tests.web.fleet import NOW, SUBSCRIPTIONS, ask, finding, fleet, reader

FINDINGS = [*fleet(), finding("vm-without-results", [])]
STORE = stored(FINDINGS)
OWN = frozenset({SUBSCRIPTIONS[0]})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    with reader(tmp_path_factory.mktemp("index") / "i.sqlite", FINDINGS) as found:
        yield found


def identifier(document: JsonObject) -> str:
    return str(as_object(document["resource"])["id"])


def test_every_format_is_what_the_command_line_writes(index: IndexReader) -> None:
    by_name = sorted(FINDINGS, key=lambda one: str(as_object(one["resource"])["name"]).lower())
    for form in EXPORT_FORMATS:
        export = new_export(form, NOW, {"ubuntu": "Ubuntu"})
        parts = [text for document in by_name for text in export.part(document)]
        expected = "".join((export.head(), *parts, export.tail()))
        assert ask_export(index, f"/findings/export.{form}", store=STORE).body.decode() == expected, form
    report = ask_export(index, "/overview/export.html", store=STORE)
    assert report.body.decode() == expected


@pytest.mark.parametrize(
    "query", ["severity=high&state=NonCompliant", "control=DP-4&location=westeurope", "q=crm+team", "policy=policy-3"]
)
def test_a_query_chooses_what_the_list_has(index: IndexReader, query: str) -> None:
    lines = ask_export(index, "/findings/export.jsonl", query, store=STORE).body.decode().splitlines()
    listed = json.loads(ask(index, "/findings.json", f"{query}&size=1000").body)
    told = [json.loads(line) for line in lines]
    assert len(told) == listed["total"] > 0
    assert sorted((one["resource"], one["definition"], one["state"]) for one in told) == sorted(
        (one["resource"]["id"], one["definition"], one["state"]) for one in listed["items"]
    )


@pytest.mark.parametrize(("page", "form"), [(page, form) for page in EXPORTS for form in page.forms])
def test_a_download_is_one_and_nobodys_words_are_in_its_headers(
    index: IndexReader, page: exports.ExportPage, form: str
) -> None:
    query = f"id={quote(identifier(FINDINGS[0]), safe='')}" if page.required else ""
    answer = ask_export(index, f"{page.path}.{form}", query, store=STORE)
    assert answer.status == 200
    ending = "ocsf.jsonl" if form == "ocsf" else form
    name = page.path.split("/")[1]
    assert answer.headers == {
        **SECURITY_HEADERS,
        "Content-Type": MEDIA_TYPES[form],
        "Content-Disposition": f'attachment; filename="muster-{name}.{ending}"',
    }


def test_a_viewer_gets_only_what_may_be_seen(index: IndexReader) -> None:
    mine = ask_export(index, "/findings/export.json", store=STORE, subscriptions=OWN)
    subscriptions = {as_object(one["resource"])["subscriptionId"] for one in json.loads(mine.body)}
    assert subscriptions == OWN
    other = next(one for one in FINDINGS if as_object(one["resource"])["subscriptionId"] not in OWN)
    query = f"id={quote(identifier(other), safe='')}"
    hidden = ask_export(index, "/resource/export.json", query, store=STORE, subscriptions=OWN)
    absent = ask_export(index, "/resource/export.json", query, store=stored([]), subscriptions=None)
    assert (hidden.status, hidden.body) == (404, absent.body)
    report = ask_export(index, "/overview/export.html", store=STORE, subscriptions=OWN)
    assert SUBSCRIPTIONS[0].encode() in report.body
    assert SUBSCRIPTIONS[1].encode() not in report.body


@pytest.mark.parametrize(("bound", "value"), [("MAX_RESOURCES", 3), ("MAX_FINDINGS", 5)])
def test_more_than_fits_names_the_command_that_exports_it(
    index: IndexReader, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(exports, bound, value)
    answer = ask_export(index, "/findings/export.sarif", "owner=crm+team&state=Compliant", store=STORE)
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    paths = as_object(openapi(PAGES, EXPORTS)["paths"])
    described = as_object(as_object(paths["/findings/export.sarif"])["get"])["responses"]
    assert "413" in as_object(described)
    detail = json.loads(answer.body)["detail"]
    assert "muster findings export --format sarif --state=Compliant '--owner=crm team'" in detail
    page = ask(index, "/findings", "owner=crm+team&state=Compliant").body.decode()
    assert "On the command line: <code>muster findings export" in page
    assert "/findings/export." not in page


def test_more_bytes_than_fit_are_not_sent(index: IndexReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_BYTES", 10_000)
    answer = ask_export(index, "/findings/export.ocsf", store=STORE)
    assert (answer.status, json.loads(answer.body)["title"]) == (413, "Too much for one download")


def test_what_is_damaged_is_counted_and_what_went_is_passed_over(index: IndexReader) -> None:
    resource: JsonObject = {"id": identifier(FINDINGS[0])}
    left: list[JsonObject] = [{"resource": resource}, *FINDINGS[2:]]
    answer = ask_export(index, "/findings/export.json", store=stored(left))
    assert (answer.status, answer.headers[LEFT_OUT]) == (200, "1")
    assert len(json.loads(answer.body)) == len(FINDINGS) - 2


def test_documents_that_are_newer_than_the_index_are_chosen_again(index: IndexReader) -> None:
    name = str(as_object(FINDINGS[0]["resource"])["name"])
    subscription = str(as_object(FINDINGS[0]["resource"])["subscriptionId"])
    group = str(as_object(FINDINGS[0]["resource"])["resourceGroup"])
    now = finding(name, [State.ERROR] * 5, subscription=subscription, group=group)
    answer = ask_export(index, "/findings/export.json", "state=Error", store=stored([now, *FINDINGS[1:]]))
    states = {
        as_object(result)["state"] for one in json.loads(answer.body) for result in as_list(as_object(one)["results"])
    }
    assert states == {"Error"}


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/findings/export.json", "state=Fine", 400),
        ("/findings/export.csv", "page=2", 400),
        ("/findings/export.html", "x" * 10_000, 400),
        ("/findings/export.html", "asOf=2027-02-30", 400),
        ("/overview/export.html", "state=Error", 400),
        ("/resource/export.ocsf", "", 400),
        ("/resource/export.ocsf", "id=/subscriptions/x", 400),
    ],
)
def test_a_wrong_query_is_a_problem(index: IndexReader, path: str, query: str, status: int) -> None:
    answer = ask_export(index, path, query, store=STORE)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.body)["errors"]
    assert "Content-Disposition" not in answer.headers


def test_only_reading_is_possible(index: IndexReader) -> None:
    assert ask_export(index, "/findings/export.json", store=stored([]), method="DELETE").status == 405
    assert ask(index, "/findings/export.xml").status == 404


@st.composite
def narrowed(draw: st.DrawFn) -> Selection:
    words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12)
    chosen = {
        facet: tuple(
            draw(st.lists(st.sampled_from(KNOWN[facet]) if facet in KNOWN else words, min_size=1, unique=True))
        )
        for facet in draw(st.sets(st.sampled_from(Facet)))
    }
    return Selection(chosen, text=draw(st.just("") | words), as_of=draw(st.none() | st.just(NOW.date())))


@given(narrowed())
def test_the_command_that_is_named_selects_the_same(selection: Selection) -> None:
    understood: list[Selection] = []

    @click.command()
    @click.option("--format")
    @result_facet_options
    def command(**options: object) -> None:
        understood.append(wanted_of(options).selection)

    arguments = shlex.split(command_line(selection, "csv"))
    assert arguments[:3] == ["muster", "findings", "export"]
    command.main(arguments[3:], standalone_mode=False)
    lower = (Facet.SUBSCRIPTION, Facet.RESOURCE_GROUP, Facet.LOCATION, Facet.POLICY)
    expected = {
        facet: tuple(value.lower() if facet in lower else value for value in values)
        for facet, values in selection.chosen.items()
    }
    assert understood == [replace(selection, chosen=expected)]
