"""What a field's text names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.language.fields import STAR, Path, Root, Special, parse_field, parse_path, path_text


@pytest.mark.parametrize(
    ("text", "path", "special"),
    [
        ("name", ("name",), Special.NONE),
        ("NAME", ("name",), Special.NONE),
        ("type", ("type",), Special.TYPE),
        ("fullName", ("name",), Special.FULL_NAME),
        ("kind", ("kind",), Special.NONE),
        ("id", ("id",), Special.NONE),
        ("Location", ("location",), Special.LOCATION),
        ("tags", ("tags",), Special.NONE),
        ("apiVersion", ("apiVersion",), Special.API_VERSION),
        ("identity.type", ("identity", "type"), Special.NONE),
        ("Identity.UserAssignedIdentities", ("identity", "userAssignedIdentities"), Special.NONE),
        ("tags.env", ("tags", "env"), Special.TAG),
        ("tags.a.b", ("tags", "a.b"), Special.TAG),
        ("tags[env]", ("tags", "env"), Special.TAG),
        ("tags[a.b]", ("tags", "a.b"), Special.TAG),
        ("tags['env']", ("tags", "env"), Special.TAG),
        ("TAGS['Cost Center']", ("tags", "Cost Center"), Special.TAG),
        ("tags['it''s']", ("tags", "it's"), Special.TAG),
        ("tags['''quoted''']", ("tags", "'quoted'"), Special.TAG),
        ("tags['''it''s''']", ("tags", "'it's'"), Special.TAG),
        ("tags['']", ("tags", ""), Special.TAG),
        ("tags[]", ("tags", ""), Special.TAG),
        ("tags[a[*]]", ("tags", "a[*]"), Special.TAG),
        ("tags['a\nb']", ("tags", "a\nb"), Special.TAG),
    ],
)
def test_fields_that_every_resource_has(text: str, path: Path, special: Special) -> None:
    field = parse_field(text)
    assert (field.root, field.path, field.special, field.alias) == (Root.RESOURCE, path, special, "")
    assert field.stars == 0


@pytest.mark.parametrize(
    ("text", "root", "path"),
    [
        ("Muster.Image/publisher", Root.IMAGE, ("publisher",)),
        ("muster.image/traits.selinux", Root.IMAGE, ("traits", "selinux")),
        ("Muster.Image/securityTypes[*]", Root.IMAGE, ("securityTypes", STAR)),
        ("Muster.Lifecycle/daysToEndOfSupport", Root.LIFECYCLE, ("daysToEndOfSupport",)),
        ("Muster.Network/openPorts[*]", Root.NETWORK, ("openPorts", STAR)),
    ],
)
def test_fields_of_musters_own(text: str, root: Root, path: Path) -> None:
    field = parse_field(text)
    assert (field.root, field.path, field.alias) == (root, path, "")


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("Microsoft.Compute/virtualMachines/a[*].b[*].c", 2),
        ("Microsoft.Compute/imagePublisher", 0),
        ("tags[*]", 1),
        ("Tags[*]", 1),
        ("tagsx", 0),
        ("tags.", 0),
        ("Muster.Other/x", 0),
        ("Muster.Image/a/b", 0),
        ("names", 0),
        ("identity", 0),
        (" name", 0),
        ("", 0),
    ],
)
def test_everything_else_is_left_to_the_alias_table(text: str, stars: int) -> None:
    field = parse_field(text)
    assert (field.alias, field.path) == (text, ())
    assert field.stars == stars


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ("a[*]", ("a", STAR)),
        ("a[*].b[*].c", ("a", STAR, "b", STAR, "c")),
        ("a[*][*]", ("a", STAR, STAR)),
        ("a[0].b", ("a", 0, "b")),
        ("a['b.c'].d", ("a", "b.c", "d")),
        ("a['it''s']", ("a", "it's")),
        ("", ()),
        ("a..b", ("a", "b")),
        ("a[b]", ("a", "[b]")),
        ("a[", ("a", "[")),
        ("a[99999999999]", ("a", "[99999999999]")),
    ],
)
def test_paths(text: str, path: Path) -> None:
    assert parse_path(text) == path


@given(st.text(alphabet="atgs.[]*'0 \nM/", max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_odd(text: str) -> None:
    assert parse_field(text).text.lower() == text.lower()
    assert STAR not in parse_path(text) or "[*]" in text


SEGMENTS = st.text(alphabet="abC", min_size=1, max_size=3) | st.just(STAR) | st.integers(0, 9)


@given(st.text(alphabet="abC", min_size=1, max_size=3), st.lists(SEGMENTS, max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_path_is_read_back_from_its_text(first: str, rest: list[str | int | None]) -> None:
    assert parse_path(path_text((first, *rest))) == (first, *rest)
