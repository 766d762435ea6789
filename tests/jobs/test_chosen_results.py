"""The results that are chosen of documents are those that the list of findings has."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.index_reader import IndexReader
from muster.adapters.searched_words import SearchedWords
from muster.jobs.chosen_results import ChosenResults
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_list, as_object
from muster.values.selection import SKIPS_IMAGE, Facet, Selection
from muster.values.states import State
from tests.web.fleet import TODAY, finding, fleet, lifetimes, reader
from tests.web.selections import selections

FINDINGS = [
    *fleet(),
    finding("vm-\u00e9t\u00e9", [State.COMPLIANT], tags={"team": "\u00c9quipe no_1", "env": "n\u00b2"}),
]
WORDS = (
    "vm",
    "WEB",
    "crm team",
    "prod",
    "equipe",
    "\u00c9QUIPE",
    "passwords",
    "machines no",
    "1",
    "-",
    "zzz",
    "rg-shop web",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    with reader(tmp_path_factory.mktemp("index") / "i.sqlite", FINDINGS) as found:
        yield found


def chosen(selection: Selection, findings: list[JsonObject]) -> list[JsonObject]:
    chooser = ChosenResults(selection, "owner", TODAY, lifetimes, SearchedWords().has)
    return [found for document in findings if (found := chooser.of(document)) is not None]


def results(documents: list[JsonObject]) -> list[tuple[str, str, str]]:
    return sorted(
        (str(as_object(document["resource"])["id"]), str(result["reference"]), str(result["state"]))
        for document in documents
        for result in map(as_object, as_list(document["results"]))
    )


@given(selections(), st.just("") | st.sampled_from(WORDS), st.none() | st.just(date(2033, 1, 1)))
def test_they_are_those_of_the_list(index: IndexReader, selection: Selection, text: str, as_of: date | None) -> None:
    wanted = replace(selection, text=text, as_of=as_of)
    rows = index.findings(wanted, None, TODAY).rows
    listed = sorted((row.resource.id, row.rule.policy, str(row.state)) for row in rows)
    assert results(chosen(wanted, FINDINGS)) == listed


def test_a_rule_that_skips_an_image_is_chosen_by_that(index: IndexReader) -> None:
    document = finding("vm-skips", [State.NOT_APPLICABLE, State.NOT_APPLICABLE])
    skipping = as_object(as_list(document["results"])[0])
    as_object(as_list(skipping["reasons"])[0])["operator"] = "imageNotCovered"
    found = chosen(Selection({Facet.STATE: (SKIPS_IMAGE,)}), [document])
    assert [name for _, name, _ in results(found)] == ["policy-0"]
    assert [name for _, name, _ in results(chosen(Selection({Facet.STATE: ("NotApplicable",)}), [document]))] == [
        "policy-1"
    ]


def test_what_is_not_chosen_stays_as_the_document_says() -> None:
    document = finding("vm", [State.NON_COMPLIANT, State.COMPLIANT])
    (found,) = chosen(Selection({Facet.STATE: ("Compliant",)}), [document])
    assert {**found, "results": []} == {**document, "results": []}
    assert len(as_list(document["results"])) == 2
    empty = finding("vm", [])
    assert chosen(Selection(), [empty]) == [empty]
    assert chosen(Selection(text="vm"), [empty]) == []


@pytest.mark.parametrize("wrong", [{}, {**finding("vm", [State.COMPLIANT]), "results": [{"state": "Compliant"}]}])
def test_what_is_no_finding_is_bad_input(wrong: JsonObject) -> None:
    with pytest.raises(BadInput):
        chosen(Selection({Facet.POLICY: ("policy-0",)}), [wrong])
