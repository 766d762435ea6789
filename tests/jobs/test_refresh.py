"""Refreshing the catalogue: what is taken from which data set, what is kept, what is new."""

import contextlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.catalogue_files import load_catalogue
from muster.facts.catalogue import read_catalogue
from muster.facts.catalogue_change import Change
from muster.facts.release_feeds import FeedProducts, read_distro_info, read_endoflife_date
from muster.jobs.refresh import Refreshed, refresh
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
ALL: JsonObject = {
    "releaseDate": "releaseDate",
    "activeSupportEnd": "eoasFrom",
    "endOfSupport": "eolFrom",
    "extendedSupportEnd": "eoesFrom",
}
DISTRO: JsonObject = {"releaseDate": "release", "endOfSupport": "eol", "extendedSupportEnd": "eol-esm"}


def row(cycle: str, end: str | None, **members: Json) -> dict[str, Json]:
    return {"cycle": cycle, "endOfSupport": end, "source": "by whom it was before", "seen": "2026-01-01", **members}


def file(*rows: JsonObject, **members: Json) -> JsonObject:
    return {
        "product": "distro",
        "title": "Distro",
        "refreshed": "2026-01-01",
        "endoflifeDate": {"name": "distro", "members": ALL},
        "programmes": [{"name": "LTS", "title": "Long", "source": "s", "seen": "2026-01-01"}],
        "releases": list(rows),
        **members,
    }


def endoflife(*releases: JsonObject) -> FeedProducts:
    return read_endoflife_date({"schema_version": "1.2.0", "result": {"name": "distro", "releases": list(releases)}})


def merged(
    held: JsonObject, feed: FeedProducts, distro: FeedProducts | None = None, *, force: bool = False
) -> tuple[Refreshed, list[JsonObject]]:
    catalogue, faults = read_catalogue({"distro.json": held})
    assert not faults
    found = refresh(
        catalogue,
        {"distro.json": held},
        endoflife_date=feed,
        distro_info=distro or {},
        today=TODAY,
        force=force,
    )
    for value in found.files.values():
        assert not read_catalogue({"distro.json": value})[1]
    rows: Any = found.files["distro.json"]["releases"] if found.files else []
    return found, rows


def test_a_newer_date_replaces_an_older_one_and_says_where_it_is_from() -> None:
    held = file(row("1", "2027-01-01", releaseDate="2022-01-01", note="as it was"))
    found, (after,) = merged(held, endoflife({"name": "1", "releaseDate": "2022-01-01", "eolFrom": "2027-06-30"}))
    assert found.changes == (
        Change("distro", "1", "endOfSupport", "2027-01-01", "2027-06-30", "endoflife.date/distro"),
    )
    assert after == {
        "cycle": "1",
        "releaseDate": "2022-01-01",
        "endOfSupport": "2027-06-30",
        "source": "endoflife.date/distro",
        "seen": "2026-11-23",
        "note": "as it was",
    }
    assert found.files["distro.json"]["refreshed"] == "2026-11-23"
    assert held == file(row("1", "2027-01-01", releaseDate="2022-01-01", note="as it was")), "the files stay as given"


def test_nothing_new_moves_only_the_day_of_the_refresh() -> None:
    held = file(row("1", "2027-01-01"))
    found, (after,) = merged(held, endoflife({"name": "1", "eolFrom": "2027-01-01"}))
    assert found.changes == ()
    assert after == row("1", "2027-01-01")
    assert found.files["distro.json"]["refreshed"] == "2026-11-23"


@pytest.mark.parametrize(
    "release",
    [
        {"name": "1"},
        {"name": "1", "eolFrom": None, "isEol": False},
        {"name": "1", "eolFrom": None, "eoesFrom": None, "isEoes": True},
    ],
)
def test_what_is_not_stated_stays(release: JsonObject) -> None:
    found, (after,) = merged(file(row("1", "2027-01-01", extendedSupportEnd="2030-01-01")), endoflife(release))
    assert found.changes == ()
    assert (after["endOfSupport"], after["extendedSupportEnd"]) == ("2027-01-01", "2030-01-01")


def test_a_date_set_by_hand_is_kept_and_told() -> None:
    held = file(row("1", "2027-01-01", byHand=["endOfSupport"]))
    found, (after,) = merged(held, endoflife({"name": "1", "releaseDate": "2022-01-01", "eolFrom": "2027-06-30"}))
    kept = Change("distro", "1", "endOfSupport", "2027-01-01", "2027-06-30", "endoflife.date/distro", kept=True)
    assert kept in found.changes
    assert (after["endOfSupport"], after["byHand"], after["releaseDate"]) == (
        "2027-01-01",
        ["endOfSupport"],
        "2022-01-01",
    )


def test_force_replaces_it_and_it_is_by_hand_no_more() -> None:
    held = file(row("1", "2027-01-01", byHand=["endOfSupport"]))
    found, (after,) = merged(held, endoflife({"name": "1", "eolFrom": "2027-06-30"}), force=True)
    assert [change.kept for change in found.changes] == [False]
    assert after["endOfSupport"] == "2027-06-30"
    assert "byHand" not in after


def test_distro_info_counts_before_endoflife_date() -> None:
    held = file(row("22.04", None), distroInfo={"name": "ubuntu", "members": DISTRO})
    table = "version,codename,series,created,release,eol,eol-server,eol-esm\n"
    table += "22.04 LTS,Jammy Jellyfish,jammy,2021-10-14,2022-04-21,2027-06-01,2027-06-01,2032-04-21\n"
    feed = endoflife(
        {"name": "22.04", "eoasFrom": "2024-09-30", "eolFrom": "2027-04-01", "eoesFrom": "2032-04-09"},
    )
    found, (after,) = merged(held, feed, {"ubuntu": read_distro_info(table)})
    assert (after["endOfSupport"], after["extendedSupportEnd"]) == ("2027-06-01", "2032-04-21")
    assert (after["activeSupportEnd"], after["releaseDate"]) == ("2024-09-30", "2022-04-21")
    assert after["programme"] == "LTS"
    assert {change.source for change in found.changes} == {"endoflife.date/distro", "distro-info-data (ubuntu.csv)"}


def test_dates_that_repeat_the_end_of_support_are_no_phases() -> None:
    feed = endoflife({"name": "1", "eoasFrom": "2027-01-01", "eolFrom": "2027-01-01", "eoesFrom": "2027-01-01"})
    _, (after,) = merged(file(row("1", None)), feed)
    assert after.keys().isdisjoint({"activeSupportEnd", "extendedSupportEnd"})


def test_new_releases_are_added_in_their_place_and_old_ones_are_not() -> None:
    held = file(row("3", None, releaseDate="2024-01-01"), row("1", None, releaseDate="2022-01-01"))
    feed = endoflife(
        {"name": "4", "codename": "Fourth", "releaseDate": "2026-01-01", "eolFrom": "2028-01-01"},
        {"name": "2", "releaseDate": "2023-01-01"},
        {"name": "0", "releaseDate": "2010-01-01", "eolFrom": "2012-01-01"},
        {"name": "5", "eolFrom": "2030-01-01"},
    )
    found, rows = merged(held, feed)
    assert [after["cycle"] for after in rows] == ["4", "3", "2", "1"]
    assert {change.cycle for change in found.changes if change.added} == {"4", "2"}
    assert (rows[0]["codename"], rows[2]["endOfSupport"]) == ("Fourth", None)


def test_rows_of_minor_releases_and_other_channels_are_left_alone() -> None:
    held = file(row("1", "2026-01-01", release="1.2"), row("1", "2026-02-01", channel="aks"), row("1", "2026-03-01"))
    _, rows = merged(held, endoflife({"name": "1", "eolFrom": "2027-01-01"}))
    assert [after["endOfSupport"] for after in rows] == ["2026-01-01", "2026-02-01", "2027-01-01"]


def test_a_product_that_no_data_set_has_is_not_touched() -> None:
    found, _ = merged(file(row("1", None), endoflifeDate={"name": "other", "members": ALL}), endoflife({"name": "1"}))
    assert (found.files, found.changes) == ({}, ())


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"result": None},
        {"result": {"name": "x"}},
        {"result": {"name": "x", "releases": {}}},
        {"result": {"name": "x", "releases": [{"name": "../x"}]}},
        {"result": {"name": "x", "releases": [{"name": 1}]}},
        {"result": {"name": "x", "releases": [{"name": "1", "eolFrom": "soon"}]}},
        {"result": {"name": "x", "releases": [{"name": "1", "eolFrom": "2027-02-30"}]}},
        {"result": {"name": "x", "releases": [{"name": "1", "eolFrom": True}]}},
        {"result": {"name": "x", "releases": [{"name": "1"}] * 2001}},
        {"result": [{"name": "x", "releases": []}, 5]},
    ],
    ids=lambda value: str(value)[:50],
)
def test_answers_of_another_form_are_refused(value: Json) -> None:
    with pytest.raises(BadInput, match="can't be used"):
        read_endoflife_date(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        '{"result": []}',
        "version,codename,series,release,eol\n1,One,one,2020-01-01,soon\n",
        "version,codename,series,release,eol\n" + "1,One,one,2020-01-01,2021-01-01\n" * 2001,
        'version,codename,series,release,eol\n"' + "1" * 200_000,
    ],
    ids=lambda text: text[:30],
)
def test_texts_that_are_no_table_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="can't be used"):
        read_distro_info(text)


def test_a_series_without_a_number_or_an_end_is_no_fault() -> None:
    table = "version,codename,series,created,release,eol,eol-lts\n,Sid,sid,1993-08-16,,\n14,Forky,forky,2025-08-09,,,\n"
    (release,) = read_distro_info(table)
    assert (release.cycle, release.codename, set(release.days)) == ("14", "Forky", {"created"})


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        read_distro_info("version,codename,release,eol\n" + text)


def test_the_catalogue_that_ships_is_what_its_sources_say(shared: Path) -> None:
    """The data sets as they were when it was made change nothing in it."""
    rows = json.loads((shared / "azure/lifecycle-catalogue.json").read_text())
    names = {"releaseDate": "releaseDate", "eoas": "eoasFrom", "eol": "eolFrom", "extendedSupport": "eoesFrom"}
    products: dict[str, list[Json]] = {}
    for entry in rows:
        if entry["source"].startswith("endoflife.date"):
            stated = {theirs: entry[ours] or None for ours, theirs in names.items()}
            products.setdefault(entry["product"], []).append({"name": entry["cycle"], **stated})
    feed = read_endoflife_date({"result": [{"name": name, "releases": list_} for name, list_ in products.items()]})
    distro = {
        name: read_distro_info(
            "version,codename,release,eol,eol-esm,eol-lts\n"
            + "".join(
                f"{entry['cycle']},{entry['codename']},{entry['releaseDate']},{entry['eol']}"
                f",{entry['extendedSupport'] or ''},{entry['extendedSupport'] or ''}\n"
                for entry in rows
                if entry["product"] == f"{name}@distro-info"
            )
        )
        for name in ("ubuntu", "debian")
    }
    loaded = load_catalogue(ROOT / "policies")
    found = refresh(loaded.catalogue, loaded.values, endoflife_date=feed, distro_info=distro, today=TODAY)
    assert len(found.files) >= 14
    assert [change for change in found.changes if not change.kept] == []
    assert {(change.product, change.cycle) for change in found.changes} == {
        ("windows-server", "2008-r2-sp1"),
        ("windows-server", "2008-sp2"),
    }
