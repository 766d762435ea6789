"""How names are read: forms, patterns, known words, and that nothing can hang."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.image_names import (
    NO_WORDS,
    Meaning,
    Vocabulary,
    Word,
    compile_form,
    compile_pattern,
    cut,
    fit,
    read_release,
)

ELS = [
    compile_form(text)
    for text in (
        "{major:5-19}.{minor:0-19}",
        "{major:5-9}{minor:0-19}",
        "{major:10-19}{minor:0-19}",
        "{major:5-19}",
    )
]
WORDS = Vocabulary(
    {
        "gen2": Meaning(generation="V2"),
        "arm64": Meaning(architecture="arm64"),
        "lvm": Meaning(),
        "rhel": Meaning(),
        "acl": Meaning(),
        "fips": Meaning(variant="fips"),
        "containerd": Meaning(),
        "cvm": Meaning(variant="cvm"),
        "focal": Meaning(release={"year": "20", "month": "04"}),
    }
)


def read(name: str, pattern: str = "*-{release}-*") -> tuple[dict[str, str] | None, tuple[str, ...]] | None:
    found = fit(compile_pattern(pattern, WORDS), WORDS.read(cut(name)), ELS)
    return None if found is None else (dict(found.release) if found.release is not None else None, found.unread)


@pytest.mark.parametrize(
    ("name", "major", "minor"),
    [
        ("8", "8", None),
        ("8.2", "8", "2"),
        ("8_10", "8", "10"),
        ("10", "10", None),
        ("10_1", "10", "1"),
        ("84-gen2", "8", "4"),
        ("84gen2", "8", "4"),
        ("84_gen2", "8", "4"),
        ("810-gen2", "8", "10"),
        ("100-gen2", "10", "0"),
        ("101", "10", "1"),
        ("1010", "10", "10"),
        ("7-lvm-gen2", "7", None),
        ("gen2-9", "9", None),
        ("rhel-lvm92", "9", "2"),
        ("rhel-lvm-92-gen2", "9", "2"),
        ("9_1-arm64", "9", "1"),
    ],
)
def test_a_release_however_it_is_written(name: str, major: str, minor: str | None) -> None:
    wanted = {"major": major} | ({"minor": minor} if minor else {})
    assert read(name) == (wanted, ())


@pytest.mark.parametrize("name", ["", "gen2", "arm64", "lvm", "4", "20", "820", "08", "8azpolicy", "v10u", "84x-y"])
def test_what_is_no_release(name: str) -> None:
    """Above all a number that an unknown word is glued to."""
    assert read(name) is None


@pytest.mark.parametrize(
    ("pattern", "name", "unread"),
    [
        ("*", "", ()),
        ("*", "what-ever", ("what", "ever")),
        ("rhel-*", "RHEL", ()),
        ("rhel-*", "rhel77-new", ("77", "new")),
        ("rhel", "rhel-new", None),
        ("rhel", "rhelnew", None),
        ("*-rhel-{release}-*", "cis-rhel-7-v2-2-0-l1", ("cis", "v", "2", "2", "0", "l", "1")),
        ("*-rhel-{release}", "rhel-8-rhel-9", ("8",)),
        ("{release}", "8-88", None),
        ("*-acl-*", "azure-linux-3-arm64-acl", ("azure", "linux", "3")),
        ("*-acl-*", "azure-linux-3-aclx", None),
        ("a-*-b-*-c", "a-x-b-b-y-c", ("x", "b", "y")),
        ("a-*-b-*-c", "a-x-c", None),
        ("*-{release}-b", "7-8-b", ()),
        ("*-{release}-b", "7-a-9-b", ("7", "a")),
    ],
)
def test_patterns(pattern: str, name: str, unread: tuple[str, ...] | None) -> None:
    found = fit(compile_pattern(pattern, WORDS), WORDS.read(cut(name.lower())), ELS)
    assert (None if found is None else found.unread) == unread


def test_the_first_place_that_reads_as_a_release_counts() -> None:
    assert read("tool-v2-8-9") == ({"major": "8", "minor": "9"}, ("tool", "v", "2"))


def test_a_codename_counts_where_the_pattern_has_no_place_for_a_release() -> None:
    assert read("0001-focal", "*") == ({"year": "20", "month": "04"}, ("0001",))
    assert read("focal-8", "*-8") == ({"year": "20", "month": "04"}, ())
    assert read("9-focal", "{release}-*") == ({"major": "9"}, ())


def test_words_stand_without_anything_between_where_that_is_asked_for() -> None:
    def texts(name: str, *, split: bool) -> list[str]:
        return [word.text for word in WORDS.read(cut(name), split=split)]

    assert texts("aclgen2arm64fipscvm", split=True) == ["acl", "gen-2", "arm-64", "fips", "cvm"]
    assert texts("aclgen2arm64fipscvm", split=False) == ["aclgen", "2", "arm-64", "fipscvm"]
    assert texts("aclgenx", split=True) == ["aclgenx"]


def test_words_say_what_is_glued() -> None:
    assert WORDS.read(cut("ab9-c")) == [Word("ab", False, None), Word("9", True, None), Word("c", False, None)]


@pytest.mark.parametrize(
    ("notation", "why"),
    [
        ("", "not empty"),
        ("{major}", "neither"),
        ("{major:}", "neither"),
        ("{major:9-5}", "backwards"),
        ("{major:0-999999}", "too long"),
        ("{major:0-99999999999999999999}", "too long"),
        ("{major:1-}", "neither a number"),
        ("{major:8-11}{minor:0-9}", "no fixed number of digits"),
        ("V{major:1-9}", "neither"),
        ("(a+)+", "neither"),
    ],
)
def test_a_form_that_is_refused(notation: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        compile_form(notation)


@pytest.mark.parametrize(
    ("notation", "why"),
    [
        ("", "empty"),
        ("--", "empty"),
        ("RHEL-*", "neither"),
        ("a-**-b", "Two"),
        ("*-*", "Two"),
        ("(a|b)", "neither"),
        ("{release}-{release}", "one {release}"),
        ("{minor}", "neither"),
    ],
)
def test_a_pattern_that_is_refused(notation: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        compile_pattern(notation, NO_WORDS)


NAMES = st.text("abgelmnrhv0123456789-_. ", max_size=60)


@given(NAMES)
def test_cutting_loses_no_letter_and_no_digit(name: str) -> None:
    runs = cut(name)
    assert "".join(runs.texts) == "".join(character for character in name if character not in "-_. ")
    assert len(runs.texts) == len(runs.glued)


@given(NAMES, st.booleans())
def test_reading_words_loses_nothing(name: str, split: bool) -> None:
    words = WORDS.read(cut(name), split=split)
    assert "".join(word.text.replace("-", "") for word in words) == "".join(cut(name).texts)


@given(NAMES)
def test_what_a_pattern_leaves_unread_stands_in_the_name(name: str) -> None:
    found = fit(compile_pattern("*-{release}-*", WORDS), WORDS.read(cut(name)), ELS)
    assert found is None or set(found.unread) <= set(cut(name).texts)


@given(NAMES)
def test_a_star_takes_as_few_words_as_it_can(name: str) -> None:
    words = WORDS.read(cut(name))
    first = next((at for at in range(len(words)) if read_release(words, at, ELS)), None)
    found = fit(compile_pattern("*-{release}-*", WORDS), words, ELS)
    assert (found is None) == (first is None)
    if found is not None and first is not None:
        there = read_release(words, first, ELS)
        assert there is not None
        assert found.release == there[0]


@pytest.mark.parametrize("pattern", ["*-a-*-a-*-a-*-a-*-b", "*-{release}-*-c", "*-a-a-a-a-a-b"])
@pytest.mark.parametrize("name", ["a-" * 100_000, "8-" * 100_000, "a8" * 100_000])
def test_no_pattern_hangs(pattern: str, name: str) -> None:
    """200,000 words, where 128 are the most that identity reads: still far from what backtracking would take."""
    words = WORDS.read(cut(name))
    compiled = compile_pattern(pattern, WORDS)
    started = time.perf_counter()
    assert fit(compiled, words, ELS) is None
    assert time.perf_counter() - started < 20
