"""Queries: what is understood, what is refused, and that every state of a list has one address."""

from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.values.selection import Facet, Order, Selection
from muster.web.lists import FINDINGS, RESOURCES
from muster.web.query import FIRST_DAY, KNOWN, LAST_DAY, MAX_PAGE, MAX_QUERY, MAX_SIZE, parse_query, query_of
from muster.web.request import BadQuery
from muster.web.resource import RESOURCE

PARAMETERS = RESOURCES.parameters
words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    chosen = {}
    for facet in draw(st.sets(st.sampled_from(Facet))):
        values = st.sampled_from(KNOWN[facet]) if facet in KNOWN else words
        chosen[facet] = tuple(draw(st.lists(values, min_size=1, max_size=4, unique=True)))
    order = draw(st.none() | st.sampled_from(PARAMETERS.orders))
    return Selection(
        chosen=chosen,
        text=" ".join(draw(st.lists(words, max_size=4))),
        order=order,
        descending=order is not None and draw(st.booleans()),
        page=draw(st.integers(1, MAX_PAGE)),
        size=draw(st.integers(1, MAX_SIZE)),
        as_of=draw(st.none() | st.dates(FIRST_DAY, LAST_DAY)),
    )


@given(selections())
def test_a_selection_is_read_from_its_own_address(selection: Selection) -> None:
    assert parse_query(query_of(selection), PARAMETERS) == (selection, {})


@given(selections(), st.sampled_from(Facet), words)
def test_toggling_twice_changes_nothing_but_the_page(selection: Selection, facet: Facet, value: str) -> None:
    twice = selection.toggled(facet, value).toggled(facet, value)
    assert set(twice.of(facet)) == set(selection.of(facet))
    assert twice.page == 1


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_understood_or_refused_with_reasons(text: str) -> None:
    selection: Selection | None
    try:
        selection, _ = parse_query(text, PARAMETERS)
    except BadQuery as bad:
        told = [fault for fault in bad.faults if fault.parameter and fault.message]
        selection = None
    if selection is None:
        assert told
    else:
        assert parse_query(query_of(selection), PARAMETERS)[0] == selection


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("colour=red", "colour", "no parameter of this page; it has: state, severity"),
        ("state=Fine", "state", "is one of Compliant, NonCompliant"),
        ("phase=soon", "phase", "is one of preview"),
        ("page=0", "page", "from 1 to"),
        ("page=-1", "page", "from 1 to"),
        ("page=9999999999999999999", "page", "from 1 to"),
        ("page=%D9%A3", "page", "from 1 to"),
        ("size=5001", "size", "from 1 to 5,000"),
        ("page=1&page=2", "page", "more than once"),
        ("sort=colour", "sort", "is one of name"),
        ("sort=policy", "sort", "is one of name"),
        ("asOf=2027-13-01", "asOf", "is a day like"),
        ("asOf=20270101", "asOf", "is a day like"),
        ("asOf=1999-12-31", "asOf", "from 2000-01-01"),
        ("asOf=2101-01-01", "asOf", "to 2100-12-31"),
        ("asOf=tomorrow", "asOf", "is a day like"),
        (f"q={'a' * 201}", "q", "at most 200"),
        (f"q={'+'.join('abcdefghi')}", "q", "8 words"),
        (f"owner={'x' * 300}", "owner", "1 to 256"),
        ("owner=", "owner", "1 to 256"),
        ("owner=%00", "owner", "can't be printed"),
        ("q=%E2%80%AE", "q", "can't be printed"),
        ("owner=%FF", "query", "UTF-8"),
        ("&".join(f"owner=o{n}" for n in range(51)), "owner", "at most 50"),
        ("&".join(f"a{n}=" for n in range(401)), "query", "too many"),
        ("q=" + "a" * MAX_QUERY, "query", "at most 8,192"),
    ],
)
def test_what_is_wrong_is_named(query: str, parameter: str, says: str) -> None:
    with pytest.raises(BadQuery) as bad:
        parse_query(query, PARAMETERS)
    (fault,) = bad.value.faults
    assert fault.parameter == parameter
    assert says in fault.message


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadQuery) as bad:
        parse_query("state=x&page=0&asOf=never&nonsense=1", PARAMETERS)
    assert [fault.parameter for fault in bad.value.faults] == ["state", "nonsense", "page", "asOf"]


def test_a_query_of_ten_thousand_characters_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadQuery, match="has 10,000 characters"):
        parse_query("x" * 10_000, PARAMETERS)


def test_values_of_one_facet_are_alternatives_in_their_order() -> None:
    selection, _ = parse_query("location=westeurope&location=northeurope&location=westeurope", PARAMETERS)
    assert selection.of(Facet.LOCATION) == ("westeurope", "northeurope")


def test_a_minus_turns_an_order_round() -> None:
    selection, _ = parse_query("sort=-policy", FINDINGS.parameters)
    assert (selection.order, selection.descending) == (Order.POLICY, True)


def test_extra_parameters_come_beside_the_selection() -> None:
    selection, extra = parse_query(f"id={quote('/subscriptions/x', safe='')}&asOf=2027-01-01", RESOURCE.parameters)
    assert extra == {"id": "/subscriptions/x"}
    assert selection.as_of == date(2027, 1, 1)
