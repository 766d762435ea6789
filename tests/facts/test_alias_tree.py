"""The notation in which aliases are written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.alias_tree import MAX_NAMES, closest, read_tree

NOTATION = """
    size profile(mode settings(a b))
    disks[*](lun id) !way(only) steps![*](code)
    members[*](name :state :address(id :group(id)))
    /zones[*] /sku(name)
    short=profile.settings.a moved=(size) !other[*]=profile.items(id)
"""


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("size", "properties.size"),
        ("SIZE", "properties.size"),
        ("profile", "properties.profile"),
        ("profile.settings.b", "properties.profile.settings.b"),
        ("profile.settings.c", None),
        ("disks", "properties.disks"),
        ("disks[*]", "properties.disks[*]"),
        ("disks[*].lun", "properties.disks[*].lun"),
        ("disks.lun", None),
        ("disks[*].lun[*]", None),
        ("profile[*].mode", None),
        ("way", None),
        ("way.only", "properties.way.only"),
        ("steps", "properties.steps"),
        ("steps[*]", None),
        ("steps[*].code", "properties.steps[*].code"),
        ("members[*].name", "properties.members[*].name"),
        ("members[*].state", "properties.members[*].properties.state"),
        ("members[*].address.id", "properties.members[*].properties.address.id"),
        ("members[*].address.group.id", "properties.members[*].properties.address.properties.group.id"),
        ("zones", "zones"),
        ("zones[*]", "zones[*]"),
        ("sku.name", "sku.name"),
        ("short", "properties.profile.settings.a"),
        ("moved", "properties"),
        ("moved.size", "properties.size"),
        ("other[*]", None),
        ("other[*].id", "properties.profile.items[*].id"),
        ("", None),
        ("..", None),
        ("[*]", None),
    ],
)
def test_an_alias_leads_where_the_notation_says(alias: str, path: str | None) -> None:
    assert read_tree(NOTATION).resolve(alias) == path


def test_every_name_it_lists_is_an_alias() -> None:
    tree = read_tree(NOTATION)
    names = list(tree.names())
    assert len(names) == len(set(names)) == 29
    assert all(tree.resolve(name) for name in names)


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ("SIZE", "properties.size"),
        ("unheardOf.of", "properties.unheardOf.of"),
        ("members[*].unheardOf", "properties.members[*].unheardOf"),
        ("Members[*].STATE", "properties.members[*].properties.state"),
        ("members[*].address.unheardOf[*].x", "properties.members[*].properties.address.unheardOf[*].x"),
    ],
)
def test_what_an_open_tree_does_not_know_is_followed_as_written(names: str, path: str) -> None:
    assert read_tree(NOTATION).follow(names) == path


@given(st.text(alphabet="abmsz.[*]", max_size=30))
def test_both_ways_agree_on_every_alias(names: str) -> None:
    tree = read_tree(NOTATION)
    path = tree.resolve(names)
    assert path is None or tree.follow(names) == path


def test_suggestions_put_first_what_forgot_its_way() -> None:
    names = ["t/profile.host", "t/host", "t/profile.encryptionAtHost", "t/profile.encryption"]
    assert closest("t/encryptionAtHost", names)[0] == "t/profile.encryptionAtHost"


def test_nothing_is_suggested_for_what_is_too_long_to_be_an_alias() -> None:
    long = "a" * (MAX_NAMES + 1)
    assert closest(f"t/{long}", [f"t/{long}b"]) == ()
