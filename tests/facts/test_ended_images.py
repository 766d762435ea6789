"""Tests of images by their names: they agree with what muster says of each image, and flag none that is supported."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.fact_sources import load_fact_sources
from muster.facts.ended_images import EndedImages, ended_images
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import identify
from muster.facts.image_reference import read_image_text
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.name_test import NameTest
from tests.conftest import SHARED

ROOT = Path(__file__).parents[2]
SOURCES = load_fact_sources(ROOT / "policies")
DAY = date(2026, 11, 28)


ENDED: dict[date, EndedImages] = {}


def ended_on(day: date) -> EndedImages:
    """What has ended on a day, found once."""
    if day not in ENDED:
        ENDED[day] = ended_images(SOURCES, day)
    return ENDED[day]


def phase_of(publisher: str, offer: str, sku: str, day: date = DAY) -> object:
    """What os-supported asks for."""
    reference = read_image_text(f"{publisher}:{offer}:{sku}")
    image = image_facts(identify(reference, SOURCES.rules), reference)
    return lifecycle_facts(SOURCES.catalogue, image, as_of=day)["phase"]


def flagged(names: tuple[str, str, str], day: date = DAY) -> bool:
    return any(pattern.fits(*names) for pattern in ended_on(day).patterns)


def names_of(urn: str) -> tuple[str, str, str]:
    publisher, offer, sku = urn.split(":")[:3]
    return publisher, offer, sku


def examples() -> set[str]:
    """Marketplace images that authors of rules give, and those of the tests of identity."""
    found = set()
    for one in SOURCES.rules.examples:
        for item in one.value if isinstance(one.value, list) else []:
            if isinstance(item, dict):
                found.add(str(item.get("image")))
    cases = json.loads((Path(__file__).parent / "cases/images.json").read_text("utf-8"))
    found |= {case[0] for case in cases if isinstance(case, list)}
    return {text for text in found if text.count(":") in (2, 3) and "/" not in text}


IDENTITIES = (
    [
        f"{row['publisher']}:{row['offer']}:{row['sku']}"
        for row in map(json.loads, (SHARED / "azure/image-identities.jsonl").read_text("utf-8").splitlines())
        if row["kind"] == "urn"
    ]
    if SHARED.is_dir()
    else []
)


@pytest.mark.parametrize("day", [DAY, DAY + timedelta(days=365)])
def test_agrees_on_every_known_image(shared: Path, day: date) -> None:
    """Both directions: what os-supported finds is flagged, and nothing else is."""
    wrong = {
        urn: phase_of(*names_of(urn), day)
        for urn in IDENTITIES
        if flagged(names_of(urn), day) is not (phase_of(*names_of(urn), day) == "ended")
    }
    assert wrong == {}
    assert sum(flagged(names_of(urn), day) for urn in IDENTITIES) > 90


def test_agrees_on_the_examples_of_rules_and_tests() -> None:
    known = examples()
    wrong = {
        urn: phase_of(*names_of(urn))
        for urn in known
        if flagged(names_of(urn)) is not (phase_of(*names_of(urn)) == "ended")
    }
    assert wrong == dict.fromkeys(NAMED_BY_ANYONE, "ended")
    assert len(known) > 100


NAMED_BY_ANYONE = (
    "azhpc:azhop-compute:centos-7_9",
    "microsoftazuresiterecovery:process-server:windows-2012-r2-datacenter",
)
"""Missed, as no rule believes these publishers: it takes muster to read names that anybody can give."""


def test_misses_are_told_with_their_reason() -> None:
    """The release of this one stands in its version alone, which no test of names sees."""
    found = ended_on(DAY)
    assert [(miss.image, miss.why) for miss in found.misses] == [
        ("kinvolk:flatcar-container-linux-free:lts:4081.3.10", "only its version says which release it is")
    ]


def test_holds_until_the_next_end() -> None:
    found = ended_on(DAY)
    assert found.holds_until is not None
    assert found.holds_until > DAY
    assert ended_on(found.holds_until).patterns == found.patterns
    later = ended_on(found.holds_until + timedelta(days=1))
    assert {row.pointer for one in later.patterns for row in one.releases} != {
        row.pointer for one in found.patterns for row in one.releases
    } or later.patterns != found.patterns


WORDS = [
    "gen2",
    "lts",
    "datacenter",
    "server",
    "arm64",
    "byos",
    "daily",
    "ltsc",
    "ent",
    "pro",
    "core",
    "smalldisk",
    "x",
]
REAL = st.sampled_from(IDENTITIES or sorted(examples()))


@given(st.data())
def test_no_supported_image_is_flagged(data: st.DataObject) -> None:
    """Whatever words stand behind the beginning of a name, an image that passes is none that is known to live."""
    pattern = data.draw(st.sampled_from(ended_on(DAY).patterns))

    def name(test: NameTest) -> str:
        begins = data.draw(st.sampled_from([*test.values, *test.prefixes, *(f"a{one}" for one in test.parts), "x"]))
        words = data.draw(st.lists(st.sampled_from(WORDS), max_size=3))
        return begins if begins in test.values else "-".join([begins, *words])

    names = (pattern.publishers[0], name(pattern.offer), name(pattern.sku))
    if flagged(names):
        assert phase_of(*names) in ("ended", None), names


@given(REAL, st.sampled_from(["-", "_"]), st.sampled_from(WORDS))
def test_words_behind_a_real_name(urn: str, separator: str, word: str) -> None:
    publisher, offer, sku = names_of(urn)
    names = (publisher, offer, f"{sku}{separator}{word}")
    if flagged(names):
        assert phase_of(*names) in ("ended", None), names


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_name(publisher: str, offer: str, sku: str) -> None:
    assert flagged((publisher, offer, sku)) in (True, False)


@pytest.mark.parametrize(
    ("test", "name", "passes"),
    [
        (NameTest(), "anything", True),
        (NameTest(values=("a",)), "A", True),
        (NameTest(values=("a",)), "ab", False),
        (NameTest(prefixes=("a",)), "AB", True),
        (NameTest(prefixes=("a",)), "ba", False),
        (NameTest(parts=("-b",)), "a-bc", True),
        (NameTest(prefixes=("a",), without=("x",)), "abx", False),
        (NameTest(without=("x",)), "abc", True),
    ],
)
def test_name_test(test: NameTest, name: str, passes: bool) -> None:
    assert test.fits(name) is passes
