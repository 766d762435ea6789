"""The pages and their twins, over the index of a small fleet."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from muster.adapters.index_reader import IndexReader
from muster.jobs.resource_story import Story, Told
from muster.values.json import JsonObject, as_object
from muster.values.listing import UnprocessedRow
from muster.values.states import State
from muster.web import coverage
from muster.web.exports import export_route
from muster.web.request import Request
from muster.web.site import PAGES, route, wanted_resource
from tests.golden_files import check_golden
from tests.web.exporting import ask_export, stored
from tests.web.fleet import HOSTILE, NOW, SUBSCRIPTIONS, SYSTEMS, UNPROCESSED, ask, finding, fleet, reader, site

GOLDEN = Path(__file__).parent / "golden"
VM = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourcegroups/rg-shop/providers/microsoft.compute/virtualmachines/vm-one"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    with reader(tmp_path_factory.mktemp("index") / "i.sqlite", fleet()) as found:
        yield found


def told(document: JsonObject, identifier: str = "e" * 32) -> Told:
    evaluation = as_object(document["evaluation"])
    return Told(
        identifier, str(evaluation["observedAt"]), "written", "ada@example.org", str(document["state"]), document
    )


def story(**parts: object) -> Story:
    new = finding("vm-one", [State.NON_COMPLIANT, State.COMPLIANT, State.UNKNOWN], system=SYSTEMS[1])
    old = finding("vm-one", [State.COMPLIANT, State.COMPLIANT], system=SYSTEMS[1], observed=NOW - timedelta(days=9))
    values: dict[str, object] = {"evaluations": (told(new, "b" * 32), told(old, "a" * 32)), **parts}
    return Story(VM, new, **values)  # type: ignore[arg-type]


class Page(HTMLParser):
    """What of a page can run or lead elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]


SHOWN = [(page.path, "") for page in PAGES if not page.required]


@pytest.mark.parametrize("path", [path for path, _ in SHOWN])
def test_every_page_has_its_json_and_csv(index: IndexReader, path: str) -> None:
    html, twin, table = ask(index, path), ask(index, f"{path}.json"), ask(index, f"{path}.csv")
    assert [one.status for one in (html, twin, table)] == [200, 200, 200]
    assert html.headers["Content-Type"] == "text/html; charset=utf-8"
    assert json.loads(twin.body)["index"] == {"currentAt": "2026-11-23T07:59:53Z", "ageSeconds": 7, "complete": True}
    rows = list(csv.reader(io.StringIO(table.body.decode())))
    assert rows
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("path", [path for path, _ in SHOWN])
def test_no_page_has_a_script_a_style_of_its_own_or_anything_from_elsewhere(index: IndexReader, path: str) -> None:
    answer = ask(index, path)
    page = Page(answer.body.decode())
    assert not {"script", "style", "iframe", "object", "img"} & set(page.tags)
    assert "style" not in page.attributes
    assert not [name for name in page.attributes if name.startswith("on")]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)


def test_every_link_of_a_list_leads_to_a_page(index: IndexReader) -> None:
    for path in ("/findings", "/resources", "/lifecycle", "/overview"):
        for link in {*Page(ask(index, path).body.decode()).links}:
            target, _, query = link.partition("#")[0].partition("?")
            if target.startswith(("/assets/", "/api/")) or target in ("", "/resource"):
                continue
            if export_route(target):
                answer = ask_export(index, target, query, store=stored(fleet()))
            else:
                answer = ask(index, target, query)
            assert answer.status == 200, link


def test_headers_forbid_what_the_page_does_not_need(index: IndexReader) -> None:
    for answer in (ask(index, "/"), ask(index, "/findings.json"), ask(index, "/findings", "x=1"), ask(index, "/none")):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_query_with_faults_is_a_problem_with_all_of_them(index: IndexReader) -> None:
    answer = ask(index, "/findings.json", "state=x&page=0")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    problem = json.loads(answer.body)
    assert problem["status"] == 400
    assert [error["parameter"] for error in problem["errors"]] == ["state", "page"]
    page = ask(index, "/findings", "state=x&page=0")
    assert page.status == 400
    assert page.body.count(b"<li><code>") == 2


@pytest.mark.parametrize("path", ["/findings.json", "/resources.csv"])
def test_a_page_past_the_end_is_a_fault_that_says_how_many_there_are(index: IndexReader, path: str) -> None:
    answer = ask(index, path, "page=99&size=50")
    assert answer.status == 400
    assert "past the end: there " in json.loads(answer.body)["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["/nothing", "/findings/", "/findings.xml", "/.json", "//", "/..", "/resource/x"])
def test_what_is_not_there_is_not_found(index: IndexReader, path: str) -> None:
    assert ask(index, path).status == 404


@pytest.mark.parametrize("query", ["", "id=", "id=nonsense", "id=/subscriptions/x", f"id={'a' * 3000}"])
def test_a_resource_needs_an_id(index: IndexReader, query: str) -> None:
    assert ask(index, "/resource.json", query).status == 400
    assert wanted_resource(Request("/resource.json", query)) is None


def test_a_resource_is_told_with_reasons_remedy_history_and_difference(index: IndexReader) -> None:
    query = f"id={quote(VM, safe='')}"
    page = ask(index, "/resource", query, story=story())
    text = page.body.decode()
    assert page.status == 200
    for words in ("Thing 0 is missing.", "az vm update --name NAME --set thing=0", "Ubuntu 18.04", "ada@example.org"):
        assert words in text
    twin = json.loads(ask(index, "/resource.json", query, story=story()).body)
    assert [(one["before"], one["after"]) for one in twin["difference"]["results"]] == [
        ("Compliant", "NonCompliant"),
        (None, "Unknown"),
    ]
    assert len(twin["history"]) == 2


def test_two_evaluations_are_compared_in_the_order_that_is_asked_for(index: IndexReader) -> None:
    query = f"id={quote(VM, safe='')}&from={'b' * 32}&to={'a' * 32}"
    twin = json.loads(ask(index, "/resource.json", query, story=story()).body)
    assert (twin["difference"]["from"], twin["difference"]["to"]) == ("b" * 32, "a" * 32)
    assert twin["difference"]["results"][-1]["after"] is None
    wrong = ask(index, "/resource.json", f"id={quote(VM, safe='')}&from=x", story=story())
    assert wrong.status == 400


@pytest.mark.parametrize(
    "given",
    [None, Story(VM, None), Story(VM, None, "The latest finding can't be read."), Story(VM, {"resource": 1})],
    ids=["unread", "absent", "unreadable", "damaged"],
)
def test_a_resource_without_a_usable_finding_is_not_found(index: IndexReader, given: Story | None) -> None:
    assert ask(index, "/resource", f"id={quote(VM, safe='')}", story=given).status == 404


def test_a_resource_of_another_subscription_is_as_if_it_were_not_there(index: IndexReader) -> None:
    query = f"id={quote(VM, safe='')}"
    other = frozenset({SUBSCRIPTIONS[1]})
    hidden = ask(index, "/resource.json", query, subscriptions=other, story=story())
    absent = ask(index, "/resource.json", query, subscriptions=other, story=None)
    assert hidden.status == 404
    assert hidden.body == absent.body


def test_what_strangers_write_is_text_everywhere(tmp_path: Path) -> None:
    hostile = finding("vm", [State.NON_COMPLIANT, State.UNKNOWN], tags={"owner": HOSTILE}, message=HOSTILE)
    as_object(hostile["resource"])["name"] = HOSTILE
    event = UnprocessedRow("invalidEvent/x.json", HOSTILE, "2026-11-22T07:00:00Z", "", "", HOSTILE)
    with reader(tmp_path / "i.sqlite", [hostile], [event]) as index:
        own = Story(VM, hostile, evaluations=(told(hostile),))
        for path, query in [*SHOWN, ("/resource", f"id={quote(VM, safe='')}")]:
            page = Page(ask(index, path, query, story=own).body.decode())
            assert not {"script", "img"} & set(page.tags), path
            assert "\u202e" not in ask(index, path, query, story=own).body.decode(), path
        table = list(csv.reader(io.StringIO(ask(index, "/findings.csv").body.decode())))
        assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("subscriptions", "shown", "others"),
    [(None, ["1", "3", "2"], 0), ({SUBSCRIPTIONS[0]}, ["1"], 2), ({SUBSCRIPTIONS[1]}, ["2"], 2), ({"x"}, [], 3)],
)
def test_what_could_not_be_processed_is_told_to_whom_it_is_for_and_else_counted(
    tmp_path: Path, subscriptions: set[str] | None, shown: list[str], others: int
) -> None:
    viewer = None if subscriptions is None else frozenset(subscriptions)
    with reader(tmp_path / "i.sqlite", [], UNPROCESSED) as index:
        told = json.loads(ask(index, "/unchecked.json", subscriptions=viewer).body)["unprocessed"]
        page = ask(index, "/unchecked", subscriptions=viewer).body.decode()
        table = ask(index, "/unchecked.csv", subscriptions=viewer).body.decode()
        overview = json.loads(ask(index, "/overview.json", subscriptions=viewer).body)
    assert [one["blob"].partition("/")[2] for one in told["items"]] == [f"{name}.json" for name in shown]
    assert (
        (told["total"], told["others"])
        == (len(shown), others)
        == (sum(one["count"] for one in told["reasons"]), others)
    )
    assert overview["notChecked"]["unprocessedEvents"] == len(shown)
    assert ("vm-late" in page, "Azure answered 503" in page, "Azure answered 503" in table) == ("1" in shown,) * 3
    assert (f"{others} more belong to other subscriptions" in page) == (others > 0)


def test_of_what_could_not_be_processed_the_newest_are_listed_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MAX_ROWS", 2)
    with reader(tmp_path / "i.sqlite", [], UNPROCESSED) as index:
        told = json.loads(ask(index, "/unchecked.json").body)["unprocessed"]
        page = ask(index, "/unchecked").body.decode()
    assert [one["at"] for one in told["items"]] == ["2026-11-23T07:30:00Z", "2026-11-23T07:00:00Z"]
    assert told["reasons"][0] == {
        "reason": "invalidEvent",
        "count": 2,
        "since": "2026-11-22T07:00:00Z",
        "newest": "2026-11-23T07:00:00Z",
    }
    assert "The newest 2" in page


def test_what_a_spreadsheet_would_compute_is_text(tmp_path: Path) -> None:
    with reader(tmp_path / "i.sqlite", [finding("vm", [State.NON_COMPLIANT], message="=1+1")]) as index:
        rows = list(csv.DictReader(io.StringIO(ask(index, "/findings.csv").body.decode())))
    assert rows[0]["message"] == "'=1+1"


def test_assets_come_by_name_and_nothing_else_does() -> None:
    style = site().asset(Request("/assets/muster.css"))
    assert style is not None
    assert style.headers["Content-Type"].startswith("text/css")
    for name in ("../site.py", "%2e%2e/site.py", "", "templates/base.html"):
        answer = site().asset(Request(f"/assets/{name}"))
        assert answer is not None
        assert answer.status == 404
    assert site().asset(Request("/")) is None


def test_endings_lead_to_forms() -> None:
    for page in PAGES:
        for ending in ("", ".json", ".csv"):
            found = route(page.path + ending)
            assert found is not None
            assert (found.page, found.form) == (page, ending)


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_pages_are_as_they_were_looked_at(tmp_path: Path, name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    query = f"id={quote(VM, safe='')}" if page.required else ""
    with reader(tmp_path / "i.sqlite", fleet(6), UNPROCESSED) as index:
        html = ask(index, page.path, query, story=story()).body.decode()
        twin = json.loads(ask(index, f"{page.path}.json", query, story=story()).body)
    style = html.index("muster.css?v=") + len("muster.css?v=")
    check_golden(GOLDEN / f"{name}.html", html[:style] + html[html.index('"', style) :])
    check_golden(GOLDEN / f"{name}.json", json.dumps(twin, indent=1))
