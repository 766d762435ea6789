"""Every export: as its golden file, valid by its schema, safe with names of strangers, in bounded memory."""

import csv
import io
import json
import re
import tracemalloc
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined
from jsonschema import Draft4Validator, Draft202012Validator

from muster.report.csv_cell import csv_cell
from muster.report.csv_findings import COLUMNS, CsvExport, csv_line
from muster.report.export import Export, JsonExport, JsonLinesExport
from muster.report.html_findings import MAX_ROWS, HtmlExport
from muster.report.ocsf import OcsfExport
from muster.report.sarif import SarifExport, sarif_text
from muster.report.visible import visible
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_list, as_object
from muster.values.states import Severity, State
from tests.golden_files import check_golden
from tests.report.conftest import Findings
from tests.report.exported import HOSTILE, every_state, hostile, many

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(__file__).parent / "schemas"
FORMATS = {
    "json": "findings.json",
    "jsonl": "findings.jsonl",
    "csv": "findings.csv",
    "sarif": "findings.sarif",
    "ocsf": "findings.ocsf.jsonl",
    "html": "findings.html",
}


def make(form: str) -> Export:
    if form == "html":
        templates = Environment(
            loader=PackageLoader("muster.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        made_at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        return HtmlExport(templates.get_template("findings.html"), made_at, {"ubuntu": "Ubuntu"})
    simple: dict[str, Export] = {
        "json": JsonExport(),
        "jsonl": JsonLinesExport(),
        "csv": CsvExport(),
        "sarif": SarifExport("0.1.0"),
        "ocsf": OcsfExport("0.1.0"),
    }
    return simple[form]


def exported(form: str, documents: tuple[JsonObject, ...]) -> str:
    export = make(form)
    parts = [text for document in documents for text in export.part(document)]
    return "".join((export.head(), *parts, export.tail()))


def ocsf(documents: tuple[JsonObject, ...]) -> list[JsonObject]:
    return [as_object(json.loads(line)) for line in exported("ocsf", documents).splitlines()]


def sarif(documents: tuple[JsonObject, ...]) -> JsonObject:
    return as_object(as_list(as_object(json.loads(exported("sarif", documents)))["runs"])[0])


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_as_its_golden_file(form: str) -> None:
    check_golden(GOLDEN / FORMATS[form], exported(form, every_state()))


@pytest.mark.parametrize("documents", [every_state(), hostile(), ()], ids=["states", "hostile", "nothing"])
def test_ocsf_is_valid_by_the_published_schema(documents: tuple[JsonObject, ...]) -> None:
    schema = json.loads((SCHEMAS / "ocsf-1.6.0-compliance-finding.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for event in ocsf(documents):
        assert [error.message for error in validator.iter_errors(event)] == []


def test_the_ocsf_schema_refuses_what_is_wrong() -> None:
    schema = json.loads((SCHEMAS / "ocsf-1.6.0-compliance-finding.json").read_text("utf-8"))
    event = ocsf(every_state())[0]
    wrong: tuple[JsonObject, ...] = (
        {"compliance": {"status_id": 4}},
        {"class_uid": 2002},
        {"surprise": 1},
        {"metadata": {}},
    )
    for change in wrong:
        assert not Draft202012Validator(schema).is_valid({**event, **change})


@pytest.mark.parametrize("documents", [every_state(), hostile(), ()], ids=["states", "hostile", "nothing"])
def test_sarif_is_valid_by_its_schema(documents: tuple[JsonObject, ...]) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    Draft4Validator.check_schema(schema)
    log = json.loads(exported("sarif", documents))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []


def test_ocsf_says_what_muster_says() -> None:
    said = {
        str(as_object(event["unmapped"])["definition"]) + str(as_object(event["finding_info"])["uid"])[0]: (
            as_object(event["compliance"])["status_id"],
            event["status_id"],
            event["severity_id"],
        )
        for event in ocsf(every_state()[:1])
    }
    assert said == {
        "vtpm1": (3, 1, 5),
        "os-supported2": (1, 4, 1),
        "vtpm3": (3, 3, 4),
        "image-age4": (99, 3, 4),
        "container-host5": (99, 4, 1),
        "patched6": (2, 1, 3),
        "broken7": (2, 1, 2),
    }


def test_sarif_says_what_muster_says() -> None:
    run = sarif(every_state()[:1])
    said = [
        (result["kind"], result["level"], len(as_list(result["suppressions"])))
        for result in map(as_object, as_list(run["results"]))
    ]
    assert said == [
        ("fail", "error", 0),
        ("pass", "none", 0),
        ("fail", "error", 1),
        ("open", "none", 1),
        ("notApplicable", "none", 0),
        ("open", "none", 0),
        ("open", "none", 0),
    ]


def test_sarif_results_point_at_their_rules_and_every_rule_has_help() -> None:
    run = sarif((*every_state(), *hostile()))
    rules = [as_object(rule) for rule in as_list(as_object(as_object(run["tool"])["driver"])["rules"])]
    for result in map(as_object, as_list(run["results"])):
        index = result["ruleIndex"]
        assert isinstance(index, int)
        assert rules[index]["id"] == result["ruleId"]
    assert len({str(rule["id"]) for rule in rules}) == len(rules)
    assert all(as_object(rule["help"])["text"] for rule in rules)


def test_fingerprints_are_the_findings_ids_whatever_else_changes() -> None:
    before, after = (
        sarif((Findings.document("vm", (Findings.result(state, id="a" * 64, message=message),)),))
        for state, message in ((State.NON_COMPLIANT, "off"), (State.COMPLIANT, "on"))
    )
    prints = [as_object(as_list(run["results"])[0])["fingerprints"] for run in (before, after)]
    assert prints[0] == prints[1] == {"musterFinding/v1": "a" * 64}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("[a](b)", r"\[a\](b)"), ("{0}", "{{0}}"), ("a\\b", r"a\\b"), ("plain", "plain"), ("a\nb", r"a\\u000ab")],
)
def test_sarif_texts_have_no_links_and_placeholders(text: str, escaped: str) -> None:
    assert sarif_text(text) == escaped


def test_no_cell_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(exported("csv", hostile()), newline="")))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == len(HOSTILE) + 1
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for row in rows for cell in row)
    assert all(cell.isprintable() for row in rows for cell in row)


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_csv_read_again_is_what_was_written(cells: list[str]) -> None:
    line = csv_line(cells)
    (read,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert read == [csv_cell(visible(cell)) for cell in cells]
    assert [cell.removeprefix("'") for cell in read] == [visible(cell).removeprefix("'") for cell in cells]


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_in_the_page_runs_or_is_fetched() -> None:
    text = exported("html", (*every_state(), *hostile()))
    page = Page()
    page.feed(text)
    assert not page.tags & {"script", "img", "iframe", "link", "object", "embed", "form", "base"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert all(target.startswith("https://learn.microsoft.com/") for target in page.targets)
    assert "url(" not in text
    assert "<script>alert(1)</script>" in page.text
    assert not re.search("[\x00-\x08\x0e-\x1f\u202e\ud800]", text)


def test_the_page_lists_the_worst_and_counts_the_rest() -> None:
    page = make("html")
    for document in many((MAX_ROWS + 10) * 2 // 50 * 50 + 50):
        assert list(page.part(document)) == []
    worst = Findings.document("last-of-all", (Findings.result(message="the very worst", severity=Severity.CRITICAL),))
    list(page.part(worst))
    text = page.tail()
    assert text.count('<tr><td class="word') == MAX_ROWS
    assert text.index("the very worst") < text.index("There is no virtual TPM.")
    assert re.search(r"\d+ more are not listed here", text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_damaged_document_is_refused_before_a_text(form: str) -> None:
    export = make(form)
    good = every_state()[0]
    damaged_ones: tuple[JsonObject, ...] = (
        {},
        {**good, "results": [{}]},
        {**good, "resource": None},
        {**good, "evaluation": {}},
    )
    for damaged in damaged_ones:
        with pytest.raises(BadInput):
            next(export.part(damaged))


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_findings(form: str) -> None:
    export = make(form)
    documents = tuple(many(1_000))

    def run(times: int) -> int:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for document in documents * times:
            for _ in export.part(document):
                pass
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        run(1)
        assert run(5) < 400_000
    finally:
        tracemalloc.stop()
