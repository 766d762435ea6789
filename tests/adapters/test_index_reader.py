"""The index answers what a look at every finding would."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.adapters.index_file import IndexFile, open_file
from muster.adapters.index_reader import IndexReader
from muster.jobs.index_entry import index_entry
from muster.values.json import JsonObject, as_list, as_object
from muster.values.selection import Facet, Order, Selection
from muster.values.states import Severity, State
from tests.web.fleet import SUBSCRIPTIONS, TODAY, finding, fleet, lifetimes, reader, write
from tests.web.selections import selections

FINDINGS = fleet()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    with reader(tmp_path_factory.mktemp("index") / "i.sqlite", FINDINGS) as found:
        yield found


def values(document: JsonObject, day: date = TODAY) -> dict[Facet, str]:
    """A resource's value of each of its facets."""
    resource, image = as_object(document["resource"]), as_object(document["image"])
    tags = {name.lower(): value for name, value in as_object(resource["tags"]).items()}
    return {
        Facet.SUBSCRIPTION: str(resource["subscriptionId"]),
        Facet.RESOURCE_GROUP: str(resource["resourceGroup"]),
        Facet.LOCATION: str(resource["location"]),
        Facet.OWNER: str(tags.get("owner", "(none)")),
        Facet.DISTRIBUTION: str(image["product"]),
        Facet.RELEASE: f"{image['product']} {image['release']}",
        Facet.PHASE: lifetimes(image, day).phase,
    }


def fits(of: dict[Facet, str], selection: Selection) -> bool:
    return all(not selection.of(facet) or of.get(facet) in selection.of(facet) for facet in of)


def expected(selection: Selection, findings: list[JsonObject]) -> list[tuple[str, str, str]]:
    """Resource, policy and state of every finding of a selection without words."""
    found = []
    for document in findings:
        own = values(document)
        for result in map(as_object, as_list(document["results"])):
            facets = {
                **own,
                Facet.STATE: str(result["state"]),
                Facet.SEVERITY: str(result["severity"]),
                Facet.POLICY: str(result["reference"]),
            }
            controls = {*map(str, as_list(result["groups"]))} or {"(none)"}
            controlled = not selection.of(Facet.CONTROL) or controls & {*selection.of(Facet.CONTROL)}
            if fits(facets, selection) and controlled:
                found.append((str(as_object(document["resource"])["id"]), facets[Facet.POLICY], facets[Facet.STATE]))
    return sorted(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(selections())
def test_findings_are_those_that_every_document_has(index: IndexReader, selection: Selection) -> None:
    listing = index.findings(selection, None, TODAY)
    found = sorted((row.resource.id, row.rule.policy, str(row.state)) for row in listing.rows)
    assert found == expected(selection, FINDINGS)
    assert listing.total == len(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(selections(), st.sampled_from(Facet))
def test_a_facets_count_is_what_choosing_that_value_alone_gives(
    index: IndexReader, selection: Selection, facet: Facet
) -> None:
    listing = index.findings(selection, None, TODAY)
    for one in listing.facets[facet]:
        assert one.count == len(expected(selection.only(facet, one.value), FINDINGS))
    resources = index.resources(selection, None, TODAY)
    for one in resources.facets[facet]:
        assert one.count == index.resources(selection.only(facet, one.value), None, TODAY).total


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(selections(), st.integers(1, 9))
def test_pages_together_are_the_list_in_every_order(index: IndexReader, selection: Selection, size: int) -> None:
    whole = [row.id for row in index.findings(selection, None, TODAY).rows]
    paged: list[str] = []
    for page in range(1, -(-len(whole) // size) + 1):
        part = Selection(selection.chosen, order=selection.order, descending=selection.descending, page=page, size=size)
        paged += [row.id for row in index.findings(part, None, TODAY).rows]
    assert paged == whole
    assert len(set(whole)) == len(whole)


def test_a_viewer_sees_nothing_of_other_subscriptions_in_any_answer(index: IndexReader) -> None:
    own = frozenset({SUBSCRIPTIONS[0]})
    mine = [document for document in FINDINGS if values(document)[Facet.SUBSCRIPTION] in own]
    everything = Selection(size=1000)
    assert index.resources(everything, own, TODAY).total == len(mine)
    assert {row.subscription for row in index.resources(everything, own, TODAY).rows} == own
    assert index.findings(everything, own, TODAY).total == len(expected(everything, mine))
    assert sum(index.overview(own, "").states.values()) == len(mine)
    assert [one.value for one in index.resource_facets(everything, own, TODAY)[Facet.SUBSCRIPTION]] == [*own]
    other = Selection({Facet.SUBSCRIPTION: (SUBSCRIPTIONS[1],)})
    assert index.resources(other, own, TODAY).total == 0
    assert sum(one.machines for one in index.systems(everything, own, TODAY)) == len(mine)
    counted = Counter(
        one.rule.policy for one in index.findings(Selection({Facet.STATE: ("Unknown",)}, size=1000), own, TODAY).rows
    )
    assert {one.rule.policy: one.count for one in index.by_policy(("Unknown",), own)} == dict(counted)


def test_words_are_looked_for_in_ids_owners_tags_and_policies(index: IndexReader) -> None:
    def total(text: str) -> int:
        return index.findings(Selection(text=text), None, TODAY).total

    every = index.findings(Selection(), None, TODAY).total
    assert total("vm-web") == len([1 for one in expected(Selection(), FINDINGS) if "vm-web" in one[0]])
    assert total("CRM TEAM") >= index.findings(Selection({Facet.OWNER: ("crm team",)}), None, TODAY).total
    assert total("passwords mach") == index.findings(Selection({Facet.POLICY: ("policy-2",)}), None, TODAY).total
    assert total("machines") == every
    assert total("zzz") == 0
    assert total('" OR * NEAR( web') == total("or near web") == 0


def test_as_of_moves_phases_and_nothing_else(index: IndexReader) -> None:
    later = Selection(as_of=date(2033, 1, 1))
    phases = {one.value: one.count for one in index.resources(later, None, TODAY).facets[Facet.PHASE]}
    assert phases == Counter(values(document, date(2033, 1, 1))[Facet.PHASE] for document in FINDINGS)
    assert phases != {one.value: one.count for one in index.resources(Selection(), None, TODAY).facets[Facet.PHASE]}
    assert index.findings(later, None, TODAY).total == index.findings(Selection(), None, TODAY).total


def test_the_worst_resources_come_first(index: IndexReader) -> None:
    rows = index.resources(Selection(size=1000), None, TODAY).rows
    states = [row.state for row in rows]
    assert states == sorted(states, key=[*dict.fromkeys(states)].index)
    assert states[0] is State.ERROR
    critical = [row.counts.get(Severity.CRITICAL, 0) for row in rows if row.state is State.NON_COMPLIANT]
    assert critical == sorted(critical, reverse=True)


def test_replacing_and_removing_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "i.sqlite"
    write(path, FINDINGS)
    file = IndexFile(open_file(path, writable=True))
    entry = index_entry(finding("renamed-alone", [State.COMPLIANT]), owner_tag="owner")
    first = index_entry(FINDINGS[0], owner_tag="owner")
    file.put(f"latest/{first.id}.json", "new", entry)
    file.remove([file.key(f"latest/{index_entry(one, owner_tag='owner').id}.json") for one in FINDINGS[1:]])
    file.forget_unsaid()
    file.commit()
    file.close()
    index = IndexReader(open_file(path), lifetimes)
    assert [row.name for row in index.resources(Selection(), None, TODAY).rows] == ["renamed-alone"]
    assert index.findings(Selection(), None, TODAY).total == 1
    assert index.findings(Selection(text="vm"), None, TODAY).total == 0
    index.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM said").fetchone() == (0,)
    connection.close()


def test_what_changed_is_told_with_both_states(tmp_path: Path) -> None:
    old = finding("vm", [State.COMPLIANT, State.UNKNOWN, None])
    new = finding("vm", [State.NON_COMPLIANT, State.UNKNOWN, State.ERROR])
    write(tmp_path / "i.sqlite", [new], {0: old})
    index = IndexReader(open_file(tmp_path / "i.sqlite"), lifetimes)
    changes = [(one.rule.policy, one.before, one.after) for one in index.changes(None, "", 10)]
    assert changes == [("policy-0", State.COMPLIANT, State.NON_COMPLIANT), ("policy-2", None, State.ERROR)]
    assert index.changes(None, (TODAY + timedelta(days=2)).isoformat(), 10) == ()
    assert index.changes(frozenset({SUBSCRIPTIONS[1]}), "", 10) == ()
    index.close()


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_file_is_seen_and_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "i.sqlite"
    path.write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError):
        open_file(path)
    open_file(path, writable=True).close()
    open_file(path).close()


def test_an_empty_index_answers(tmp_path: Path) -> None:
    with reader(tmp_path / "i.sqlite", []) as index:
        assert index.resources(Selection(), None, TODAY).total == 0
        assert index.findings(Selection(order=Order.NAME), None, TODAY).rows == ()
        assert index.overview(None, "").changed_resources == 0


def test_half_characters_of_strangers_are_kept_as_escapes(tmp_path: Path) -> None:
    half = finding("vm", [State.NON_COMPLIANT], tags={"owner": "\ud800", "\udc00": "x"}, message="half \ud83d of it")
    as_object(half["resource"])["name"] = "vm\ud800"
    with reader(tmp_path / "i.sqlite", [half]) as index:
        (row,) = index.findings(Selection(), None, TODAY).rows
        assert (row.resource.name, row.resource.owner, row.message) == ("vm\\ud800", "\\ud800", "half \\ud83d of it")
