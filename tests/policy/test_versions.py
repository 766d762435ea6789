"""Versions and the patterns that follow them."""

import pytest

from muster.policy.versions import Version, VersionPattern, newest


@pytest.mark.parametrize(
    ("pattern", "version", "fits"),
    [
        ("1.*.*", "1.0.0", True),
        ("1.*.*", "1.9.12", True),
        ("1.*.*", "2.0.0", False),
        ("1.*.*", "11.0.0", False),
        ("1.2.*", "1.2.7", True),
        ("1.2.*", "1.3.0", False),
        ("1.2.*", "1.20.0", False),
        ("1.*.*-preview", "1.0.0-PREVIEW", True),
        ("1.*.*", "1.0.0-preview", True),
        ("1.*.*", "1.4.0-deprecated", True),
        (" 1.*.* ", "1.0.0", True),
    ],
)
def test_a_pattern_follows_numbers(pattern: str, version: str, fits: bool) -> None:
    read, candidate = VersionPattern.parse(pattern), Version.parse(version)
    assert read is not None
    assert candidate is not None
    assert read.fits(candidate) is fits


@pytest.mark.parametrize(
    "text", ["", "1", "1.*", "*.*.*", "1.*.3", "1.2.3", "v1.*.*", "1.*.*-", "-1.*.*", "1.*.*\n2", "٣.*.*"]
)
def test_what_is_no_pattern(text: str) -> None:
    assert VersionPattern.parse(text) is None


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "1.2.*", "latest", "1.2.3-", "1.2.3 beta", "9" * 40 + ".0.0"]
)
def test_what_is_no_version(text: str) -> None:
    assert Version.parse(text) is None


@pytest.mark.parametrize(
    ("versions", "pattern", "chosen"),
    [
        (["1.0.0", "1.2.0", "1.10.0"], "1.*.*", "1.10.0"),
        (["1.0.0", "2.0.0"], "1.*.*", "1.0.0"),
        (["1.0.0", "2.0.0"], None, "2.0.0"),
        (["1.0.0", "1.1.0-preview"], "1.*.*", "1.0.0"),
        (["1.0.0", "1.1.0-preview"], "1.*.*-preview", "1.1.0-preview"),
        (["1.0.0-preview"], "1.*.*", "1.0.0-preview"),
        (["1.0.0", "2.0.0-preview"], None, "1.0.0"),
        (["1.1.0-deprecated", "1.0.0"], "1.*.*", "1.1.0-deprecated"),
        (["1.0.0"], "3.*.*", None),
        (["no version"], "3.*.*", "no version"),
        (["no version", "1.0.0"], "3.*.*", None),
        (["no version", "1.0.0"], None, "1.0.0"),
        ([], None, None),
    ],
)
def test_the_newest_that_fits(versions: list[str], pattern: str | None, chosen: str | None) -> None:
    candidates = [(Version.parse(text), text) for text in versions]
    read = VersionPattern.parse(pattern) if pattern else None
    assert newest(candidates, read) == chosen
    assert newest(candidates[::-1], read) == chosen, "the order of files does not matter"
