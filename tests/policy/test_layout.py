"""Names of files: safe whatever the item is called, and no two the same."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.policy_files import load_schemas
from muster.language.source import Source
from muster.policy.exported import Exported, read_export
from muster.policy.layout import LONGEST_NAME, file_name, lay_out
from muster.values.json import JsonObject
from tests.policy import exports

SCHEMAS = load_schemas()
SAFE = frozenset(string.ascii_letters + string.digits + "._-")


def items(*values: JsonObject) -> tuple[Exported, ...]:
    return read_export(Source("x.json", ""), [*values], SCHEMAS).items


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "..", ".", "...", "con", "NUL.txt", "a\x1b[2Jb", "ä", " "),
        *("a" * 300, ".hidden", "x" * 79 + "/y", "\ud800", "-rf", "a:b"),
    ],
)
def test_an_odd_name_makes_a_safe_file(name: str) -> None:
    found = file_name(name)
    assert set(found) <= SAFE
    assert found[0] not in ".-"
    assert len(found) <= LONGEST_NAME + 9
    assert found.lower().partition(".")[0] not in ("con", "nul")
    assert found != name


@given(st.text(min_size=1, max_size=200))
def test_every_name_makes_a_safe_file(name: str) -> None:
    found = file_name(name)
    assert set(found) <= SAFE
    assert found[0] not in ".-"


def test_a_plain_name_is_the_file_s() -> None:
    assert file_name("06a78e20-9358-41c9-923c-fb736d382a4d") == "06a78e20-9358-41c9-923c-fb736d382a4d"


def test_the_same_name_in_two_scopes_makes_two_files() -> None:
    layout = lay_out(items(exports.definition("a"), exports.definition("A", exports.GROUP)))
    first, second = layout.items
    assert first == "definitions/a.json"
    assert second.startswith("definitions/A-")
    assert layout.faults == ()


def test_a_name_made_to_collide_takes_nobody_s_place() -> None:
    first = lay_out(items(exports.definition("a"), exports.definition("a", exports.GROUP)))
    taken = list(first.items)[1].removeprefix("definitions/").removesuffix(".json")
    given = (exports.definition("a"), exports.definition(taken), exports.definition("a", exports.GROUP))
    assert len(lay_out(items(*given)).items) == 3


def test_what_comes_twice_in_the_same_words_counts_once() -> None:
    layout = lay_out(items(exports.definition(), exports.flat(exports.definition())))
    assert (len(layout.items), layout.repeated, layout.faults) == (1, 1, ())


def test_what_comes_twice_in_other_words_is_told_and_the_first_counts() -> None:
    layout = lay_out(items(exports.definition(), exports.definition(displayName="another")))
    assert len(layout.items) == 1
    assert [(fault.rule, fault.pointer) for fault in layout.faults] == [("duplicate-name", "/1")]
    assert "another" not in "".join(layout.files.values())


def test_versions_of_a_definition_stand_side_by_side() -> None:
    both = items(exports.definition("a", version="1.0.0"), exports.definition("a", version="2.0.0"))
    assert len(lay_out(both).items) == 2


def test_files_are_what_their_items_are() -> None:
    (text,) = lay_out(items(exports.definition())).files.values()
    assert json.loads(text)["properties"]["displayName"] == "The tagged one"
    assert "someone@example.com" not in text
